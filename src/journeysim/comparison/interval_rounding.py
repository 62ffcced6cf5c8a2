"""Figures with their interval, rounded for reading and never narrower than they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_MOST_DECIMALS: Final = 6
#: Rounding of the arithmetic itself must not push an end outwards by a digit.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Spoken:
    """A figure and its interval as text."""

    value: str
    lower: str
    upper: str


def spoken_interval(
    value: float, lower: float, upper: float, *, fewest: int = 0, signed: bool = False
) -> Spoken:
    """Return a figure to the first digit of its half-width, its interval rounded outwards.

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
    return Spoken(
        spoken(value, decimals, signed=signed),
        spoken(_down(lower, decimals), decimals, signed=signed),
        spoken(_up(upper, decimals), decimals, signed=signed),
    )


def decimals_for(half_width: float, *, fewest: int = 0) -> int:
    """Return how many digits behind the point show the first one of a half-width."""
    if not half_width > 0:
        return max(fewest, 0)
    first = -math.floor(math.log10(half_width))
    return min(max(first, fewest, 0), _MOST_DECIMALS)


def _decimals_of(value: float, fewest: int) -> int:
    """Return how many digits behind the point show a value that does not scatter."""
    for decimals in range(fewest, 2):
        if math.isclose(round(value, decimals), value, rel_tol=1e-9):
            return decimals
    return max(fewest, 2)


def spoken(value: float, decimals: int, *, signed: bool = False) -> str:
    """Return a number with so many digits behind the point; no sign before 0."""
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    return text.lstrip("+-") if not text.strip("+-0.") else text


def _down(value: float, decimals: int) -> float:
    scale = 10.0**decimals
    return math.floor(value * scale + _SLACK) / scale


def _up(value: float, decimals: int) -> float:
    scale = 10.0**decimals
    return math.ceil(value * scale - _SLACK) / scale
