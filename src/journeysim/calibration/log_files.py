"""Reading a log's columns: CSV, Parquet and Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from journeysim.errors import LogError

_TEXT = (".csv", ".tsv", ".txt")
_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc")
#: Day before month where dots part them, as all of Europe writes; slashes are ambiguous. Two
#: digits of the year first: four digits would read 9.3.10 as the year 10.
_DAY_FIRST = ("%d.%m.%y %H:%M:%S", "%d.%m.%y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")


def log_columns(path: Path) -> list[str]:
    """Return the names of a log's columns.

    Raises
    ------
    LogError
        If the file is missing or is not what its name says.
    """
    return [str(name) for name in _read(path, None, None).schema.names]


def read_columns(path: Path, names: Sequence[str], time_format: str | None) -> pa.Table:
    """Return some columns of a log.

    Raises
    ------
    LogError
        If the file is missing or is not what its name says.
    """
    return _read(path, list(names), time_format)


def _read(path: Path, names: list[str] | None, time_format: str | None) -> pa.Table:
    if not path.is_file():
        raise LogError(f"{path}: there is no such file")
    ending = path.suffix.lower()
    try:
        if ending in _TEXT:
            return _read_text(path, names, time_format)
        if ending in _PARQUET:
            if names is None:
                return parquet.read_schema(path).empty_table()
            return parquet.read_table(path, columns=names)
        if ending in _ARROW:
            with pa.memory_map(str(path)) as source:
                table = pa.ipc.open_file(source).read_all()
            return table if names is None else table.select(names)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        first = str(error).splitlines()[0]
        raise LogError(f"{path}: cannot be read as {ending[1:]} ({first})") from error
    raise LogError(
        f"{path}: a log is a file in CSV (.csv, .tsv), Parquet (.parquet) or Arrow (.arrow)"
    )


def _read_text(path: Path, names: list[str] | None, time_format: str | None) -> pa.Table:
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.readline()
    delimiter = max((",", ";", "\t"), key=head.count)
    parse = csv.ParseOptions(delimiter=delimiter)
    if names is None:
        with csv.open_csv(path, parse_options=parse) as reader:
            return reader.schema.empty_table()
    parsers = [time_format] if time_format else [csv.ISO8601, *_DAY_FIRST]
    convert = csv.ConvertOptions(
        include_columns=names,
        timestamp_parsers=parsers,
        auto_dict_encode=True,
        auto_dict_max_cardinality=1000,
    )
    return csv.read_csv(path, parse_options=parse, convert_options=convert)
