"""Excel and OpenDocument workbooks: which sheet, where the header stands, what cells hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from journeysim.errors import LogError, did_you_mean
from journeysim.input_tables.input_table import InputTable
from journeysim.input_tables.total_rows import is_total

_HEAD_ROWS: Final = 60
_MIDNIGHT: Final = time(0)

Row = list[Any]


def read_workbook(path: Path, sheet: str | None = None) -> InputTable:
    """Read a sheet; times, numbers and texts keep their types.

    Raises
    ------
    LogError
        If the workbook cannot be read, several sheets hold data and none is named, or formulas
        are stored without their values.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        name, rows, merged = _chosen(book, sheet, path.name)
    except calamine.PasswordError:
        raise LogError(f"{path.name}: is protected by a password; save it without one") from None
    except calamine.CalamineError as error:
        raise LogError(f"{path.name}: is no readable workbook ({error})") from None
    notes = [] if len(book.sheet_names) == 1 else [f"{path.name}: sheet {name!r} is read"]
    header = _header_row(rows, path.name)
    if header:
        notes.append(f"{path.name}: {header} rows above the header are no data")
    names = _names(rows, header, merged, path.name)
    body = [(place + 1, row) for place, row in enumerate(rows) if place > header and _filled(row)]
    left_out = []
    while body and is_total(body[-1][1]):
        shown = " ".join(str(cell) for cell in body[-1][1] if cell is not None)
        left_out.append(f"{path.name}: the last row, {shown[:60]!r}, is a total")
        body.pop()
    _refuse_formulas(path, name, names, body)
    columns = {
        column: _typed([row[place] if place < len(row) else None for _, row in body])
        for place, column in enumerate(names)
        if column
    }
    numbers = np.array([number for number, _ in body], np.int64)
    return InputTable(path.name, columns, numbers, [(path.name, 0)], left_out, notes)


def _chosen(book: Any, sheet: str | None, source: str) -> tuple[str, list[Row], list[Any]]:
    names = list(book.sheet_names)
    if sheet is not None and sheet not in names:
        raise LogError(f"{source}: no sheet {sheet!r}{did_you_mean(sheet, names)}")
    found = {}
    for name in names if sheet is None else [sheet]:
        own = book.get_sheet_by_name(name)
        rows = [[_cell(cell) for cell in row] for row in own.to_python(skip_empty_area=False)]
        if sum(map(_filled, rows)) > 1:
            found[name] = (rows, list(own.merged_cell_ranges or ()))
    if not found:
        raise LogError(f"{source}: no sheet holds a table")
    if len(found) > 1:
        raise LogError(
            f"{source}: several sheets hold tables ({', '.join(map(repr, found))}); name one with "
            "--sheet"
        )
    name, (rows, merged) = next(iter(found.items()))
    return name, rows, merged


def _cell(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell


def _filled(row: Sequence[Any]) -> int:
    return sum(cell is not None for cell in row) > 0


def _header_row(rows: list[Row], source: str) -> int:
    """Return the first row that is as wide as most and holds names."""
    widths = [sum(cell is not None for cell in row) for row in rows[:_HEAD_ROWS]]
    usual = Counter(width for width in widths if width > 1).most_common(1)
    if not usual:
        raise LogError(f"{source}: no row names the columns")
    least = usual[0][0]
    for place, width in enumerate(widths):
        names = [cell for cell in rows[place] if cell is not None]
        if (
            width >= min(least, 2)
            and width >= 0.75 * least
            and all(isinstance(cell, str) for cell in names)
        ):
            return place
    raise LogError(f"{source}: no row names the columns; the first row of the table must")


def _names(rows: list[Row], header: int, merged: list[Any], source: str) -> list[str]:
    """Return the names of columns; those that stand twice get the name of the group above."""
    names = ["" if cell is None else str(cell) for cell in rows[header]]
    repeated = {name for name, times in Counter(names).items() if times > 1 and name}
    if repeated and header:
        above = list(rows[header - 1])
        for (first_row, first), (_, last) in merged:
            if first_row == header - 1:
                for place in range(first, last + 1):
                    above[place] = rows[header - 1][first]
        names = [
            f"{above[place]} {name}" if name in repeated and above[place] is not None else name
            for place, name in enumerate(names)
        ]
    for name, times in Counter(names).items():
        if times > 1 and name:
            raise LogError(f"{source}: {times} columns are named {name!r}; rename all but one")
    return names


def _refuse_formulas(path: Path, sheet: str, names: list[str], body: list[tuple[int, Row]]) -> None:
    """Refuse formulas that no program has worked out yet: their cells look empty."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return
    empty = {
        (number, place)
        for number, row in body
        for place in range(len(names))
        if names[place] and (place >= len(row) or row[place] is None)
    }
    if not empty:
        return
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    try:
        for number, row in enumerate(book[sheet].iter_rows(values_only=True), 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("=") and (number, place) in empty:
                    raise LogError(
                        f"{path.name}, row {number}, column {names[place]!r}: the formula "
                        f"{cell[:40]} is stored without its value; open the file in Excel and "
                        "save it"
                    )
    finally:
        book.close()


def _typed(cells: list[Any]) -> pa.ChunkedArray:
    """Return a column of one type where its cells have one, else of texts."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if not kinds:
        return pa.chunked_array([pa.nulls(len(cells))])
    if kinds <= {datetime, date}:
        whole = [_as_datetime(cell) for cell in cells]
        return pa.chunked_array([pa.array(whole, pa.timestamp("us"))])
    if kinds == {time}:
        return pa.chunked_array([pa.array(cells, pa.time64("us"))])
    if kinds == {timedelta}:
        return pa.chunked_array([pa.array(cells, pa.duration("us"))])
    if kinds <= {int, float}:
        if all(cell is None or float(cell).is_integer() for cell in cells):
            whole_numbers = [None if cell is None else int(cell) for cell in cells]
            return pa.chunked_array([pa.array(whole_numbers, pa.int64())])
        return pa.chunked_array([pa.array(cells, pa.float64())])
    if kinds == {bool}:
        return pa.chunked_array([pa.array(cells, pa.bool_())])
    return pa.chunked_array([pa.array([_as_text(cell) for cell in cells], pa.string())])


def _as_datetime(cell: Any) -> datetime | None:
    if cell is None or isinstance(cell, datetime):
        return cell
    return datetime.combine(cell, _MIDNIGHT)


def _as_text(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
