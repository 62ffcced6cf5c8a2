"""How counts swing from day to day beyond chance, and how much of that the fit itself makes.

Residuals are of counts about a profile that was fitted to them. The profile is shrunken, so how
many degrees of freedom it takes has no formula at hand. Poisson counts of the very profile are
drawn and fitted in the same way instead: what their residuals show is chance and the fit alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit
from scipy.stats import chi2

from journeysim.calibration.arrivals_fit import Profile, expected_counts
from journeysim.calibration.bootstrap import REFITS, day_weights, interval
from journeysim.calibration.calendar import Calendar, Counts

#: Too few days, and a swing from day to day cannot be told from chance.
_DAYS_FOR_SWING = 5
#: Correlation that an interval factor may keep from the first to the last interval of a day.
_LEFT_BY_NIGHT = 0.1
#: Drawn logs of pure chance.
_CHANCE_DRAWS = 200
_CHANCE_SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How counts vary beyond Poisson.

    Attributes
    ----------
    dispersion
        Pearson's chi-squared over its degrees of freedom: 1 for Poisson.
    chance
        Probability of so much under Poisson.
    day_cv, interval_cv, correlation
        Of the factors; each with its 95 % interval in `ranges`.
    """

    dispersion: float
    chance: float
    day_cv: float
    interval_cv: float
    correlation: float
    ranges: Counts
    days: int

    @property
    def is_more_than_chance(self) -> bool:
        """Return whether there is a swing to model."""
        return self.chance < 0.05 and self.days >= _DAYS_FOR_SWING


@dataclass(frozen=True, slots=True, kw_only=True)
class _ByChance:
    """What residuals of pure chance show after the same fit.

    Attributes
    ----------
    pearson
        Of each drawn log, shape (draws,).
    products
        Mean product of residuals so many intervals apart, summed over a day, shape (lags, days).
    kept
        Share of the variance of independent counts that the fit leaves in the residuals.
    """

    pearson: Counts
    products: Counts
    kept: float


def fit_swing(groups: Counts, profiles: Sequence[Profile], calendar: Calendar) -> Swing:
    """Return how counts vary about what was expected of each day.

    Parameters
    ----------
    groups
        Contacts by group, day and interval, shape (groups, days, slots).
    profiles
        The fitted profile of each group.
    """
    means = np.array([profile.expected[calendar.weekdays] for profile in profiles])
    counts, expected = groups.sum(axis=0), means.sum(axis=0)
    busy = calendar.is_open() & (expected >= 1.0)
    chance = _by_chance(means, profiles, calendar, busy)
    pearson = _pearson(counts, expected, busy)
    # A scaled chi-squared with the mean and the variance of the drawn ones.
    mean, variance = float(chance.pearson.mean()), float(chance.pearson.var(ddof=1))
    point = _factors(counts, expected, chance, calendar)
    fits = [
        _factors(counts, expected, chance, calendar, weights)
        for weights in day_weights(len(counts), REFITS)
    ]
    free_days = len(counts) - len(np.unique(calendar.weekdays)) + 1
    return Swing(
        dispersion=pearson / mean if mean else 1.0,
        chance=float(chi2.sf(pearson * 2 * mean / variance, 2 * mean**2 / variance))
        if variance
        else 1.0,
        day_cv=point[0],
        interval_cv=point[1],
        correlation=point[2],
        ranges=np.array(
            [
                interval(drawn, figure, free_days)
                for drawn, figure in zip(np.array(fits).T, point, strict=True)
            ]
        ).clip(0.0),
        days=len(counts),
    )


def _pearson(counts: Counts, expected: Counts, busy: Counts) -> float:
    return float(((counts - expected)[busy] ** 2 / expected[busy]).sum())


def _by_chance(
    means: Counts, profiles: Sequence[Profile], calendar: Calendar, busy: Counts
) -> _ByChance:
    """Draw Poisson logs of the profiles, fit them alike, and return what is left."""
    generator = np.random.default_rng(_CHANCE_SEED)
    days, slots = means.shape[1:]
    pearson = np.empty(_CHANCE_DRAWS)
    products = np.zeros((slots, days))
    for draw in range(_CHANCE_DRAWS):
        drawn = generator.poisson(np.maximum(means, 0.0)).astype(float)
        fitted = np.array(
            [
                expected_counts(own, calendar, profile.strength)[calendar.weekdays]
                for own, profile in zip(drawn, profiles, strict=True)
            ]
        ).sum(axis=0)
        counts = drawn.sum(axis=0)
        known = busy & (fitted > 0)
        pearson[draw] = _pearson(counts, np.where(known, fitted, 1.0), known)
        products += _products(counts - fitted)
    products /= _CHANCE_DRAWS
    total = float(means.sum())
    kept = float(products[0].sum() / total) if total else 1.0
    return _ByChance(pearson=pearson, products=products, kept=max(kept, 1e-9))


def _products(rest: Counts) -> Counts:
    """Return products of residuals so many intervals apart, summed over days' intervals."""
    slots = rest.shape[1]
    return np.array([(rest[:, : slots - lag] * rest[:, lag:]).sum(axis=1) for lag in range(slots)])


def _factors(
    counts: Counts,
    expected: Counts,
    chance: _ByChance,
    calendar: Calendar,
    weights: Counts | None = None,
) -> tuple[float, float, float]:
    """Return cv of the day factor, cv and correlation of the interval factor.

    A count of mean m has covariances a + b rho**lag relative to m m', and chance besides. Then
    a = cv_day**2 and b = (1 + a) cv_interval**2. The mean of a weekday takes its day factors
    with it, and the profile a part of what is independent: both are given back.
    """
    weights = np.ones(len(counts)) if weights is None else weights
    slots = counts.shape[1]
    above = weights @ (_products(counts - expected) - chance.products).T
    pairs = np.array(
        [
            float(weights @ (expected[:, : slots - lag] * expected[:, lag:]).sum(axis=1))
            for lag in range(slots)
        ]
    )
    usable = int(np.argmin(pairs > 0)) if (pairs <= 0).any() else slots
    covariance = above[:usable] / pairs[:usable]
    free_days = len(counts) - len(np.unique(calendar.weekdays))
    day_kept = max(free_days, 1) / len(counts)
    if len(covariance) < 4:
        first = float(covariance[0]) / day_kept if len(covariance) else 0.0
        return float(np.sqrt(max(first, 0.0))), 0.0, 0.0
    # What lasts all day is the day factor: the other must be gone by the day's end.
    fastest = _LEFT_BY_NIGHT ** (1 / len(covariance))
    (a, b, rho), _ = curve_fit(
        lambda lag, a, b, rho: a * day_kept + b * chance.kept * rho**lag,
        np.arange(len(covariance)),
        covariance,
        p0=[0.02, 0.05, fastest / 2],
        sigma=1 / np.sqrt(pairs[:usable]),
        bounds=([0, 0, 0], [4, 4, fastest]),
    )
    return float(np.sqrt(a)), float(np.sqrt(b / (1 + a))), float(rho)
