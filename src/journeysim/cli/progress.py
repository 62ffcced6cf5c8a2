"""The progress bar of a run that takes longer than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE_SECONDS = 1.0


class ProgressBar:
    """Shows on stderr how far a run is; nothing where stderr is not a terminal.

    Parameters
    ----------
    wanted
        False keeps it quiet.
    of
        What is counted.
    doing
        What takes so long.
    """

    def __init__(
        self, *, wanted: bool, of: str = "replications", doing: str = "simulating"
    ) -> None:
        self._of = of
        self._wanted = wanted and sys.stderr.isatty()
        self._doing = doing
        self._begun = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def report(self, done: int, replications: int, share: float) -> None:
        """Take note of finished replications, all of them, and the share of those under way."""
        if not self._wanted or time.monotonic() - self._begun < _PATIENCE_SECONDS:
            return
        if self._shown is None:
            self._shown = _bar(replications, self._of, self._doing)
        bar, task = self._shown
        # What follows may have a total of its own.
        bar.update(task, total=replications, completed=done + share, done=done)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown is not None:
            self._shown[0].stop()


def _bar(total: int, of: str, doing: str) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(doing),
        BarColumn(),
        TextColumn(f"{{task.fields[done]}} of {{task.total:.0f}} {of}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=total, done=0)
    bar.start()
    return bar, task
