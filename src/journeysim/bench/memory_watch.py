"""How much memory this process takes beyond the files that it maps."""

from __future__ import annotations

import resource
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_STATUS: Final = Path("/proc/self/status")
_EVERY_SECONDS: Final = 0.003
#: Kilobytes on Linux, bytes on macOS.
_MAXIMUM_UNIT: Final = 1 if sys.platform == "darwin" else 1024


def own_bytes() -> int | None:
    """Return the memory of this process without mapped files; None where that cannot be told."""
    try:
        with _STATUS.open(encoding="ascii") as lines:
            for line in lines:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


class MemoryWatch:
    """Notes the most memory that this process takes while it is entered.

    Attributes
    ----------
    peak
        Bytes without mapped files. Where the system does not tell them apart, all bytes ever taken.
    """

    def __init__(self) -> None:
        self.peak = own_bytes() or 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()
        last = own_bytes()
        if last is None:
            self.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXIMUM_UNIT
        else:
            self.peak = max(self.peak, last)

    def _watch(self) -> None:
        while not self._stopped.wait(_EVERY_SECONDS):
            self.peak = max(self.peak, own_bytes() or 0)
