"""Quantiles over all replications together, with a jackknife over replications.

Sorted once. The quantile without one replication is found in the sorted values by counting how
many of that replication stand before it, so nothing is sorted again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Codes, Numbers, Ticks
from journeysim.measures.estimates import Estimates, Jackknife, jackknife_half_width


class PooledValues:
    """Values of all replications, sorted within their groups.

    Parameters
    ----------
    values
        Ticks, at least 0, shape (rows,).
    groups
        Group of each, shape (rows,).
    replications
        Position of the replication of each, shape (rows,).
    sizes
        How many groups and how many replications there are.
    """

    def __init__(
        self, values: Ticks, groups: Codes, replications: Codes, *, sizes: tuple[int, int]
    ) -> None:
        self._groups, self._replications = sizes
        order = _order(values, groups)
        self._sorted = values[order]
        self.counts = np.bincount(groups, minlength=self._groups)
        self._first = np.cumsum(self.counts) - self.counts
        cells = self._groups * self._replications
        cell = groups[order] * self._replications + replications[order]
        by_cell = np.argsort(_small(cell, cells), kind="stable")
        cell = cell[by_cell]
        self._cell_counts = np.bincount(cell, minlength=cells)
        self._cell_first = np.cumsum(self._cell_counts) - self._cell_counts
        # Of the j-th value of a cell: how many of its group stand before it and are of others.
        within = np.arange(len(cell)) - self._cell_first[cell]
        others = by_cell - self._first[cell // self._replications] - within
        # One rising key over all cells makes one search out of many.
        self._stride = len(values) + 1
        self._keys = cell * self._stride + others

    def quantile(self, share: float, *, level: float) -> Estimates:
        """Return the quantile of each group in ticks; NaN for a group without values."""
        value, left_out = self.jackknifed(share)
        return Estimates(value, jackknife_half_width(left_out, level=level))

    def jackknifed(self, share: float) -> Jackknife:
        """Return the quantile of each group in ticks, and without one replication each."""
        value = self._at(self._first + _rank(share, self.counts), self.counts > 0)
        left_out = self._without_one(share).reshape(self._groups, self._replications).T
        return Jackknife(value, left_out)

    def alone(self, share: float) -> Numbers:
        """Return the quantile of each replication by itself, ticks, (replications, groups)."""
        cells = np.arange(self._groups * self._replications)
        group = cells // self._replications
        found = np.full(len(cells), np.nan)
        for cell in np.flatnonzero(self._cell_counts):
            first, counted = self._cell_first[cell], self._cell_counts[cell]
            place = _rank(share, np.array([counted]))[0]
            # The key of a value tells how many of others stand before it, and so where it is.
            others = self._keys[first + place] - cell * self._stride
            found[cell] = self._sorted[self._first[group[cell]] + others + place]
        return found.reshape(self._groups, self._replications).T

    def _without_one(self, share: float) -> Numbers:
        cells = np.arange(self._groups * self._replications)
        group = cells // self._replications
        left = self.counts[group] - self._cell_counts
        rank = _rank(share, left)
        passed = np.searchsorted(self._keys, cells * self._stride + rank, side="right")
        return self._at(self._first[group] + rank + passed - self._cell_first, left > 0)

    def _at(self, places: Codes, known: NDArray[np.bool_]) -> Numbers:
        found = np.full(len(places), np.nan)
        found[known] = self._sorted[places[known]]
        return found


def _rank(share: float, counts: Codes) -> Codes:
    """Return the place, from 0, of the smallest value that at least `share` do not exceed."""
    # 0.9 x 10 is 9.000000000000002 in some roundings; the tolerance keeps it the ninth.
    rank = np.ceil(share * counts - 1e-9 * np.maximum(counts, 1)).astype(np.int64) - 1
    return np.clip(rank, 0, np.maximum(counts - 1, 0))


def _order(values: Ticks, groups: Codes) -> Codes:
    longest = int(values.max(initial=0)) + 1
    if int(groups.max(initial=0)) < 2**62 // longest:
        return np.argsort(groups * longest + values, kind="stable")
    return np.lexsort((values, groups))


def _small(codes: Codes, size: int) -> NDArray[np.integer[Any]]:
    """Return codes in the narrowest type: of 16 bits or less, numpy sorts by radix."""
    return codes.astype(np.min_scalar_type(max(size - 1, 0)))
