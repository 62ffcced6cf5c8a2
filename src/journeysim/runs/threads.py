"""Making cells in threads of this process: one after another, or several at once.

Threads do, because compiled code runs outside Python's lock; they share the model and the machine
code. What a cell leaves behind does not depend on how many are made at once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeVar

from journeysim.runs.cell_maker import CellMaker
from journeysim.runs.compile_ahead import get_all_ready
from journeysim.types import ReportShare

Made = TypeVar("Made")

#: Called with the number of a cell, and what it shall call with its share done.
Make = Callable[[int, ReportShare], Made]
#: How often progress is looked at, seconds.
_GLANCE: Final = 0.1


class Stopped(Exception):  # noqa: N818
    """A cell was told to stop; it knows nothing that anybody has to hear."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Makes cells in threads, so many at once."""

    jobs: int

    def get_ready(self, maker: CellMaker[Made]) -> None:
        """Compile before threads begin: who compiles cannot be interrupted there."""
        get_all_ready(maker.models, even_if_kept=self.jobs > 1)

    def run(
        self,
        maker: CellMaker[Made],
        cells: Sequence[int],
        *,
        finished: Callable[[int, Made], None],
        progress: ReportShare,
    ) -> None:
        """Make cells; an interruption stops them all first."""
        jobs = max(1, min(self.jobs, len(cells)))
        Dispatch(maker.make, finished=finished, progress=progress).run(cells, jobs)


class Dispatch(Generic[Made]):
    """Makes cells, and says what is made.

    Parameters
    ----------
    make
        Makes one. It must call its second argument now and then: this is where it is stopped.
    finished
        Called with each that is made, here in the caller's thread.
    progress
        Called with the shares done of those under way, summed, in the caller's thread.
    """

    def __init__(
        self,
        make: Make[Made],
        *,
        finished: Callable[[int, Made], None],
        progress: ReportShare,
    ) -> None:
        self.make = make
        self.finished = finished
        self.progress = progress
        self.stop = threading.Event()
        self.shares: dict[int, float] = {}
        self.running: dict[Future[Made], int] = {}

    def run(self, numbers: Sequence[int], jobs: int) -> None:
        """Make cells, `jobs` at once, until all are made or one fails.

        An error, or an interruption, stops those under way; it is raised when they have stopped.
        """
        if jobs == 1:
            for number in numbers:
                self.finished(number, self.make(number, self.progress))
            return
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="cell")
        try:
            self._run_in(pool, numbers, jobs)
        finally:
            self.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            self._take_the_rest()

    def _run_in(self, pool: ThreadPoolExecutor, numbers: Sequence[int], jobs: int) -> None:
        waiting = iter(numbers)
        while True:
            # A few more than run, not all: there may be a million.
            for number in islice(waiting, 2 * jobs - len(self.running)):
                self.running[pool.submit(self._make_one, number)] = number
            if not self.running:
                return
            done, _ = wait(self.running, timeout=_GLANCE, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=self.running.__getitem__):
                # Taken off the list last: an interruption in between must not lose it.
                self.finished(self.running[future], future.result())
                del self.running[future]
            self.progress(sum(list(self.shares.values())))

    def _make_one(self, number: int) -> Made:
        def report(share: float) -> None:
            if self.stop.is_set():
                raise Stopped
            self.shares[number] = share

        try:
            report(0.0)
            return self.make(number, report)
        finally:
            self.shares.pop(number, None)

    def _take_the_rest(self) -> None:
        """Take note of what was finished while the others were stopped."""
        for future, number in self.running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self.finished(number, future.result())


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
