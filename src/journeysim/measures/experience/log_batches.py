"""Logs from outside, batch by batch: CSV, Parquet and Arrow files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from journeysim.errors import RunError

_TABBED = (".tsv", ".tab")
_TEXT = (".csv", *_TABBED)
_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc", ".arrows")


def log_batches(path: str | Path) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a log, few of which are in memory at a time.

    Raises
    ------
    RunError
        If the file is missing, is not what its name says, or changes its types half way.
    """
    place = Path(path)
    if not place.is_file():
        raise RunError(f"{place}: there is no such file")
    endings = [ending.lower() for ending in place.suffixes if ending.lower() not in (".gz", ".bz2")]
    ending = endings[-1] if endings else ""
    readers = {_TEXT: _read_text, _PARQUET: _read_parquet, _ARROW: _read_arrow}
    for known, reader in readers.items():
        if ending in known:
            try:
                yield from reader(place)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
                first = str(error).splitlines()[0]
                raise RunError(f"{place}: cannot be read as {ending[1:]} ({first})") from error
            return
    raise RunError(
        f"{place}: a log is a file in CSV (.csv, .tsv), Parquet (.parquet) or Arrow (.arrow); "
        "rename it by what it holds"
    )


def _read_text(place: Path) -> Iterator[pa.RecordBatch]:
    from pyarrow import csv

    tabbed = any(ending.lower() in _TABBED for ending in place.suffixes)
    options = csv.ParseOptions(delimiter="\t") if tabbed else _delimiter(place)
    # Long blocks: the types of all are those of the first.
    reading = csv.ReadOptions(block_size=1 << 24)
    with pa.input_stream(str(place)) as source:
        yield from csv.open_csv(source, read_options=reading, parse_options=options)


def _delimiter(place: Path) -> object:
    from pyarrow import csv

    with pa.input_stream(str(place)) as source:
        head = source.read(1 << 14).decode("utf-8", errors="replace").splitlines()
    first = head[0] if head else ""
    semicolons = first.count(";") > first.count(",")
    return csv.ParseOptions(delimiter=";" if semicolons else ",")


def _read_parquet(place: Path) -> Iterator[pa.RecordBatch]:
    from pyarrow import parquet

    with parquet.ParquetFile(place, memory_map=True) as source:
        yield from source.iter_batches(batch_size=1 << 18)


def _read_arrow(place: Path) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(place)) as source:
        try:
            file = pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            yield from pa.ipc.open_stream(source)
            return
        for number in range(file.num_record_batches):
            yield file.get_batch(number)
