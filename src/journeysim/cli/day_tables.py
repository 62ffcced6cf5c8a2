"""The day, half hour by half hour: what came to each channel, and who was there for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from journeysim.cli.score_tables import measure_table
from journeysim.cli.text_layout import Table
from journeysim.measures.service.channel_measures import said_of
from journeysim.types import Row
from journeysim.units import HOUR

if TYPE_CHECKING:
    from journeysim.scenario.schema.world import World

#: Of channels, in this order, where it says something.
_COLUMNS = (
    "offered",
    "answered",
    "abandonment",
    "service_level",
    "answered_within_target",
    "containment",
    "resolved_in_self_service",
    "staffed",
    "occupancy",
)
_HEADERS = {"abandonment": "aban-\ndoned", "staffed": "agents\nat work", "offered": "offered\n"}


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
    horizon = world.time.horizon
    for name, channel in world.channels.items():
        serving = [pool for pool, part in world.pools.items() if name in _served(part)]
        came = {
            row["interval"]
            for row in contacts
            if row["channel"] == name and row["measure"] == "offered" and row["value"]
        }
        rows = [row for row in contacts if row["channel"] == name]
        rows += _agents(pools, serving, world.time.interval, end=_end(world))
        # Of the time after the horizon, only that in which somebody came back.
        rows = [row for row in rows if row["interval"] < horizon or row["interval"] in came]
        named = ", served by " + ", ".join(serving) if serving else ""
        tables.append(
            measure_table(
                rows,
                said_of(channel.capabilities, _COLUMNS),
                ["interval"],
                title=f"{name}{named}: by interval of arrival, per replication",
                weekday=world.time.starts_on,
                sign=sign,
                headers=_HEADERS,
            )
        )
    return [table for table in tables if table.rows]


def _served(pool: Any) -> set[str]:
    return {served.channel for level in pool.levels() for served in level}


def _end(world: World) -> int:
    return world.time.horizon + world.time.run_out


def _agents(pools: Sequence[Row], serving: Sequence[str], every: int, *, end: int) -> list[Row]:
    """Return agents at work and occupancy of some pools together, by interval."""
    at: dict[int, dict[str, list[Row]]] = {}
    for row in pools:
        if row["pool"] in serving and row["measure"] in ("staffed_hours", "occupancy"):
            at.setdefault(row["interval"], {}).setdefault(row["measure"], []).append(row)
    found: list[Row] = []
    for begin, rows in at.items():
        hours = max(min(every, end - begin), 1) / HOUR
        staffed = sum(row["value"] or 0.0 for row in rows["staffed_hours"]) / hours
        found.append(_row("staffed", begin, staffed, None, unit="count"))
        there = [row for row in rows["occupancy"] if row["denominator"]]
        busy = sum(row["numerator"] for row in there)
        available = sum(row["denominator"] for row in there)
        # What pools have together has no interval of its own; that of a single one is known.
        half_width = there[0]["half_width"] if len(there) == 1 else None
        value = busy / available if available else None
        found.append(_row("occupancy", begin, value, half_width, unit="share"))
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
