"""Ticks of a world as days and times of day."""

from __future__ import annotations

from journeysim.units import DAY, HOUR, MINUTE, SECOND, WEEKDAYS


def weekday_of(tick: int, starts_on: str) -> str:
    """Return the weekday of a tick, e.g. ``"Sunday"``."""
    return WEEKDAYS[(WEEKDAYS.index(starts_on) + tick // DAY) % 7].capitalize()


def clock(tick: int, *, seconds: bool = True) -> str:
    """Return the time of day of a tick, cut to the second or minute: ``"10:02:13"``."""
    within = tick % DAY
    text = f"{within // HOUR:02d}:{within // MINUTE % 60:02d}"
    return f"{text}:{within // SECOND % 60:02d}" if seconds else text


def moment(tick: int, starts_on: str, *, seconds: bool = True) -> str:
    """Return day and time, ``"Sun 10:02:13"``; after the first week with the day's number."""
    week = f"day {tick // DAY + 1}, " if tick >= 7 * DAY else ""
    return f"{week}{weekday_of(tick, starts_on)[:3]} {clock(tick, seconds=seconds)}"


def span(ticks: int) -> str:
    """Return a duration as words: ``"1 day"``, ``"6 hours"``, ``"2 days 12 hours"``."""
    parts = []
    for word, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", SECOND)):
        number, ticks = divmod(ticks, size)
        if number:
            parts.append(f"{number} {word}" + ("s" if number > 1 else ""))
    return " ".join(parts) or ("0 seconds" if not ticks else "less than a second")
