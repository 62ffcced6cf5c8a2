"""The journeys of files that are larger than memory, piece by piece.

A mapped file costs no memory of its own, but the pages that were looked at count as the process's
until the map is closed. So a file is reopened every few batches, and read from beginning to end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from journeysim.errors import RunError
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.measures.experience.run_source import PIECE, by_batches, offsets_of

#: Batches of a file that are mapped at once: some hundred megabytes.
AT_ONCE = 32


def pieces_of_files(
    contacts: Path, journeys: Path, *, columns: Sequence[str] | None = None, piece: int = PIECE
) -> Iterator[JourneyColumns]:
    """Yield the journeys of the files of a replication in pieces, as `pieces_of` does.

    Raises
    ------
    RunError
        If a file cannot be read, or the rows of the contacts are not where the journeys say.
    """
    ahead, row = _Ahead(contacts, columns), 0
    for batch in batches_of_file(journeys):
        for start in range(0, batch.num_rows, piece):
            part = batch.slice(start, piece)
            offsets = offsets_of(part, row)
            held, begin = ahead.rows(row, int(offsets[-1]))
            row = int(offsets[-1])
            ends = begin + np.cumsum([each.num_rows for each in held], dtype=np.int64)
            yield from by_batches(held, ends, part, offsets)


def batches_of_file(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield the batches of an Arrow file, few of which are mapped at a time.

    Raises
    ------
    RunError
        If the file cannot be read.
    """
    first, count = 0, 1
    try:
        while first < count:
            with pa.memory_map(str(path)) as source:
                reader = pa.ipc.open_file(source)
                count = reader.num_record_batches
                for number in range(first, min(first + AT_ONCE, count)):
                    yield reader.get_batch(number)
            first += AT_ONCE
    except (OSError, pa.ArrowInvalid) as error:
        raise RunError(
            f"{path}: not a readable Arrow file ({error}); delete it and run again"
        ) from error


class FileTable:
    """A table in an Arrow file, of which little is mapped at a time: read from beginning to end.

    It has as much of a `pyarrow.Table` as summaries of scores need.
    """

    def __init__(self, path: Path, columns: Sequence[str] | None = None) -> None:
        self._path = path
        self._columns = columns
        with pa.memory_map(str(path)) as source:
            self.schema: pa.Schema = pa.ipc.open_file(source).schema

    @property
    def num_rows(self) -> int:
        """Rows of the file."""
        return sum(batch.num_rows for batch in batches_of_file(self._path))

    def select(self, columns: Sequence[str]) -> FileTable:
        """Return the table with some of its columns."""
        return FileTable(self._path, columns)

    def to_batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """Yield batches of at most so many rows."""
        for batch in batches_of_file(self._path):
            part = batch if self._columns is None else batch.select(list(self._columns))
            for first in range(0, part.num_rows, rows):
                yield part.slice(first, rows)


class _Ahead:
    """The batches of the contacts around the rows that are asked for, which only ever rise."""

    def __init__(self, path: Path, columns: Sequence[str] | None) -> None:
        self._source = batches_of_file(path)
        self._columns = columns
        self._held: deque[pa.RecordBatch] = deque()
        self._begin = 0
        self._end = 0

    def rows(self, first: int, last: int) -> tuple[list[pa.RecordBatch], int]:
        """Return the batches with the rows from `first` to before `last`, and the row they begin.

        Raises
        ------
        RunError
            If there are fewer rows.
        """
        while self._held and self._begin + self._held[0].num_rows <= first:
            self._begin += self._held.popleft().num_rows
        while self._end < last:
            batch = next(self._source, None)
            if batch is None:
                raise RunError("contacts are missing; run the scenario again")
            if self._columns is not None:
                wanted = self._columns
                batch = batch.select([name for name in batch.schema.names if name in wanted])
            self._end += batch.num_rows
            self._held.append(batch)
        return list(self._held), self._begin
