"""Arrow columns as numpy arrays, without a copy where Arrow allows it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean

Ticks = NDArray[np.int64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def whole(table: pa.Table, name: str) -> Ticks:
    """Return whole numbers or times (ticks), shape (rows,); 0 where missing."""
    column = _one_array(table, name)
    if pa.types.is_duration(column.type):
        column = column.view(pa.int64())
    if column.null_count:
        column = column.fill_null(0)
    # Small columns widen, so that no sum or product of theirs can overflow.
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)


def number(table: pa.Table, name: str) -> Numbers:
    """Return floating numbers, shape (rows,)."""
    return cast("Numbers", _one_array(table, name).to_numpy(zero_copy_only=False))


def flag(table: pa.Table, name: str) -> Flags:
    """Return flags, shape (rows,)."""
    return cast("Flags", _one_array(table, name).to_numpy(zero_copy_only=False))


def present(table: pa.Table, name: str) -> Flags:
    """Return where a column has a value, shape (rows,)."""
    return cast("Flags", _one_array(table, name).is_valid().to_numpy(zero_copy_only=False))


def category(table: pa.Table, name: str, names: tuple[str, ...]) -> NDArray[np.integer[Any]]:
    """Return the position in `names` of each row's word, shape (rows,); -1 where missing.

    Raises
    ------
    MeasureError
        If a row has a word that `names` lacks.
    """
    column = _one_array(table, name)
    words = column.dictionary.to_pylist()
    indices = column.indices
    missing = indices.null_count > 0
    if missing:
        indices = indices.fill_null(len(words))
    codes = cast("NDArray[np.integer[Any]]", indices.to_numpy(zero_copy_only=False))
    if not missing and words == list(names[: len(words)]):
        return codes
    where = {word: code for code, word in enumerate(names)}
    places = np.array([where.get(word, -2) for word in words] + [-1], dtype=np.int64)
    if np.any(places == -2):
        # Only words that some row has are wrong; a dictionary may hold more than it needs.
        for index in np.flatnonzero(places == -2):
            if np.any(codes == index):
                word = words[index]
                remedy = did_you_mean(word, names)
                raise MeasureError(f"this run has the {name} {word!r}, its world not{remedy}")
    return cast("NDArray[np.integer[Any]]", places[codes])


def _one_array(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    if column.num_chunks == 1:
        return column.chunk(0)
    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined
