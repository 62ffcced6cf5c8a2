"""Tables that stand in other files: CSV, Excel, Parquet, Arrow."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from journeysim.errors import did_you_mean
from journeysim.units import DAY, LONGEST, parse_clock, parse_duration

_TEXT: Final = {".csv": ",", ".txt": ",", ".tsv": "\t"}
_EXCEL: Final = (".xlsx", ".xlsm")
_PARQUET: Final = (".parquet",)
_ARROW: Final = (".arrow", ".feather", ".ipc")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_TICK: Final = timedelta(microseconds=1)
_UNNAMED: Final = "a column without a name"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns of cells under their names; an empty cell is None.

    `rows` numbers the rows as the file does, so that a message can name one.
    """

    columns: dict[str, list[Any]]
    rows: list[int]

    def column(self, name: str) -> list[Any]:
        """Return a column, or raise ValueError with the nearest name."""
        if name not in self.columns:
            raise ValueError(f"no column {name!r}{did_you_mean(name, self.columns)}")
        return self.columns[name]


def read_sheet(path: FilePath, sheet: str | None = None) -> Sheet:
    """Return the cells of a file, whose kind its ending tells.

    Raises
    ------
    ValueError
        If there is no such file or sheet, or it is not a table.
    """
    ending = path.suffix.lower()
    if not path.is_file():
        raise ValueError(f"there is no file '{path}'")
    if sheet is not None and ending not in _EXCEL:
        raise ValueError(f"'{path}' is not an Excel file, so it has no sheets")
    try:
        if ending in _TEXT:
            return _read_text(path, _TEXT[ending])
        if ending in _EXCEL:
            return _read_excel(path, sheet)
        if ending in _PARQUET:
            return _from_arrow(pq.read_table(path))
        if ending in _ARROW:
            return _from_arrow(_read_arrow(path))
    except OSError as error:
        raise ValueError(f"'{path}' cannot be read: {error}") from None
    except pa.ArrowException as error:
        raise ValueError(f"'{path}' is not a readable table: {error}") from None
    known = ", ".join([*_TEXT, *_EXCEL, *_PARQUET, *_ARROW])
    raise ValueError(f"'{path}' has an ending that is not known; known: {known}")


def _read_text(path: FilePath, delimiter: str) -> Sheet:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"'{path}' is not text in UTF-8; save it as UTF-8") from None
    header = text.partition("\n")[0]
    if delimiter not in header and ";" in header:
        delimiter = ";"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, list[Any]]] = []
    try:
        for cells in reader:
            lines.append((reader.line_num, [cell.strip() or None for cell in cells]))  # noqa: PERF401
    except csv.Error as error:
        raise ValueError(f"'{path}', line {reader.line_num}: {error}") from None
    return _from_lines(path, lines)


def _read_excel(path: FilePath, sheet: str | None) -> Sheet:
    import openpyxl

    with warnings.catch_warnings():
        # It warns of styles and of extensions that hold no cells.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception as error:
            # A damaged file fails in the zip, the XML or the library itself.
            raise ValueError(f"'{path}' is not a readable Excel file: {error}") from None
        try:
            if sheet is not None and sheet not in book.sheetnames:
                raise ValueError(f"no sheet {sheet!r}{did_you_mean(sheet, book.sheetnames)}")
            cells = book[sheet if sheet is not None else book.sheetnames[0]]
            lines = [
                (number, [_excel_cell(cell) for cell in row])
                for number, row in enumerate(cells.iter_rows(values_only=True), 1)
            ]
        finally:
            book.close()
    return _from_lines(path, lines)


def _excel_cell(cell: Any) -> Any:
    return (cell.strip() or None) if isinstance(cell, str) else cell


def _from_lines(path: FilePath, lines: list[tuple[int, list[Any]]]) -> Sheet:
    filled = [(number, cells) for number, cells in lines if any(c is not None for c in cells)]
    if not filled:
        raise ValueError(f"'{path}' is empty; its first row must name the columns")
    names = [_UNNAMED if name is None else str(name) for name in filled[0][1]]
    while names[-1] == _UNNAMED:
        names.pop()
    columns: dict[str, list[Any]] = {}
    for name in names:
        if name in columns:
            raise ValueError(f"'{path}' has two columns named {name!r}")
        columns[name] = []
    for number, cells in filled[1:]:
        if any(cell is not None for cell in cells[len(names) :]):
            raise ValueError(f"'{path}', row {number}: more cells than the {len(names)} columns")
        padded = [*cells, *[None] * (len(names) - len(cells))]
        for name, cell in zip(names, padded, strict=False):
            columns[name].append(cell)
    return Sheet(columns, [number for number, _ in filled[1:]])


def _read_arrow(path: FilePath) -> pa.Table:
    try:
        return pa.ipc.open_file(path).read_all()
    except pa.ArrowInvalid:
        return pa.ipc.open_stream(path).read_all()


def _from_arrow(table: pa.Table) -> Sheet:
    columns: dict[str, list[Any]] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_duration(column.type):
            column = column.cast(pa.duration("us"), safe=False)
        if name in columns:
            raise ValueError(f"two columns are named {name!r}")
        columns[name] = [_arrow_cell(cell) for cell in column.to_pylist()]
    return Sheet(columns, list(range(1, table.num_rows + 1)))


def _arrow_cell(cell: Any) -> Any:
    # pandas writes an empty cell of a column of numbers as NaN.
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def number_in(cell: Any) -> float:
    """Return the number in a cell, whole where it is written so, or raise ValueError."""
    if isinstance(cell, str) and _NUMBER.fullmatch(cell):
        cell = int(cell) if cell.lstrip("+-").isdigit() else float(cell)
    if isinstance(cell, Decimal):
        cell = float(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
        raise ValueError(f"must be a number, got {_quoted(cell)}")
    return cell


def ticks_in(cell: Any, unit: int) -> int:
    """Return the duration in a cell, where a bare number counts `unit` ticks."""
    if isinstance(cell, timedelta):
        ticks = cell // _TICK
    elif isinstance(cell, str) and not _NUMBER.fullmatch(cell):
        ticks = parse_duration(cell)
    else:
        # As written, so that 0.1 s is 100,000 us and not a hair less.
        exact = Fraction(str(number_in(cell))) * unit
        ticks = math.floor(exact + Fraction(1, 2))
    if ticks < 0:
        raise ValueError(f"must not be negative, got {_quoted(cell)}")
    if ticks > LONGEST:
        raise ValueError(f"{_quoted(cell)} is too long; the longest duration is 285 years")
    return ticks


def clock_in(cell: Any) -> int:
    """Return the time of day in a cell: ``07:30``, a duration since midnight, or an Excel time."""
    if isinstance(cell, time):
        whole = (cell.hour * 60 + cell.minute) * 60 + cell.second
        return whole * 1_000_000 + cell.microsecond
    if isinstance(cell, timedelta) and timedelta(0) <= cell <= timedelta(days=1):
        return int(cell // _TICK)
    if isinstance(cell, float) and 0.0 <= cell <= 1.0:
        # Excel holds a time of day as a share of the day.
        return math.floor(cell * DAY + 0.5)
    if isinstance(cell, str):
        return parse_clock(cell)
    raise ValueError(f"must be a time of day such as 07:30, got {_quoted(cell)}")


def _quoted(cell: Any) -> str:
    return "an empty cell" if cell is None else f"'{cell}'"
