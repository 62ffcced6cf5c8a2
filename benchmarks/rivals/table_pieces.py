"""Mapped tables in pieces of some journeys, and their columns as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.bench.mapped_tables import Mapped


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
