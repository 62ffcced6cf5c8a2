"""Where compiled code leaves finished rows: a buffer per column, of the type that Arrow holds.

A table of a batch is an array of addresses, one per column, beside which `Output` keeps the buffers
themselves. `put1` to `put8` write a whole number of so many bytes at a row of a column.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from journeysim.scenario.flat.flat_model import Whole
from journeysim.tables.batches import types_of
from journeysim.tables.columns import Column


class Output:
    """The buffers of some columns, and their addresses.

    Attributes
    ----------
    addresses
        What compiled code takes, good as long as this object lives; shape (columns,).
    """

    def __init__(self, names: tuple[str, ...], columns: tuple[Column, ...], rows: int) -> None:
        kinds = types_of(columns)
        self._buffers = {name: np.zeros(rows, kinds[name]) for name in names}
        places = [buffer.ctypes.data for buffer in self._buffers.values()]
        self.addresses: Whole = np.array(places, np.int64)

    def first(self, rows: int) -> dict[str, NDArray[Any]]:
        """Return the first rows of every column."""
        return {name: buffer[:rows] for name, buffer in self._buffers.items()}


def _put(kind: Any) -> Any:
    """Return the writer of whole numbers of one type."""

    def typing(_context: Any, address: Any, row: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            pointer: Any = types.CPointer
            place, index, given = arguments
            column = builder.inttoptr(place, context.get_value_type(pointer(kind)))
            narrow = given
            if kind is not types.int64:
                narrow = builder.trunc(given, context.get_value_type(kind))
            builder.store(narrow, builder.gep(column, [index]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, types.int64), generate

    return intrinsic(typing)


put1 = _put(types.int8)
put2 = _put(types.int16)
put4 = _put(types.int32)
put8 = _put(types.int64)
