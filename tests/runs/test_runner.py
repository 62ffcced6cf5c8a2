"""One runner: order, progress, and an end before all is made."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from journeysim.runs.cluster import Cluster
from journeysim.runs.executors import executor_of
from journeysim.runs.grid import Grid, Model, grid_of
from journeysim.runs.processes import Processes
from journeysim.runs.runner import Enough, InOrder, Runner
from journeysim.runs.threads import Threads
from journeysim.types import ReportShare


@dataclass(frozen=True)
class Late:
    """Makes the square of a cell, the first ones last."""

    @property
    def models(self) -> list[Model]:
        return []

    def make(self, cell: int, report: ReportShare) -> int:
        report(0.5)
        time.sleep(0.02 * max(0, 4 - cell))
        return cell * cell


@pytest.mark.parametrize("executor", [Threads(1), Threads(4), Processes(2)])
def test_what_is_made_is_passed_on_in_order(executor: Threads | Processes) -> None:
    kept: list[tuple[int, int]] = []
    cells = range(8)
    keep = InOrder(cells, lambda cell, made: kept.append((cell, made)))
    Runner(grid_of(cells), Late(), keep=keep).run(executor)
    assert kept == [(cell, cell * cell) for cell in cells]


@pytest.mark.parametrize("jobs", [1, 4])
def test_enough_ends_it_and_nothing_more_is_passed_on(jobs: int) -> None:
    kept: list[int] = []

    def keep(cell: int, _made: int) -> None:
        kept.append(cell)
        if cell == 2:
            raise Enough

    cells = range(1000)
    Runner(grid_of(cells), Late(), keep=InOrder(cells, keep)).run(Threads(jobs))
    assert kept == [0, 1, 2]


def test_progress_counts_what_was_there_and_what_a_cell_is_worth() -> None:
    told: list[tuple[int, int, float]] = []
    grid = Grid([1, 3], cells=4, total=40, size=lambda _: 10)
    runner = Runner(
        grid, Late(), keep=lambda _cell, _made: None, progress=lambda *said: told.append(said)
    )
    runner.run(Threads(1))
    assert told[0] == (20, 40, 0.0)
    # Half of a cell of ten.
    assert (20, 40, 5.0) in told
    assert told[-1] == (40, 40, 0.0)


def test_nothing_is_made_where_nothing_is_missing() -> None:
    told: list[object] = []
    runner = Runner(
        grid_of([], total=3), Late(), keep=lambda cell, _: told.append(cell), progress=print
    )
    runner.run(Threads(1))
    assert told == []


def test_executors_are_chosen_by_name() -> None:
    assert executor_of("threads", jobs=2) == Threads(2)
    assert executor_of("processes", jobs=2) == Processes(2)
    assert executor_of("dask", jobs=2) == Cluster("local", 2)
    assert executor_of("threads", jobs=2, cluster="tcp://there:1") == Cluster("tcp://there:1", 2)
