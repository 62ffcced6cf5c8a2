"""Room on disk for what is about to be written, asked for in one piece.

A file system that must find room for every few kilobytes again takes a third of the time of writing
for it. To ask is a hint: where it is refused or unknown, writing does what it always did.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

#: Less than this is not worth a question.
LEAST_BYTES = 1 << 20

# `posix_fallocate` would not do: where a file system cannot keep room it writes zeros instead.
_KEEP_SIZE = 1


def _system_call() -> Callable[[int, int, int, int], int] | None:
    """Return Linux' ``fallocate``, which answers 0 if there is room."""
    if sys.platform != "linux":
        return None
    try:
        found = ctypes.CDLL(None).fallocate
    except (OSError, AttributeError):
        return None
    found.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    found.restype = ctypes.c_int

    def call(file: int, mode: int, start: int, length: int) -> int:
        return int(found(file, mode, start, length))

    return call


_fallocate = _system_call()


class Room:
    """The room of one file, which must exist.

    Parameters
    ----------
    path
        The file; it is opened a second time, and `close` ends that.
    """

    def __init__(self, path: Path) -> None:
        self._file = -1 if _fallocate is None else os.open(path, os.O_WRONLY)

    def ask(self, start: int, length: int) -> None:
        """Ask for room for the bytes from `start` on; the size of the file stays as it is."""
        if self._file < 0 or _fallocate is None or length < LEAST_BYTES:
            return
        if _fallocate(self._file, _KEEP_SIZE, start, length) != 0:
            # Not known to this file system, or the disk is full, which writing will say better.
            self.close()

    def close(self) -> None:
        """Stop asking."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
