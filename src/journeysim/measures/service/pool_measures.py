"""Agents: time at work, paid and busy, by pool and by the clock."""

from __future__ import annotations

from collections.abc import Callable

from journeysim.measures.arrow_columns import Ticks
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.measure import BY_POOL, Measure, Pair
from journeysim.measures.service.pool_rows import PoolRows

Time = Callable[[PoolRows], Ticks]
CLOCK = "intervals from warm-up to horizon"


def _hours(name: str, meaning: str, time: Time) -> Measure[PoolRows]:
    def pair(rows: PoolRows, groups: Groups) -> Pair:
        return groups.hours(time(rows)), groups.ones

    formula = f"{name.replace('_', ' ')} per replication; {CLOCK}"
    return Measure(
        name=name,
        unit="h",
        meaning=meaning,
        table="pools",
        pair=pair,
        formula=formula,
        dimensions=BY_POOL,
    )


def _share(name: str, meaning: str, part: Time, whole: Time, formula: str) -> Measure[PoolRows]:
    def pair(rows: PoolRows, groups: Groups) -> Pair:
        return groups.hours(part(rows)), groups.hours(whole(rows))

    return Measure(
        name=name,
        unit="share",
        meaning=meaning,
        table="pools",
        pair=pair,
        formula=f"{formula}; {CLOCK}",
        dimensions=BY_POOL,
    )


POOLS: tuple[Measure[PoolRows], ...] = (
    _hours("staffed_hours", "Agents at work by schedule.", lambda rows: rows.ticks("staffed")),
    _hours("paid_hours", "Agents paid.", lambda rows: rows.ticks("paid")),
    _hours("busy_hours", "Agents' capacity taken by contacts.", lambda rows: rows.ticks("busy")),
    _share(
        "occupancy",
        "Share of the time at work that contacts take.",
        lambda rows: rows.ticks("busy"),
        lambda rows: rows.available,
        "busy / (staffed + overrun past the end of shifts), share of places",
    ),
    _share(
        "utilisation",
        "Share of the paid time that contacts take.",
        lambda rows: rows.ticks("busy"),
        lambda rows: rows.ticks("paid"),
        "busy / paid",
    ),
    _share(
        "engaged_share",
        "Share of the time at work with at least one contact.",
        lambda rows: rows.ticks("engaged"),
        lambda rows: rows.available,
        "engaged with at least one contact / (staffed + overrun), contacts spread least loaded",
    ),
    _share(
        "shrinkage",
        "Share of the paid time not at work.",
        lambda rows: rows.ticks("paid") - rows.ticks("staffed"),
        lambda rows: rows.ticks("paid"),
        "(paid - staffed) / paid",
    ),
    Measure(
        name="agent_cost",
        unit="currency",
        meaning="Cost of the paid hours.",
        table="pools",
        pair=lambda rows, groups: (groups.total(rows.cost), groups.ones),
        formula=f"paid hours x cost per hour, per replication; {CLOCK}",
        dimensions=BY_POOL,
    ),
)
