"""Flags of contacts as kernels read them: bits of Arrow as bytes, a block of rows at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import borrowing

Whole = NDArray[np.int64]
Bytes = NDArray[np.uint8]
_EVERY_BYTE = np.uint64(0x0101010101010101)
_BIT_OF_BYTE = np.uint64(0x8040201008040201)
_TO_THE_TOP = np.uint64(0x7F7F7F7F7F7F7F7F)
_TOP = np.uint64(7)


class Flags(NamedTuple):
    """A column of flags: bytes, 0 or 1, or else bits.

    The flag of row r is bit ``shift + r``, counted from the lowest bit of the first byte. Both are
    of shape (0,) if there is no such column.
    """

    held: Bytes
    bits: Bytes
    shift: int


class Times(NamedTuple):
    """A column of times, ticks, negative where missing; shape (0,) if there is none.

    Where there are `bits`, a time whose bit is 0 is missing, whatever stands in its place.
    """

    ticks: Whole
    bits: Bytes
    shift: int


@borrowing
def spread(bits: Bytes, shift: int, first: int, size: int, flags: Bytes) -> None:
    """Write bits from row `first` on as bytes, 0 or 1; there is room for 7 more of them.

    Each of 8 copies of a byte keeps its own bit, which then moves to the lowest place.
    """
    place, low = (shift + first) >> 3, np.uint8((shift + first) & 7)
    high = np.uint8(8) - low
    wanted = (size + 7) >> 3
    # Nothing is read behind the last byte.
    whole = min(wanted, bits.shape[0] - place - 1)
    here, after = bits[place : place + whole], bits[place + 1 : place + 1 + whole]
    eights = flags[: 8 * wanted].view(np.uint64)
    for eight in range(whole):
        byte = np.uint8((here[eight] >> low) | (np.uint32(after[eight]) << np.uint32(high)))
        own = np.uint64(byte) * _EVERY_BYTE & _BIT_OF_BYTE
        eights[eight] = (own + _TO_THE_TOP) >> _TOP & _EVERY_BYTE
    if whole < wanted:
        own = np.uint64(np.uint8(bits[place + whole] >> low)) * _EVERY_BYTE & _BIT_OF_BYTE
        eights[whole] = (own + _TO_THE_TOP) >> _TOP & _EVERY_BYTE


@borrowing
def take_flags(column: Flags, first: int, size: int, flags: Bytes) -> None:
    """Write the flags of a block of contacts from row `first` on as bytes."""
    if column.bits.shape[0]:
        spread(column.bits, column.shift, first, size, flags)
    else:
        held = column.held[first : first + size]
        for row in range(size):
            flags[row] = held[row]


@borrowing
def take_present(column: Times, first: int, size: int, flags: Bytes) -> None:
    """Write 1 for each time of a block that is there and not negative, else 0."""
    ticks = column.ticks[first : first + size]
    if column.bits.shape[0]:
        spread(column.bits, column.shift, first, size, flags)
        for row in range(size):
            flags[row] &= np.uint8(ticks[row] >= 0)
    else:
        for row in range(size):
            flags[row] = np.uint8(ticks[row] >= 0)


@borrowing
def add_times(column: Times, first: int, flags: Bytes, amounts: Whole) -> None:
    """Add the times of a block to some amounts, none where they are missing."""
    size = amounts.shape[0]
    ticks = column.ticks[first : first + size]
    if column.bits.shape[0]:
        spread(column.bits, column.shift, first, size, flags)
        for row in range(size):
            amounts[row] += max(ticks[row], np.int64(0)) & -np.int64(flags[row])
    else:
        for row in range(size):
            amounts[row] += max(ticks[row], np.int64(0))
