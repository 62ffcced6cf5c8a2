"""Runs built by hand: a few contacts, journeys and intervals, in seconds, as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from journeysim.measures import score_run
from journeysim.scenario.schema.world import World
from journeysim.tables.columns import CONTACTS, INTERVALS, JOURNEYS, Column, schema
from journeysim.tables.run import Replication, Run
from journeysim.units import SECOND

Row = dict[str, Any]


def contact(channel: str = "phone", outcome: str = "served_resolved", **cells: Any) -> Row:
    """Return a contact; times in seconds. One that was served has a start, a pool and talk."""
    row: Row = {"channel": channel, "outcome": outcome, "segment": "retail", "need": "help"}
    row |= {"contact": 1, "cause": "fresh", "handler": "human", "media": "owned"}
    row |= {"control": "owned", "next_step": "none", "wait": 0, "entered": 0, "scored": True}
    row |= {"resolved": outcome == "served_resolved"} | cells
    gone = outcome not in ("waiting", "in_service")
    if outcome.startswith("served") or outcome == "in_service":
        row.setdefault("started", row["entered"] + row["wait"])
        row.setdefault("pool", "desk")
    if outcome.startswith("served"):
        row.setdefault("talk", 0)
    if gone:
        row.setdefault("ended", row["entered"] + row["wait"] + (row.get("talk") or 0))
    return row


def journey(outcome: str = "resolved", **cells: Any) -> Row:
    """Return a journey of one contact, the times in seconds."""
    row: Row = {"segment": "retail", "need": "help", "outcome": outcome, "contacts": 1}
    row |= {"first_channel": "phone", "last_channel": "phone", "scored": True} | cells
    if outcome != "open":
        row.setdefault("ended", row.get("arrived", 0))
    return row


def pool_interval(name: str = "desk", **times: Any) -> Row:
    """Return a row of a pool in the interval table, the times in seconds."""
    empty = dict.fromkeys(("staffed", "paid", "busy", "engaged", "overrun"), 0)
    return {"row": "pool", "name": name, "start": 0, "end": 1800} | empty | times


def channel_interval(name: str = "phone", **cells: Any) -> Row:
    """Return a row of a channel in the interval table, the times in seconds."""
    empty = dict.fromkeys(("offered", "answered", "abandoned", "refused", "waited", "queued"), 0)
    return {"row": "channel", "name": name, "start": 0, "end": 1800} | empty | cells


def replication(
    number: int,
    *,
    contacts: Sequence[Row] = (),
    journeys: Sequence[Row] = (),
    intervals: Sequence[Row] = (),
) -> Replication:
    """Return a replication of the rows given."""
    return Replication(
        number,
        journeys=_table(JOURNEYS, journeys),
        contacts=_table(CONTACTS, contacts),
        intervals=_table(INTERVALS, intervals),
    )


def run_of(*replications: Replication) -> Run:
    """Return a run in memory."""
    return Run({}, "", held={each.number: each for each in replications})


def run_of_contacts(*replications: Sequence[Row]) -> Run:
    """Return a run of which only the contacts matter."""
    return run_of(*(replication(place, contacts=rows) for place, rows in enumerate(replications)))


def world_of(**parts: Any) -> World:
    """Return a world with a phone and an e-mail channel, a web page, and two pools."""
    said: dict[str, Any] = {
        "time": {"horizon": "2h", "interval": "30m"},
        "measures": {"threshold": "20s", "target": 0.8, "short_abandon": "10s"},
        "needs": {"help": {}},
        "segments": {"retail": {}, "premium": {}},
        "channels": {
            "phone": {"kind": "queue", "cost_per_contact": 0.5},
            "email": {"kind": "deferred"},
            "web": {"kind": "self_service"},
        },
        "pools": {
            "desk": {"agents": 2, "serves": ["phone"], "cost_per_hour": 30.0},
            "back": {
                "agents": {"from": "09:00", "every": "8h", "counts": [1]},
                "serves": ["email", "phone"],
                "concurrency": {"email": 2, "phone": 3},
            },
        },
    }
    return World.model_validate(said | parts)


def measured(table: pa.Table, measure: str, **where: Any) -> Mapping[str, Any]:
    """Return the one row of a measure, as a mapping."""
    rows = [
        row
        for row in table.to_pylist()
        if row["measure"] == measure and all(row[name] == value for name, value in where.items())
    ]
    assert len(rows) == 1, f"{len(rows)} rows of {measure} {where}"
    return rows[0]


def values(
    run: Run, measures: Sequence[str], *, world: World | None = None, **options: Any
) -> list[float | None]:
    """Return the values of measures over everything, in the world of `world_of` by default."""
    table = score_run(run, world or world_of(), by=(), measures=measures, **options)
    return [measured(table, name)["value"] for name in measures]


def _table(columns: tuple[Column, ...], rows: Sequence[Row]) -> pa.Table:
    known = {column.name for column in columns}
    for row in rows:
        assert set(row) <= known, set(row) - known
    return pa.Table.from_arrays(
        [_array(column, [row.get(column.name) for row in rows]) for column in columns],
        schema=schema(columns),
    )


def _array(column: Column, cells: list[Any]) -> pa.Array:
    kind = column.field().type
    if not column.missing:
        empty = {"flag": False, "category": "customer", "many": "customer"}.get(column.kind, 0)
        cells = [empty if cell is None else cell for cell in cells]
    if pa.types.is_duration(kind):
        ticks = [None if cell is None else round(cell * SECOND) for cell in cells]
        return pa.array(ticks, pa.int64()).view(kind)
    if pa.types.is_dictionary(kind):
        found = tuple(dict.fromkeys(cell for cell in cells if cell is not None))
        words = column.words or found
        codes = [None if cell is None else words.index(cell) for cell in cells]
        indices = pa.array(codes, kind.index_type)
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, kind.value_type))
    return pa.array(cells, kind)
