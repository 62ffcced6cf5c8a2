"""Busy and quiet days: how half-hour counts vary beyond Poisson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit

from scenarios.bank_1999.bootstrap import REFITS, resampled_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """How half-hour counts vary beyond Poisson; `covariance` is by lag in half hours."""

    day_cv: float
    interval_cv: float
    correlation: float
    dispersion: float
    covariance: np.ndarray


def dispersion(counts: np.ndarray) -> float:
    """Return variance over mean of the half-hour counts, shape (days, half hours)."""
    return float(counts.var(axis=0, ddof=1).sum() / counts.mean(axis=0).sum())


def fit_variation(counts: np.ndarray, weekdays: np.ndarray) -> Variation:
    """Fit day and interval factors to half-hour counts, shape (days, half hours).

    Relative to its mean m (half hour x weekday's volume) a count has covariances
    cov / (m m') = a + b rho**lag, less 1/m for the Poisson part at lag 0. Then a = cv_day**2 and
    b = (1 + a) cv_interval**2. The mean of five weekdays costs five degrees of freedom.
    """
    totals = counts.sum(axis=1)
    volume = np.empty(len(totals))
    for weekday in np.unique(weekdays):
        volume[weekdays == weekday] = totals[weekdays == weekday].mean() / totals.mean()
    expected = np.outer(volume, counts.mean(axis=0))
    rest, freedom = counts - expected, len(counts) / (len(counts) - len(np.unique(weekdays)))
    slots, covariance, weight = counts.shape[1], [], []
    for lag in range(slots):
        poisson = expected.sum() if lag == 0 else 0.0
        pairs = (expected[:, : slots - lag] * expected[:, lag:]).sum()
        product = (rest[:, : slots - lag] * rest[:, lag:]).sum() * freedom
        covariance.append((product - poisson) / pairs)
        weight.append(pairs)
    (day, interval, correlation), _ = curve_fit(
        lambda lag, a, b, rho: a + b * rho**lag,
        np.arange(slots),
        covariance,
        p0=[0.02, 0.05, 0.5],
        sigma=1 / np.sqrt(weight),
        bounds=([0, 0, 0], [1, 2, 0.99]),
    )
    return Variation(
        day_cv=float(np.sqrt(day)),
        interval_cv=float(np.sqrt(interval / (1 + day))),
        correlation=float(correlation),
        dispersion=dispersion(counts),
        covariance=np.array(covariance),
    )


def variation_ranges(counts: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Return 95 % intervals of day cv, interval cv and correlation, shape (3, 2)."""
    fits = [
        fit_variation(counts[chosen], weekdays[chosen])
        for chosen in resampled_days(len(counts), REFITS)
    ]
    values = [[fit.day_cv, fit.interval_cv, fit.correlation] for fit in fits]
    return np.quantile(values, [0.025, 0.975], axis=0).T
