"""Paired differences: the same customers in two scenarios, replication by replication.

What a busy day does to both scenarios falls out of their difference. So the difference is taken
first, without each replication in turn, and its scatter is what makes the interval: never two
intervals laid side by side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import Jackknife, jackknife_variance, student_quantile

#: Standard errors below this share of the values are rounding, not scatter.
_ROUNDING = 1e-11


class Differences(NamedTuple):
    """What changes from a baseline to a variant, each of shape (groups,); NaN where unknown.

    Attributes
    ----------
    baseline, variant
        Values over all replications.
    difference
        Variant less baseline.
    error
        Standard error of the difference, by jackknife over replications; 0 where every replication
        says the same.
    variance_reduction
        Variance that the difference would have with other customers in the variant, over the one
        that it has; NaN where there is no scatter.
    """

    baseline: Numbers
    variant: Numbers
    difference: Numbers
    error: Numbers
    variance_reduction: Numbers


def paired_differences(baseline: Jackknife, variant: Jackknife) -> Differences:
    """Return what changes; with denominators of 1 the error is that of the paired t interval."""
    difference = variant.value - baseline.value
    error = np.sqrt(jackknife_variance(variant.left_out - baseline.left_out))
    largest = np.maximum(np.abs(baseline.value), np.abs(variant.value))
    error = np.where(error <= _ROUNDING * largest, 0.0, error)
    apart = jackknife_variance(baseline.left_out) + jackknife_variance(variant.left_out)
    reduction = np.full(difference.shape, np.nan)
    np.divide(apart, np.square(error), out=reduction, where=error > 0)
    return Differences(baseline.value, variant.value, difference, error, reduction)


def half_widths(errors: Numbers, *, replications: int, level: float) -> Numbers:
    """Return half the widths of Student's intervals with one degree less than replications."""
    if replications < 2:
        return np.full(errors.shape, np.nan)
    return np.asarray(student_quantile(level, replications - 1) * errors)


def p_values(differences: Numbers, errors: Numbers, *, replications: int) -> Numbers:
    """Return how likely so large a difference, either way, would be if there were none.

    Returns
    -------
    NaN where there is no scatter to judge by: the difference is the same in every replication.
    """
    from scipy.special import stdtr

    found = np.full(errors.shape, np.nan)
    judged = errors > 0
    if replications > 1:
        away = np.abs(differences[judged]) / errors[judged]
        found[judged] = 2.0 * stdtr(replications - 1, -away)
    return found
