"""One process at a time writes a run directory."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from journeysim.errors import RunError

_fcntl: Any
try:
    import fcntl as _fcntl
except ImportError:  # Windows
    _fcntl = None

#: Stands in a run directory while somebody writes it. Who dies leaves it behind, but not locked.
LOCK: Final = ".lock"


def is_empty(directory: Path) -> bool:
    """Return whether nothing stands in a directory, a lock aside."""
    return all(path.name == LOCK for path in directory.iterdir())


@contextlib.contextmanager
def writing_alone(directory: Path) -> Iterator[None]:
    """Keep every other process from writing a run directory.

    The system ends the lock with its process, so none is ever stale. Where it knows no locks
    (Windows, some network drives) nobody is kept out.

    Raises
    ------
    RunError
        If another process, or another thread, writes it.
    """
    if _fcntl is None:
        yield
        return
    path = directory / LOCK
    try:
        file = _locked(path)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror or error})") from error
    try:
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        # Removed before the lock ends, so that nobody locks a file that is about to go.
        path.unlink(missing_ok=True)
        os.close(file)


def _locked(path: Path) -> int:
    """Return the file of a lock that is now ours."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            _fcntl.flock(file, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(file, 20).decode(errors="replace")
            os.close(file)
            raise RunError(
                f"{path.parent}: process {who or 'unknown'} is writing this run; wait until it is "
                "done, or choose another directory with --out"
            ) from None
        except OSError:
            return file
        if _is_at(file, path):
            return file
        # Its owner removed it between our two calls.
        os.close(file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
