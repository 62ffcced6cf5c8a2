"""Customers given one by one: a file with a row each, normalised for the engines."""

from __future__ import annotations

import functools
import re
from pathlib import Path as FilePath
from typing import Any, Final

import pyarrow as pa

from journeysim.errors import Problem, ScenarioError, did_you_mean
from journeysim.scenario.reading.sheets import Sheet, clock_in, read_sheet, ticks_in
from journeysim.units import SECOND

#: Words of the columns next_1, next_2 ... that are not channels.
ENDINGS: Final = ("give_up", "lost")
_WORDS: Final = ("segment", "need", "channel")
_PER_CONTACT: Final = {
    "patience": pa.int64(),
    "talk": pa.int64(),
    "wrap_up": pa.int64(),
    "delay": pa.int64(),
    "resolved": pa.int8(),
    "next": pa.string(),
}
_NUMBERED: Final = re.compile(r"(.+)_([1-9]\d{0,4})")
_YES: Final = ("1", "1.0", "true", "yes")
_NO: Final = ("0", "0.0", "false", "no")
_MOST_CONTACTS: Final = 1000
#: A file of which every row is wrong is described by its first few.
_MOST_PROBLEMS: Final = 20


def read_trace(path: str | FilePath, sheet: str | None = None, unit: int = SECOND) -> pa.Table:
    """Return the customers of a CSV, Excel, Parquet or Arrow file, in the order of its rows.

    Columns: `arrival` (int64 ticks); `segment`, `need`, `channel` (strings); and for contact
    k = 1, 2, ... `patience_k`, `talk_k`, `wrap_up_k`, `delay_k` (int64 ticks), `resolved_k`
    (int8, 0 or 1), `next_k` (string: a channel, ``give_up`` or ``lost``). Only the columns of the
    file are there; an empty cell is null.

    Parameters
    ----------
    unit
        What a bare number counts, ticks.

    Raises
    ------
    ScenarioError
        If the file cannot be read or holds what a trace cannot.
    """
    file = FilePath(path)
    try:
        stamp = file.stat().st_mtime_ns, file.stat().st_size
    except OSError:
        stamp = 0, 0
    return _read(file, sheet, unit, stamp)


@functools.lru_cache(maxsize=4)
def _read(file: FilePath, sheet: str | None, unit: int, stamp: tuple[int, int]) -> pa.Table:
    # `stamp` only makes a file that has changed another key of the cache.
    try:
        cells = read_sheet(file, sheet)
    except ValueError as error:
        raise ScenarioError(str(file), [Problem("", str(error))]) from None
    problems = [
        Problem(name, f"unknown column{did_you_mean(name, _known())}")
        for name in cells.columns
        if _type(name) is None
    ]
    if "arrival" not in cells.columns:
        problems.append(Problem("arrival", "the column is missing"))
    columns = {}
    for name in cells.columns:
        if (kind := _type(name)) is not None:
            values = _values(name, cells, unit, problems)
            columns[name] = pa.array(values, kind) if not problems else None
    if problems:
        raise ScenarioError(str(file), _first(problems))
    return pa.table(columns)


def _known() -> list[str]:
    return ["arrival", *_WORDS, *(f"{name}_1" for name in _PER_CONTACT)]


def _type(name: str) -> pa.DataType | None:
    if name == "arrival":
        return pa.int64()
    if name in _WORDS:
        return pa.string()
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None or int(numbered.group(2)) > _MOST_CONTACTS:
        return None
    return _PER_CONTACT.get(numbered.group(1))


def _values(name: str, cells: Sheet, unit: int, problems: list[Problem]) -> list[Any]:
    values = []
    for row, cell in zip(cells.rows, cells.columns[name], strict=True):
        try:
            values.append(_value(name, cell, unit))
        except ValueError as error:
            problems.append(Problem(f"row {row}, {name}", str(error)))
    return values


def _value(name: str, cell: Any, unit: int) -> Any:
    if name == "arrival":
        if cell is None:
            raise ValueError("must not be empty")
        return clock_in(cell) if isinstance(cell, str) and ":" in cell else ticks_in(cell, unit)
    if cell is None:
        return None
    kind = _type(name)
    if kind == pa.string():
        return str(cell)
    if kind == pa.int8():
        return _flag(cell)
    return ticks_in(cell, unit)


def _flag(cell: Any) -> int:
    word = str(cell).lower()
    if word not in (*_YES, *_NO):
        raise ValueError(f"must be 0 or 1, got '{cell}'")
    return int(word in _YES)


def _first(problems: list[Problem]) -> list[Problem]:
    more = len(problems) - _MOST_PROBLEMS
    rest = [Problem("", f"and {more} more")] if more > 0 else []
    return [*problems[:_MOST_PROBLEMS], *rest]
