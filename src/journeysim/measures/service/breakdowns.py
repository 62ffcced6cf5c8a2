"""Groups that measures are broken down by, as one code per row, and sums over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.arrow_columns import Codes, Flags, Numbers, Ticks
from journeysim.measures.scoring_context import Rules
from journeysim.units import HOUR, SECOND

DIMENSIONS = ("channel", "segment", "need", "interval", "pool")


@dataclass(frozen=True, slots=True)
class Layout:
    """Groups of a breakdown: every combination of its dimensions, the last varying fastest.

    Attributes
    ----------
    dimensions
        Names, in the order asked for; none stands for everything together.
    sizes
        Members of each dimension.
    span
        Scored time of each group, ticks, shape (groups,): from the warm-up to the horizon, or the
        length of its interval.
    """

    dimensions: tuple[str, ...]
    sizes: tuple[int, ...]
    span: Ticks

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return math.prod(self.sizes)

    def members(self, dimension: str) -> Codes:
        """Return the member of a dimension that each group is about, shape (groups,)."""
        codes = np.unravel_index(np.arange(self.groups), self.sizes)
        return np.asarray(codes[self.dimensions.index(dimension)], dtype=np.int64)

    def group(self, codes: Sequence[NDArray[np.integer[Any]]], rows: int) -> Groups:
        """Return the groups of rows, from one array of codes per dimension; -1 is in no group."""
        if not self.dimensions:
            return Groups(self, None, rows)
        if len(codes) == 1:
            return Groups(self, np.asarray(codes[0], dtype=np.int64) + 1, rows)
        joined = reduce(
            lambda total, step: total * step[0] + step[1],
            zip(self.sizes[1:], codes[1:], strict=True),
            codes[0].astype(np.int64),
        )
        outside = reduce(np.logical_or, [code < 0 for code in codes])
        return Groups(self, np.where(outside, 0, joined + 1), rows)


@dataclass(frozen=True, slots=True)
class Groups:
    """Which group each row of a table is in, and sums over the groups.

    Attributes
    ----------
    layout
        The groups.
    places
        Group plus 1, or 0 for a row in no group, shape (rows,); None if all rows are one group.
    rows
        How many rows there are.
    """

    layout: Layout
    places: Codes | None
    rows: int

    def count(self, where: Flags | None = None) -> Numbers:
        """Return how many rows there are, of those marked, shape (groups,)."""
        if self.places is None:
            counted = self.rows if where is None else np.count_nonzero(where)
            return np.array([float(counted)])
        places = self.places if where is None else self.places[where]
        found = np.bincount(places, minlength=self.layout.groups + 1)
        return np.asarray(found[1:], dtype=np.float64)

    def total(
        self, values: NDArray[np.integer[Any] | np.floating[Any]], where: Flags | None = None
    ) -> Numbers:
        """Return the sum of values, of the rows marked, shape (groups,)."""
        chosen = values if where is None else values[where]
        if self.places is None:
            return np.array([float(chosen.sum())])
        places = self.places if where is None else self.places[where]
        found = np.bincount(places, weights=chosen, minlength=self.layout.groups + 1)
        return np.asarray(found[1:], dtype=np.float64)

    def seconds(self, values: Ticks, where: Flags | None = None) -> Numbers:
        """Return the sum of times in seconds, of the rows marked, shape (groups,)."""
        return self.total(values, where) / SECOND

    def hours(self, values: Ticks, where: Flags | None = None) -> Numbers:
        """Return the sum of times in hours, of the rows marked, shape (groups,)."""
        return self.total(values, where) / HOUR

    def codes(self, where: Flags) -> Codes:
        """Return the group of each row marked, which has to be in one, shape (marked,)."""
        if self.places is None:
            return np.zeros(np.count_nonzero(where), dtype=np.int64)
        return self.places[where] - 1

    @property
    def ones(self) -> Numbers:
        """The denominator of a mean per replication, shape (groups,)."""
        return np.ones(self.layout.groups)


def layout(dimensions: tuple[str, ...], rules: Rules) -> Layout:
    """Return the groups of a breakdown."""
    sizes = tuple(len(labels(dimension, rules)) for dimension in dimensions)
    groups = math.prod(sizes)
    span = np.full(groups, rules.horizon - rules.warm_up, dtype=np.int64)
    whole = Layout(dimensions, sizes, span)
    if "interval" not in dimensions:
        return whole
    return Layout(dimensions, sizes, rules.interval_lengths[whole.members("interval")])


def labels(dimension: str, rules: Rules) -> pa.Array:
    """Return what the members of a dimension are called; an interval by its begin.

    Raises
    ------
    MeasureError
        If there is no such dimension.
    """
    names = {
        "channel": rules.channels,
        "segment": rules.segments,
        "need": rules.needs,
        "pool": rules.pools,
    }
    if dimension == "interval":
        return pa.array(rules.interval_starts, pa.duration("us"))
    if dimension not in names:
        remedy = did_you_mean(dimension, DIMENSIONS)
        raise MeasureError(f"measures have no breakdown by {dimension!r}{remedy}")
    return pa.array(names[dimension], pa.string())


def interval_codes(time: Ticks, rules: Rules) -> Codes:
    """Return the scored interval that each time is in, shape (rows,).

    The world's end belongs to the last interval.
    """
    codes = time // rules.interval - rules.first_interval
    return np.clip(codes, 0, len(rules.interval_starts) - 1)
