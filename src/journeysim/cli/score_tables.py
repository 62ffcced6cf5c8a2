"""Tables of scores for reading: pure functions of the Arrow table that `score` gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from journeysim.cli.figures import figures
from journeysim.cli.moments import moment
from journeysim.cli.screen import Table

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]

DIMENSIONS = ("channel", "segment", "need", "interval", "pool")
#: Column headers where the measure's own name is too long, or not what people say.
_HEADERS = {
    "service_level": "service\nlevel",
    "speed_of_answer": "speed of\nanswer",
    "answered_within_target": "answered\nin time",
    "time_to_resolution": "time to\nresolution",
    "contacts_per_journey": "contacts\nper journey",
    "backlog_open": "open at\nthe end",
    "staffed_hours": "at work",
    "paid_hours": "paid",
    "busy_hours": "busy",
    "agent_cost": "cost",
    "containment": "contained",
    "resolved_in_self_service": "resolved\nthere",
    "journeys": "began",
    "open_journeys": "open",
}


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
    headers: Mapping[str, str] | None = None,
    only_used: Sequence[str] = (),
) -> Table:
    """Return a table with a row per group and a column per measure.

    Parameters
    ----------
    dimensions
        What the rows are named by.
    weekday
        Of the first day, for the names of intervals.
    only_used
        Measures that get a column only where one of them is not zero.
    """
    cells: dict[str, dict[tuple[Any, ...], Row]] = {name: {} for name in measures}
    keys: dict[tuple[Any, ...], None] = {}
    for row in rows:
        if row["measure"] in cells:
            key = tuple(row[dimension] for dimension in dimensions)
            cells[row["measure"]][key] = row
            keys[key] = None
    kept = [key for key in keys if _used(cells, key) or len(dimensions) == 1 != _timed(dimensions)]
    shown = [name for name in measures if name not in only_used or any(map(_seen, cells[name].values()))]
    columns = []
    titles = [dimension.replace("interval", "from") for dimension in dimensions]
    for name in shown:
        found = [cells[name].get(key, _EMPTY) for key in kept]
        known = [row for row in found if row is not _EMPTY]
        if known:
            unit, texts = figures([{**known[0], **row} for row in found], sign=sign)
            columns.append(texts)
            heading = (headers or {}).get(name) or _HEADERS.get(name, name.replace("_", " "))
            titles.append(f"{heading} {unit}".rstrip() if "\n" in heading else _two(heading, unit))
    names = [[_named(part, weekday) for part in key] for key in kept]
    body = [[*name, *cell] for name, cell in zip(names, zip(*columns, strict=True), strict=False)]
    return Table(title, titles, body, len(dimensions))


_EMPTY: Row = {"value": None, "half_width": None}


def _timed(dimensions: Sequence[str]) -> int:
    return 1 if "interval" in dimensions else 0


def _used(cells: Mapping[str, Mapping[tuple[Any, ...], Row]], key: tuple[Any, ...]) -> bool:
    return any(_seen(groups.get(key, _EMPTY)) for groups in cells.values())


def _seen(row: Row) -> bool:
    return bool(row["value"])


def _two(heading: str, unit: str) -> str:
    return f"{heading}\n{unit}" if unit else heading


def _named(part: Any, weekday: str) -> str:
    if isinstance(part, int):
        return moment(part, weekday, seconds=False)
    return "all" if part is None else str(part)
