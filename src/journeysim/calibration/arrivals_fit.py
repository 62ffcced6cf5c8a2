"""Expected contacts by weekday and interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.contact_log import Codes

#: Days of the common profile that are added to a weekday's own.
_STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 1000.0)
#: Of more days than this, several are left out at a time.
_FOLDS = 30


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
