"""The tables that contenders score: memory-mapped, with whole numbers in place of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import RunError
from journeysim.tables.columns import ContactOutcome, words
from journeysim.tables.run import read_table, table_path


@dataclass(frozen=True, slots=True)
class Mapped:
    """The journeys of a replication and their contacts; nothing is in memory until it is read."""

    journeys: pa.Table
    contacts: pa.Table

    @property
    def channels(self) -> tuple[str, ...]:
        """Words of the channels, by code."""
        return tuple(dictionary_of(self.contacts, "channel"))

    def coded(self, names: Sequence[str]) -> pa.Table:
        """Return columns of the contacts with codes for words: the same memory."""
        columns = [self.contacts.column(name) for name in names]
        codes = [_codes(column) if _has_words(column) else column for column in columns]
        return pa.table(codes, names=list(names))


def mapped(directory: Path, replication: int) -> Mapped:
    """Open the tables of a replication.

    Raises
    ------
    RunError
        If a file is missing or no Arrow file, or its columns are not those of a run.
    """
    tables = {
        name: read_table(table_path(directory, name, replication))
        for name in ("journeys", "contacts")
    }
    outcomes = dictionary_of(tables["contacts"], "outcome")
    if tuple(outcomes) != words(ContactOutcome):
        raise RunError(f"{directory}: the outcomes of its contacts are not those of a run")
    if tables["journeys"].num_rows == 0:
        raise RunError(f"{directory}: replication {replication} has no journeys")
    return Mapped(**tables)


def dictionary_of(table: pa.Table, name: str) -> list[str]:
    """Return the words of a column, the same in all its chunks."""
    if name not in table.column_names or not _has_words(table.column(name)):
        raise RunError(f"the contacts have no column {name!r} of words")
    column = table.column(name)
    found: list[str] = column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
    return found


def _has_words(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _codes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.indices for chunk in column.chunks])


@dataclass(frozen=True, slots=True)
class Piece:
    """Some journeys with their contacts.

    Attributes
    ----------
    number
        Row of the first journey.
    offsets
        Contacts of journey j of the piece are its rows ``offsets[j]:offsets[j + 1]``.
    """

    number: int
    offsets: NDArray[np.int64]
    journeys: pa.RecordBatch
    contacts: pa.RecordBatch

    def array(self, name: str, missing: int = 0) -> NDArray[Any]:
        """Return a column of contacts: ticks, codes or flags."""
        return as_array(self.contacts.column(name), missing)


def pieces(tables: Mapped, most: int) -> Iterator[Piece]:
    """Yield all journeys in pieces of at most `most`, which share the mapped memory.

    A piece whose contacts lie in two batches of the file is copied together.
    """
    number = 0
    for batch in tables.journeys.to_batches():
        for first in range(0, batch.num_rows, most):
            journeys = batch.slice(first, most)
            counts = as_array(journeys.column("contacts")).astype(np.int64)
            start = journeys.column("first_contact")[0].as_py()
            rows = tables.contacts.slice(start, int(counts.sum()))
            parts = rows.to_batches()
            contacts = parts[0] if len(parts) == 1 else rows.combine_chunks().to_batches()[0]
            yield Piece(number, np.append(0, np.cumsum(counts)), journeys, contacts)
            number += journeys.num_rows


def as_array(column: pa.Array, missing: int = 0) -> NDArray[Any]:
    """Return an Arrow column as numbers; `missing` where there is nothing."""
    if pa.types.is_dictionary(column.type):
        column = column.indices
    if pa.types.is_duration(column.type):
        column = column.view(pa.int64())
    if column.null_count:
        column = pc.fill_null(column, missing)
    found: NDArray[Any] = column.to_numpy(zero_copy_only=False)
    return found
