"""One column of an input table, and how a cell of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import LogError
from journeysim.input_tables.input_table import InputTable

#: A time or a code that the table does not hold.
UNKNOWN: Final = -1

Ticks = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column and the table in which it stands."""

    table: InputTable
    name: str

    @property
    def cells(self) -> pa.ChunkedArray:
        """Return the cells; words that stand many times as plain texts."""
        cells = self.table.columns[self.name]
        if pa.types.is_dictionary(cells.type):
            return cells.cast(cells.type.value_type)
        return cells

    @property
    def is_text(self) -> bool:
        """Return whether the cells are texts."""
        kind = self.cells.type
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    def texts(self) -> pa.Array:
        """Return the cells as trimmed texts in one piece; empty ones are null."""
        trimmed = pc.utf8_trim_whitespace(self.cells.cast(pa.string()))
        found = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found

    def refused(self, row: int, problem: str, remedy: str) -> LogError:
        """Return the error that names a cell, what is wrong with it, and what would be right."""
        value: Any = self.cells[row].as_py()
        return LogError(
            f"{self.table.place(row)}, column {self.name!r}: '{value}' {problem}; {remedy}"
        )

    def first_refused(self, bad: Flags, problem: str, remedy: str) -> LogError:
        """Return the error for the first of some rows, with their number."""
        rows = np.flatnonzero(bad)
        more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
        return self.refused(int(rows[0]), problem + more, remedy)


def plain_array(values: pa.Array | pa.ChunkedArray, missing: int = UNKNOWN) -> Ticks:
    """Return whole numbers as an array; nulls are `missing`."""
    filled = pc.fill_null(values.cast(pa.int64()), missing)
    return np.asarray(
        filled.to_numpy(zero_copy_only=False)
        if isinstance(filled, pa.Array)
        else filled.to_numpy(),
        np.int64,
    )
