"""Small arrays of whole and real numbers, and lists of unequal length laid end to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from journeysim.scenario.flat.flat_model import Number, Whole


class Ranges(NamedTuple):
    """Lists laid end to end: list i is ``rows[first[i]:last[i]]``."""

    first: Whole
    last: Whole
    rows: list[Any]


def whole(values: Iterable[int]) -> Whole:
    """Return whole numbers as an int64 array."""
    return np.array(list(values), np.int64)


def numbers(values: Iterable[float]) -> Number:
    """Return numbers as a float64 array."""
    return np.array(list(values), np.float64)


def ranges(lists: Sequence[Sequence[Any]]) -> Ranges:
    """Return lists of unequal length laid end to end."""
    last = np.cumsum([len(rows) for rows in lists], dtype=np.int64)
    first = last - whole(len(rows) for rows in lists)
    return Ranges(first, last, [row for rows in lists for row in rows])
