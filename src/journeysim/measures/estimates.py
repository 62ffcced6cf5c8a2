"""Estimates over replications: ratios of sums with jackknife intervals.

Replications are independent; contacts within one are not. So whatever the measure, an interval
comes from leaving out whole replications.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from journeysim.errors import MeasureError
from journeysim.measures.arrow_columns import Numbers


class Estimates(NamedTuple):
    """Values and half-widths of their intervals, each of shape (groups,); NaN where unknown."""

    value: Numbers
    half_width: Numbers


class Jackknife(NamedTuple):
    """Values, and what they would be without one replication each.

    Attributes
    ----------
    value
        Shape (groups,); NaN where unknown.
    left_out
        Shape (replications, groups); NaN where nothing is left.
    """

    value: Numbers
    left_out: Numbers


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
    value, left_out = jackknifed_ratio(numerators, denominators)
    return Estimates(value, jackknife_half_width(left_out, level=level))


def jackknifed_ratio(numerators: Numbers, denominators: Numbers) -> Jackknife:
    """Return sum over sum, and the same without one replication each; see `ratio_of_sums`."""
    total, whole = numerators.sum(axis=0), denominators.sum(axis=0)
    left_out = _divided(total - numerators, whole - denominators)
    return Jackknife(_divided(total, whole), left_out)


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
    if len(left_out) < 2:
        return np.full(left_out.shape[1], np.nan)
    quantile = student_quantile(level, len(left_out) - 1)
    return np.asarray(quantile * np.sqrt(jackknife_variance(left_out)))


def jackknife_variance(left_out: Numbers) -> Numbers:
    """Return the variance of an estimate from what it is without one replication each.

    Returns
    -------
    Shape (groups,); NaN for one replication or where an estimate is missing.
    """
    replications = len(left_out)
    if replications < 2:
        return np.full(left_out.shape[1], np.nan)
    deviations = left_out - left_out.mean(axis=0)
    return np.asarray((replications - 1) / replications * np.square(deviations).sum(axis=0))


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
