"""What is to be made: cells of (scenarios, replications), in order, and what each counts for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from journeysim.engine.engine_choice import Engine
from journeysim.engine.extension import Extension
from journeysim.engine.replication import Prepared, run_into
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.tables.replication_sink import Kept, MemorySink, OpenSink
from journeysim.tables.run import Replication, Run
from journeysim.types import ReportShare

#: What the compiled engine has to be compiled for.
Model = tuple[FlatModel, Names]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by number, which one worker each makes.

    Attributes
    ----------
    missing
        Numbers of the cells that are to be made, in their order.
    cells
        How many there are in all, those that are there already included.
    total
        What all cells count for in the progress, in replications or cells.
    size
        What a cell counts for; by default 1.
    """

    missing: Sequence[int]
    cells: int
    total: int
    size: Callable[[int], int] = lambda _: 1

    @property
    def done(self) -> int:
        """What the cells that are there already count for."""
        return self.total - sum(map(self.size, self.missing))

    @property
    def usual_size(self) -> float:
        """What a cell counts for, over all."""
        return self.total / max(self.cells, 1)


def grid_of(numbers: Sequence[int], *, total: int | None = None) -> Grid:
    """Return a grid of cells of one replication each, of which some may be there already."""
    count = len(numbers) if total is None else total
    return Grid(numbers, count, count)


class ReplicationSource(Protocol):
    """Where replications of a scenario come from."""

    def replication(self, number: int, report: ReportShare) -> Replication:
        """Return a replication, and report the share of it that is made."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A scenario that is simulated under a seed.

    Attributes
    ----------
    prepared, seed, engine, extension
        What the bytes depend on, and who makes them.
    """

    prepared: Prepared
    seed: int
    engine: Engine
    extension: Extension | None = None

    @property
    def models(self) -> list[Model]:
        """What has to be compiled for it."""
        if self.engine != "compiled":
            return []
        return [(self.prepared.model, self.prepared.names)]

    def replication(self, number: int, report: ReportShare) -> Replication:
        """Make a replication, in memory."""
        return self.into(MemorySink, number, report)

    def into(self, sink: OpenSink[Kept], number: int, report: ReportShare) -> Kept:
        """Make a replication into a sink, and return what that keeps."""
        return run_into(
            sink,
            self.prepared,
            seed=self.seed,
            replication=number,
            engine=self.engine,
            extension=self.extension,
            progress=report,
        )


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run that is there already, as a source of replications."""

    run: Run

    def replication(self, number: int, report: ReportShare) -> Replication:
        """Read a replication."""
        report(0.0)
        return self.run.replication(number)


def part_of(report: ReportShare, place: int, count: int) -> ReportShare:
    """Return what takes the share done of one of several things, and reports that of all."""
    return lambda share: report((place + share) / count)
