"""Agents: time at work, paid and busy, by pool and by the clock."""

from __future__ import annotations

from collections.abc import Callable

from journeysim.measures.arrow_columns import Ticks
from journeysim.measures.catalogue_entry import PLAIN, CatalogueEntry
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.measure import BY_POOL, Measure, Pair
from journeysim.measures.service.pool_rows import PoolRows

Time = Callable[[PoolRows], Ticks]
CLOCK = "intervals from warm-up to horizon"


def _hours(name: str, meaning: str, time: Time, entry: CatalogueEntry = PLAIN) -> Measure[PoolRows]:
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
        entry=entry,
    )


def _share(
    name: str,
    meaning: str,
    part: Time,
    whole: Time,
    formula: str,
    entry: CatalogueEntry = PLAIN,
) -> Measure[PoolRows]:
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
        entry=entry,
    )


POOLS: tuple[Measure[PoolRows], ...] = (
    _hours(
        "staffed_hours",
        "Agents at work by schedule.",
        lambda rows: rows.ticks("staffed"),
        CatalogueEntry(
            label="agents at work",
            head="at work",
            day_head="agents\nat work",
            tables={"pools": 10, "breakdown": 140, "day": 80, "comparison": 130, "forest": 100},
            role="agent_hours",
            needs="by_agents",
        ),
    ),
    _hours(
        "paid_hours",
        "Agents paid.",
        lambda rows: rows.ticks("paid"),
        CatalogueEntry(label="agents paid", head="paid", tables={"pools": 20}),
    ),
    _hours(
        "busy_hours",
        "Agents' capacity taken by contacts.",
        lambda rows: rows.ticks("busy"),
        CatalogueEntry(label="agents busy", head="busy", tables={"pools": 30, "breakdown": 150}),
    ),
    _share(
        "occupancy",
        "Share of the time at work that contacts take.",
        lambda rows: rows.ticks("busy"),
        lambda rows: rows.available,
        "busy / (staffed + overrun past the end of shifts), share of places",
        CatalogueEntry(
            tables={
                "pools": 40,
                "breakdown": 160,
                "day": 90,
                "definitions": 50,
                "comparison": 140,
                "forest": 50,
            },
            role="occupancy",
            needs="by_agents",
        ),
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
        entry=CatalogueEntry(
            better="less",
            label="cost of agents",
            head="cost",
            noun="cost of agents",
            tables={"pools": 50},
            only_used=("pools",),
        ),
    ),
)
