"""The journeys of a run, piece by piece: files larger than memory are scored in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.errors import RunError
from journeysim.jit import borrowing
from journeysim.measures.experience.arrow_views import columns_of
from journeysim.measures.experience.journey_columns import Array, JourneyColumns, Offsets
from journeysim.measures.experience.pass_inputs import fixed

Counted = NDArray[np.int32]

#: Journeys of a piece.
PIECE = 1 << 16


def pieces_of(
    contacts: pa.Table,
    journeys: pa.Table,
    *,
    columns: Sequence[str] | None = None,
    piece: int = PIECE,
) -> Iterator[JourneyColumns]:
    """Yield the journeys of the tables of a replication in pieces, in their order.

    Contacts are views of the mapped file; only a journey that straddles two of its batches is
    copied.

    Parameters
    ----------
    columns
        Columns of contacts to look at; default: all.
    piece
        Most journeys of a piece.

    Raises
    ------
    RunError
        If the rows of the contacts are not where the journeys say.
    """
    if columns is not None:
        contacts = contacts.select([name for name in contacts.column_names if name in columns])
    contacts = contacts.unify_dictionaries()
    batches = contacts.to_batches() or [pa.RecordBatch.from_pylist([], contacts.schema)]
    ends = np.cumsum([batch.num_rows for batch in batches], dtype=np.int64)
    row = 0
    for batch in journeys.unify_dictionaries().to_batches():
        for start in range(0, batch.num_rows, piece):
            part = batch.slice(start, piece)
            offsets = offsets_of(part, row)
            row = int(offsets[-1])
            if row > contacts.num_rows:
                raise RunError("contacts are missing; run the scenario again")
            yield from by_batches(batches, ends, part, offsets)


def offsets_of(part: pa.RecordBatch, row: int) -> Offsets:
    """Return the rows of the contacts of some journeys, the first of which should be at `row`.

    Raises
    ------
    RunError
        If they do not stand one behind the other.
    """
    first, counts = part.column("first_contact"), part.column("contacts")
    offsets = np.empty(len(part) + 1, dtype=np.int64)
    if not lay_out(_fixed(first, np.int64), _fixed(counts, np.int32), row, offsets):
        raise RunError(
            "the contacts do not stand where the journeys say; "
            "the files are damaged, run the scenario again"
        )
    return offsets


@borrowing
def lay_out(first: Offsets, counts: Counted, row: int, offsets: Offsets) -> bool:
    """Write where the contacts of journeys stand from a row on, and after them where they end.

    Returns
    -------
    Whether that is where they should: each journey behind the one before.
    """
    apart = np.int64(0)
    for journey in range(1, first.shape[0]):
        apart |= first[journey] ^ (first[journey - 1] + counts[journey - 1])
    for journey in range(first.shape[0]):
        offsets[journey] = first[journey]
    last = first.shape[0] - 1
    offsets[last + 1] = row if last < 0 else first[last] + counts[last]
    return bool(apart == 0 and offsets[0] == row)


def by_batches(
    batches: Sequence[pa.RecordBatch], ends: Array, part: pa.RecordBatch, offsets: Offsets
) -> Iterator[JourneyColumns]:
    """Yield journeys so that, where possible, their contacts stand in one batch of the file.

    Parameters
    ----------
    batches, ends
        Batches of contacts, and the rows at which they end.
    part, offsets
        Journeys, and the rows of their contacts.
    """
    journeys, at = len(offsets) - 1, 0
    while at < journeys:
        place = min(int(np.searchsorted(ends, offsets[at], side="right")), len(batches) - 1)
        inside = int(np.searchsorted(offsets, ends[place], side="right")) - 1
        to = min(max(inside, at), journeys)
        if to > at:
            begin = int(ends[place]) - batches[place].num_rows
            first, rows = int(offsets[at]), int(offsets[to] - offsets[at])
            held = batches[place].slice(first - begin, rows)
        else:
            to = at + 1
            first, rows = int(offsets[at]), int(offsets[to] - offsets[at])
            held = _straddling(batches, ends, first, rows)
        yield columns_of(held, offsets[at : to + 1] - first, part.slice(at, to - at))
        at = to


def _straddling(batches: Sequence[pa.RecordBatch], ends: Array, first: int, rows: int) -> pa.Table:
    """Return rows that do not stand in one batch."""
    place = int(np.searchsorted(ends, first, side="right"))
    to = int(np.searchsorted(ends, first + rows, side="left"))
    begin = int(ends[place]) - batches[place].num_rows
    return pa.Table.from_batches(batches[place : to + 1]).slice(first - begin, rows)


def _fixed(column: pa.Array, kind: type[np.generic]) -> Array:
    return fixed(column.to_numpy(zero_copy_only=False), kind)
