"""The day, half hour by half hour: what came to each channel, and who was there for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from journeysim.cli.score_tables import measure_table
from journeysim.cli.text_layout import Table
from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.units import HOUR

if TYPE_CHECKING:
    from journeysim.scenario.schema.world import World


def day_tables(
    contacts: Sequence[Row], pools: Sequence[Row], world: World, *, sign: str = "±"
) -> list[Table]:
    """Return a table per channel, with the agents of all pools that serve it.

    Parameters
    ----------
    contacts
        Scores by channel and interval.
    pools
        Scores of pools by pool and interval.
    """
    tables = []
    horizon, volume = world.time.horizon, catalogue.with_role("volume")
    for name, channel in world.channels.items():
        serving = [pool for pool, part in world.pools.items() if name in _served(part)]
        came = {
            row["interval"]
            for row in contacts
            if row["channel"] == name and row["measure"] == volume and row["value"]
        }
        rows = [row for row in contacts if row["channel"] == name]
        rows += _agents(pools, serving, world.time.interval, end=_end(world))
        # Of the time after the horizon, only that in which somebody came back.
        rows = [row for row in rows if row["interval"] < horizon or row["interval"] in came]
        named = ", served by " + ", ".join(serving) if serving else ""
        tables.append(
            measure_table(
                rows,
                catalogue.said_of(channel.capabilities, catalogue.in_table("day")),
                ["interval"],
                title=f"{name}{named}: by interval of arrival, per replication",
                weekday=world.time.starts_on,
                sign=sign,
                table="day",
            )
        )
    return [table for table in tables if table.rows]


def _served(pool: Any) -> set[str]:
    return {served.channel for level in pool.levels() for served in level}


def _end(world: World) -> int:
    return world.time.horizon + world.time.run_out


def _agents(pools: Sequence[Row], serving: Sequence[str], every: int, *, end: int) -> list[Row]:
    """Return agents at work and occupancy of some pools together, by interval."""
    hours, busy = catalogue.with_role("agent_hours"), catalogue.with_role("occupancy")
    at: dict[int, dict[str, list[Row]]] = {}
    for row in pools:
        if row["pool"] in serving and row["measure"] in (hours, busy):
            at.setdefault(row["interval"], {}).setdefault(row["measure"], []).append(row)
    found: list[Row] = []
    for begin, rows in at.items():
        length = max(min(every, end - begin), 1) / HOUR
        staffed = sum(row["value"] or 0.0 for row in rows[hours]) / length
        found.append(_row(hours, begin, staffed, None, unit="count"))
        there = [row for row in rows[busy] if row["denominator"]]
        taken = sum(row["numerator"] for row in there)
        available = sum(row["denominator"] for row in there)
        # What pools have together has no interval of its own; that of a single one is known.
        half_width = there[0]["half_width"] if len(there) == 1 else None
        value = taken / available if available else None
        found.append(_row(busy, begin, value, half_width, unit="share"))
    return found


def _row(
    measure: str, begin: int, value: float | None, half_width: float | None, *, unit: str
) -> Row:
    return {
        "measure": measure,
        "interval": begin,
        "value": value,
        "half_width": half_width,
        "unit": unit,
    }
