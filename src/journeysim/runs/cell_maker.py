"""What makes the cells of a grid, and what makes several of them at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from journeysim.runs.grid import Model
from journeysim.types import ReportShare

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
