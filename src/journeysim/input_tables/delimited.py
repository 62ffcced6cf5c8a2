"""Text files of cells: which encoding, which delimiter, where the header stands."""

from __future__ import annotations

import csv as plain_csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from journeysim.errors import LogError
from journeysim.input_tables.input_table import InputTable
from journeysim.input_tables.total_rows import is_total

_DELIMITERS: Final = (",", ";", "\t", "|")
#: Rows that are looked at to find delimiter and header, and the most that they take.
_HEAD_ROWS: Final = 60
_HEAD_BYTES: Final = 1 << 18
#: Share of Latin letters, digits and signs in a text of two bytes each, at the least.
_MOSTLY: Final = 0.7
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_EMPTY: Final = ("", "NULL", "null", "None", "NaN", "nan", "N/A", "n/a", "#N/A", "-")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a text is cut into cells.

    Attributes
    ----------
    delimiter
        Between cells.
    names
        Of columns, as the header has them.
    first_line, last_line
        Of the header, from 1; a heading may hold a line end.
    """

    delimiter: str
    names: list[str]
    first_line: int
    last_line: int


def read_delimited(path: Path) -> InputTable:
    """Read a text file; every cell stays text.

    Raises
    ------
    LogError
        If the text cannot be decoded, has no header, or a row has too many or too few cells.
    """
    with pa.input_stream(str(path), compression="detect") as source:
        content, notes = _in_utf8(source.read(), path.name)
    form = _form_of(content[:_HEAD_BYTES].decode("utf-8", errors="ignore"), path.name)
    _refuse_repeated_names(form.names, path.name)
    above = form.first_line - 1
    if above:
        notes.append(f"{path.name}: {above} lines above the header are no data")
    content, left_out = _without_totals(content, form, path.name)
    table, odd = _cells(content, form)
    if odd:
        number, cells = odd[0]
        raise LogError(
            f"{path.name}, row {number}: {cells} cells where the header has {len(form.names)}; "
            "mend the row, or put the cell that holds a delimiter in quotes"
        )
    numbers = np.arange(table.num_rows, dtype=np.int64) + form.last_line + 1
    columns = dict(zip(table.column_names, table.columns, strict=True))
    filled = _filled(table)
    if not filled.all():
        # Spreadsheets leave rows of delimiters alone behind.
        columns = {name: column.filter(pa.array(filled)) for name, column in columns.items()}
        numbers = numbers[filled]
    return InputTable(path.name, columns, numbers, [(path.name, 0)], left_out, notes)


def _filled(table: pa.Table) -> NDArray[np.bool_]:
    """Return which rows hold anything."""
    found = np.zeros(table.num_rows, bool)
    for column in table.columns:
        if column.null_count == 0:
            return np.ones(table.num_rows, bool)
        found |= pc.is_valid(column).to_numpy()
    return found


def _in_utf8(content: bytes, source: str) -> tuple[bytes, list[str]]:
    """Return the text in UTF-8, and a note where its encoding had to be found out."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            content = _reencoded(content, encoding, source)
            break
    if not content.strip():
        raise LogError(f"{source}: is empty; its first row must name the columns")
    sample = content[:_HEAD_BYTES]
    if b"\x00" in sample:
        return _reencoded(content, _two_byte_encoding(sample, source), source), []
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return content, []
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    encoding = "cp1252" if best is None else best.encoding
    if encoding.startswith(("cp12", "latin", "iso8859")):
        # A single byte per sign is what Western spreadsheets write; nothing tells its kinds apart.
        encoding = "cp1252"
    note = f"{source}: read as {encoding}, for it is not UTF-8"
    return _reencoded(content, encoding, source), [note]


def _two_byte_encoding(sample: bytes, source: str) -> str:
    """Return the encoding of a text whose signs mostly have a zero byte each."""
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > _MOSTLY * len(zeros):
            return encoding
    raise LogError(f"{source}: is no text; a table is CSV, Excel, Parquet or Arrow")


def _reencoded(content: bytes, encoding: str, source: str) -> bytes:
    try:
        return content.decode(encoding).encode()
    except UnicodeDecodeError:
        if encoding == "cp1252":
            return content.decode("latin-1").encode()
        raise LogError(
            f"{source}: begins as {encoding} and does not go on so; save it as UTF-8"
        ) from None


def _form_of(head: str, source: str) -> _Form:
    """Return delimiter and header, which the first lines show."""
    first = head.partition("\n")[0].strip('\r" ')
    has_told = first.lower().startswith("sep=") and len(first) >= 5
    candidates = (first[4],) if has_told else _DELIMITERS
    best = max(candidates, key=lambda delimiter: _regularity(head, delimiter))
    rows = [row for row in _rows(head, best) if row[2] and not (has_told and row[0] == 1)]
    if not rows:
        raise LogError(f"{source}: is empty; its first row must name the columns")
    width = Counter(len(cells) for _, _, cells in rows).most_common(1)[0][0]
    begin, end, cells = next(row for row in rows if len(row[2]) == width)
    return _Form(best, _own_names([cell.strip() for cell in cells]), begin, end)


def _regularity(head: str, delimiter: str) -> tuple[int, int]:
    counts = Counter(len(cells) for _, _, cells in _rows(head, delimiter) if len(cells) > 1)
    if not counts:
        return 0, 0
    width, rows_of_it = counts.most_common(1)[0]
    return rows_of_it, width


def _rows(head: str, delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Return first line, last line and cells of the first rows; an empty row has no cells."""
    reader = plain_csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    found, begin = [], 1
    try:
        for cells in islice(reader, _HEAD_ROWS):
            is_filled = any(cell.strip() for cell in cells)
            found.append((begin, reader.line_num, cells if is_filled else []))
            begin = reader.line_num + 1
    except plain_csv.Error:
        # What stands behind a cell that never ends shows no form.
        return found
    return found


def _without_totals(content: bytes, form: _Form, source: str) -> tuple[bytes, list[str]]:
    """Return the text without rows of totals at its end."""
    left_out: list[str] = []
    while True:
        stripped = content.rstrip(b"\r\n \t" if form.delimiter != "\t" else b"\r\n ")
        begin = max(stripped.rfind(b"\n"), stripped.rfind(b"\r")) + 1
        last = stripped[begin:].decode(errors="replace")
        cells = next((cells for _, _, cells in _rows(last, form.delimiter)), [])
        if begin == 0 or (cells and not is_total(cells)):
            return content, left_out
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
        options = csv.ReadOptions(
            use_threads=threads, skip_rows=form.last_line, column_names=form.names
        )
        parse = csv.ParseOptions(
            delimiter=form.delimiter, newlines_in_values=True, invalid_row_handler=note
        )
        convert = csv.ConvertOptions(
            column_types=dict.fromkeys(form.names, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=list(_EMPTY),
        )
        if not content.strip() or content.count(b"\n") < form.last_line:
            return pa.table({name: pa.array([], pa.string()) for name in form.names})
        return csv.read_csv(
            io.BytesIO(content), read_options=options, parse_options=parse, convert_options=convert
        )

    table = read(threads=True)
    if odd:
        # Numbers of rows are known to one thread only.
        table = read(threads=False)
    return table, [(row.number or 0, row.actual_columns) for row in odd]


def _own_names(names: list[str]) -> list[str]:
    """Return the names of columns, where those without a name get one."""
    return [name or f"column {place + 1}" for place, name in enumerate(names)]


def _refuse_repeated_names(names: list[str], source: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise LogError(f"{source}: {times} columns are named {name!r}; rename all but one")
