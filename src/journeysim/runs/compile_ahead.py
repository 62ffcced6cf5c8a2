"""Getting the compiled engine ready: compiled once, by one process and in its main thread.

A thread that compiles cannot be interrupted, and eight processes that compile the same do it eight
times. So before replications are made, the engine runs until its first batch in the caller's
thread; while nothing is on disk yet, other processes wait for the one that compiles.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from filelock import FileLock

from journeysim.engine.emission import Emission
from journeysim.engine.engine_choice import is_compiled
from journeysim.machine_code import CODE_FOLDER
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.tables.batches import Categories
from journeysim.tables.replication_sink import MemorySink


def get_all_ready(models: Sequence[tuple[FlatModel, Names]], *, even_if_kept: bool) -> None:
    """Have all that some models need; what is on disk is read ahead only where that is asked."""
    for model, names in models:
        if even_if_kept or not is_compiled(model):
            get_ready(model, names)


def get_ready(model: FlatModel, names: Names) -> None:
    """Have all compiled functions that a model needs in this process, and on disk."""
    if is_compiled(model):
        _begin(model, names)
        return
    with _others_waiting(), _interruption_kept():
        _begin(model, names)


@contextlib.contextmanager
def _interruption_kept() -> Iterator[None]:
    """Let an interruption be one: in the midst of compiling numba makes another error of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupted = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    except Exception as error:
        if interrupted:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        # Swallowed on the way, as happens in what a compiler calls back.
        raise KeyboardInterrupt


def _begin(model: FlatModel, names: Names) -> None:
    """Run a replication in memory until its first batch is full."""
    from journeysim.engine.compiled.engine import CompiledEngine
    from journeysim.engine.compiled.single_queue.eligibility import why_not_single_queue
    from journeysim.engine.compiled.single_queue.engine import SingleQueueEngine, TieError

    emission = Emission(model, Categories(*names), MemorySink(0))
    engine = CompiledEngine if why_not_single_queue(model) else SingleQueueEngine
    with contextlib.suppress(_BatchFull, TieError):
        engine(model, seed=0, replication=0, emission=emission, progress=_stop).run()


class _BatchFull(Exception):  # noqa: N818
    """The first batch is full, so all that runs again and again is compiled."""


def _stop(_share: float) -> None:
    raise _BatchFull


@contextlib.contextmanager
def _others_waiting() -> Iterator[None]:
    """Let one process at a time compile; where there are no locks, each does for itself."""
    with contextlib.ExitStack() as held:
        if CODE_FOLDER is not None:
            with contextlib.suppress(OSError):
                held.enter_context(FileLock(CODE_FOLDER / ".compiling", thread_local=False))
        yield
