"""The tables that contenders score: memory-mapped, with whole numbers in place of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

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
