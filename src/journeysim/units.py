"""Ticks and the units that people write.

Time inside the program is a whole number of ticks (microseconds, int64): with floats
``(now + a) + b`` and ``now + (a + b)`` differ in a quarter of all cases, and two engines
drift apart. Files carry units, Arrow columns carry units, nothing else does.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

#: About 285 years: sums of two such times still fit into int64.
LONGEST: Final = 2**62

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TICKS_PER: Final = {
    "us": 1,
    "ms": 1_000,
    "s": SECOND,
    "sec": SECOND,
    "second": SECOND,
    "seconds": SECOND,
    "m": MINUTE,
    "min": MINUTE,
    "minute": MINUTE,
    "minutes": MINUTE,
    "h": HOUR,
    "hour": HOUR,
    "hours": HOUR,
    "d": DAY,
    "day": DAY,
    "days": DAY,
    "w": WEEK,
    "week": WEEK,
    "weeks": WEEK,
}

_PART: Final = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+)")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?")
_RATE: Final = re.compile(r"\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)\s*(?:/|per)\s*([a-z]+)\s*")


def parse_duration(text: str) -> int:
    """Return the ticks of a duration such as ``"90s"``, ``"2m 30s"``, ``"7d"`` or ``"0s"``.

    Raises
    ------
    ValueError
        If the text is not a duration with units.
    """
    total, position = Fraction(0), 0
    lowered = text.strip().lower()
    while position < len(lowered):
        part = _PART.match(lowered, position)
        if part is None or part.group(2) not in _TICKS_PER:
            break
        total += Fraction(part.group(1)) * _TICKS_PER[part.group(2)]
        position = part.end()
    if not lowered or position < len(lowered):
        raise ValueError(
            f"{text!r} is not a duration; write it with a unit, e.g. '90s' or '2m 30s'"
        )
    ticks = int(total + Fraction(1, 2))
    if ticks > LONGEST:
        raise ValueError(f"{text!r} is too long; the longest duration is 285 years")
    return ticks


def parse_clock(text: str) -> int:
    """Return the ticks since midnight of ``"07:30"``, ``"07:30:15"``, ``"24:00"`` or a duration."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None:
        ticks = parse_duration(text)
    else:
        hours, minutes, seconds = clock.group(1), clock.group(2), clock.group(3) or "0"
        if int(minutes) >= 60 or Fraction(seconds) >= 60:
            raise ValueError(f"{text!r} is not a time of day")
        ticks = int(hours) * HOUR + int(minutes) * MINUTE + int(Fraction(seconds) * SECOND)
    if ticks > DAY:
        raise ValueError(f"{text!r} is past the end of the day, 24:00")
    return ticks


def parse_rate(text: str) -> float:
    """Return arrivals per tick of a rate such as ``"20/min"`` or ``"3 per hour"``."""
    rate = _RATE.fullmatch(text.lower())
    if rate is None or rate.group(2) not in _TICKS_PER:
        raise ValueError(f"{text!r} is not a rate; write e.g. '20/min' or '4/h'")
    return float(rate.group(1)) / _TICKS_PER[rate.group(2)]


def format_duration(ticks: int) -> str:
    """Return ticks as the shortest exact text that `parse_duration` reads back."""
    if ticks == 0:
        return "0s"
    if ticks < 0:
        return "-" + format_duration(-ticks)
    parts = []
    for unit, size in (
        ("d", DAY),
        ("h", HOUR),
        ("m", MINUTE),
        ("s", SECOND),
        ("ms", 1000),
        ("us", 1),
    ):
        count, ticks = divmod(ticks, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts)


def format_clock(ticks: int) -> str:
    """Return ticks since midnight as ``"07:30"``; seconds only where there are some."""
    minutes, rest = divmod(ticks, MINUTE)
    hours, minutes = divmod(minutes, 60)
    if rest == 0:
        return f"{hours:02d}:{minutes:02d}"
    seconds, fraction = divmod(rest, SECOND)
    tail = f"{fraction:06d}".rstrip("0")
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}" + (f".{tail}" if tail else "")


def readable(ticks: float) -> str:
    """Return a duration rounded for reading, e.g. ``"41.2 s"``, ``"3 m 05 s"`` or ``"2.1 d"``."""
    if ticks < 0:
        return "-" + readable(-ticks)
    if ticks < 99.95 * SECOND:
        return f"{ticks / SECOND:.1f} s"
    if ticks < HOUR:
        minutes, seconds = divmod(round(ticks / SECOND), 60)
        return f"{minutes} m {seconds:02d} s"
    if ticks < 2 * DAY:
        hours, minutes = divmod(round(ticks / MINUTE), 60)
        return f"{hours} h {minutes:02d} m"
    return f"{ticks / DAY:.1f} d"
