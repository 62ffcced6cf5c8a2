"""Tables of differences for reading: pure functions of the rows of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from journeysim.cli.text_layout import Table
from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.wording.clauses import certainty_of
from journeysim.wording.clock import moment
from journeysim.wording.numbers import decimal_text, interval_text
from journeysim.wording.scores import Scale, scale_of

_COUNTED = ("count", "currency", "h")
#: Behind a difference that may be chance among so many.
DOUBT = "?"


def shown_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the differences that say anything: nothing of what neither scenario has."""
    return [
        row
        for row in rows
        if row["difference"] is not None
        and (row["unit"] not in _COUNTED or row["baseline"] or row["value"])
    ]


def difference_table(
    rows: Sequence[Row],
    by: Sequence[str],
    *,
    names: tuple[str, str],
    level: float,
    weekday: str,
    whole: str,
    title: str = "",
) -> Table:
    """Return a table with a line for each difference.

    Parameters
    ----------
    rows
        Differences of one variant.
    by
        Dimensions of the breakdown.
    names
        Of the baseline and the variant, for the head.
    level, weekday
        Of the intervals, and of the first day.
    whole
        What one replication counts: "a day".
    """
    several = {
        dimension: len({row[dimension] for row in rows if row[dimension] is not None}) > 1
        for dimension in by
    }
    body = []
    for row in rows:
        scale = scale_of([{**row, "value": _larger(row)}])
        named = [
            _member(row[dimension], weekday)
            for dimension in by
            if several[dimension] and row[dimension] is not None
        ]
        label = " ".join([*named, catalogue.label(row["measure"])])
        body.append(
            [
                f"{label} {scale.unit}".rstrip(),
                _number(row["baseline"], scale),
                _number(row["value"], scale),
                _difference(row, scale, level),
            ]
        )
    headers = [whole, *names, f"difference ({100 * level:g} % interval)"]
    return Table(title, headers, _padded(body), names=1)


def _larger(row: Row) -> float:
    return float(max(abs(row["baseline"] or 0.0), abs(row["value"] or 0.0)))


def _number(value: float | None, scale: Scale) -> str:
    return "-" if value is None else decimal_text(value / scale.size, scale.decimals)


def _difference(row: Row, scale: Scale, level: float) -> str:
    difference, lower, upper = (row[key] for key in ("difference", "lower", "upper"))
    if lower is None:
        return decimal_text(difference / scale.size, scale.decimals, signed=True)
    found = interval_text(
        difference / scale.size,
        lower / scale.size,
        upper / scale.size,
        fewest=scale.decimals,
        signed=True,
    )
    if lower == upper:
        return "none" if difference == 0.0 else found.value
    interval = f"({found.lower} to {found.upper})"
    match certainty_of(row, level):
        case "unseen":
            return f"none seen {interval}"
        case "unsure":
            return f"{found.value} {interval} {DOUBT}"
        case _:
            return f"{found.value} {interval}"


def _padded(body: list[list[str]]) -> list[list[str]]:
    """Let the brackets of the differences stand below each other."""
    tails = [row[-1].partition(" (")[2] for row in body]
    widest = max((len(tail) for tail in tails), default=0)
    for row, tail in zip(body, tails, strict=True):
        head, bracket, _ = row[-1].partition(" (")
        row[-1] = f"{head}{bracket}{tail:<{widest}}" if bracket else head + " " * (widest + 2)
    return body


def _member(part: Any, weekday: str) -> str:
    return moment(part, weekday, seconds=False) if isinstance(part, int) else str(part)
