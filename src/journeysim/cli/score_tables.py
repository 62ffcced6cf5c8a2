"""Tables of scores for reading: pure functions of the Arrow table that `score` gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from journeysim.cli.text_layout import Table
from journeysim.measures import catalogue
from journeysim.types import Row
from journeysim.wording.clock import moment
from journeysim.wording.scores import score_column

if TYPE_CHECKING:
    import pyarrow as pa

Key = tuple[Any, ...]

DIMENSIONS = ("channel", "segment", "need", "interval", "pool")


def score_rows(scores: pa.Table) -> list[dict[str, Any]]:
    """Return scores as dicts with every dimension; an interval is its begin in ticks."""
    rows = []
    for row in scores.to_pylist():
        interval = row.get("interval")
        if isinstance(interval, timedelta):
            row["interval"] = interval // timedelta(microseconds=1)
        rows.append({**dict.fromkeys(DIMENSIONS), **row})
    return rows


def measure_table(
    rows: Iterable[Row],
    measures: Sequence[str],
    dimensions: Sequence[str],
    *,
    title: str = "",
    weekday: str = "monday",
    sign: str = "±",
    table: catalogue.DefaultTable | None = None,
    only_used: Sequence[str] = (),
) -> Table:
    """Return a table with a row per group and a column per measure.

    Parameters
    ----------
    dimensions
        What the rows are named by.
    weekday
        Of the first day, for the names of intervals.
    table
        Which of the default tables it is, where that has heads of its own.
    only_used
        Measures that get a column only where one of them is not zero.
    """
    cells: dict[str, dict[Key, Row]] = {name: {} for name in measures}
    keys: dict[Key, None] = {}
    for row in rows:
        if row["measure"] in cells:
            key = tuple(row[dimension] for dimension in dimensions)
            cells[row["measure"]][key] = row
            keys[key] = None
    # Every channel has a row, but not every half hour of the night.
    sparse = len(dimensions) > 1 or "interval" in dimensions
    kept = [key for key in keys if not sparse or any(_seen(cells[name], key) for name in cells)]
    titles = [dimension.replace("interval", "from") for dimension in dimensions]
    columns = []
    for name in measures:
        if cells[name] and (name not in only_used or any(_seen(cells[name], key) for key in kept)):
            like = next(iter(cells[name].values()))
            missing = {**like, "value": None, "half_width": None}
            unit, texts = score_column([cells[name].get(key, missing) for key in kept], sign=sign)
            columns.append(texts)
            titles.append(_heading(catalogue.head(name, table=table), unit))
    names = [[_named(part, weekday) for part in key] for key in kept]
    body = [[*name, *cell] for name, cell in zip(names, zip(*columns, strict=True), strict=False)]
    return Table(title, titles, body, len(dimensions))


def _seen(groups: Mapping[Key, Row], key: Key) -> bool:
    return key in groups and bool(groups[key]["value"])


def _heading(words: str, unit: str) -> str:
    if "\n" in words:
        return f"{words} {unit}".rstrip()
    return f"{words}\n{unit}" if unit else words


def _named(part: Any, weekday: str) -> str:
    if isinstance(part, int):
        return moment(part, weekday, seconds=False)
    return "all" if part is None else str(part)
