"""Estimates over replications: ratios of sums with jackknife intervals.

Replications are independent; contacts within one are not. So whatever the measure, an interval
comes from leaving out whole replications.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from journeysim.errors import MeasureError
from journeysim.scoring.arrow_columns import Numbers


class Estimates(NamedTuple):
    """Values and half-widths of their intervals, each of shape (groups,); NaN where unknown."""

    value: Numbers
    half_width: Numbers


def ratio_of_sums(numerators: Numbers, denominators: Numbers, *, level: float) -> Estimates:
    """Return sum over sum, with a jackknife interval.

    With denominators of 1 this is the mean over replications with its usual Student interval.

    Parameters
    ----------
    numerators, denominators
        Of each replication, shape (replications, groups).
    level
        Probability that the interval is to cover, e.g. 0.95.

    Returns
    -------
    NaN where the denominators sum to 0. No half-width for one replication, nor where one
    replication has the whole denominator: what is left without it says nothing.
    """
    total, whole = numerators.sum(axis=0), denominators.sum(axis=0)
    value = _divided(total, whole)
    left_out = _divided(total - numerators, whole - denominators)
    return Estimates(value, jackknife_half_width(left_out, level=level))


def jackknife_half_width(left_out: Numbers, *, level: float) -> Numbers:
    """Return half the width of the interval from estimates without one replication each.

    The variance is (R - 1) / R times the sum of squares of their deviations from their mean; the
    quantile is Student's with R - 1 degrees of freedom.

    Parameters
    ----------
    left_out
        Estimate without replication r, shape (replications, groups).

    Returns
    -------
    Shape (groups,); NaN for one replication or where an estimate is missing.
    """
    replications = len(left_out)
    if replications < 2:
        return np.full(left_out.shape[1], np.nan)
    deviations = left_out - left_out.mean(axis=0)
    variance = (replications - 1) / replications * np.square(deviations).sum(axis=0)
    return np.asarray(student_quantile(level, replications - 1) * np.sqrt(variance))


def student_quantile(level: float, degrees: int) -> float:
    """Return the two-sided quantile of Student's t: 2.2622 for a level of 0.95 and 9 degrees.

    Raises
    ------
    MeasureError
        If the level is not between 0 and 1.
    """
    # Imported here because it takes longer than most scores.
    from scipy.special import stdtrit

    if not 0.0 < level < 1.0:
        raise MeasureError(f"the level of an interval must be between 0 and 1, got {level}")
    return float(stdtrit(degrees, 0.5 + level / 2))


def _divided(part: Numbers, whole: Numbers) -> Numbers:
    missing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=missing, where=whole > 0))
