"""Tables that a scenario keeps in other files, brought into the document itself."""

from __future__ import annotations

import itertools
from pathlib import Path as FilePath
from typing import Any, Final

from journeysim.scenario.changes.key_paths import Document, Path
from journeysim.scenario.reading.merging import is_interval_table
from journeysim.scenario.reading.sheets import Sheet, clock_in, number_in, read_sheet, ticks_in
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.fields import shown
from journeysim.units import WEEKDAYS, format_clock, format_duration, parse_duration

_REFERENCE: Final = ("file", "column", "sheet")
_FROM_FILE: Final = ("from", "every", "at", "counts", "rates", "rate", "gaps")


def with_tables_inline(document: Document) -> tuple[Document, list[Found]]:
    """Return a document that refers to no other table, and what is wrong with those it did.

    The trace stays in its file: it is data, not a parameter. Variants are left as they are.
    """
    found: list[Found] = []
    inlined = {
        key: value if key == "variants" else _inlined(value, (key,), found)
        for key, value in document.items()
    }
    return inlined, found


def _inlined(value: Any, path: Path, found: list[Found]) -> Any:
    if isinstance(value, list):
        return [_inlined(item, (*path, index), found) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    is_empirical = value.get("distribution") == "empirical"
    if not (is_empirical or is_interval_table(path)) or not _refers(value):
        return {key: _inlined(item, (*path, key), found) for key, item in value.items()}
    try:
        sheet = read_sheet(FilePath(value["file"]), value.get("sheet"))
        return _observations(value, sheet) if is_empirical else _day_table(value, sheet, path)
    except ValueError as error:
        found.append(((*path, "file"), str(error)))
        return value


def _refers(table: Document) -> bool:
    """Return whether a table names a file well enough to look there; if not, checks say why."""
    texts = isinstance(table.get("file"), str) and isinstance(table.get("column"), str)
    doubled = "values" in table or "quantiles" in table
    return texts and isinstance(table.get("sheet", ""), str) and not doubled


def _observations(table: Document, sheet: Sheet) -> Document:
    unit = table.get("unit", "1s")
    ticks = parse_duration(unit) if isinstance(unit, str) else 0
    if ticks == 0:
        raise ValueError(f"its unit must be a duration in quotes, e.g. '1s', got {shown(unit)}")
    values = []
    for row, cell in zip(sheet.rows, sheet.column(table["column"]), strict=True):
        if cell is not None:
            try:
                values.append(format_duration(ticks_in(cell, ticks)))
            except ValueError as error:
                raise ValueError(f"row {row}, {table['column']}: {error}") from None
    kept = {key: item for key, item in table.items() if key not in (*_REFERENCE, "unit")}
    return {**kept, "values": values}


def _day_table(table: Document, sheet: Sheet, path: Path) -> Document:
    doubled = [key for key in _FROM_FILE if key in table]
    if doubled:
        raise ValueError(f"the file gives the values, so leave out {doubled[0]!r}")
    whole = is_interval_table(path) and path[0] == "pools"
    days = _days(sheet, table["column"], whole=whole)
    times = sorted({time for day in days.values() for time in day})
    steps = {b - a for a, b in itertools.pairwise(times)}
    grid: Document = {"at": [format_clock(time) for time in times]}
    if len(steps) == 1:
        grid = {"from": format_clock(times[0]), "every": format_duration(steps.pop())}
    else:
        for name, day in days.items():
            if missing := [time for time in times if time not in day]:
                raise ValueError(
                    f"{name or 'other days'} has no row at {format_clock(missing[0])}; "
                    "uneven times must be the same on every day"
                )
    values = {day: [cells.get(time, 0) for time in times] for day, cells in days.items()}
    weekdays: Document = {day: values[day] for day in WEEKDAYS if day in values}
    kept = {key: item for key, item in table.items() if key not in _REFERENCE}
    return {**grid, "counts": values.get("", []), **weekdays, **kept}


def _days(sheet: Sheet, column: str, *, whole: bool) -> dict[str, dict[int, float]]:
    """Return the values by weekday (empty for all other days) and time of day."""
    times, cells = sheet.column("time"), sheet.column(column)
    weekdays = sheet.columns.get("weekday", [None] * len(times))
    days: dict[str, dict[int, float]] = {}
    for row, day, time, cell in zip(sheet.rows, weekdays, times, cells, strict=True):
        try:
            values = days.setdefault(_weekday(day), {})
            start = clock_in(time)
            if start in values:
                raise ValueError(f"{format_clock(start)} occurs twice")
            number = number_in(cell)
            values[start] = int(number) if whole and number == int(number) else number
        except ValueError as error:
            raise ValueError(f"row {row}, {column}: {error}") from None
    if not days:
        raise ValueError("has no rows below its header")
    return days


def _weekday(cell: Any) -> str:
    if cell is None:
        return ""
    word = str(cell).strip().lower()
    for day in WEEKDAYS:
        if word in (day, day[:3], day[:2]):
            return day
    raise ValueError(f"'{cell}' is not a weekday; write e.g. monday or mon")
