"""Cases that start empty: each day is one, so that a replication of several days holds several."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import stats

from journeysim.units import DAY, MINUTE
from tests.theory.cases import EXACT
from tests.theory.estimates import Case
from tests.theory.observed import Figures, Observed, Rows
from tests.theory.single_queues import exponential
from tests.theory.time_varying import unlimited_agents

MINUTES = DAY // MINUTE
PIECES = ((60, 2.0, 9), (60, 4.5, 18), (60, 6.0, 24), (60, 5.0, 16), (60, 4.0, 18), (60, 2.0, 8))


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _days(days: int, **parts: Any) -> dict[str, Any]:
    time = {"horizon": f"{days}d", "run_out": "1d", "interval": "1h"}
    return {"time": time, **parts}


class OfDay:
    """Contacts by their own day: times since its midnight, minutes."""

    def __init__(self, rows: Rows) -> None:
        entered, started, ended = (rows.minutes(name) for name in ("entered", "started", "ended"))
        midnight = entered // MINUTES * MINUTES
        self.rows, self.day = rows, (entered // MINUTES).astype(int)
        self.entered, self.ended = entered - midnight, ended - midnight
        self.left_queue = np.where(rows.served, started, ended) - midnight

    def between(self, times: np.ndarray, start: float, end: float) -> np.ndarray:
        return (times >= start) & (times < end)


def falling_staff(days: int) -> Case:
    """Six hours of changing demand and staff; excess agents finish their contact."""
    starts = [_clock(60 * piece) for piece in range(len(PIECES))]
    rates = [f"{rate}/min" for _, rate, _ in PIECES]
    document = _days(
        days,
        segments={
            "all": {
                "arrivals": {"at": [*starts, "06:00"], "rates": [*rates, "0/min"]},
                "patience": exponential(0.2),
            }
        },
        channels={"phone": {"kind": "queue", "talk": exponential(0.25), "resolution": 1.0}},
        pools={
            "agents": {
                "agents": {"at": starts, "counts": [staff for _, _, staff in PIECES]},
                "serves": ["phone"],
            }
        },
    )

    def controls(seen: Observed) -> Figures:
        times = OfDay(seen.rows)
        talk = seen.rows.minutes("talk")
        found: Figures = {}
        for piece, (length, rate, _) in enumerate(PIECES, 1):
            here = times.between(times.entered, 60 * (piece - 1), 60 * piece)
            mean = length * rate * days
            found[f"control: arrivals {piece}"] = here.sum() - mean, mean
            found[f"control: talk {piece}"] = np.nansum(talk[here] - 4.0), mean * 4.0
        return found

    return Case(
        name="tv_finish_open",
        document=document,
        start=0,
        end=days * MINUTES,
        figures=lambda seen: _falling_staff_figures(seen, days),
        controls=controls,
        replications=600,
    )


def _falling_staff_figures(seen: Observed, days: int) -> Figures:
    times, rows = OfDay(seen.rows), seen.rows
    abandoned, served = rows.abandoned, rows.served
    early = rows.wait <= 0.5
    end = 60 * len(PIECES)
    begins, queued = seen.clock("channel", "phone", "queued")
    _, busy = seen.clock("pool", "agents", "busy")
    found: Figures = {
        "abandons": ((abandoned & (times.ended < end)).sum(), days),
        "completions": ((served & (times.ended < end)).sum(), days),
    }
    for piece in range(1, len(PIECES) + 1):
        first, last = 60 * (piece - 1), 60 * piece
        left = times.between(times.ended, first, last)
        came = times.between(times.entered, first, last)
        hour = begins % MINUTES == first
        in_time = (came & served & early).sum()
        short = (came & abandoned & early).sum()
        waits = (times.entered < last) & (times.left_queue >= last)
        talks = served & (times.left_queue < last) & (times.ended >= last)
        figures = {
            "lq_avg": (queued[hour].sum(), 60 * days),
            "busy_avg": (busy[hour].sum(), 60 * days),
            "abandons": ((abandoned & left).sum(), days),
            "completions": ((served & left).sum(), days),
            "lq_end": (waits.sum(), days),
            "busy_end": (talks.sum(), days),
            "sl_offered": (in_time, came.sum()),
            "sl_noshort": (in_time, came.sum() - short),
            "ab_by_T": (short, came.sum()),
        }
        found |= {f"{name}_{piece}": ratio for name, ratio in figures.items()}
    return found | {name: found[f"{name}_6"] for name in ("lq_end", "busy_end")}


#: Of the case's sine 10 (1 + 0.6 sin(2 pi t / 8)): a unit is 10 minutes, a point every 2.
_POINTS = np.arange(0, 242, 2)
_RATES = 1 + 0.6 * np.sin(2 * np.pi * _POINTS / 80)


@lru_cache
def _busy_exact() -> dict[str, float]:
    sigma = math.sqrt(math.log1p(1.5**2))
    law = stats.lognorm(sigma, scale=20 * math.exp(-(sigma**2) / 2))
    found = {}
    for unit in (1, 3, 6, 12, 24):
        mean = unlimited_agents(
            lambda times: np.interp(times, _POINTS, _RATES), law.sf, 10.0 * unit, breaks=_POINTS
        )
        found |= {f"busy_at_{unit}": mean, f"variance_at_{unit}": mean}
    return found


def unlimited(days: int) -> Case:
    """Nobody ever waits: the number busy is Poisson; rates are straight between points."""
    rates = [f"{rate:.12g}/min" for rate in _RATES]
    document = _days(
        days,
        segments={
            "all": {
                "arrivals": {
                    "at": [_clock(point) for point in _POINTS],
                    "rates": rates,
                    "shape": "linear",
                }
            }
        },
        channels={
            "phone": {
                "kind": "queue",
                "talk": {"distribution": "lognormal", "mean": "20m", "cv": 1.5},
                "resolution": 1.0,
            }
        },
        pools={"agents": {"agents": 1000, "serves": ["phone"]}},
    )

    def figures(seen: Observed) -> Figures:
        times = OfDay(seen.rows)
        found: Figures = {}
        for unit in (1, 3, 6, 12, 24):
            busy = (times.entered <= 10 * unit) & (times.ended > 10 * unit)
            per_day = np.bincount(times.day[busy], minlength=days)
            found[f"busy_at_{unit}"] = per_day.sum(), days
            found[f"variance_at_{unit}"] = per_day.var(ddof=1), 1
        return found

    return Case(
        name="mtginf_open",
        document=document,
        start=0,
        end=days * MINUTES,
        figures=figures,
        controls=lambda seen: {},
        exact=_busy_exact(),
        replications=80,
    )


def counts(days: int) -> Case:
    """Counts per piece are Poisson, also after a piece of rate 0; a day factor spreads them."""
    edges = (0, 2, 4, 6, 7, 10)
    document = _days(
        days,
        segments={
            "steps": {
                "arrivals": {
                    "at": [_clock(60 * edge) for edge in edges],
                    "rates": ["4/h", "12/h", "7/h", "0/h", "9/h", "0/h"],
                }
            },
            "linear": {
                "arrivals": {
                    "at": ["00:00", "02:00"],
                    "rates": ["3/h", "15/h"],
                    "shape": "linear",
                }
            },
            "gamma": {
                "arrivals": {"from": "08:00", "every": "10h", "counts": [200]},
                "day_factor": {"cv": 0.15},
            },
        },
        channels={"web": {"kind": "self_service", "time_spent": "1s"}},
    )

    def figures(seen: Observed) -> Figures:
        found: Figures = {}
        times = OfDay(seen.rows.where("segment", "steps"))
        for piece, (first, last) in enumerate(pairwise(edges), 1):
            here = times.between(times.entered, 60 * first, 60 * last)
            per_day = np.bincount(times.day[here], minlength=days)
            found[f"count_{piece}"] = per_day.sum(), days
            found[f"variance_{piece}"] = per_day.var(ddof=1), 1
            # Within a piece arrivals are uniform; a gap carried over an edge would delay the first.
            middle = 30 * (first + last)
            found[f"p_first_half_{piece}"] = (times.entered[here] < middle).sum(), here.sum()
        times = OfDay(seen.rows.where("segment", "linear"))
        found["linear_mean_count"] = len(times.rows), days
        found["linear_mean_time"] = times.entered.sum() / 60, len(times.rows)
        per_day = np.bincount(OfDay(seen.rows.where("segment", "gamma")).day, minlength=days)
        found["gamma_day_mean"] = per_day.sum(), days
        found["gamma_day_var"] = per_day.var(ddof=1), 1
        return {name: (top, bottom) for name, (top, bottom) in found.items() if bottom}

    exact = dict(EXACT["nhpp_counts_open"])
    pieces = range(1, len(edges))
    exact |= {f"variance_{piece}": exact[f"count_{piece}"] for piece in pieces}
    exact |= {f"p_first_half_{piece}": 0.5 for piece in pieces}
    return Case(
        name="nhpp_counts_open",
        document=document,
        start=0,
        end=days * MINUTES,
        figures=figures,
        controls=lambda seen: {},
        exact=exact,
        replications=140,
    )


def cases() -> list[Case]:
    """Return the cases that start empty."""
    return [falling_staff(5), unlimited(20), counts(15)]
