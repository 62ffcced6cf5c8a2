"""What takes the tables of one replication from an engine, batch by batch, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import TracebackType
from typing import Protocol, Self, TypeVar

import pyarrow as pa

from journeysim.tables.run import TABLES, Replication, TableName

Kept_co = TypeVar("Kept_co", covariant=True)
Kept = TypeVar("Kept")


class Sink(Protocol[Kept_co]):
    """Takes the tables of one replication; left by an error, it keeps nothing.

    Journeys come right after their contacts, in batches of as many whole journeys; the intervals
    come at the end.

    Attributes
    ----------
    takes
        Tables that it wants; the others are not even made.
    keeps_batches
        Whether it looks at a batch after `write`: the engine then leaves its memory alone.
    """

    @property
    def takes(self) -> Collection[TableName]:
        """Names of the tables."""

    @property
    def keeps_batches(self) -> bool:
        """Whether written batches stay in memory, and with them the arrays they look at."""

    def begin(self, name: TableName, layout: pa.Schema) -> None:
        """Take note of the schema of a table."""

    def write(self, name: TableName, batch: pa.RecordBatch) -> None:
        """Take a batch of a table."""

    def finish(self) -> Kept_co:
        """Complete the replication, and return what is kept of it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


#: Opens a sink for the replication of a number.
OpenSink = Callable[[int], Sink[Kept]]


class MemorySink:
    """Keeps tables in memory.

    Parameters
    ----------
    number
        Of the replication.
    takes
        The tables to keep.
    """

    keeps_batches = True

    def __init__(self, number: int, takes: Collection[TableName] = TABLES) -> None:
        self.number = number
        self.takes = takes
        self._held: dict[str, list[pa.RecordBatch]] = {}
        self._schemas: dict[str, pa.Schema] = {}

    def begin(self, name: TableName, layout: pa.Schema) -> None:
        """Take note of the schema of a table."""
        self._schemas[name] = layout
        self._held[name] = []

    def write(self, name: TableName, batch: pa.RecordBatch) -> None:
        """Keep a batch of a table."""
        self._held[name].append(batch)

    def finish(self) -> Replication:
        """Return the tables."""
        tables = {
            name: pa.Table.from_batches(held, self._schemas[name])
            for name, held in self._held.items()
        }
        return Replication(self.number, **tables)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.clear()
