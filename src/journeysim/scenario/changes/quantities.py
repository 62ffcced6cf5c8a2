"""Numbers, times and rates as a file writes them, and as numbers to compute with."""

from __future__ import annotations

from typing import Any, Literal

from journeysim.units import HOUR, SECOND, format_duration, parse_duration, parse_rate

Unit = Literal["number", "time", "rate"]


def read_quantity(value: Any) -> tuple[Unit, float]:
    """Return the unit of what is written, and its size: times in ticks, rates per tick.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number", float(value)
    if isinstance(value, str) and ("/" in value or " per " in value):
        return "rate", parse_rate(value)
    if isinstance(value, str):
        return "time", float(parse_duration(value))
    raise ValueError(f"{value!r} is not a number, a time or a rate")


def written_quantity(unit: Unit, size: float) -> float | str:
    """Return a size as a file writes it."""
    if unit == "time":
        return format_duration(round(size))
    return f"{size * HOUR!r}/h" if unit == "rate" else size


def shown_quantity(unit: Unit, size: float) -> float:
    """Return a size as a table shows it: times in seconds, rates per hour."""
    if unit == "time":
        return size / SECOND
    return size * HOUR if unit == "rate" else size
