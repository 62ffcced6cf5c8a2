"""Arrow columns as the arrays that kernels get: views of Arrow memory wherever that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import MeasureError
from journeysim.measures.experience.journey_columns import Array, JourneyColumns, Offsets

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
    whole = _views([] if journeys is None else _items(journeys), words, "journey.")
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


class ArrowViews(Mapping[str, Array]):
    """Arrays of Arrow columns by name, each made when it is first asked for."""

    def __init__(self, columns: Mapping[str, pa.Array]) -> None:
        self._columns = columns
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._made:
            self._made[name] = view_of(self._columns[name])
        return self._made[name]

    def column(self, name: str) -> pa.Array:
        """Return the Arrow column."""
        return self._columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def _views(
    items: Iterable[tuple[str, pa.Array]], words: dict[str, tuple[str, ...]], prefix: str
) -> ArrowViews:
    found = {}
    for name, column in items:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = column.dictionary_encode()
        if pa.types.is_dictionary(column.type):
            words[prefix + name] = tuple(str(word) for word in column.dictionary.to_pylist())
        if _has_view(column.type):
            found[name] = column
    return ArrowViews(found)


def _has_view(kind: pa.DataType) -> bool:
    """Return whether kernels can take columns of this type."""
    is_time = pa.types.is_duration(kind) or pa.types.is_timestamp(kind)
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return bool(is_time or is_number or pa.types.is_dictionary(kind) or pa.types.is_boolean(kind))


def view_of(column: pa.Array) -> Array:
    """Return the array of a column of a type that kernels can take.

    What is missing is -1, NaN, False or, as a category, the code after the last word; only then is
    the column copied, unless that stands in its place already.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _codes(column)
    if pa.types.is_boolean(kind):
        filled = pc.fill_null(column, False) if column.null_count else column
        return _bits(filled.buffers()[1], filled.offset, len(filled)).view(np.bool_)
    if pa.types.is_duration(kind) or pa.types.is_timestamp(kind):
        return _whole(_in_ticks(column))
    if pa.types.is_integer(kind):
        return _whole(column)
    if pa.types.is_floating(kind):
        filled = pc.fill_null(column, float("nan")) if column.null_count else column
        return cast("Array", filled.to_numpy())
    return view_of(column.cast(pa.float64()))


def times_with_bits(columns: Mapping[str, Array], name: str) -> tuple[Array, Array, int] | None:
    """Return a column of times as it stands in Arrow: ticks, and bits that are 0 where missing.

    The bit of the first row is named last. None if nothing is missing, or this is no such column:
    its view then says it all.
    """
    if not isinstance(columns, ArrowViews):
        return None
    column = columns.column(name)
    is_time = pa.types.is_duration(column.type) or pa.types.is_timestamp(column.type)
    if not column.null_count or not (is_time or column.type == pa.int64()):
        return None
    column = _in_ticks(column) if is_time else column
    ticks: Array = np.frombuffer(column.buffers()[1], np.int64)
    bits: Array = np.frombuffer(column.buffers()[0], np.uint8)
    return ticks[column.offset : column.offset + len(column)], bits, column.offset


def flags_as_bits(columns: Mapping[str, Array], name: str) -> tuple[Array, int] | None:
    """Return a column of flags as bits, and which is that of the first row; None if it has none."""
    if not isinstance(columns, ArrowViews):
        return None
    column = columns.column(name)
    if not pa.types.is_boolean(column.type) or column.null_count:
        return None
    return np.frombuffer(column.buffers()[1], np.uint8), column.offset


def _in_ticks(column: pa.Array) -> pa.Array:
    kind = column.type
    if kind.unit != "us":
        is_time_span = pa.types.is_duration(kind)
        ticks = pa.duration("us") if is_time_span else pa.timestamp("us", kind.tz)
        column = column.cast(ticks, safe=False)
    return column.view(pa.int64())


def _whole(column: pa.Array) -> Array:
    if not column.null_count:
        return cast("Array", column.to_numpy())
    if column.type == pa.int64():
        # Arrow leaves open what stands where something is missing. Files of runs have -1 there.
        held: Array = np.frombuffer(column.buffers()[1], np.int64)
        held = held[column.offset : column.offset + len(column)]
        valid = _bits(column.buffers()[0], column.offset, len(column))
        if np.array_equal(held != _MISSING_TIME, valid.view(np.bool_)):
            return held
    return cast("Array", pc.fill_null(column, _MISSING_TIME).to_numpy())


def _bits(buffer: pa.Buffer, offset: int, rows: int) -> NDArray[np.uint8]:
    """Return bits as bytes, 0 or 1."""
    first = offset // 8
    held = np.frombuffer(buffer, np.uint8)[first : (offset + rows + 7) // 8]
    start = offset - 8 * first
    return np.unpackbits(held, count=start + rows, bitorder="little")[start:]


def _codes(column: pa.DictionaryArray) -> Array:
    indices = column.indices
    if indices.null_count:
        after = len(column.dictionary)
        room: Any = pa.int8() if after < 128 else pa.int16() if after < 32_768 else pa.int32()
        indices = pc.fill_null(indices.cast(room), after)
    codes = indices.to_numpy()
    return cast("Array", codes.view(_UNSIGNED[codes.dtype.itemsize]))
