"""Who makes the parts: threads, processes, or the workers of a Dask cluster.

Each writes the parts it makes, so nothing but their numbers goes to and fro.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Final, Literal

import pyarrow as pa

from journeysim.errors import RunError
from journeysim.experiments.experiment_columns import results_schema
from journeysim.experiments.parts import Maker
from journeysim.experiments.result_tables import PARTS, part_name
from journeysim.runs.storage import Place
from journeysim.runs.threads import Dispatch, Stopped
from journeysim.tables.provenance import versions

ExecutorName = Literal["threads", "processes", "dask"]
#: Called with the number of each part that is made.
Finished = Callable[[int], None]

_GLANCE: Final = 0.2


def write_part(maker: Maker, place: Place, number: int, report: Callable[[float], None]) -> None:
    """Make a part and write its file, complete or not at all."""
    batch = maker.part(number, report)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, results_schema(maker.plan)) as writer:
        writer.write_batch(batch)
    place.write(f"{PARTS}/{part_name(number)}", sink.getvalue())


def in_threads(
    maker: Maker,
    place: Place,
    parts: Sequence[int],
    *,
    jobs: int,
    finished: Finished,
    progress: Callable[[float], None],
) -> None:
    """Make parts in threads of this process; an interruption stops them all first."""
    dispatch: Dispatch[None] = Dispatch(
        lambda number, report: write_part(maker, place, number, report),
        finished=lambda number, _: finished(number),
        progress=progress,
    )
    dispatch.run(parts, max(1, min(jobs, len(parts))))


def in_processes(
    maker: Maker,
    place: Place,
    parts: Sequence[int],
    *,
    jobs: int,
    finished: Finished,
    progress: Callable[[float], None],
) -> None:
    """Make parts in processes of this machine."""
    spawning = multiprocessing.get_context("spawn")
    stop = spawning.Event()
    pool = ProcessPoolExecutor(
        max(1, min(jobs, len(parts))),
        mp_context=spawning,
        initializer=_begin,
        initargs=(maker, place, stop),
    )
    running: dict[Future[int], int] = {}
    waiting = iter(parts)
    try:
        while True:
            for number in islice(waiting, 2 * jobs - len(running)):
                running[pool.submit(_one_part, number)] = number
            if not running:
                return
            done, _ = wait(running, timeout=_GLANCE, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=running.__getitem__):
                finished(future.result())
                del running[future]
            progress(0.0)
    except BrokenProcessPool:
        raise RunError(
            "a worker process ended by itself, perhaps for want of memory; start the experiment "
            "again with fewer --jobs: it goes on where it stopped"
        ) from None
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


_worker: dict[str, Any] = {}


def _begin(maker: Maker, place: Place, stop: Any) -> None:
    """Prepare a worker process: interruptions are its parent's business, and it dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    maker.get_ready()
    _worker.update(maker=maker, place=place, stop=stop)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _one_part(number: int) -> int:
    looked = [time.monotonic()]

    def report(_: float) -> None:
        # A look at the event costs a system call, so not at every report.
        if time.monotonic() - looked[0] > _GLANCE:
            looked[0] = time.monotonic()
            if _worker["stop"].is_set():
                raise Stopped

    write_part(_worker["maker"], _worker["place"], number, report)
    return number


def on_cluster(
    maker: Maker,
    place: Place,
    parts: Sequence[int],
    *,
    cluster: str,
    jobs: int,
    finished: Finished,
    progress: Callable[[float], None],
) -> None:
    """Make parts on a Dask cluster: one at an address, or a local one made for this."""
    distributed = _distributed()
    with _client(distributed, cluster, jobs) as client:
        _check_workers(client, cluster)
        threads = sum(client.nthreads().values())
        # Sent once to every worker, not with every part.
        work = client.scatter(_Work(maker, place), broadcast=True, hash=False)
        running: set[Any] = set()
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        waiting = iter(parts)
        try:
            while True:
                for number in islice(waiting, 2 * threads - len(running)):
                    future = client.submit(_remote_part, work, number, pure=False)
                    running.add(future)
                    future.add_done_callback(done.put)
                if not running:
                    return
                with contextlib.suppress(queue.Empty):
                    future = done.get(timeout=_GLANCE)
                    finished(future.result())
                    running.discard(future)
                progress(0.0)
        except (distributed.KilledWorker, distributed.CancelledError) as error:
            raise RunError(
                f"{cluster}: the cluster lost its workers ({type(error).__name__}), perhaps for "
                "want of memory; start the experiment again: it goes on where it stopped"
            ) from error
        finally:
            client.cancel(list(running))


class _Work:
    """What every worker of a cluster has once."""

    def __init__(self, maker: Maker, place: Place) -> None:
        self.maker = maker
        self.place = place


_ready: set[str] = set()
_getting_ready = threading.Lock()


def _remote_part(work: _Work, number: int) -> int:
    with _getting_ready:
        if work.maker.plan.identity not in _ready:
            work.maker.get_ready()
            _ready.add(work.maker.plan.identity)
    write_part(work.maker, work.place, number, lambda _: None)
    return number


def _check_workers(client: Any, cluster: str) -> None:
    """Refuse a cluster without workers, or with workers that have other versions than here."""
    if not client.scheduler_info()["workers"]:
        with contextlib.suppress(TimeoutError):
            client.wait_for_workers(1, timeout=30)
    own = versions()
    found = client.run(versions)
    if not found:
        raise RunError(f"{cluster}: the cluster has no workers; start some with `dask worker`")
    for worker, theirs in found.items():
        other = [
            f"{name} {theirs.get(name)} (here {mine})"
            for name, mine in own.items()
            if theirs.get(name) != mine
        ]
        if other:
            raise RunError(
                f"{cluster}: worker {worker} has {', '.join(other)}; install the same versions"
            )


@contextlib.contextmanager
def _client(distributed: Any, cluster: str, jobs: int) -> Iterator[Any]:
    with contextlib.ExitStack() as opened:
        where: Any = cluster
        if cluster == "local":
            where = opened.enter_context(
                distributed.LocalCluster(
                    n_workers=jobs,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address=None,
                    silence_logs=50,
                )
            )
        try:
            client = distributed.Client(where, timeout="20s", set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise RunError(
                f"{cluster}: no Dask scheduler answers ({type(error).__name__}); start one with "
                "`dask scheduler`, or use --cluster local"
            ) from error
        yield opened.enter_context(client)


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise RunError(
            "a cluster needs the package distributed: pip install 'journeysim[cluster]'"
        ) from error
    return distributed
