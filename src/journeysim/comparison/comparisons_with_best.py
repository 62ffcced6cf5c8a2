"""Multiple comparisons with the best: how far each scenario is from the best of the others.

Hsu (1984), "Constrained simultaneous confidence intervals for multiple comparisons with the best",
Annals of Statistics 12:1136-1144. His intervals need the chance that the truly best scenario beats
each of the others by less than its margin. With the same customers in all scenarios the differences
hang together, so that chance is bounded by Bonferroni over the others, on paired differences, and
nothing is assumed of how they hang together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import Jackknife, jackknife_variance


class FromBest(NamedTuple):
    """Intervals of a scenario's value less the best of the others, each of shape (scenarios,).

    Below 0 is worse. An upper end of 0 says that the scenario is not the best; a lower end of 0
    that it is.
    """

    lower: Numbers
    upper: Numbers


def comparisons_with_the_best(
    scenarios: list[Jackknife], *, more_is_better: bool, level: float
) -> FromBest:
    """Return how far each scenario is from the best of the others, all intervals at once.

    Parameters
    ----------
    scenarios
        One measure in one group for each scenario; `value` has the shape (1,), `left_out`
        (replications, 1).
    level
        Probability that all intervals together are to cover.

    Returns
    -------
    Intervals in units of the measure, positive where the scenario is better; NaN where a value is
    missing or there is one replication.
    """
    sign = 1.0 if more_is_better else -1.0
    values = sign * np.array([each.value[0] for each in scenarios])
    left_out = sign * np.stack([each.left_out[:, 0] for each in scenarios], axis=1)
    replications, many = left_out.shape
    if replications < 2 or many < 2:
        return FromBest(np.full(many, np.nan), np.full(many, np.nan))
    apart = values[:, None] - values[None, :]
    variances = [jackknife_variance(left_out - left_out[:, [one]]) for one in range(many)]
    errors = np.sqrt(np.stack(variances, axis=1))
    margin = _one_sided_quantile(level, replications - 1, others=many - 1) * errors
    return _constrained(apart, margin)


def _one_sided_quantile(level: float, degrees: int, *, others: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 1.0 - (1.0 - level) / others))


def _constrained(apart: Numbers, margin: Numbers) -> FromBest:
    """Return Hsu's intervals; the scenarios that may be best are those with an upper end over 0."""
    many = len(apart)
    itself = np.eye(many, dtype=bool)
    if np.isnan(apart).any() or np.isnan(margin).any():
        return FromBest(np.full(many, np.nan), np.full(many, np.nan))
    highest = np.where(itself, np.inf, apart + margin).min(axis=1)
    may_be_best = highest > 0
    lower = np.zeros(many)
    for one in range(many):
        rivals = may_be_best.copy()
        rivals[one] = False
        if rivals.any():
            lower[one] = min(0.0, float((apart - margin)[one, rivals].min()))
    return FromBest(lower, np.maximum(highest, 0.0))
