"""Scores as people read them: percent instead of shares, minutes instead of 431.2 s, 12.3 ± 0.4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.wording.numbers import (
    NONE,
    decimal_text,
    interval_text,
    number_text,
    time_unit,
    true_minus,
)


class ShownUnit(NamedTuple):
    """How a unit of the scores is shown.

    Attributes
    ----------
    size
        How many of it make one that is shown.
    head
        In the head of a table.
    text
        Behind a number.
    """

    size: float
    head: str
    text: str


#: Units that are shown otherwise than they are called; times go by their size.
_UNITS: Final = {
    "share": ShownUnit(0.01, "%", "%"),
    "h": ShownUnit(1.0, "h", "h"),
    "erlang": ShownUnit(1.0, "erl", "erlangs"),
    "per hour": ShownUnit(1.0, "per h", "per hour"),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How the figures of one column are shown.

    Attributes
    ----------
    unit
        Shown in the header; empty for counts.
    size
        How many units of the score make one that is shown.
    decimals
        Digits behind the point.
    """

    unit: str
    size: float
    decimals: int


def scale_of(rows: Sequence[Mapping[str, Any]]) -> Scale:
    """Return how the rows of one measure are shown, so that they can be compared down a column."""
    unit = str(rows[0]["unit"])
    largest = _largest(rows, "value")
    name, size, decimals = "", 1.0, 1
    if unit == "s":
        size, name = time_unit(largest)
    elif unit in _UNITS:
        size, name, _ = _UNITS[unit]
    elif (decimals_said := catalogue.entry_of(rows[0].get("measure") or "").decimals) is not None:
        return Scale("", 1.0, decimals_said)
    elif unit in ("currency", "score"):
        decimals = 2
    if largest / size >= 1000 or _largest(rows, "half_width") / size >= 10:
        # Digits that the interval makes meaningless are not shown.
        decimals = 0
    return Scale(name, size, decimals)


def text_scale(row: Row, *columns: str) -> tuple[float, str]:
    """Return how many units of a score make one that is shown in a text, and what that is called.

    Parameters
    ----------
    columns
        Whose values are shown: the largest of them says whether times are seconds or minutes.
    """
    if row["unit"] == "s":
        return time_unit(max((abs(row[name] or 0.0) for name in columns), default=0.0))
    shown = _UNITS.get(row["unit"])
    return (1.0, "") if shown is None else (shown.size, shown.text)


def _largest(rows: Sequence[Mapping[str, Any]], column: str) -> float:
    return max((abs(row[column]) for row in rows if row[column] is not None), default=0.0)


def score_text(row: Mapping[str, Any], scale: Scale, *, sign: str = "±") -> str:
    """Return a value with its half-width, ``"12.3 ± 0.4"``; ``"-"`` where there is none."""
    if row["value"] is None:
        return "-"
    value = decimal_text(row["value"] / scale.size, scale.decimals)
    if row["half_width"] is None:
        return value
    half_width = decimal_text(row["half_width"] / scale.size, scale.decimals)
    return f"{value} {sign} {half_width}"


def score_column(rows: Sequence[Mapping[str, Any]], *, sign: str = "±") -> tuple[str, list[str]]:
    """Return the unit of a column and its cells; the parts around ± stand below each other."""
    scale = scale_of(rows)
    cells = [score_text(row, scale, sign=sign) for row in rows]
    return scale.unit, aligned(cells, sign=sign)


def aligned(cells: Sequence[str], *, sign: str = "±") -> list[str]:
    """Pad cells at the right, so that in a right-aligned column all signs are in one place."""
    tails = [cell.partition(f" {sign} ")[2] for cell in cells]
    widest = max((len(tail) for tail in tails), default=0)
    if widest == 0:
        return list(cells)
    space = len(sign) + 2
    return [
        f"{cell.partition(f' {sign} ')[0]} {sign} {tail:>{widest}}"
        if tail
        else cell + " " * (space + widest)
        for cell, tail in zip(cells, tails, strict=True)
    ]


def value_text(row: Row, column: str = "value") -> str:
    """Return a score of a page to the digit that its half-width or size allows, with its unit."""
    if row.get(column) is None:
        return NONE
    size, unit = text_scale(row, column)
    half = row.get("half_width")
    number = number_text(row[column] / size, None if half is None else half / size)
    return f"{number} {unit}".strip()


def difference_text(row: Row) -> str:
    """Return a difference of a page with its interval: "+20.5 points (+19.3 to +21.8)"."""
    size, unit = text_scale(row, "difference", "lower", "upper")
    unit = "points" if unit == "%" else unit
    behind = f" {unit}" if unit else ""
    if row["difference"] is None:
        return "unknown"
    if row["lower"] is None or row["lower"] == row["upper"]:
        value = row["difference"] / size
        return f"{true_minus(decimal_text(value, 1 if value % 1 else 0, signed=True))}{behind}"
    found = interval_text(
        row["difference"] / size,
        row["lower"] / size,
        row["upper"] / size,
        fewest=1 if row["unit"] == "share" else 0,
        signed=True,
    )
    return true_minus(f"{found.value}{behind} ({found.lower} to {found.upper})")
