"""Making the cells of a grid: whatever they hold, whoever makes them, and in which order they come.

Every command that simulates many replications comes through here: `run`, `compare`, `experiment`,
`touchpoints`. It says what a cell is, and what is kept of one; the rest is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic

from journeysim.runs.cell_maker import CellMaker, Executor, Made
from journeysim.runs.grid import Grid
from journeysim.types import Progress


class Enough(Exception):  # noqa: N818 (a signal, not an error)
    """Raised by who keeps what is made: no further cell is needed."""


class InOrder(Generic[Made]):
    """Passes on what is made in the order of the cells; what comes early waits.

    Parameters
    ----------
    cells
        In their order.
    keep
        Called with each. After it raised `Enough`, nothing more is passed on.
    """

    def __init__(self, cells: Sequence[int], keep: Callable[[int, Made], None]) -> None:
        self._cells = cells
        self._keep = keep
        self._early: dict[int, Made] = {}
        self._passed = 0
        self._stopped = False

    def __call__(self, cell: int, made: Made) -> None:
        """Take what is made of a cell."""
        self._early[cell] = made
        while not self._stopped and self._passed < len(self._cells):
            following = self._cells[self._passed]
            if following not in self._early:
                break
            self._passed += 1
            try:
                self._keep(following, self._early.pop(following))
            except Enough:
                self._stopped = True
                raise


class Runner(Generic[Made]):
    """Makes what is missing of a grid.

    Parameters
    ----------
    grid
        The cells.
    maker
        Makes one cell.
    keep
        Called with every cell that is made and what was made of it, as they come, in the caller's
        thread; after an interruption too, for those that were finished meanwhile.
    progress
        Called in the caller's thread.
    """

    def __init__(
        self,
        grid: Grid,
        maker: CellMaker[Made],
        *,
        keep: Callable[[int, Made], None],
        progress: Progress | None = None,
    ) -> None:
        self._grid = grid
        self._maker = maker
        self._keep = keep
        self._progress = progress
        self._done = grid.done

    def run(self, executor: Executor) -> None:
        """Make what is missing, until all is made, there is enough, or one fails.

        An error, or an interruption, stops what is under way; it is raised when that has stopped.
        """
        if not self._grid.missing:
            return
        executor.get_ready(self._maker)
        self._report(0.0)
        try:
            executor.run(
                self._maker, self._grid.missing, finished=self._finished, progress=self._report
            )
        except Enough:
            return

    def _finished(self, cell: int, made: Made) -> None:
        self._done += self._grid.size(cell)
        try:
            self._keep(cell, made)
        finally:
            self._report(0.0)

    def _report(self, cells: float) -> None:
        """Tell how far it is; `cells` under way are counted by their usual size."""
        if self._progress is not None:
            under_way = cells * self._grid.usual_size
            self._progress(self._done, self._grid.total, under_way)
