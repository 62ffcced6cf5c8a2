"""Figures with their 95 % interval, by drawing whole days with replacement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Sums = NDArray[np.float64]
#: Enough for the ends of a 95 % interval of a summary.
TIMES: Final = 1000
#: Where every draw means a fit.
REFITS: Final = 200
#: A figure on fewer days or contacts is marked.
FEW_DAYS: Final = 10
FEW_CONTACTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval and the number of contacts or days that it rests on."""

    mean: float
    low: float
    high: float
    n: int


def day_weights(days: int, times: int = TIMES) -> Sums:
    """Return how often each day is drawn, shape (times, days); the same for the same days."""
    drawn = np.random.default_rng(days).integers(0, days, size=(times, days))
    rows = np.repeat(np.arange(times), days)
    counts = np.bincount(rows * days + drawn.ravel(), minlength=times * days)
    return counts.reshape(times, days).astype(float)


def interval(drawn: Sums, mean: float, days: int) -> tuple[float, float]:
    """Return the 95 % interval of a figure from its values on drawn days.

    Few days drawn from themselves vary too little: the ends are moved out from the figure by
    Student's t and n / (n - 1), as the interval of a mean would be.
    """
    low, high = np.quantile(drawn, [0.025, 0.975])
    if days < 2:
        return float(low), float(high)
    wider = student.ppf(0.975, days - 1) / 1.96 * np.sqrt(days / (days - 1))
    return float(mean - (mean - low) * wider), float(mean + (high - mean) * wider)


def ratio(upper: Sums, lower: Sums, n: int) -> Estimate:
    """Return a ratio of sums over days with its interval; both have shape (days,)."""
    weights = day_weights(len(upper))
    below = weights @ lower
    drawn = (weights @ upper)[below > 0] / below[below > 0]
    if not lower.sum() or not len(drawn):
        return Estimate(mean=0.0, low=0.0, high=0.0, n=n)
    mean = float(upper.sum() / lower.sum())
    low, high = interval(drawn, mean, len(upper))
    return Estimate(mean=mean, low=max(low, 0.0), high=high, n=n)
