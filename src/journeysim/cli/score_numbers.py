"""Scores as people read them: percent instead of shares, minutes instead of 431.2 s, 12.3 ± 0.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: What is shown for a unit of the scores, and how many of those make one of it.
_TIMES = (("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86_400.0))
_PLAIN = {"share": ("%", 0.01), "h": ("h", 1.0), "erlang": ("erl", 1.0), "per hour": ("per h", 1.0)}
_MEANS = ("contacts_per_journey", "switches_per_journey")


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
        fitting = [time for time in _TIMES if largest >= 3 * time[1]]
        name, size = fitting[-1] if fitting else _TIMES[0]
    elif unit in _PLAIN:
        name, size = _PLAIN[unit]
    elif rows[0].get("measure") in _MEANS:
        return Scale("", 1.0, 2)
    elif unit in ("currency", "score"):
        decimals = 2
    if largest / size >= 1000 or _largest(rows, "half_width") / size >= 10:
        # Digits that the interval makes meaningless are not shown.
        decimals = 0
    return Scale(name, size, decimals)


def _largest(rows: Sequence[Mapping[str, Any]], column: str) -> float:
    return max((abs(row[column]) for row in rows if row[column] is not None), default=0.0)


def figure(row: Mapping[str, Any], scale: Scale, *, sign: str = "±") -> str:
    """Return a value with its half-width, ``"12.3 ± 0.4"``; ``"-"`` where there is none."""
    if row["value"] is None:
        return "-"
    value = _decimal(row["value"] / scale.size, scale.decimals)
    if row["half_width"] is None:
        return value
    half_width = _decimal(row["half_width"] / scale.size, scale.decimals)
    return f"{value} {sign} {half_width}"


def figures(rows: Sequence[Mapping[str, Any]], *, sign: str = "±") -> tuple[str, list[str]]:
    """Return the unit of a column and its cells; the parts around ± stand below each other."""
    scale = scale_of(rows)
    cells = [figure(row, scale, sign=sign) for row in rows]
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


def share(value: float, decimals: int = 1) -> str:
    """Return a share as ``"12.5 %"``."""
    return f"{_decimal(100 * value, decimals)} %"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return ``"1 agent"`` or ``"2 agents"``."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Return ``"a, b and c"``."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def _decimal(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}".replace(",", "")
    return text.removeprefix("-") if not text.strip("-0.") else text
