"""What a benchmark is doing just now, and how far it is."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class BenchProgress:
    """Shows it on stderr; nothing where stderr is not a terminal.

    Parameters
    ----------
    wanted
        False keeps it quiet.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty()
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def report(self, doing: str, share: float) -> None:
        """Take note of what is being done, and which share of it or of all is done."""
        if not self._wanted:
            return
        if self._shown is None:
            self._shown = _bar()
        bar, task = self._shown
        bar.update(task, completed=share, doing=doing)
        bar.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown is not None:
            self._shown[0].stop()


def _bar() -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.fields[doing]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        # Drawn on every report and hardly ever between: drawing takes time from what is timed.
        refresh_per_second=1,
    )
    task = bar.add_task("", total=1.0, doing="")
    bar.start()
    return bar, task
