"""Sums of every measure, replication by replication, and the scores that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Flags, Numbers, Ticks
from journeysim.measures.estimates import Jackknife, jackknifed_ratio, ratio_of_sums
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups, Layout, layout
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.measure import Measure, Pair, Quantile
from journeysim.measures.service.pool_rows import PoolRows
from journeysim.measures.service.pooled_quantiles import PooledValues
from journeysim.tables.run import Replication, not_kept
from journeysim.units import SECOND

AnyMeasure = Measure[Any] | Quantile
#: Which contacts a quantile is of, and the dimensions it is broken down by.
Selected = tuple[Callable[[ContactRows], tuple[Flags, Ticks]], tuple[str, ...]]
#: Ticks of the contacts of one replication, and the group of each.
Values = tuple[Ticks, NDArray[np.integer[Any]]]


class Scores(NamedTuple):
    """One measure over its groups, each of shape (groups,); NaN where unknown."""

    value: Numbers
    half_width: Numbers
    numerator: Numbers
    denominator: Numbers


class Sums(NamedTuple):
    """What one replication adds: a pair per measure (none for a quantile), and values."""

    pairs: list[Pair | None]
    values: dict[Selected, Values]


class Gathering:
    """Takes replications one at a time and keeps only sums, and the values of quantiles.

    Parameters
    ----------
    measures
        What to score.
    by
        Breakdown; each measure uses those of its dimensions that it has.
    rules
        Names, thresholds and spans.
    """

    def __init__(self, measures: list[AnyMeasure], by: tuple[str, ...], rules: Rules) -> None:
        self.measures = measures
        self._by = by
        self.rules = rules
        self._layouts: dict[tuple[str, ...], Layout] = {}
        self._pairs: list[list[Pair]] = [[] for _ in measures]
        self._values: dict[Selected, list[Values]] = {}
        self._pooled: dict[tuple[Selected, int | None], PooledValues] = {}
        self.replications = 0

    def layout_of(self, measure: AnyMeasure) -> Layout:
        """Return the groups of a measure under this breakdown."""
        dimensions = tuple(name for name in self._by if name in measure.dimensions)
        if dimensions not in self._layouts:
            self._layouts[dimensions] = layout(dimensions, self.rules)
        return self._layouts[dimensions]

    def add(self, replication: Replication) -> None:
        """Add the sums of a replication."""
        self.keep(self.sums(replication))

    def sums(self, replication: Replication) -> Sums:
        """Return what a replication adds; nothing is kept, so threads may call it at once."""
        tables = _tables(replication, self.rules)
        grouped: dict[tuple[str, tuple[str, ...]], Groups] = {}
        found = Sums([], {})
        for measure in self.measures:
            table = measure.table if isinstance(measure, Measure) else "contacts"
            groups_of = self.layout_of(measure)
            key = (table, groups_of.dimensions)
            if key not in grouped:
                grouped[key] = tables[table].group(groups_of)
            if isinstance(measure, Measure):
                found.pairs.append(measure.pair(tables[table], grouped[key]))
                continue
            found.pairs.append(None)
            selection = (measure.values, groups_of.dimensions)
            if selection not in found.values:
                where, values = measure.values(tables["contacts"])
                codes = grouped[key].codes(where)
                # Kept for all replications, so as small as they can be.
                narrow = np.min_scalar_type(groups_of.groups)
                found.values[selection] = (values[where], codes.astype(narrow))
        return found

    def keep(self, sums: Sums) -> None:
        """Keep what `sums` gave; the order of the replications is that of the calls."""
        for pairs, pair in zip(self._pairs, sums.pairs, strict=True):
            if pair is not None:
                pairs.append(pair)
        for selection, values in sums.values.items():
            self._values.setdefault(selection, []).append(values)
        self.replications += 1
        self._pooled.clear()

    def pairs(self, position: int, *, first: int | None = None) -> Pair:
        """Return numerators and denominators of a measure, each of shape (replications, groups).

        Parameters
        ----------
        position
            Of the measure in `measures`; not that of a quantile, which has none.
        first
            Of so many replications only.
        """
        numerators, denominators = zip(*self._pairs[position][:first], strict=True)
        return np.array(numerators), np.array(denominators)

    def jackknifed(self, position: int, *, first: int | None = None) -> Jackknife:
        """Return a measure over all replications, or the first ones, and without one each."""
        measure = self.measures[position]
        if isinstance(measure, Measure):
            return jackknifed_ratio(*self.pairs(position, first=first))
        value, left_out = self._values_of(measure, first).jackknifed(measure.share)
        return Jackknife(value / SECOND, left_out / SECOND)

    def alone(self, position: int) -> Numbers:
        """Return a measure of each replication by itself, shape (replications, groups)."""
        measure = self.measures[position]
        if isinstance(measure, Measure):
            numerators, denominators = self.pairs(position)
            unknown = np.full(numerators.shape, np.nan)
            return np.asarray(
                np.divide(numerators, denominators, out=unknown, where=denominators > 0)
            )
        return self._values_of(measure, None).alone(measure.share) / SECOND

    def scores(self, position: int, *, level: float) -> Scores:
        """Return the scores of a measure by its position in `measures`."""
        measure = self.measures[position]
        if isinstance(measure, Quantile):
            return self._quantile(measure, level)
        numerators, denominators = self.pairs(position)
        estimates = ratio_of_sums(numerators, denominators, level=level)
        return Scores(*estimates, numerators.sum(axis=0), denominators.sum(axis=0))

    def _quantile(self, measure: Quantile, level: float) -> Scores:
        pooled = self._values_of(measure, None)
        value, half_width = pooled.quantile(measure.share, level=level)
        counts = pooled.counts.astype(np.float64)
        unknown = np.full(len(counts), np.nan)
        return Scores(value / SECOND, half_width / SECOND, unknown, counts)

    def _values_of(self, measure: Quantile, first: int | None) -> PooledValues:
        """Return the values of the contacts that a quantile is of, sorted once for all shares."""
        groups = self.layout_of(measure)
        selection = (measure.values, groups.dimensions)
        known = self._pooled.get((selection, first))
        if known is not None:
            return known
        parts = self._values[selection][:first]
        owners = [np.full(len(values), place) for place, (values, _) in enumerate(parts)]
        pooled = PooledValues(
            np.concatenate([values for values, _ in parts]),
            np.concatenate([codes for _, codes in parts]).astype(np.int64),
            np.concatenate(owners),
            sizes=(groups.groups, len(parts)),
        )
        self._pooled[selection, first] = pooled
        return pooled


class NotKeptRows:
    """Stands for rows that were not kept: whatever is asked of them is an error that says so."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, _: str) -> Any:
        raise not_kept(self._name)


def _tables(replication: Replication, rules: Rules) -> dict[str, Any]:
    """Return what the measures of each table get."""
    contacts: Any = NotKeptRows("contacts")
    if "contacts" in replication.kept:
        contacts = ContactRows(replication.contacts, rules)
    pools = PoolRows(replication.intervals, rules)
    journeys = JourneyRows(replication.journeys, contacts=contacts, pools=pools, rules=rules)
    return {"contacts": contacts, "journeys": journeys, "pools": pools}
