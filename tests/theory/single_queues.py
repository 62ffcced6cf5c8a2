"""Steady cases of one queue: Erlang B, C and A, patience and handling of other shapes, priorities.

One unit of time of a case is one minute.
"""

from __future__ import annotations

from typing import Any

from tests.theory.cases import EXACT
from tests.theory.estimates import Case, steady_controls
from tests.theory.observed import Figures, Observed, named, queue_figures

THIRD = 0.3333333333


def exponential(rate: float) -> dict[str, Any]:
    """Return an exponential of so many per minute."""
    return {"distribution": "exponential", "mean": f"{60 / rate:.12g}s"}


def steady(
    *, start: float, span: float, tail: float = 0.0, run_out: str = "1d", **parts: Any
) -> dict[str, Any]:
    """Return the document of a steady case; who comes in the tail is there but does not count.

    `start`, `span` and `tail` are multiples of 10 minutes, so that intervals fit the window.
    """
    time = {
        "horizon": f"{start + span + tail}m",
        "warm_up": f"{start}m",
        "run_out": run_out,
        "interval": "10m",
    }
    return {"time": time, **parts}


def one_queue(
    *,
    rate: float,
    agents: int,
    talk: Any,
    patience: Any = None,
    lines: int | None = None,
    start: float,
    span: float,
) -> dict[str, Any]:
    """Return the document of one channel with one pool."""
    channel: dict[str, Any] = {"kind": "queue", "talk": talk, "resolution": 1.0}
    if patience is not None:
        channel["patience"] = patience
    if lines is not None:
        channel["lines"] = lines
    return steady(
        start=start,
        span=span,
        segments={"all": {"arrivals": {"rate": f"{rate}/min"}}},
        channels={"phone": channel},
        pools={"agents": {"agents": agents, "serves": ["phone"]}},
    )


def _queue_case(
    name: str,
    *,
    rate: float,
    agents: int,
    talk: Any,
    mean: float,
    start: float,
    span: float,
    threshold: float | None = None,
    replications: int = 40,
    **more: Any,
) -> Case:
    def figures(seen: Observed) -> Figures:
        found = queue_figures(seen.rows, threshold)
        found |= {"lq": seen.queue_length("phone"), "util": seen.occupancy("agents")}
        if name == "erlangC_open":
            found |= {"asa": found["ew_served"], "sl": found["sl_offered"]}
        return {figure: found[figure] for figure in EXACT[name] if figure in found}

    return Case(
        name=name,
        document=one_queue(rate=rate, agents=agents, talk=talk, start=start, span=span, **more),
        start=start,
        end=start + span,
        figures=figures,
        controls=steady_controls({"all": rate}, {("phone", "agents"): mean}),
        replications=replications,
    )


def priorities() -> list[Case]:
    """Return the cases of two classes, of which the first is served first."""
    without = _two_classes(rates=(3, 4), agents=9, patience=None, start=200, span=800)
    patient = {"high": exponential(0.4), "low": exponential(0.8)}
    with_patience = _two_classes(rates=(4, 7), agents=10, patience=patient, start=50, span=400)

    def waits(seen: Observed) -> Figures:
        found = {"p_wait": queue_figures(seen.rows)["p_wait"]}
        for name in ("high", "low"):
            rows = seen.rows.where("segment", name)
            found[f"ew_{name}"] = rows.wait.sum(), len(rows)
            found[f"longer_{name}"] = (rows.wait > 0.5).sum(), len(rows)
        return found

    def abandonment(seen: Observed) -> Figures:
        found = queue_figures(seen.rows) | {"util": seen.occupancy("agents")}
        for name in ("high", "low"):
            rows = seen.rows.where("segment", name)
            found |= named(queue_figures(rows), name)
            found[f"lq_{name}"] = rows.wait.sum(), seen.span
        return {figure: found[figure] for figure in EXACT["prio_ab_open"]}

    talk = {("phone", "agents"): 1.0}
    return [
        Case(
            name="prio_open",
            document=without,
            start=200,
            end=1000,
            figures=waits,
            controls=steady_controls({"high": 3, "low": 4}, talk),
            replications=560,
        ),
        Case(
            name="prio_ab_open",
            document=with_patience,
            start=50,
            end=450,
            figures=abandonment,
            controls=steady_controls({"high": 4, "low": 7}, talk),
        ),
    ]


def _two_classes(
    *, rates: tuple[int, int], agents: int, patience: Any, start: float, span: float
) -> dict[str, Any]:
    segments = {
        name: {"arrivals": {"rate": f"{rate}/min"}, "priority": priority}
        for name, rate, priority in zip(("high", "low"), rates, (1, 0), strict=True)
    }
    for name in patience or ():
        segments[name]["patience"] = patience[name]
    # Later customers of the higher class overtake, so there must be some after the window.
    return steady(
        start=start,
        span=span,
        tail=100,
        segments=segments,
        channels={"phone": {"kind": "queue", "talk": exponential(1), "resolution": 1.0}},
        pools={"agents": {"agents": agents, "serves": ["phone"]}},
    )


def cases() -> list[Case]:
    """Return the cases of one queue."""
    minute = exponential(1)
    patience_half = exponential(0.5)
    lognormal = {"distribution": "lognormal", "mean": "60s", "cv": 1.5}
    wide_patience = {"distribution": "lognormal", "median": "24s", "sigma": 1.2}
    ten = {"rate": 12, "agents": 10, "talk": minute, "mean": 1, "start": 40, "span": 400}
    return [
        _queue_case(
            "erlangC_open",
            rate=1.8,
            agents=11,
            talk=exponential(0.2),
            mean=5,
            threshold=THIRD,
            start=1000,
            span=3000,
            replications=800,
        ),
        _queue_case(
            "erlangB_open",
            rate=20,
            agents=25,
            talk=lognormal,
            mean=1,
            lines=25,
            start=40,
            span=260,
        ),
        _queue_case(
            "erlangA_open",
            rate=48,
            agents=50,
            talk=minute,
            mean=1,
            patience=patience_half,
            threshold=THIRD,
            start=40,
            span=120,
            replications=350,
        ),
        _queue_case("mmsnM_open", patience=patience_half, lines=14, threshold=0.2, **ten),
        _queue_case("mmsG_det_open", patience="30s", threshold=0.25, **ten),
        _queue_case("mmsG_logn_open", patience=wide_patience, threshold=0.25, **ten),
        _queue_case(
            "mPHsM_open",
            rate=22,
            agents=20,
            talk={"distribution": "erlang", "stages": 2, "mean": "60s"},
            mean=1,
            patience=patience_half,
            start=40,
            span=240,
        ),
        _queue_case(
            "mDs_open",
            rate=9,
            agents=10,
            talk="60s",
            mean=1,
            start=400,
            span=800,
            replications=480,
        ),
        *priorities(),
    ]
