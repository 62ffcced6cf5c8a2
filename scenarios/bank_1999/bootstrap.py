"""Figures with their 95 % interval by bootstrap over days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BOOTSTRAPS = 1000
REFITS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval by bootstrap over days."""

    mean: float
    low: float
    high: float


def resampled_days(days: int, times: int) -> np.ndarray:
    """Return day numbers drawn with replacement, shape (times, days)."""
    return np.random.default_rng(1999).integers(0, days, size=(times, days))


def ratio(upper: np.ndarray, lower: np.ndarray) -> Estimate:
    """Return the ratio of sums over days, with its interval; both have shape (days,)."""
    chosen = resampled_days(len(upper), BOOTSTRAPS)
    low, high = np.quantile(upper[chosen].sum(axis=1) / lower[chosen].sum(axis=1), [0.025, 0.975])
    return Estimate(mean=float(upper.sum() / lower.sum()), low=float(low), high=float(high))
