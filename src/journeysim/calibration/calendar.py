"""Which days a log covers, when the service is open, and which days are whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journeysim.calibration.contact_log import (
    Codes,
    ContactLog,
    Flags,
    date_of,
    weekday_name,
    weekday_of,
)
from journeysim.errors import LogError
from journeysim.units import DAY, format_clock, parse_clock

Counts = NDArray[np.float64]
#: An interval belongs to the opening hours if it has contacts on half of the days.
_USUAL = 0.5
#: ... and more than a trickle: this share of the weekday's busiest interval.
_TRICKLE = 0.03
#: So many contacts expected and none seen: the recording stopped (chance alone: 1 in 20,000).
_SILENCE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days and opening hours of a log.

    Attributes
    ----------
    days
        Days used, days since 1970, rising.
    every
        Length of an interval, ticks.
    spans
        By weekday (0 is Monday): first and last open interval of the day, the last exclusive.
    missing
        Days without a contact between the first and the last, on weekdays with contacts.
    broken
        Days left out because the recording stopped.
    """

    days: Codes
    every: int
    spans: dict[int, tuple[int, int]]
    missing: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()

    @property
    def slots(self) -> int:
        """Return the number of intervals of a day."""
        return DAY // self.every

    @property
    def weekdays(self) -> Codes:
        """Return the weekdays of the days used."""
        return weekday_of(self.days)

    def is_open(self) -> Flags:
        """Return open intervals, shape (days, slots)."""
        found = np.zeros((len(self.days), self.slots), bool)
        for row, weekday in enumerate(self.weekdays):
            first, last = self.spans.get(int(weekday), (0, 0))
            found[row, first:last] = True
        return found

    def cells(
        self,
        log: ContactLog,
        weights: NDArray[np.float64] | None = None,
        *,
        rows: Flags | None = None,
    ) -> Counts:
        """Return counts of contacts, or sums of weights, by interval, shape (days, slots).

        Only of `rows`, if they are given.
        """
        entered = log.entered if rows is None else log.entered[rows]
        day = entered // DAY
        row = np.searchsorted(self.days, day)
        flat = row * self.slots + (entered - day * DAY) // self.every
        size = len(self.days) * self.slots
        found: Counts = np.bincount(flat, weights, minlength=size).astype(float)
        return found.reshape(len(self.days), self.slots)

    def opening(self) -> dict[str, str]:
        """Return opening hours as a scenario writes them, by name of the weekday."""
        return {
            weekday_name(weekday): f"{format_clock(first * self.every)}-{_end(last, self.every)}"
            for weekday, (first, last) in sorted(self.spans.items())
        }


def _end(last: int, every: int) -> str:
    return format_clock(last * every)


def calendar_of(log: ContactLog, *, every: int, opening: str | None) -> Calendar:
    """Return the days and hours of a log.

    Raises
    ------
    LogError
        If the log has no contacts, or `opening` is not hours.
    """
    if not len(log):
        raise LogError(f"{log.source}: no contact is left to calibrate from")
    days = np.unique(log.day)
    plain = Calendar(days=days, every=every, spans={})
    counts = plain.cells(log)
    spans = _given_hours(opening, plain) if opening else _usual_hours(counts, plain)
    weekdays = weekday_of(np.arange(days[0], days[-1] + 1))
    absent = np.setdiff1d(np.arange(days[0], days[-1] + 1)[np.isin(weekdays, list(spans))], days)
    used = np.isin(plain.weekdays, list(spans))
    whole = Calendar(days=days[used], every=every, spans=spans)
    broken = broken_days(counts[used], whole)
    return Calendar(
        days=whole.days[~np.isin(whole.days, broken)],
        every=every,
        spans=spans,
        missing=tuple(int(day) for day in absent),
        broken=tuple(int(day) for day in broken),
    )


def _given_hours(opening: str, plain: Calendar) -> dict[int, tuple[int, int]]:
    try:
        first, last = (parse_clock(part) for part in opening.split("-"))
    except ValueError:
        raise LogError(f"opening must be hours such as '07:00-24:00', got {opening!r}") from None
    if first >= last or first % plain.every or last % plain.every:
        raise LogError(f"opening {opening!r} must be whole intervals, from earlier to later")
    return {
        int(weekday): (first // plain.every, last // plain.every)
        for weekday in np.unique(plain.weekdays)
    }


def _usual_hours(counts: Counts, plain: Calendar) -> dict[int, tuple[int, int]]:
    spans = {}
    busiest = counts.sum(axis=1).mean()
    for weekday in np.unique(plain.weekdays):
        own = counts[plain.weekdays == weekday]
        # A few stray contacts on a closed weekday do not open it.
        if own.sum(axis=1).mean() < 0.01 * busiest:
            continue
        share = (own > 0).mean(axis=0)
        mean = own.mean(axis=0)
        usual = np.flatnonzero((share >= _USUAL * share.max()) & (mean >= _TRICKLE * mean.max()))
        spans[int(weekday)] = int(usual[0]), int(usual[-1]) + 1
    return spans


def broken_days(counts: Counts, calendar: Calendar) -> Codes:
    """Return days on which nobody came for so long that the recording must have stopped."""
    is_open, weekdays = calendar.is_open(), calendar.weekdays
    found = []
    for row, day in enumerate(calendar.days):
        # The median: a silent day among few must not hide its own silence.
        usual = np.median(counts[weekdays == weekdays[row]], axis=0)
        # A quiet day is quiet all day: silence is measured by the day's own volume.
        usual = usual * min(counts[row].sum() / max(usual.sum(), 1.0), 1.0)
        silent = is_open[row] & (counts[row] == 0)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], silent, [0]))))
        runs = zip(edges[::2], edges[1::2], strict=True)
        if any(usual[first:last].sum() >= _SILENCE for first, last in runs):
            found.append(day)
    return np.array(found, np.int64)


def in_hours(log: ContactLog, calendar: Calendar) -> ContactLog:
    """Return the contacts in opening hours of days used; the rest are counted by reason."""
    log = log.without(np.isin(log.day, calendar.broken), "day on which the recording stopped")
    slot, weekday = log.clock // calendar.every, weekday_of(log.day)
    first, last = np.zeros(7, np.int64), np.zeros(7, np.int64)
    for number, span in calendar.spans.items():
        first[number], last[number] = span
    log = log.without((slot < first[weekday]) | (slot >= last[weekday]), "outside opening hours")
    if not len(log):
        raise LogError(f"{log.source}: no contact is left inside opening hours")
    return log


def dates(days: tuple[int, ...], most: int = 6) -> str:
    """Return days as a list of dates, cut short."""
    shown = ", ".join(date_of(day) for day in days[:most])
    return shown if len(days) <= most else f"{shown} and {len(days) - most} more"
