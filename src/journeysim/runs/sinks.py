"""What is kept of a replication: files, tables in memory, or sums alone.

What is not asked for is not stored: a sink takes the batches as an engine makes them, and lets go
of what it does not keep.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

import pyarrow as pa

from journeysim.measures.service.replication_sums import Sums
from journeysim.measures.service.tallied_sums import TalliedSums
from journeysim.runs.grid import Simulation
from journeysim.tables.replication_files import ReplicationWriter
from journeysim.tables.run import Keep, Replication, TableName
from journeysim.types import ReportShare

Tallied_co = TypeVar("Tallied_co", covariant=True)
Tallied = TypeVar("Tallied")
#: Tables that are kept of a run whose contacts are not.
WITHOUT_CONTACTS: tuple[TableName, ...] = ("journeys", "intervals")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some journeys of a replication with their contacts, or its intervals at the end.

    Attributes
    ----------
    journeys, contacts, intervals
        Record batches, only of the tables that are taken; their memory is used again afterwards.
    first_row
        Row of the first contact among all contacts of the replication.
    """

    journeys: pa.RecordBatch | None = None
    contacts: pa.RecordBatch | None = None
    intervals: pa.RecordBatch | None = None
    first_row: int = 0


class Tally(Protocol[Tallied_co]):
    """Sums up a replication, piece by piece."""

    @property
    def takes(self) -> Collection[TableName]:
        """Tables that it looks at; the others are not even made."""

    def add(self, piece: Piece) -> None:
        """Add what a piece says."""

    def result(self) -> Tallied_co:
        """Return the sums."""


class TallySink(Generic[Tallied]):
    """Gives batches to a tally as they come, and drops them: memory holds one batch.

    Parameters
    ----------
    tally
        Sums up this one replication.
    """

    keeps_batches = False

    def __init__(self, tally: Tally[Tallied]) -> None:
        self._tally = tally
        self.takes = tally.takes
        self._contacts: pa.RecordBatch | None = None
        self._rows = 0

    def begin(self, name: TableName, layout: pa.Schema) -> None:
        """Do nothing: batches know their schema."""

    def write(self, name: TableName, batch: pa.RecordBatch) -> None:
        """Give a piece to the tally: journeys with the contacts that came before them."""
        if name == "intervals":
            self._tally.add(Piece(intervals=batch, first_row=self._rows))
        elif name == "contacts" and "journeys" in self.takes:
            self._contacts = batch
        elif name == "contacts":
            self._tally.add(Piece(contacts=batch, first_row=self._rows))
            self._rows += batch.num_rows
        else:
            self._tally.add(Piece(batch, self._contacts, first_row=self._rows))
            self._rows += 0 if self._contacts is None else self._contacts.num_rows
            self._contacts = None

    def finish(self) -> Tallied:
        """Return the sums."""
        return self._tally.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._contacts = None


@dataclass(slots=True)
class KeptReplication:
    """What is kept of a replication of a run.

    Attributes
    ----------
    tables
        Those that are kept in memory.
    sums
        Of the service measures, by breakdown, where contacts are not kept.
    seconds
        That it took.
    """

    tables: Replication | None = None
    sums: Mapping[tuple[str, ...], Sums] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunSink:
    """Keeps the replications of a run: files in a directory, tables in memory, sums.

    Attributes
    ----------
    directory
        None for memory.
    keep
        Which tables.
    tallies
        What sums up the service measures where contacts are not kept.
    """

    directory: Path | None
    keep: Keep
    tallies: TalliedSums | None = None

    def take(self, simulation: Simulation, number: int, report: ReportShare) -> KeptReplication:
        """Have a replication made, and keep what is asked for."""
        directory = self.directory
        if self.keep != "all":
            return self._parts(simulation.replication(number, report))
        if directory is None:
            return KeptReplication(simulation.replication(number, report))
        simulation.into(lambda each: ReplicationWriter(each, directory), number, report)
        return KeptReplication()

    def _parts(self, whole: Replication) -> KeptReplication:
        """Sum up a replication that is in memory, and keep some of its tables."""
        sums = {} if self.tallies is None else self.tallies.sums(whole)
        if self.keep == "none":
            return KeptReplication(sums=sums)
        if self.directory is None:
            tables = Replication(whole.number, whole.journeys, intervals=whole.intervals)
            return KeptReplication(tables, sums)
        with ReplicationWriter(whole.number, self.directory, WITHOUT_CONTACTS) as writer:
            for name in WITHOUT_CONTACTS:
                table: pa.Table = getattr(whole, name)
                writer.begin(name, table.schema)
                for batch in table.to_batches():
                    writer.write(name, batch)
            writer.finish()
        return KeptReplication(sums=sums)
