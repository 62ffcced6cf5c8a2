"""A table as it was handed in: named columns of cells, and where each row stands in its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.errors import LogError


@dataclass(frozen=True, slots=True)
class InputTable:
    """Columns of cells.

    Attributes
    ----------
    source
        The file, or the files, by name.
    columns
        By name; text stays text, and typed cells (Excel, Parquet, Arrow) keep their types.
    row_numbers
        Of each row, as its file numbers it, shape (rows,).
    row_sources
        Names of the files, and the first row of each.
    left_out
        Rows that are no data, by what they are; each with its text.
    notes
        What was decided while reading: encoding, sheet, rows above the header.
    """

    source: str
    columns: Mapping[str, pa.ChunkedArray]
    row_numbers: NDArray[np.int64]
    row_sources: Sequence[tuple[str, int]]
    left_out: Sequence[str] = ()
    notes: Sequence[str] = field(default=())

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.row_numbers)

    def place(self, row: int) -> str:
        """Return where a row stands, as a message names it: ``"calls.csv, row 17"``."""
        source = next(name for name, first in reversed(self.row_sources) if first <= row)
        return f"{source}, row {self.row_numbers[row]}"


def joined(tables: Sequence[InputTable]) -> InputTable:
    """Return the rows of several tables as one.

    Raises
    ------
    LogError
        If their columns are not the same.
    """
    first = tables[0]
    if len(tables) == 1:
        return first
    for other in tables[1:]:
        if set(other.columns) != set(first.columns):
            odd = sorted(set(other.columns) ^ set(first.columns))
            raise LogError(
                f"{other.source}: other columns than {first.source} ({', '.join(odd[:5])}); "
                "read together, files must have the same columns"
            )
    columns = {name: _joined([table.columns[name] for table in tables]) for name in first.columns}
    starts = np.cumsum([0, *(table.rows for table in tables)])
    sources = [
        (name, int(start) + own)
        for table, start in zip(tables, starts, strict=False)
        for name, own in table.row_sources
    ]
    return replace(
        first,
        source=", ".join(table.source for table in tables),
        columns=columns,
        row_numbers=np.concatenate([table.row_numbers for table in tables]),
        row_sources=sources,
        left_out=[text for table in tables for text in table.left_out],
        notes=[text for table in tables for text in table.notes],
    )


def _joined(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    kinds = {column.type for column in columns if not pa.types.is_null(column.type)}
    if len(kinds) > 1:
        # A column of numbers in one file may hold words in the next.
        columns = [column.cast(pa.string()) for column in columns]
        kinds = {pa.string()}
    kind = next(iter(kinds)) if kinds else pa.null()
    chunks = [chunk for column in columns for chunk in column.cast(kind).chunks]
    return pa.chunked_array(chunks, kind)
