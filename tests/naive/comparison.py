"""Paired comparisons once more, written from their definitions with plain loops.

Nothing here is vectorised, shared or clever: each function does what its sentence says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy import stats

#: Numerators and denominators of one scenario, one per replication.
Sums = Sequence[tuple[float, float]]


def ratio(sums: Sums) -> float:
    """Sum of numerators over sum of denominators."""
    whole = sum(denominator for _, denominator in sums)
    return sum(numerator for numerator, _ in sums) / whole if whole else math.nan


def without(sums: Sums, replication: int) -> list[tuple[float, float]]:
    return [pair for place, pair in enumerate(sums) if place != replication]


def jackknife_variance(estimates: Sequence[float]) -> float:
    """(R - 1) / R times the sum of squared distances from the mean of the left-out estimates."""
    many = len(estimates)
    mean = sum(estimates) / many
    return (many - 1) / many * sum((estimate - mean) ** 2 for estimate in estimates)


def difference_and_error(baseline: Sums, variant: Sums) -> tuple[float, float]:
    """The difference of two ratios, and its error by leaving out one pair at a time."""
    left_out = [
        ratio(without(variant, place)) - ratio(without(baseline, place))
        for place in range(len(baseline))
    ]
    return ratio(variant) - ratio(baseline), math.sqrt(jackknife_variance(left_out))


def interval(baseline: Sums, variant: Sums, level: float) -> tuple[float, float]:
    difference, error = difference_and_error(baseline, variant)
    quantile = stats.t.ppf(0.5 + level / 2, len(baseline) - 1)
    return difference - quantile * error, difference + quantile * error


def variance_reduction(baseline: Sums, variant: Sums) -> float:
    """Variance of the difference if the two were independent, over that of the pairs."""
    apart = 0.0
    for sums in (baseline, variant):
        apart += jackknife_variance([ratio(without(sums, place)) for place in range(len(sums))])
    return apart / difference_and_error(baseline, variant)[1] ** 2


def holm(p_values: Sequence[float]) -> list[float]:
    """Step down: the smallest times all, the next times one fewer; never falling, never above 1."""
    adjusted = [0.0] * len(p_values)
    before = 0.0
    left = list(range(len(p_values)))
    while left:
        smallest = min(left, key=lambda place: p_values[place])
        before = max(before, min(1.0, p_values[smallest] * len(left)))
        adjusted[smallest] = before
        left.remove(smallest)
    return adjusted


def from_the_best(
    scenarios: Sequence[Sums], level: float, *, more_is_better: bool
) -> list[tuple[float, float]]:
    """Hsu's constrained intervals of a scenario's value less the best of the others."""
    many, replications = len(scenarios), len(scenarios[0])
    sign = 1.0 if more_is_better else -1.0
    quantile = stats.t.ppf(1 - (1 - level) / (many - 1), replications - 1)

    def apart(one: int, other: int) -> tuple[float, float]:
        difference, error = difference_and_error(scenarios[other], scenarios[one])
        return sign * difference, quantile * error

    highest = []
    for one in range(many):
        others = [apart(one, other) for other in range(many) if other != one]
        highest.append(min(difference + margin for difference, margin in others))
    intervals = []
    for one in range(many):
        rivals = [other for other in range(many) if other != one and highest[other] > 0]
        lows = [apart(one, other)[0] - apart(one, other)[1] for other in rivals]
        intervals.append((min(0.0, *lows) if lows else 0.0, max(0.0, highest[one])))
    return intervals


def replications_needed(
    half_widths: Sequence[float], width: float, *, limit: int = 5
) -> int | None:
    """Hoad, Robinson and Davies: how many replications are made before it stops; None for never.

    `half_widths[i]` is the half-width after i + 1 replications. The first n (from 10 on) at which
    it is small enough, and from which on it stays so for `limit` more (in proportion above 100).
    """
    for n in range(10, len(half_widths) + 1):
        ahead = limit if n <= 100 else limit * n // 100
        looked_at = half_widths[n - 1 : n + ahead]
        if len(looked_at) > ahead and all(half <= width for half in looked_at):
            return n + ahead
    return None
