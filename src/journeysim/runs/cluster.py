"""Making cells on the workers of a Dask cluster: one at an address, or a local one."""

from __future__ import annotations

import contextlib
import queue
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from journeysim.errors import RunError
from journeysim.runs.cell_maker import CellMaker, Made
from journeysim.runs.compile_ahead import get_all_ready
from journeysim.tables.provenance import versions
from journeysim.types import ReportShare

#: How often progress is looked at, seconds.
_GLANCE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Cluster:
    """Makes cells on a Dask cluster.

    Attributes
    ----------
    address
        Of the scheduler; ``local`` for a cluster of this machine that lasts as long as it is
        needed.
    jobs
        Workers of a local one.
    """

    address: str
    jobs: int

    def get_ready(self, _maker: CellMaker[Made]) -> None:
        """Do nothing: every worker gets ready by itself."""

    def run(
        self,
        maker: CellMaker[Made],
        cells: Sequence[int],
        *,
        finished: Callable[[int, Made], None],
        progress: ReportShare,
    ) -> None:
        """Make cells; what is made of them comes back pickled."""
        distributed = _distributed()
        with _client(distributed, self.address, self.jobs) as client:
            _check_workers(client, self.address)
            threads = sum(client.nthreads().values())
            # Sent once to every worker, not with every cell.
            sent = client.scatter(_SentMaker(maker), broadcast=True, hash=False)
            running: dict[Any, int] = {}
            done: queue.SimpleQueue[Any] = queue.SimpleQueue()
            waiting = iter(cells)
            try:
                while True:
                    for cell in islice(waiting, 2 * threads - len(running)):
                        future = client.submit(_remote_cell, sent, cell, pure=False)
                        running[future] = cell
                        future.add_done_callback(done.put)
                    if not running:
                        return
                    with contextlib.suppress(queue.Empty):
                        future = done.get(timeout=_GLANCE)
                        finished(running[future], future.result())
                        del running[future]
                    progress(0.0)
            except (distributed.KilledWorker, distributed.CancelledError) as error:
                raise RunError(
                    f"{self.address}: the cluster lost its workers ({type(error).__name__}), "
                    "perhaps for want of memory; start the experiment again: it goes on where it "
                    "stopped"
                ) from error
            finally:
                client.cancel(list(running))


@dataclass(frozen=True, slots=True)
class _SentMaker:
    """What every worker of a cluster has once."""

    maker: CellMaker[Any]
    identity: str = field(default_factory=lambda: uuid.uuid4().hex)


#: Makers for which this worker has compiled what they need.
_ready: set[str] = set()
_getting_ready = threading.Lock()


def _remote_cell(sent: _SentMaker, cell: int) -> Any:
    with _getting_ready:
        if sent.identity not in _ready:
            get_all_ready(sent.maker.models, even_if_kept=True)
            _ready.add(sent.identity)
    return sent.maker.make(cell, lambda _: None)


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
