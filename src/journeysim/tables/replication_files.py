"""Writing the tables of one replication: complete, or absent."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from journeysim.errors import RunError
from journeysim.tables.preallocation import Room
from journeysim.tables.run import TABLES, TableName, table_path

_BUFFER_BYTES = 1 << 18


class TableFile:
    """The Arrow file of a table while it is being written."""

    def __init__(self, path: Path, layout: pa.Schema) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A batch is half a hundred pieces, of which the small ones are written together.
        self._sink = pa.BufferedOutputStream(pa.OSFile(str(path), "wb"), _BUFFER_BYTES)
        self._room = Room(path)
        self._writer = pa.ipc.new_file(self._sink, layout)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch."""
        self._room.ask(self._sink.tell(), pa.ipc.get_record_batch_size(batch))
        self._writer.write_batch(batch)

    def close(self) -> None:
        """Write the end of the file; whatever happens, it is open no more."""
        try:
            self._writer.close()
        finally:
            self._room.close()
            self._sink.close()


class ReplicationWriter:
    """Streams the tables of one replication to files, which appear when all are complete.

    Used as a context manager: leaving it by an error removes what was begun.

    Parameters
    ----------
    number
        Of the replication.
    directory
        That of the run.
    takes
        The tables to write.
    """

    keeps_batches = False

    def __init__(self, number: int, directory: Path, takes: Collection[TableName] = TABLES) -> None:
        self.number = number
        self.directory = directory
        self.takes = takes
        self._open: dict[str, TableFile] = {}
        # Where each table that was begun is written, and what it is called when all are complete.
        self._paths: dict[str, tuple[Path, Path]] = {}

    def __enter__(self) -> Self:
        return self

    def begin(self, name: str, layout: pa.Schema) -> None:
        """Open a table with its schema."""
        path = table_path(self.directory, name, self.number)
        partial = path.with_name(f".{path.name}.partial")
        self._paths[name] = partial, path
        try:
            self._open[name] = TableFile(partial, layout)
        except OSError as error:
            raise RunError(f"{partial}: cannot be written ({error})") from error

    def write(self, name: str, batch: pa.RecordBatch) -> None:
        """Append a batch to a table."""
        try:
            self._open[name].write(batch)
        except OSError as error:
            raise RunError(f"{self._paths[name][0]}: cannot be written ({error})") from error

    def finish(self) -> None:
        """Complete all tables: rename the files."""
        try:
            for writer in self._open.values():
                writer.close()
            for partial, path in self._paths.values():
                partial.replace(path)
        except OSError as error:
            raise RunError(f"{self.directory}: cannot be written ({error})") from error
        self._open.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self._open.values():
            with contextlib.suppress(OSError, pa.ArrowInvalid):
                writer.close()
        if kind is not None:
            for partial, _ in self._paths.values():
                with contextlib.suppress(OSError):
                    partial.unlink()
