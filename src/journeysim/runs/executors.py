"""Who makes the cells of a grid: threads, processes, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeVar

from journeysim.engine.engine_choice import Engine
from journeysim.runs.grid import Model
from journeysim.runs.threads import processors
from journeysim.types import ReportShare

ExecutorName = Literal["threads", "processes", "dask"]
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)


class CellMaker(Protocol[Made_co]):
    """Makes the cells of a grid. In other processes each has its own, so it can be pickled."""

    @property
    def models(self) -> Sequence[Model]:
        """What the compiled engine is compiled for, before anything is made; maybe nothing."""

    def make(self, cell: int, report: ReportShare) -> Made_co:
        """Make a cell; calls `report` now and then, which is where it is stopped."""


class Executor(Protocol):
    """Makes cells, several at once."""

    def get_ready(self, maker: CellMaker[Made]) -> None:
        """Have what is to be compiled compiled, where that is this process's business."""

    def run(
        self,
        maker: CellMaker[Made],
        cells: Sequence[int],
        *,
        finished: Callable[[int, Made], None],
        progress: ReportShare,
    ) -> None:
        """Make cells until all are made or one fails.

        Parameters
        ----------
        finished
            Called with each that is made, in the caller's thread.
        progress
            Called with the summed shares of those under way, in the caller's thread.
        """


def usual_jobs(engine: Engine, executor: ExecutorName = "threads") -> int:
    """Return how many cells are made at once unless somebody says so."""
    # Threads are of no use to Python code, which is what the reference engine is.
    return 1 if engine == "reference" and executor == "threads" else processors()


def executor_of(name: ExecutorName, *, jobs: int, cluster: str | None = None) -> Executor:
    """Return an executor by its name.

    Parameters
    ----------
    jobs
        Cells at once.
    cluster
        Address of a Dask scheduler, or ``local``; it makes the executor ``dask``.
    """
    # Imported where they are chosen: each brings a package of its own.
    if name == "dask" or cluster is not None:
        from journeysim.runs.cluster import Cluster

        return Cluster(cluster or "local", jobs)
    if name == "processes":
        from journeysim.runs.processes import Processes

        return Processes(jobs)
    from journeysim.runs.threads import Threads

    return Threads(jobs)
