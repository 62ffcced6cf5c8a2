"""One process at a time writes a run directory."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from journeysim.errors import RunError

#: Stands in a run directory while somebody writes it. Who dies leaves it behind, but not locked.
LOCK: Final = ".lock"
#: What some network drives say that know no locks.
_NO_LOCKS: Final = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


def is_empty(directory: Path) -> bool:
    """Return whether nothing stands in a directory, a lock aside."""
    return all(path.name == LOCK for path in directory.iterdir())


@contextlib.contextmanager
def writing_alone(directory: Path) -> Iterator[None]:
    """Keep every other process from writing a run directory.

    The system ends the lock with its process, so none is ever stale. Where it knows no locks
    nobody is kept out.

    Raises
    ------
    RunError
        If another process, or another thread, writes it.
    """
    path = directory / LOCK
    # Each use has a lock of its own: a second one in this very process is refused like any other.
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            f"{directory}: process {_owner(path)} is writing this run; wait until it is done, or "
            "choose another directory with --out"
        ) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise RunError(f"{path}: cannot be written ({error.strerror or error})") from error
    # For the message of whoever comes next; Windows keeps it to itself.
    with contextlib.suppress(OSError):
        path.write_text(str(os.getpid()), encoding="ascii")
    try:
        yield
    finally:
        # Removed before the lock ends, so that nobody locks a file that is about to go.
        # Windows removes it at the end of the lock.
        with contextlib.suppress(OSError):
            path.unlink()
        lock.release()


def _owner(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="ascii", errors="replace") or "unknown"
    return "unknown"
