"""The contacts of a run with dates, in blocks of whole journeys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journeysim.tables.run import Run
from journeysim.units import DAY, WEEK, WEEKDAYS, parse_duration

#: Journeys that are in memory at once.
BLOCK: Final = 50_000
#: The first Monday of a year that begins with one.
_MONDAY: Final = date(2024, 1, 1)


def first_moment(run: Run, replication: int) -> int:
    """Return when a replication begins, ticks since 1970: the next whole weeks after the last.

    A simulated world has weekdays but no dates, so it is given some: day 0 of replication 0 is the
    first day from 1 January 2024 on with the weekday of the scenario.
    """
    time = tomllib.loads(run.scenario_toml).get("time", {})
    weekday = WEEKDAYS.index(str(time.get("starts_on", "monday")).lower())
    span = sum(
        parse_duration(str(time.get(key, usual)))
        for key, usual in (("horizon", "1d"), ("run_out", "0s"))
    )
    begin = _MONDAY + timedelta(days=weekday)
    weeks = max(-(-span // WEEK), 1)
    return (begin - date(1970, 1, 1)).days * DAY + replication * weeks * WEEK


def contact_blocks(run: Run) -> Iterator[pa.Table]:
    """Yield the contacts of all replications, a block of whole journeys at a time.

    Columns: `case` (replication and journey), `activity` (channel), `start` and `end` (entered
    and left; ``timestamp[us]`` without zone), `started` (when service began), then the other
    columns of a contact; durations in seconds as float64.
    """
    for replication in run:
        origin = first_moment(run, replication.number)
        order = _by_journey(replication.journeys, replication.contacts)
        for first, last in order:
            part = replication.contacts.slice(first, last - first)
            if part.num_rows:
                yield _block(part, replication.number, origin)


def journey_blocks(run: Run) -> Iterator[pa.Table]:
    """Yield the journeys of all replications in blocks, with a first column `case`."""
    for replication in run:
        for first in range(0, replication.journeys.num_rows, BLOCK):
            part = replication.journeys.slice(first, BLOCK)
            case = _case(part.column("journey"), replication.number)
            numbers = pa.repeat(pa.scalar(replication.number, pa.int64()), part.num_rows)
            yield part.add_column(0, "case", case).append_column("replication", numbers)


def _by_journey(journeys: pa.Table, contacts: pa.Table) -> Iterator[tuple[int, int]]:
    """Yield rows of contacts at which blocks of whole journeys begin and end."""
    firsts = np.sort(journeys.column("first_contact").to_numpy())
    cuts = [*firsts[BLOCK::BLOCK].tolist(), contacts.num_rows]
    begin = 0
    for cut in cuts:
        yield begin, int(cut)
        begin = int(cut)


def _case(journey: pa.ChunkedArray, replication: int) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(
        pa.scalar(str(replication)), journey.cast(pa.string()), pa.scalar("-")
    )


def _block(part: pa.Table, replication: int, origin: int) -> pa.Table:
    columns: dict[str, Any] = {
        "case": _case(part.column("journey"), replication),
        "activity": part.column("channel").cast(pa.string()),
        "start": _moment(part.column("entered"), origin),
        "end": _moment(part.column("ended"), origin),
        "started": _moment(part.column("started"), origin),
    }
    for name in ("customer", "contact"):
        columns[name] = part.column(name)
    for name in ("segment", "need", "pool", "outcome", "cause", "next_step"):
        columns[name] = part.column(name).cast(pa.string())
    columns["resolved"] = part.column("resolved")
    for name in ("wait", "talk", "wrap_up"):
        ticks = part.column(name).cast(pa.int64()).cast(pa.float64())
        columns[name] = pc.divide(ticks, 1e6)
    columns["replication"] = pa.repeat(pa.scalar(replication, pa.int64()), part.num_rows)
    return pa.table(columns)


def _moment(column: pa.ChunkedArray, origin: int) -> pa.ChunkedArray:
    return pc.add(column.cast(pa.int64()), origin).cast(pa.timestamp("us"))
