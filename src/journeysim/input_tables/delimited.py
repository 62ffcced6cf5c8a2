"""Text files of cells: which encoding, which delimiter, where the header stands."""

from __future__ import annotations

import csv as plain_csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import csv

from journeysim.errors import LogError
from journeysim.input_tables.input_table import InputTable
from journeysim.input_tables.total_rows import is_total

_DELIMITERS: Final = (",", ";", "\t", "|")
#: Lines that are looked at to find delimiter and header.
_HEAD_LINES: Final = 60
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_EMPTY: Final = ("", "NULL", "null", "None", "NaN", "nan", "N/A", "n/a", "#N/A", "-")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a text is cut into cells: delimiter, and lines above the header."""

    delimiter: str
    skipped: int


def read_delimited(path: Path) -> InputTable:
    """Read a text file; every cell stays text.

    Raises
    ------
    LogError
        If the text cannot be decoded, has no header, or a row has too many or too few cells.
    """
    with pa.input_stream(str(path), compression="detect") as source:
        content = source.read()
    text, notes = _decoded(content, path.name)
    form = _form_of(text, path.name)
    if form.skipped:
        notes.append(f"{path.name}: {form.skipped} lines above the header are no data")
    data, left_out, totals = _without_totals(text.encode(), form, path.name)
    table, odd = _cells(data, form)
    if odd:
        number, cells = odd[0]
        raise LogError(
            f"{path.name}, row {number}: {cells} cells where the header has "
            f"{table.num_columns}; mend the row, or put the cell that holds a delimiter in quotes"
        )
    _refuse_repeated_names(table.column_names, path.name)
    numbers = np.arange(table.num_rows, dtype=np.int64) + form.skipped + 2
    del totals
    return InputTable(
        path.name,
        dict(zip(table.column_names, table.columns, strict=True)),
        numbers,
        [(path.name, 0)],
        left_out,
        notes,
    )


def _decoded(content: bytes, source: str) -> tuple[str, list[str]]:
    """Return the text, and a note where its encoding had to be found out."""
    if not content.strip():
        raise LogError(f"{source}: is empty; its first row must name the columns")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    sample = content[: 1 << 18]
    best = from_bytes(sample).best()
    # A single byte per sign is what Western spreadsheets write; nothing tells its kinds apart.
    encoding = (
        "cp1252"
        if best is None or best.encoding.startswith(("cp12", "latin", "iso8859"))
        else best.encoding
    )
    if b"\x00" in sample and best is None:
        raise LogError(f"{source}: is no text; a log is CSV, Excel, Parquet or Arrow")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
        encoding = "latin-1"
    return text, [f"{source}: read as {encoding}, for it is not UTF-8"]


def _form_of(text: str, source: str) -> _Form:
    """Return delimiter and header, which the first lines show."""
    lines = text[: 1 << 18].splitlines()[:_HEAD_LINES]
    told = 0
    if lines and lines[0].lower().strip('"').startswith("sep=") and len(lines[0].strip('"')) >= 5:
        told = 1
        candidates: tuple[str, ...] = (lines[0].strip('"')[4],)
    else:
        candidates = _DELIMITERS
    best = max(candidates, key=lambda delimiter: _regularity(lines[told:], delimiter))
    counts = [len(row) for row in _rows(lines[told:], best)]
    filled = [count for count in counts if count]
    if not filled:
        raise LogError(f"{source}: is empty; its first row must name the columns")
    width = Counter(filled).most_common(1)[0][0]
    header = next(place for place, count in enumerate(counts) if count == width)
    return _Form(best, told + header)


def _regularity(lines: list[str], delimiter: str) -> tuple[int, int]:
    counts = Counter(len(row) for row in _rows(lines, delimiter) if len(row) > 1)
    if not counts:
        return 0, 0
    width, lines_of_it = counts.most_common(1)[0]
    return lines_of_it, width


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        found = list(plain_csv.reader(lines, delimiter=delimiter))
    except plain_csv.Error:
        return []
    return [row if any(cell.strip() for cell in row) else [] for row in found]


def _without_totals(content: bytes, form: _Form, source: str) -> tuple[bytes, list[str], int]:
    """Return the text without rows of totals at its end."""
    left_out: list[str] = []
    while True:
        stripped = content.rstrip(b"\r\n \t" if form.delimiter != "\t" else b"\r\n ")
        begin = max(stripped.rfind(b"\n"), stripped.rfind(b"\r")) + 1
        last = stripped[begin:].decode(errors="replace")
        cells = next(iter(_rows([last], form.delimiter)), [])
        if begin == 0 or not (not cells or is_total(cells)):
            return content, left_out, len(left_out)
        if cells:
            left_out.append(f"{source}: the last row, {last[:60]!r}, is a total")
        content = stripped[:begin]


def _cells(content: bytes, form: _Form) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Return all cells as text, and the rows of another length: number and cells."""
    odd: list[csv.InvalidRow] = []

    def note(row: csv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    def read(*, threads: bool) -> pa.Table:
        odd.clear()
        names = next(
            plain_csv.reader(
                io.StringIO(content.decode().split("\n", form.skipped)[-1][: 1 << 16]),
                delimiter=form.delimiter,
            )
        )
        names = [name.strip() for name in names]
        options = csv.ReadOptions(
            use_threads=threads, skip_rows=form.skipped + 1, column_names=_own_names(names)
        )
        parse = csv.ParseOptions(
            delimiter=form.delimiter, newlines_in_values=True, invalid_row_handler=note
        )
        convert = csv.ConvertOptions(
            column_types=dict.fromkeys(_own_names(names), pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=list(_EMPTY),
        )
        return csv.read_csv(
            io.BytesIO(content), read_options=options, parse_options=parse, convert_options=convert
        )

    table = read(threads=True)
    if odd:
        # Numbers of rows are known to one thread only.
        table = read(threads=False)
    return table, [((row.number or 0) + form.skipped, row.actual_columns) for row in odd]


def _own_names(names: list[str]) -> list[str]:
    """Return the names of columns, where those without a name get one."""
    return [name or f"column {place + 1}" for place, name in enumerate(names)]


def _refuse_repeated_names(names: list[str], source: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise LogError(f"{source}: {times} columns are named {name!r}; rename all but one")
