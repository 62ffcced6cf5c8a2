"""Who makes the cells of a grid: threads, processes, or the workers of a Dask cluster."""

from __future__ import annotations

from typing import Literal

from journeysim.engine.engine_choice import Engine
from journeysim.runs.cell_maker import Executor
from journeysim.runs.threads import processors

ExecutorName = Literal["threads", "processes", "dask"]


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
