"""Steady cases of several queues and of customers who return; one unit of time is one minute."""

from __future__ import annotations

from typing import Any

from tests.theory.cases import EXACT
from tests.theory.estimates import Case, steady_controls
from tests.theory.observed import Figures, Observed, minutes, named, queue_figures
from tests.theory.single_queues import exponential, steady


def _queue(talk: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "queue", "talk": talk, **more}


def jackson() -> Case:
    """Two nodes; who is served goes on to the other, or to the same again, or leaves."""
    start, span = 200, 600
    document = steady(
        start=start,
        span=span,
        tail=100,
        max_contacts=1000,
        segments={"all": {"arrivals": {"rate": "5/min"}, "first": {"one": 0.8, "two": 0.2}}},
        channels={
            "one": _queue(exponential(1), resolution=0.0, after={"unresolved": {"two": 0.3}}),
            "two": _queue(
                exponential(1.5), resolution=0.0, after={"unresolved": {"one": 0.2, "two": 0.1}}
            ),
        },
        pools={
            "one": {"agents": 7, "serves": ["one"]},
            "two": {"agents": 3, "serves": ["two"]},
        },
    )

    def figures(seen: Observed) -> Figures:
        found: Figures = {}
        journeys = seen.replication.journeys
        arrived = minutes(journeys["arrived"])
        chosen = (arrived >= seen.start) & (arrived < seen.end)
        sojourn = minutes(journeys["ended"]) - arrived
        found["total_wait"] = minutes(journeys["wait"])[chosen].sum(), chosen.sum()
        found["total_sojourn"] = sojourn[chosen].sum(), chosen.sum()
        for number, channel in (1, "one"), (2, "two"):
            rows = seen.rows.where("channel", channel)
            found |= named(queue_figures(rows), str(number)) | {
                f"lam_{number}": (len(rows), seen.span),
                f"lq_{number}": seen.queue_length(channel),
                f"visits_{number}": (len(rows), chosen.sum()),
            }
        return {figure: found[figure] for figure in EXACT["jackson_open"]}

    return Case(
        name="jackson_open",
        document=document,
        start=start,
        end=start + span,
        figures=figures,
        controls=steady_controls({"all": 5}, {("one", "one"): 1, ("two", "two"): 1 / 1.5}),
        replications=740,
    )


def retrial() -> Case:
    """Whoever finds no line free tries again, until there is one."""
    start, span = 200, 1000
    channel = _queue(
        exponential(1),
        lines=6,
        resolution=1.0,
        after={"blocked": {"phone": {"share": 1.0, "delay": exponential(0.5)}}},
    )
    document = steady(
        start=start,
        span=span,
        max_contacts=1000,
        segments={"all": {"arrivals": {"rate": "4/min"}}},
        channels={"phone": channel},
        pools={"agents": {"agents": 6, "serves": ["phone"]}},
    )

    def figures(seen: Observed) -> Figures:
        fresh = seen.rows.where("contact", 1)
        return {
            "attempts_per_fresh": (len(seen.rows), len(fresh)),
            "orbit": seen.away("retry"),
            "util": seen.occupancy("agents"),
            "p_block_attempt": (seen.rows.blocked.sum(), len(seen.rows)),
            "p_block_fresh": (fresh.blocked.sum(), len(fresh)),
        }

    return Case(
        name="retrial_open",
        document=document,
        start=start,
        end=start + span,
        figures=figures,
        controls=steady_controls({"all": 4}, {("phone", "agents"): 1}),
        replications=110,
    )


def redial() -> Case:
    """Who abandons may redial; whose need is not met comes back; both take their time."""
    start, span = 120, 1200
    after = {
        "abandoned": {"phone": {"share": 0.6, "delay": exponential(0.8)}},
        "unresolved": {"phone": {"share": 1.0, "delay": exponential(0.2)}},
    }
    document = steady(
        start=start,
        span=span,
        max_contacts=1000,
        segments={"all": {"arrivals": {"rate": "3/min"}, "patience": exponential(0.5)}},
        channels={"phone": _queue(exponential(1), resolution=0.85, after=after)},
        pools={"agents": {"agents": 4, "serves": ["phone"]}},
    )

    def figures(seen: Observed) -> Figures:
        found = queue_figures(seen.rows)
        return {
            "attempts_per_fresh": (len(seen.rows), seen.rows.equal("contact", 1).sum()),
            "p_ab_attempt": found["p_ab"],
            "ew_attempt": found["ew"],
            "p_wait_attempt": found["p_wait"],
            "lq": seen.queue_length("phone"),
            "util": seen.occupancy("agents"),
            "orbit_redial": seen.away("retry"),
            "orbit_recontact": seen.away("recontact"),
        }

    return Case(
        name="redial_open",
        document=document,
        start=start,
        end=start + span,
        figures=figures,
        controls=steady_controls({"all": 3}, {("phone", "agents"): 1}),
        replications=110,
    )


def n_model() -> Case:
    """The second pool helps the first channel at once, but when freed prefers its own."""
    start, span = 80, 600
    document = steady(
        start=start,
        span=span,
        tail=50,
        segments={
            "first": {
                "arrivals": {"rate": "5/min"},
                "first": {"a": 1.0},
                "patience": exponential(0.5),
            },
            "second": {
                "arrivals": {"rate": "4/min"},
                "first": {"b": 1.0},
                "patience": exponential(0.3),
            },
        },
        channels={
            "a": _queue(exponential(1), resolution=1.0, pools=["one", "two"]),
            "b": _queue(exponential(1.2), resolution=1.0, pools=["two"]),
        },
        pools={
            "one": {"agents": 4, "serves": ["a"]},
            "two": {
                "agents": 5,
                "serves": ["b", "a"],
                "channels": {"a": {"talk": exponential(0.8)}},
            },
        },
    )

    def figures(seen: Observed) -> Figures:
        found: Figures = {"util_1": seen.occupancy("one"), "util_2": seen.occupancy("two")}
        for number, channel in (1, "a"), (2, "b"):
            found |= named(queue_figures(seen.rows.where("channel", channel)), str(number))
            found[f"lq_{number}"] = seen.queue_length(channel)
        helped = seen.rows.where("channel", "a").where("pool", "two")
        found["overflow_busy"] = helped.minutes("talk").sum(), seen.span
        return {figure: found[figure] for figure in EXACT["nmodel_open"]}

    talks = {("a", "one"): 1.0, ("a", "two"): 1.25, ("b", "two"): 1 / 1.2}
    return Case(
        name="nmodel_open",
        document=document,
        start=start,
        end=start + span,
        figures=figures,
        controls=steady_controls({"first": 5, "second": 4}, talks),
        replications=60,
    )


def switching() -> Case:
    """Of who abandons the first queue, 60 % go to the second, with fresh patience."""
    start, span = 40, 320
    after = {"abandoned": {"two": {"share": 0.6}}}
    document = steady(
        start=start,
        span=span,
        segments={
            "to_one": {"arrivals": {"rate": "12/min"}, "first": {"one": 1.0}},
            "to_two": {"arrivals": {"rate": "3/min"}, "first": {"two": 1.0}},
        },
        channels={
            "one": _queue(exponential(1), patience=exponential(0.5), resolution=1.0, after=after),
            "two": _queue(exponential(1), patience=exponential(0.8), resolution=1.0),
        },
        pools={
            "one": {"agents": 10, "serves": ["one"]},
            "two": {"agents": 4, "serves": ["two"]},
        },
    )

    def figures(seen: Observed) -> Figures:
        one, two = (seen.rows.where("channel", name) for name in ("one", "two"))
        switched, direct = two.where("cause", "switch"), two.where("cause", "fresh")
        found = named(queue_figures(one), "1") | named(queue_figures(two), "2")
        found |= {
            "switch_rate": (len(switched), seen.span),
            "lq_2": seen.queue_length("two"),
            "p_wait_2_switcher": queue_figures(switched)["p_wait"],
            "p_wait_2_direct": queue_figures(direct)["p_wait"],
            "util_1": seen.occupancy("one"),
            "util_2": seen.occupancy("two"),
        }
        return {figure: found[figure] for figure in EXACT["switch_open"]}

    return Case(
        name="switch_open",
        document=document,
        start=start,
        end=start + span,
        figures=figures,
        controls=steady_controls(
            {"to_one": 12, "to_two": 3}, {("one", "one"): 1, ("two", "two"): 1}
        ),
        replications=90,
    )


def cases() -> list[Case]:
    """Return the cases of several queues."""
    return [jackson(), retrial(), redial(), n_model(), switching()]
