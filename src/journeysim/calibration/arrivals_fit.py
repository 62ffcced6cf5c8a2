"""Expected contacts by weekday and interval, and how they swing from day to day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import curve_fit
from scipy.stats import chi2

from journeysim.calibration.bootstrap import REFITS, day_weights, interval
from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.contact_log import Codes

#: Days of the common profile that are added to a weekday's own.
_STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 1000.0)
#: Too few days, and a swing from day to day cannot be told from chance.
_DAYS_FOR_SWING = 5
#: Of more days than this, several are left out at a time.
_FOLDS = 30
#: Correlation that an interval factor may keep from the first to the last interval of a day.
_LEFT_BY_NIGHT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Expected contacts of a group.

    Attributes
    ----------
    expected
        By weekday and interval, shape (7, slots).
    strength
        How many days of the common profile a weekday's own days are weighed against, chosen so
        that days left out are predicted best.
    """

    expected: Counts
    strength: float


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


def fit_profile(counts: Counts, calendar: Calendar) -> Profile:
    """Return expected counts by weekday, each weekday helped by those with the same hours.

    A weekday of four days alone would be four days' noise. Its mean is taken together with
    `strength` days of the common profile at the weekday's own volume (empirical Bayes).

    Parameters
    ----------
    counts
        Contacts by day and interval, shape (days, slots).
    """
    losses = [_loss(counts, calendar, strength) for strength in _STRENGTHS]
    best = _STRENGTHS[int(np.argmin(losses))]
    return Profile(expected=expected_counts(counts, calendar, best), strength=best)


def expected_counts(
    counts: Counts, calendar: Calendar, strength: float, weights: Counts | None = None
) -> Counts:
    """Return expected counts by weekday and interval, shape (7, slots); days may have weights."""
    weights = np.ones(len(counts)) if weights is None else weights
    found = np.zeros((7, counts.shape[1]))
    for own_days, alike in _weekday_families(calendar):
        days, weekday = own_days, int(calendar.weekdays[own_days][0])
        own, together = weights[days].sum(), weights[alike].sum()
        if together == 0:
            continue
        common = weights[alike] @ counts[alike] / together
        # A weekday that was not drawn is known by the others only.
        mean = weights[days] @ counts[days].sum(axis=1) / own if own else common.sum()
        scaled = common * (mean / common.sum()) if common.sum() else common
        found[weekday] = (weights[days] @ counts[days] + strength * scaled) / (own + strength)
    return np.maximum(found, 0.0)


def _weekday_families(calendar: Calendar) -> list[tuple[Codes, Codes]]:
    """Return rows of each weekday, and rows of all weekdays with the same hours."""
    weekdays = calendar.weekdays
    families = []
    for weekday in np.unique(weekdays):
        alike = [d for d, span in calendar.spans.items() if span == calendar.spans[int(weekday)]]
        rows = np.flatnonzero(weekdays == weekday), np.flatnonzero(np.isin(weekdays, alike))
        families.append(rows)
    return families


def _loss(counts: Counts, calendar: Calendar, strength: float) -> float:
    """Return the squared error of days predicted by the others, per expected contact."""
    folds = min(len(counts), _FOLDS)
    fold = np.arange(len(counts)) % folds
    total = 0.0
    for left_out in range(folds):
        rows = np.flatnonzero(fold == left_out)
        others = np.where(fold == left_out, 0.0, 1.0)
        expected = expected_counts(counts, calendar, strength, others)[calendar.weekdays[rows]]
        total += float(((counts[rows] - expected) ** 2 / np.maximum(expected, 0.2)).sum())
    return total


def fit_swing(counts: Counts, expected: Counts, calendar: Calendar) -> Swing:
    """Return how counts vary about what was expected of each day.

    Parameters
    ----------
    counts, expected
        Shape (days, slots).
    """
    is_open = calendar.is_open()
    parameters = len(np.unique(calendar.weekdays))
    freedom = len(counts) / max(len(counts) - parameters, 1)
    busy = is_open & (expected >= 1.0)
    pearson = float(((counts - expected)[busy] ** 2 / expected[busy]).sum())
    degrees = max(busy.sum() / freedom, 1.0)
    point = _factors(counts, expected, freedom)
    draws = day_weights(len(counts), REFITS)
    fits = [_factors(counts, expected, freedom, weights) for weights in draws]
    return Swing(
        dispersion=pearson / degrees,
        chance=float(chi2.sf(pearson, degrees)),
        day_cv=point[0],
        interval_cv=point[1],
        correlation=point[2],
        ranges=np.array(
            [
                interval(drawn, figure, len(counts) - parameters + 1)
                for drawn, figure in zip(np.array(fits).T, point, strict=True)
            ]
        ).clip(0.0),
        days=len(counts),
    )


def _factors(
    counts: Counts, expected: Counts, freedom: float, weights: Counts | None = None
) -> tuple[float, float, float]:
    """Return cv of the day factor, cv and correlation of the interval factor.

    A count of mean m has covariances a + b rho**lag relative to m m', and 1/m for the Poisson part
    at lag 0. Then a = cv_day**2 and b = (1 + a) cv_interval**2.
    """
    weights = np.ones(len(counts)) if weights is None else weights
    rest, slots = counts - expected, counts.shape[1]
    covariance, sizes = [], []
    for lag in range(slots):
        pairs = float(weights @ (expected[:, : slots - lag] * expected[:, lag:]).sum(axis=1))
        if pairs <= 0:
            break
        product = float(weights @ (rest[:, : slots - lag] * rest[:, lag:]).sum(axis=1)) * freedom
        poisson = float(weights @ expected.sum(axis=1)) if lag == 0 else 0.0
        covariance.append((product - poisson) / pairs)
        sizes.append(pairs)
    if len(covariance) < 4:
        return float(np.sqrt(max(covariance[0], 0.0))), 0.0, 0.0
    # What lasts all day is the day factor: the other must be gone by the day's end.
    fastest = _LEFT_BY_NIGHT ** (1 / len(covariance))
    (a, b, rho), _ = curve_fit(
        lambda lag, a, b, rho: a + b * rho**lag,
        np.arange(len(covariance)),
        covariance,
        p0=[0.02, 0.05, fastest / 2],
        sigma=1 / np.sqrt(sizes),
        bounds=([0, 0, 0], [4, 4, fastest]),
    )
    return float(np.sqrt(a)), float(np.sqrt(b / (1 + a))), float(rho)
