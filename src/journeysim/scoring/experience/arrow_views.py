"""Arrow columns as the arrays that kernels get: views of Arrow memory wherever that is possible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import MeasureError
from journeysim.jit import compiled
from journeysim.scoring.experience.columns import Array, JourneyColumns, Offsets

_UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
_MISSING_TIME = -1


def columns_of(
    contacts: pa.RecordBatch | pa.Table,
    offsets: Offsets,
    journeys: pa.RecordBatch | pa.Table | None = None,
) -> JourneyColumns:
    """Return the columns of journeys whose contacts stand together.

    Parameters
    ----------
    contacts
        One row per contact; columns that no kernel can take (lists) are left out.
    offsets
        Rows of each journey, int64, shape (journeys + 1,).
    journeys
        One row per journey.
    """
    words: dict[str, tuple[str, ...]] = {}
    flat = _views(_items(contacts), words, "")
    whole = {} if journeys is None else _views(_items(journeys), words, "journey.")
    return JourneyColumns(np.ascontiguousarray(offsets, dtype=np.int64), flat, whole, words)


def columns_of_lists(table: pa.RecordBatch | pa.Table, column: str = "contacts") -> JourneyColumns:
    """Return the columns of journeys that hold their contacts as ``list<struct>``.

    Raises
    ------
    MeasureError
        If there is no such column, or a journey has no list.
    """
    if column not in table.schema.names or not is_list_of_structs(table.schema.field(column).type):
        raise MeasureError(f"there is no column {column!r} of type list<struct>")
    lists = one_array(table.column(column))
    if lists.null_count:
        raise MeasureError(f"column {column!r}: {lists.null_count} journeys have no list")
    structs = lists.values
    words: dict[str, tuple[str, ...]] = {}
    items = [(field.name, structs.field(place)) for place, field in enumerate(structs.type)]
    flat = _views(items, words, "")
    others = [(name, item) for name, item in _items(table) if name != column]
    offsets = np.asarray(lists.offsets.to_numpy(), dtype=np.int64)
    return JourneyColumns(offsets, flat, _views(others, words, "journey."), words)


def is_list_of_structs(kind: pa.DataType) -> bool:
    """Return whether a column of this type can hold the contacts of journeys."""
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return bool(is_list and pa.types.is_struct(kind.value_type))


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as one array; several chunks are copied."""
    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    joined = column.unify_dictionaries().combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _items(table: pa.RecordBatch | pa.Table) -> list[tuple[str, pa.Array]]:
    return [(name, one_array(table.column(name))) for name in table.schema.names]


def _views(
    items: Iterable[tuple[str, pa.Array]], words: dict[str, tuple[str, ...]], prefix: str
) -> dict[str, Array]:
    found = {}
    for name, column in items:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = column.dictionary_encode()
        if pa.types.is_dictionary(column.type):
            words[prefix + name] = tuple(str(word) for word in column.dictionary.to_pylist())
        view = view_of(column)
        if view is not None:
            found[name] = view
    return found


def view_of(column: pa.Array) -> Array | None:
    """Return the array of a column; None if kernels cannot take its type.

    What is missing is -1, NaN, False or, as a category, the code after the last word; only then is
    the column copied.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _codes(column)
    if pa.types.is_boolean(kind):
        filled = pc.fill_null(column, False) if column.null_count else column
        return cast("Array", filled.to_numpy(zero_copy_only=False))
    if pa.types.is_duration(kind) or pa.types.is_timestamp(kind):
        return _whole(_in_ticks(column))
    if pa.types.is_integer(kind):
        return _whole(column)
    if pa.types.is_floating(kind):
        filled = pc.fill_null(column, float("nan")) if column.null_count else column
        return cast("Array", filled.to_numpy())
    if pa.types.is_decimal(kind):
        return view_of(column.cast(pa.float64()))
    return None


def _in_ticks(column: pa.Array) -> pa.Array:
    kind = column.type
    if kind.unit != "us":
        is_time_span = pa.types.is_duration(kind)
        ticks = pa.duration("us") if is_time_span else pa.timestamp("us", kind.tz)
        column = column.cast(ticks, safe=False)
    return column.view(pa.int64())


def _whole(column: pa.Array) -> Array:
    if column.null_count and column.type == pa.int64():
        return _filled(column)
    filled = pc.fill_null(column, _MISSING_TIME) if column.null_count else column
    return cast("Array", filled.to_numpy())


def _filled(column: pa.Array) -> Array:
    """Return whole numbers with -1 where missing; several times faster than Arrow's own."""
    valid, values = column.buffers()
    found = np.empty(len(column), dtype=np.int64)
    first = column.offset
    ticks = np.frombuffer(values, dtype=np.int64)[first : first + len(column)]
    fill_missing(ticks, np.frombuffer(valid, dtype=np.uint8), first, found)
    return found


@compiled
def fill_missing(
    values: NDArray[np.int64], valid: NDArray[np.uint8], first: int, out: NDArray[np.int64]
) -> None:
    """Write values, and -1 where the bit of the value, from bit `first` on, is not set."""
    for place in range(out.shape[0]):
        bit = place + first
        is_valid = np.int64(valid[bit >> 3] >> (bit & 7) & 1)
        # All bits set is -1: without a branch the loop runs over several values at a time.
        out[place] = values[place] | (is_valid - 1)


def _codes(column: pa.DictionaryArray) -> Array:
    indices = column.indices
    if indices.null_count:
        after = len(column.dictionary)
        room: Any = pa.int8() if after < 128 else pa.int16() if after < 32_768 else pa.int32()
        indices = pc.fill_null(indices.cast(room), after)
    codes = indices.to_numpy()
    return cast("Array", codes.view(_UNSIGNED[codes.dtype.itemsize]))
