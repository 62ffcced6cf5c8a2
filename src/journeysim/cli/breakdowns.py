"""Tables of any breakdown: measures that break down alike stand together."""

from __future__ import annotations

from collections.abc import Sequence

from journeysim.cli.score_tables import measure_table
from journeysim.cli.text_layout import Table
from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.wording.numbers import listed


def breakdown_tables(
    rows: Sequence[Row],
    by: Sequence[str],
    measures: Sequence[str] | None,
    *,
    weekday: str,
    sign: str = "±",
) -> list[Table]:
    """Return one table for all measures that have the same dimensions of a breakdown."""
    usual = measures is None
    chosen = dict.fromkeys(catalogue.in_table("breakdown") if measures is None else measures)
    together: dict[tuple[str, ...], list[str]] = {}
    for name in chosen:
        mine = [row for row in rows if row["measure"] == name]
        dimensions = tuple(word for word in by if any(row[word] is not None for row in mine))
        # Totals say nothing about a breakdown, unless they were asked for.
        if mine and (dimensions or not by or not usual):
            together.setdefault(dimensions, []).append(name)
    return [
        measure_table(
            rows,
            names,
            dimensions,
            title=_title(dimensions),
            weekday=weekday,
            sign=sign,
            only_used=catalogue.only_used("breakdown") if usual else (),
        )
        for dimensions, names in together.items()
    ]


def _title(dimensions: Sequence[str]) -> str:
    if not dimensions:
        return "All together, per replication"
    return f"By {listed(dimensions)}, per replication"
