"""Numbers, shares, durations and intervals as text, never narrower than what they stand for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: What stands on a page where there is no number, and a true minus sign.
NONE: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"

_MOST_DECIMALS: Final = 6
#: Rounding of the arithmetic itself must not push an end outwards by a digit.
_SLACK: Final = 1e-9
#: Units of time by their seconds. One is shown from three of it on: 150 s, but 4.0 min.
_TIMES: Final = (("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86_400.0))
_FEWEST_OF_A_UNIT: Final = 3.0


@dataclass(frozen=True, slots=True)
class IntervalText:
    """A number and its interval as text."""

    value: str
    lower: str
    upper: str


def decimal_text(value: float, decimals: int, *, signed: bool = False) -> str:
    """Return a number with so many digits behind the point; no sign before 0."""
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    return text.lstrip("+-") if not text.strip("+-0.") else text


def interval_text(
    value: float, lower: float, upper: float, *, fewest: int = 0, signed: bool = False
) -> IntervalText:
    """Return a number to the first digit of its half-width, its interval rounded outwards.

    An end that is not 0 is never shown as 0: that would say something else.

    Parameters
    ----------
    fewest
        Digits behind the point at least.
    signed
        Write a plus before what is positive.
    """
    decimals = decimals_for((upper - lower) / 2, fewest=fewest)
    if upper <= lower:
        decimals = _decimals_of(value, fewest)
    while decimals < _MOST_DECIMALS and (
        (lower > 0 and _down(lower, decimals) == 0) or (upper < 0 and _up(upper, decimals) == 0)
    ):
        decimals += 1
    return IntervalText(
        decimal_text(value, decimals, signed=signed),
        decimal_text(_down(lower, decimals), decimals, signed=signed),
        decimal_text(_up(upper, decimals), decimals, signed=signed),
    )


def decimals_for(half_width: float, *, fewest: int = 0) -> int:
    """Return how many digits behind the point show the first one of a half-width."""
    if not half_width > 0:
        return max(fewest, 0)
    first = -math.floor(math.log10(half_width))
    return min(max(first, fewest, 0), _MOST_DECIMALS)


def number_text(value: float | None, half_width: float | None = None) -> str:
    """Return a number of a page, to the first digit of its half-width, or to three digits."""
    if value is None:
        return NONE
    decimals = decimals_for(half_width) if half_width else _three_digits(value)
    # A mean of thousands with a decimal reads no better.
    decimals = min(decimals, _three_digits(value))
    return true_minus(decimal_text(value, decimals))


def percent(share: float | None, decimals: int | None = None) -> str:
    """Return a share of a page as ``"12.5 %"``."""
    if share is None:
        return NONE
    if decimals is None:
        decimals = 0 if abs(share) >= 0.0995 or share == 0 else 1
    return true_minus(plain_percent(share, decimals))


def plain_percent(share: float, decimals: int = 1) -> str:
    """Return a share as ``"12.5 %"``, with the minus sign that a terminal has."""
    return f"{decimal_text(100 * share, decimals)} %"


def seconds_text(value: float | None) -> str:
    """Return a time of a page as people say it: ``"38 s"``, ``"4.5 min"``, ``"3.2 h"``."""
    if value is None:
        return NONE
    size, unit = time_unit(value, largest="h")
    return f"{number_text(value / size) if value >= 0.05 else '0'} {unit}"


def time_unit(seconds: float, *, largest: str = "d") -> tuple[float, str]:
    """Return the unit in which times of up to so many seconds are shown: its seconds, its name."""
    chosen = _TIMES[0]
    for name, size in _TIMES:
        if seconds >= _FEWEST_OF_A_UNIT * size:
            chosen = (name, size)
        if name == largest:
            break
    return chosen[1], chosen[0]


def true_minus(text: str) -> str:
    """Return a text with true minus signs before numbers."""
    found = text.replace("(-", f"({MINUS}").replace(" -", f" {MINUS}")
    return MINUS + found[1:] if found.startswith("-") else found


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return ``"1 agent"`` or ``"2 agents"``."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Return ``"a, b and c"``."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def _decimals_of(value: float, fewest: int) -> int:
    """Return how many digits behind the point show a value that does not scatter."""
    for decimals in range(fewest, 2):
        if math.isclose(round(value, decimals), value, rel_tol=1e-9):
            return decimals
    return max(fewest, 2)


def _three_digits(value: float) -> int:
    size = abs(value)
    if size >= 99.5 or size == 0:
        return 0
    if size >= 9.95:
        return 0 if abs(size - round(size)) < 0.05 else 1
    return 1 if size >= 1 else 2


def _down(value: float, decimals: int) -> float:
    scale = 10.0**decimals
    return math.floor(value * scale + _SLACK) / scale


def _up(value: float, decimals: int) -> float:
    scale = 10.0**decimals
    return math.ceil(value * scale - _SLACK) / scale
