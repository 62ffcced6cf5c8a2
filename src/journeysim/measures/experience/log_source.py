"""Journeys of a log from outside, piece by piece, whatever its batches cut through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import MeasureError
from journeysim.measures.experience.arrow_views import columns_of, is_list_of_structs, one_array
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.measures.experience.log_batches import log_batches
from journeysim.measures.experience.log_columns import (
    OF_JOURNEY,
    LogMap,
    normalised,
    renamed,
    with_own_names,
)

_SORT = "sort it by journey and time, or use --sort"


def log_pieces(
    source: str | Path | pa.Table, log: LogMap | None = None, *, sort: bool = False
) -> Iterator[JourneyColumns]:
    """Yield the journeys of a log.

    A log has one row per contact, those of a journey together and in order of time; or one row per
    journey with a column `contacts` of type ``list<struct>``. `journey` is taken from `customer`
    where there is none.

    Parameters
    ----------
    source
        A file in CSV, Parquet or Arrow, or a table.
    log
        Names, words and units; default: those of this program, times in seconds.
    sort
        Sort the log first, which needs all of it in memory.

    Raises
    ------
    MeasureError
        If a column is missing or wrong, or the contacts of a journey do not stand together.
    RunError
        If the file cannot be read.
    """
    log = log or LogMap()
    batches: Iterable[Any]
    batches = source.to_batches() if isinstance(source, pa.Table) else log_batches(source)
    named: Iterable[pa.Table] = (with_own_names(batch, log) for batch in batches)
    if sort:
        named = [_sorted(pa.concat_tables(list(named), promote_options="permissive"))]
    ids = _Ids()
    kept: pa.Table | None = None
    for table in named:
        if "contacts" in table.schema.names and is_list_of_structs(
            table.schema.field("contacts").type
        ):
            yield _of_lists(table, log)
            continue
        whole = table if kept is None else pa.concat_tables([kept, table])
        cut = _starts(whole)[-1] if whole.num_rows else 0
        # The last journey may go on in the next batch.
        kept = whole.slice(cut)
        if cut:
            yield _of_rows(whole.slice(0, cut), log, ids)
    if kept is not None and kept.num_rows:
        yield _of_rows(kept, log, ids)
    ids.refuse_twice()


def _journey_column(table: pa.Table) -> str:
    for name in ("journey", "customer"):
        if name in table.schema.names:
            return name
    raise MeasureError(
        "the log has no column 'journey' or 'customer'; map it: --map journey=THEIRS, one of "
        f"{', '.join(table.schema.names)}"
    )


def _sorted(table: pa.Table) -> pa.Table:
    by = [(_journey_column(table), "ascending")]
    by += [("entered", "ascending")] if "entered" in table.schema.names else []
    return table.sort_by(by)


def _starts(table: pa.Table) -> NDArray[np.int64]:
    """Return the rows at which journeys begin."""
    ids = one_array(table.column(_journey_column(table)))
    if ids.null_count:
        raise MeasureError(f"{ids.null_count} rows have no journey")
    changed = pc.not_equal(ids.slice(1), ids.slice(0, max(len(ids) - 1, 0)))
    places = np.flatnonzero(changed.to_numpy(zero_copy_only=False)) + 1
    return np.concatenate(([0], places)).astype(np.int64)[: max(len(ids), 1)]


def _of_rows(table: pa.Table, log: LogMap, ids: _Ids) -> JourneyColumns:
    starts = _starts(table)
    offsets = np.append(starts, table.num_rows)
    firsts = table.take(pa.array(starts))
    name = _journey_column(table)
    if name != "journey":
        firsts = firsts.append_column("journey", firsts.column(name))
    ids.add(firsts.column("journey"))
    contacts = normalised(table, log)
    _refuse_disorder(contacts, starts)
    said = [each for each in ("journey", *OF_JOURNEY) if each in firsts.schema.names]
    return _with_first_channel(contacts, offsets, normalised(firsts.select(said), log))


def _of_lists(table: pa.Table, log: LogMap) -> JourneyColumns:
    lists = one_array(table.column("contacts"))
    if lists.null_count:
        raise MeasureError(f"column 'contacts': {lists.null_count} journeys have no list")
    offsets = np.asarray(lists.offsets.to_numpy(), dtype=np.int64)
    structs = lists.values.slice(offsets[0], offsets[-1] - offsets[0])
    fields = dict(zip([each.name for each in structs.type], structs.flatten(), strict=True))
    contacts = normalised(renamed(pa.table(fields), log), log)
    journeys = table.drop_columns(["contacts"])
    return _with_first_channel(contacts, offsets - offsets[0], normalised(journeys, log))


def _with_first_channel(
    contacts: pa.Table, offsets: NDArray[np.int64], journeys: pa.Table
) -> JourneyColumns:
    if "channel" in contacts.schema.names and "first_channel" not in journeys.schema.names:
        some = offsets[:-1] < offsets[1:]
        rows = pa.array(np.minimum(offsets[:-1], max(contacts.num_rows - 1, 0)), mask=~some)
        first = one_array(contacts.column("channel")).take(rows)
        journeys = journeys.append_column("first_channel", first)
    return columns_of(contacts, offsets, journeys)


def _refuse_disorder(contacts: pa.Table, starts: NDArray[np.int64]) -> None:
    if "entered" not in contacts.schema.names or contacts.num_rows < 2:
        return
    entered = one_array(contacts.column("entered"))
    times = entered.fill_null(-(2**62)).to_numpy()
    back = np.diff(times) < 0
    back[starts[1:] - 1] = False
    if back.any():
        raise MeasureError(f"the contacts of a journey do not stand in order of time; {_SORT}")


class _Ids:
    """Journeys met so far, 8 bytes each, to find one that stands in two places."""

    def __init__(self) -> None:
        self._met: list[NDArray[np.int64]] = []

    def add(self, column: pa.ChunkedArray) -> None:
        if pa.types.is_integer(column.type):
            self._met.append(column.cast(pa.int64()).to_numpy())
        else:
            self._met.append(np.array([hash(each) for each in column.to_pylist()], dtype=np.int64))

    def refuse_twice(self) -> None:
        met = np.sort(np.concatenate(self._met)) if self._met else np.zeros(0)
        if np.any(met[1:] == met[:-1]):
            raise MeasureError(
                f"the contacts of a journey do not stand together in the log; {_SORT}"
            )
