"""Which kind of file a table stands in, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from journeysim.errors import LogError
from journeysim.input_tables.delimited import read_delimited
from journeysim.input_tables.input_table import InputTable, joined
from journeysim.input_tables.workbooks import read_workbook

_TEXT: Final = (".csv", ".tsv", ".tab", ".txt")
_WORKBOOK: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_PARQUET: Final = (".parquet", ".pq")
_ARROW: Final = (".arrow", ".feather", ".ipc", ".arrows")
_PACKED: Final = (".gz", ".bz2")


def read_tables(paths: Sequence[Path], *, sheet: str | None = None) -> InputTable:
    """Read one table from one or several files with the same columns.

    Raises
    ------
    LogError
        If a file is missing, is not what its name says, or their columns differ.
    """
    return joined([read_table(path, sheet=sheet) for path in paths])


def read_table(path: Path, *, sheet: str | None = None) -> InputTable:
    """Read a file, whose kind its ending tells.

    Raises
    ------
    LogError
        If it is missing or is not what its name says.
    """
    if not path.is_file():
        raise LogError(f"{path}: there is no such file")
    endings = [ending.lower() for ending in path.suffixes]
    ending = next((own for own in reversed(endings) if own not in _PACKED), "")
    if sheet is not None and ending not in _WORKBOOK:
        raise LogError(f"{path}: has no sheets, for it is no workbook")
    try:
        if ending in _TEXT:
            return read_delimited(path)
        if ending in _WORKBOOK:
            return read_workbook(path, sheet)
        if ending in _PARQUET:
            return _of_arrow(parquet.read_table(path), path.name)
        if ending in _ARROW:
            return _of_arrow(_read_arrow(path), path.name)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        first = str(error).splitlines()[0]
        raise LogError(f"{path}: cannot be read as {ending[1:]} ({first})") from error
    raise LogError(
        f"{path}: a table is a file in CSV (.csv, .tsv), Excel (.xlsx, .xls, .ods), Parquet "
        "(.parquet) or Arrow (.arrow); rename it by what it holds"
    )


def _read_arrow(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        try:
            return pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            return pa.ipc.open_stream(source).read_all()


def _of_arrow(table: pa.Table, source: str) -> InputTable:
    numbers = np.arange(1, table.num_rows + 1, dtype=np.int64)
    columns = dict(zip(table.column_names, table.columns, strict=True))
    return InputTable(source, columns, numbers, [(source, 0)])
