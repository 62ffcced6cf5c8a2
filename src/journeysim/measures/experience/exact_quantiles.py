"""Exact quantiles by group of more values than memory holds, in a few passes over them.

A number is read as a whole number of the same order, and its digits are found one after another:
each pass counts the next digit of the values that share the digits found so far.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
Keys = NDArray[np.uint64]
#: Gives the parts of the values, each with the group of every value; called once per pass.
Parts = Callable[[], Iterator[tuple[Numbers, Codes]]]

_DIGIT = 11
_DIGITS = 6
_SIGN = np.uint64(1 << 63)


def quantiles(
    parts: Parts, counts: NDArray[np.int64], shares: Sequence[float]
) -> NDArray[np.float64]:
    """Return the smallest value that at least a share of the values of a group does not exceed.

    Parameters
    ----------
    parts
        Values in any number of parts, and their groups; NaN and group -1 are left out.
    counts
        Values of each group, shape (groups,).
    shares
        Above 0, at most 1.

    Returns
    -------
    Shape (groups, shares); NaN for a group without values.
    """
    ranks = np.array([[max(math.ceil(share * n) - 1, 0) for share in shares] for n in counts])
    ranks = ranks.reshape(len(counts), len(shares)).astype(np.int64)
    found = np.zeros(ranks.shape, dtype=np.uint64)
    for level in range(_DIGITS):
        # The last digit is shorter: 6 times 11 bits are two more than there are.
        low = max(64 - _DIGIT * (level + 1), 0)
        high = 64 - _DIGIT * level
        seen = np.zeros((*ranks.shape, 1 << (high - low)), dtype=np.int64)
        for values, groups in parts():
            count_digits(values, groups, found, high, low, seen)
        up_to = np.cumsum(seen, axis=2)
        digit = np.sum(up_to <= ranks[:, :, None], axis=2)
        digit = np.minimum(digit, seen.shape[2] - 1)
        before = np.take_along_axis(up_to - seen, digit[:, :, None], axis=2)[:, :, 0]
        ranks = ranks - before
        found |= digit.astype(np.uint64) << np.uint64(low)
    value = _unordered(found)
    value[np.asarray(counts) == 0] = np.nan
    return value


def _unordered(keys: Keys) -> Numbers:
    return np.where(keys & _SIGN, keys & ~_SIGN, ~keys).view(np.float64)


@compiled
def count_digits(
    values: Numbers, groups: Codes, found: Keys, high: int, low: int, seen: NDArray[np.int64]
) -> None:
    """Count the digit between two bits of the values that agree with what was found above it."""
    mask = np.uint64((1 << (high - low)) - 1)
    for place in range(values.shape[0]):
        group = groups[place]
        # Adding 0 makes both zeros one; NaN differs from itself.
        value = values[place] + 0.0
        if group < 0 or value != value:  # noqa: PLR0124
            continue
        bits = np.float64(value).view(np.uint64)
        key = ~bits if bits & _SIGN else bits | _SIGN
        digit = (key >> np.uint64(low)) & mask
        for column in range(found.shape[1]):
            # A shift by all 64 bits is no shift at all.
            if high == 64 or key >> np.uint64(high) == found[group, column] >> np.uint64(high):
                seen[group, column, digit] += 1
