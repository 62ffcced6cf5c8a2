"""Names of measures and figures as people read them, with their unit and no digit too many."""

from __future__ import annotations

from typing import Final

from journeysim.comparison.interval_rounding import decimals_for, spoken, spoken_interval
from journeysim.types import Row

#: What stands where there is no figure, and a true minus sign.
NONE: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"

#: Measures by the words of a page.
_LABELS: Final = {
    "offered": "contacts",
    "answered": "answered",
    "service_level": "service level",
    "abandonment": "abandoned",
    "speed_of_answer": "speed of answer",
    "answered_within_target": "answered in time",
    "containment": "contained",
    "resolved": "needs met",
    "journeys_given_up": "given up, need unmet",
    "journeys_lost": "lost for good",
    "contacts_per_journey": "contacts per customer",
    "journey_wait": "wait per customer",
    "staffed_hours": "agent hours at work",
    "occupancy": "occupancy",
    "cost_total": "cost",
    "cost_per_resolved": "cost per need met",
}
#: How many units of a score make one that is shown, and what that is called.
_SHOWN: Final = {
    "share": (0.01, "%"),
    "s": (1.0, "s"),
    "h": (1.0, "h"),
    "erlang": (1.0, "erlangs"),
    "per hour": (1.0, "per hour"),
}
_LONG: Final = 300.0


def label_of(row: Row, *, several_channels: bool = True) -> str:
    """Return what a row of scores or differences is about: "phone service level"."""
    words = _LABELS.get(row["measure"], row["measure"].replace("_", " "))
    channel = row.get("channel")
    pool = row.get("pool")
    if pool:
        return f"{pool}: {words}"
    return f"{channel}: {words}" if channel and several_channels else words


def scale_of(row: Row, *columns: str) -> tuple[float, str]:
    """Return how many units of a score make one that is shown, and its name."""
    if row["unit"] == "s" and max((abs(row[name] or 0.0) for name in columns), default=0) >= _LONG:
        return 60.0, "min"
    return _SHOWN.get(row["unit"], (1.0, ""))


def difference_text(row: Row) -> str:
    """Return a difference with its interval: "+20.5 points (+19.3 to +21.8)"."""
    size, unit = scale_of(row, "difference", "lower", "upper")
    unit = "points" if unit == "%" else unit
    behind = f" {unit}" if unit else ""
    if row["difference"] is None:
        return "unknown"
    if row["lower"] is None or row["lower"] == row["upper"]:
        value = row["difference"] / size
        return f"{minus(spoken(value, 1 if value % 1 else 0, signed=True))}{behind}"
    found = spoken_interval(
        row["difference"] / size,
        row["lower"] / size,
        row["upper"] / size,
        fewest=1 if row["unit"] == "share" else 0,
        signed=True,
    )
    return minus(f"{found.value}{behind} ({found.lower} to {found.upper})")


def value_text(row: Row, column: str = "value") -> str:
    """Return a score to the digit that its half-width or size allows, with its unit."""
    if row.get(column) is None:
        return NONE
    size, unit = scale_of(row, column)
    half = row.get("half_width")
    number = number_text(row[column] / size, None if half is None else half / size)
    return f"{number} {unit}".strip()


def number_text(value: float | None, half_width: float | None = None) -> str:
    """Return a number to the first digit of its half-width, or to three digits."""
    if value is None:
        return NONE
    decimals = decimals_for(half_width) if half_width else _three_digits(value)
    # A mean of thousands with a decimal reads no better.
    decimals = min(decimals, _three_digits(value))
    return minus(spoken(value, decimals))


def percent(share: float | None, decimals: int | None = None) -> str:
    """Return a share as "12.5 %"."""
    if share is None:
        return NONE
    if decimals is None:
        decimals = 0 if abs(share) >= 0.0995 or share == 0 else 1
    return f"{minus(spoken(100 * share, decimals))} %"


def seconds_text(value: float | None) -> str:
    """Return a time as people say it: "38 s", "4.5 min", "3.2 h"."""
    if value is None:
        return NONE
    for size, unit, least in ((1.0, "s", 0.0), (60.0, "min", 180.0), (3600.0, "h", 10_800.0)):
        if value >= least:
            chosen = size, unit
    return f"{number_text(value / chosen[0]) if value >= 0.05 else '0'} {chosen[1]}"


def minus(text: str) -> str:
    """Return a text with true minus signs before numbers."""
    found = text.replace("(-", f"({MINUS}").replace(" -", f" {MINUS}")
    return MINUS + found[1:] if found.startswith("-") else found


def _three_digits(value: float) -> int:
    size = abs(value)
    if size >= 99.5 or size == 0:
        return 0
    if size >= 9.95:
        return 0 if abs(size - round(size)) < 0.05 else 1
    return 1 if size >= 1 else 2
