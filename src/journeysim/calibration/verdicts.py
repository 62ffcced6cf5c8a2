"""Whether a calibrated scenario fits, hour by hour, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journeysim.calibration.bootstrap import day_weights
from journeysim.calibration.held_out_backtest import MECHANISM, RATIOS, Backtest
from journeysim.units import HOUR, format_clock

#: How far abandonment may be off to be called equal: two points.
MARGIN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class HourVerdict:
    """One hour of the day.

    Attributes
    ----------
    start
        First moment, ticks since midnight.
    difference, low, high
        Simulated less logged abandonment, with its 90 % interval over days.
    verdict
        ``fits`` if the interval lies within the margin, ``differs`` if it lies outside, else
        ``unclear``.
    handling
        Simulated over logged mean handling.
    """

    start: int
    difference: float
    low: float
    high: float
    verdict: str
    handling: float


def hour_verdicts(test: Backtest, given: str = MECHANISM) -> list[HourVerdict]:
    """Return a verdict on abandonment for every open hour of the day."""
    calendar = test.calendar
    per = max(HOUR // calendar.every, 1)
    is_open = np.asarray(calendar.is_open().any(axis=0))
    found = []
    for first in range(0, calendar.slots, per):
        part = slice(first, first + per)
        if not is_open[part].any() or not test.log["offered"][:, part].sum():
            continue
        found.append(_verdict(test, given, part, first * calendar.every))
    return found


def _verdict(test: Backtest, given: str, part: slice, start: int) -> HourVerdict:
    real = {name: table[:, part].sum(axis=1) for name, table in test.log.items()}
    made = {
        name: table[:, :, part].sum(axis=2).mean(axis=1)
        for name, table in test.simulations[given].items()
    }

    def gap(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        lower, upper = (
            (weights @ tables["abandoned"]) / np.maximum(weights @ tables["offered"], 1e-9)
            for tables in (real, made)
        )
        return np.asarray(upper - lower)

    drawn = gap(day_weights(len(test.calendar.days)))
    low, high = np.quantile(drawn, [0.05, 0.95])
    if low >= -MARGIN and high <= MARGIN:
        verdict = "fits"
    elif low > MARGIN or high < -MARGIN:
        verdict = "differs"
    else:
        verdict = "unclear"
    upper, lower = RATIOS["handling"]
    talk = (made[upper].sum() / max(made[lower].sum(), 1e-9)) / max(
        real[upper].sum() / max(real[lower].sum(), 1e-9), 1e-9
    )
    return HourVerdict(
        start=start,
        difference=float(gap(np.ones((1, len(test.calendar.days))))[0]),
        low=float(low),
        high=float(high),
        verdict=verdict,
        handling=float(talk),
    )


def verdict_sentences(test: Backtest, given: str = MECHANISM) -> list[str]:
    """Return what fits and what does not, in words, one sentence per stretch of the day."""
    hours = hour_verdicts(test, given)
    sentences = []
    start = 0
    for row in range(1, len(hours) + 1):
        if row == len(hours) or _kind(hours[row]) != _kind(hours[start]):
            sentences.append(_sentence(hours[start:row]))
            start = row
    return sentences


def _kind(hour: HourVerdict) -> tuple[str, bool]:
    return hour.verdict, hour.verdict == "differs" and hour.difference > 0


def _sentence(hours: list[HourVerdict]) -> str:
    last = format_clock(min(hours[-1].start + HOUR, 24 * HOUR))
    span = f"From {format_clock(hours[0].start)} to {last}"
    points = [100 * hour.difference for hour in hours]
    mean = float(np.mean(points))
    if hours[0].verdict == "fits":
        return f"{span} abandonment fits within {100 * MARGIN:.0f} points."
    size = f"{abs(mean):.1f} points too {'high' if mean > 0 else 'low'}"
    talk = float(np.mean([hour.handling for hour in hours]))
    reason = ""
    if abs(talk - 1) >= 0.05 and (talk > 1) == (mean > 0):
        longer = "longer" if talk > 1 else "shorter"
        reason = f", where handling is {abs(talk - 1):.0%} {longer} than in the log"
    if hours[0].verdict == "differs":
        return f"{span} it does not: {size}{reason}."
    low, high = (100 * float(np.mean([getattr(h, end) for h in hours])) for end in ("low", "high"))
    return f"{span} it cannot be told: {mean:+.1f} points ({low:+.1f} to {high:+.1f}){reason}."
