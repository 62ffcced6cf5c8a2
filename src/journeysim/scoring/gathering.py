"""Sums of every measure, replication by replication, and the scores that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from journeysim.journeys.runs import Replication
from journeysim.scoring.arrow_columns import Codes, Flags, Numbers, Ticks
from journeysim.scoring.contact_rows import ContactRows
from journeysim.scoring.estimates import ratio_of_sums
from journeysim.scoring.groups import Groups, Layout, layout
from journeysim.scoring.journey_rows import JourneyRows
from journeysim.scoring.measure import Measure, Pair, Quantile
from journeysim.scoring.pool_rows import PoolRows
from journeysim.scoring.quantiles import PooledValues
from journeysim.scoring.rules import Rules
from journeysim.units import SECOND

AnyMeasure = Measure[Any] | Quantile
#: Which contacts a quantile is of, and the dimensions it is broken down by.
Selected = tuple[Callable[[ContactRows], tuple[Flags, Ticks]], tuple[str, ...]]


class Scores(NamedTuple):
    """One measure over its groups, each of shape (groups,); NaN where unknown."""

    value: Numbers
    half_width: Numbers
    numerator: Numbers
    denominator: Numbers


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
        self._rules = rules
        self._layouts: dict[tuple[str, ...], Layout] = {}
        self._pairs: list[list[Pair]] = [[] for _ in measures]
        self._values: dict[Selected, list[tuple[Ticks, Codes]]] = {}
        self._pooled: dict[Selected, PooledValues] = {}
        self.replications = 0

    def layout_of(self, measure: AnyMeasure) -> Layout:
        """Return the groups of a measure under this breakdown."""
        dimensions = tuple(name for name in self._by if name in measure.dimensions)
        if dimensions not in self._layouts:
            self._layouts[dimensions] = layout(dimensions, self._rules)
        return self._layouts[dimensions]

    def add(self, replication: Replication) -> None:
        """Add the sums of a replication."""
        tables = _tables(replication, self._rules)
        grouped: dict[tuple[str, tuple[str, ...]], Groups] = {}
        selected: set[Selected] = set()
        for measure, pairs in zip(self.measures, self._pairs, strict=True):
            table = measure.table if isinstance(measure, Measure) else "contacts"
            groups_of = self.layout_of(measure)
            key = (table, groups_of.dimensions)
            if key not in grouped:
                grouped[key] = tables[table].group(groups_of)
            if isinstance(measure, Measure):
                pairs.append(measure.pair(tables[table], grouped[key]))
                continue
            selection = (measure.values, groups_of.dimensions)
            if selection not in selected:
                selected.add(selection)
                where, values = measure.values(tables["contacts"])
                kept = (values[where], grouped[key].codes(where))
                self._values.setdefault(selection, []).append(kept)
        self.replications += 1

    def scores(self, position: int, *, level: float) -> Scores:
        """Return the scores of a measure by its position in `measures`."""
        measure = self.measures[position]
        if isinstance(measure, Quantile):
            return self._quantile(measure, level)
        numerators = np.array([numerator for numerator, _ in self._pairs[position]])
        denominators = np.array([denominator for _, denominator in self._pairs[position]])
        estimates = ratio_of_sums(numerators, denominators, level=level)
        return Scores(*estimates, numerators.sum(axis=0), denominators.sum(axis=0))

    def _quantile(self, measure: Quantile, level: float) -> Scores:
        groups = self.layout_of(measure)
        selection = (measure.values, groups.dimensions)
        if selection not in self._pooled:
            parts = self._values.pop(selection)
            owners = [np.full(len(values), place) for place, (values, _) in enumerate(parts)]
            self._pooled[selection] = PooledValues(
                np.concatenate([values for values, _ in parts]),
                np.concatenate([codes for _, codes in parts]),
                np.concatenate(owners),
                sizes=(groups.groups, len(parts)),
            )
        pooled = self._pooled[selection]
        value, half_width = pooled.quantile(measure.share, level=level)
        counts = pooled.counts.astype(np.float64)
        unknown = np.full(groups.groups, np.nan)
        return Scores(value / SECOND, half_width / SECOND, unknown, counts)


def _tables(replication: Replication, rules: Rules) -> dict[str, Any]:
    """Return what the measures of each table get."""
    contacts = ContactRows(replication.contacts, rules)
    pools = PoolRows(replication.intervals, rules)
    journeys = JourneyRows(replication.journeys, contacts=contacts, pools=pools, rules=rules)
    return {"contacts": contacts, "journeys": journeys, "pools": pools}
