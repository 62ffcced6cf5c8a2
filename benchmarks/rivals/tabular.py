"""What tools that work on whole tables start from: one table of contacts, with a sorted key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.bench.backend import Scores, Work
from journeysim.bench.mapped_tables import Mapped, mapped
from journeysim.bench.nine_measures import CONTACT_COLUMNS, NINE

from .table_pieces import as_array
from .weight_tables import Formulas, formulas

#: Row of its journey, for each contact: what journeys are grouped by.
KEY: Final = "row"


@dataclass(frozen=True, slots=True)
class Tables:
    """The columns that the nine measures need.

    Attributes
    ----------
    contacts
        Codes in place of words, ticks as whole numbers, and `row`, which rises.
    values
        Worth of the customers, a table of one column `value`, in the order of the journeys.
    ends
        Row of the last contact of each journey.
    formulas
        The weights.
    """

    contacts: pa.Table
    values: pa.Table
    ends: NDArray[np.int64]
    formulas: Formulas


def tables_of(work: Work) -> Tables:
    """Open the tables of a replication; columns that are fit as they are stay mapped."""
    opened = mapped(work.directory, work.replication)
    found = opened.coded(CONTACT_COLUMNS)
    columns = {name: _whole(found.column(name)) for name in found.column_names}
    first, counts = (
        np.concatenate([as_array(chunk) for chunk in opened.journeys.column(name).chunks])
        for name in ("first_contact", "contacts")
    )
    columns[KEY] = _key(opened, columns.pop("journey"), counts)
    return Tables(
        pa.table(columns),
        opened.journeys.select(["value"]),
        first.astype(np.int64) + counts - 1,
        formulas(opened.channels),
    )


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times as whole numbers: the same memory."""
    if not pa.types.is_duration(column.type):
        return column
    return pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks])


def _key(opened: Mapped, journey: pa.ChunkedArray, counts: NDArray[Any]) -> pa.ChunkedArray:
    """Return the row of each contact's journey; their numbers will do where they are the rows."""
    numbers = opened.journeys.column("journey")
    at = 0
    for chunk in numbers.chunks:
        found = as_array(chunk)
        if not np.array_equal(found, np.arange(at, at + len(found))):
            return pa.chunked_array([np.repeat(np.arange(len(counts)), counts)])
        at += len(found)
    return journey


def scores_of(found: pa.Table) -> Scores:
    """Return the columns of a table that is in the order of the journeys."""
    columns = {name: found.column(name) for name in NINE if name in found.column_names}
    return {name: column.to_numpy() for name, column in columns.items()}


def by_value(codes: Any) -> tuple[Mapping[float, list[int]], float]:
    """Return codes by what they are worth, and the value of all other codes.

    The most frequent value is the one that need not be asked for.
    """
    found: dict[float, list[int]] = {}
    for code, value in enumerate(codes.tolist()):
        found.setdefault(float(value), []).append(code)
    rest = max(found, key=lambda value: len(found[value]))
    return {value: those for value, those in found.items() if value != rest}, rest


def codes_of(flags: NDArray[np.bool_]) -> list[int]:
    """Return the codes for which a flag is set."""
    return [int(code) for code in np.flatnonzero(flags)]
