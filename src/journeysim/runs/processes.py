"""Making cells in processes of this machine, each with a maker of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from journeysim.errors import RunError
from journeysim.runs.cell_maker import CellMaker, Made
from journeysim.runs.compile_ahead import get_all_ready
from journeysim.runs.threads import Stopped
from journeysim.types import ReportShare

#: How often progress is looked at, seconds.
_GLANCE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Processes:
    """Makes cells in processes, so many at once."""

    jobs: int

    def get_ready(self, maker: CellMaker[Made]) -> None:
        """Have the machine code on disk, so that the processes do not all compile."""
        get_all_ready(maker.models, even_if_kept=False)

    def run(
        self,
        maker: CellMaker[Made],
        cells: Sequence[int],
        *,
        finished: Callable[[int, Made], None],
        progress: ReportShare,
    ) -> None:
        """Make cells; what is made of them comes back pickled."""
        spawning = multiprocessing.get_context("spawn")
        stop = spawning.Event()
        pool = ProcessPoolExecutor(
            max(1, min(self.jobs, len(cells))),
            mp_context=spawning,
            initializer=_begin,
            initargs=(maker, stop),
        )
        running: dict[Future[Made], int] = {}
        waiting = iter(cells)
        try:
            while True:
                for cell in islice(waiting, 2 * self.jobs - len(running)):
                    running[pool.submit(_one_cell, cell)] = cell
                if not running:
                    return
                done, _ = wait(running, timeout=_GLANCE, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=running.__getitem__):
                    finished(running[future], future.result())
                    del running[future]
                progress(0.0)
        except BrokenProcessPool:
            raise RunError(
                "a worker process ended by itself, perhaps for want of memory; start the "
                "experiment again with fewer --jobs: it goes on where it stopped"
            ) from None
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


#: What a worker process has: the maker, and the event that stops it.
_worker: dict[str, Any] = {}


def _begin(maker: CellMaker[Any], stop: Any) -> None:
    """Prepare a worker process: interruptions are its parent's business, and it dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    get_all_ready(maker.models, even_if_kept=True)
    _worker.update(maker=maker, stop=stop)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _one_cell(cell: int) -> Any:
    looked = [time.monotonic()]

    def report(_: float) -> None:
        # A look at the event costs a system call, so not at every report.
        if time.monotonic() - looked[0] > _GLANCE:
            looked[0] = time.monotonic()
            if _worker["stop"].is_set():
                raise Stopped

    return _worker["maker"].make(cell, report)
