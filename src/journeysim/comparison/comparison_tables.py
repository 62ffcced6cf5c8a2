"""The tables of a comparison, from the sums of all replications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.comparison.aligned_groups import Aligned, aligned
from journeysim.comparison.comparison_columns import BEST, DIFFERENCES, SCORES, table_of_rows
from journeysim.comparison.comparisons_with_best import comparisons_with_the_best
from journeysim.comparison.multiplicity import holm, joint_level
from journeysim.comparison.paired_differences import half_widths, p_values, paired_differences
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.formula_texts import formula_texts
from journeysim.measures.service.measure import Measure
from journeysim.measures.service.replication_sums import AnyMeasure, Gathering


@dataclass(frozen=True, slots=True)
class Scored:
    """All scenarios as they are scored, the baseline first.

    Attributes
    ----------
    names
        Of the scenarios.
    gatherings, rules
        Their sums, and what they are scored by.
    by
        Breakdown.
    level
        Of the intervals.
    aside
        Measures and channels that are left out, for they say nothing there: a mail has no service
        level.
    """

    names: Sequence[str]
    gatherings: Sequence[Gathering]
    rules: Sequence[Rules]
    by: tuple[str, ...]
    level: float
    aside: frozenset[tuple[str, str]] = frozenset()

    @property
    def measures(self) -> list[AnyMeasure]:
        """What is scored."""
        return self.gatherings[0].measures

    @property
    def replications(self) -> int:
        """Pairs of replications."""
        return self.gatherings[0].replications

    def aligned(self, measure: AnyMeasure) -> Aligned:
        """Return the groups of a measure that any scenario has, less those left aside."""
        every = aligned(measure, self.gatherings, self.rules, self.by)
        if "channel" not in self.by:
            return every
        place = self.by.index("channel")
        return every.where([(measure.name, key[place]) not in self.aside for key in every.keys])


def unit_of(measure: AnyMeasure) -> str:
    """Return the unit of a measure."""
    return measure.unit if isinstance(measure, Measure) else "s"


def differences_table(scored: Scored) -> pa.Table:
    """Return a row per variant, measure and group; the family of Holm is the whole table."""
    rows = list(_difference_rows(scored))
    p = np.array([row["p"] for row in rows], dtype=np.float64)
    family = int(np.count_nonzero(~np.isnan(p)))
    level = joint_level(scored.level, family)
    errors = np.array([row["standard_error"] for row in rows], dtype=np.float64)
    joint = half_widths(errors, replications=scored.replications, level=level)
    for row, adjusted, wide in zip(rows, holm(p), joint, strict=True):
        row["p_holm"] = adjusted
        row["lower_joint"] = row["difference"] - wide
        row["upper_joint"] = row["difference"] + wide
    metadata = {"level": str(scored.level), "family": str(family)}
    return table_of_rows(DIFFERENCES, rows, by=scored.by, metadata=metadata)


def _difference_rows(scored: Scored) -> Iterator[dict[str, Any]]:
    for place in range(1, len(scored.names)):
        for position, measure in enumerate(scored.measures):
            yield from _rows_of(scored, place, position, measure)


def _rows_of(
    scored: Scored, place: int, position: int, measure: AnyMeasure
) -> Iterator[dict[str, Any]]:
    """Yield the differences of one variant in one measure."""
    groups = scored.aligned(measure)
    estimates = [
        groups.jackknifed(which, scored.gatherings[which].jackknifed(position))
        for which in (0, place)
    ]
    found = paired_differences(*estimates)
    replications = scored.replications
    wide = half_widths(found.error, replications=replications, level=scored.level)
    p = p_values(found.difference, found.error, replications=replications)
    for group, key in enumerate(groups.keys):
        difference = found.difference[group]
        yield {
            "measure": measure.name,
            **dict(zip(scored.by, key, strict=True)),
            "variant": scored.names[place],
            "baseline": found.baseline[group],
            "value": found.variant[group],
            "difference": difference,
            "lower": difference - wide[group],
            "upper": difference + wide[group],
            "half_width": wide[group],
            "standard_error": found.error[group],
            "p": p[group],
            "variance_reduction": found.variance_reduction[group],
            "replications": replications,
            "better": measure.entry.better,
            "unit": unit_of(measure),
            "formula": _formula(scored, measure, groups, (0, place), group),
        }


def _formula(
    scored: Scored, measure: AnyMeasure, groups: Aligned, places: tuple[int, ...], group: int
) -> str:
    """Return the definition, from the first of the scenarios that has the group."""
    for place in places:
        own = int(groups.places[place][group])
        if own >= 0:
            layout = scored.gatherings[place].layout_of(measure)
            texts: list[str] = formula_texts(measure.formula, layout, scored.rules[place])
            return texts[own]
    return ""


def best_table(scored: Scored) -> pa.Table:
    """Return how far each scenario is from the best of the others, where more or less is better."""
    rows = []
    for position, measure in enumerate(scored.measures):
        way = measure.entry.better
        if way is None:
            continue
        groups = scored.aligned(measure)
        estimates = [
            groups.jackknifed(place, gathering.jackknifed(position))
            for place, gathering in enumerate(scored.gatherings)
        ]
        for group, key in enumerate(groups.keys):
            of_group = [
                type(each)(each.value[[group]], each.left_out[:, [group]]) for each in estimates
            ]
            found = comparisons_with_the_best(
                of_group, more_is_better=way == "more", level=scored.level
            )
            for place, name in enumerate(scored.names):
                lower, upper = found.lower[place], found.upper[place]
                rows.append(
                    {
                        "measure": measure.name,
                        **dict(zip(scored.by, key, strict=True)),
                        "scenario": name,
                        "value": of_group[place].value[0],
                        "lower": lower,
                        "upper": upper,
                        "verdict": _verdict(lower, upper),
                        "replications": scored.replications,
                        "unit": unit_of(measure),
                    }
                )
    return table_of_rows(BEST, rows, by=scored.by, metadata={"level": str(scored.level)})


def _verdict(lower: float, upper: float) -> str | None:
    if np.isnan(lower) or np.isnan(upper):
        return None
    if upper > 0.0:
        return "best" if lower == 0.0 else "may be best"
    return "not best" if lower < 0.0 else "as good"


def scores_table(scored: Scored, numbers: Sequence[int]) -> pa.Table:
    """Return a row per scenario, measure, group and replication."""
    rows = []
    for place, (name, gathering) in enumerate(zip(scored.names, scored.gatherings, strict=True)):
        for position, measure in enumerate(scored.measures):
            groups = scored.aligned(measure)
            alone = groups.of(place, gathering.alone(position))
            unknown = np.full(alone.shape, np.nan)
            sums = (unknown, unknown)
            if isinstance(measure, Measure):
                numerators, denominators = gathering.pairs(position)
                sums = groups.of(place, numerators), groups.of(place, denominators)
            for group, key in enumerate(groups.keys):
                if groups.places[place][group] < 0:
                    continue
                rows += [
                    {
                        "measure": measure.name,
                        **dict(zip(scored.by, key, strict=True)),
                        "scenario": name,
                        "replication": number,
                        "value": alone[turn, group],
                        "numerator": sums[0][turn, group],
                        "denominator": sums[1][turn, group],
                    }
                    for turn, number in enumerate(numbers)
                ]
    return table_of_rows(SCORES, rows, by=scored.by)
