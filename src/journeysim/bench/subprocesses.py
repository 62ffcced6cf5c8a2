"""Sending a task to a process of its own, with its threads set before any library counts cores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from journeysim.errors import BenchmarkError

#: What libraries read once, when they are loaded.
_THREAD_SETTINGS: Final = (
    "ARROW_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


def sent(
    task: Mapping[str, Any], *, module: str = "journeysim.bench.backend_process"
) -> dict[str, Any]:
    """Do a task in a process of its own and return what it found.

    Parameters
    ----------
    task
        ``do``, ``contender``, ``jobs`` and what else the module reads.

    Raises
    ------
    BenchmarkError
        If it cannot be done.
    """
    surroundings = os.environ | {name: str(task["jobs"]) for name in _THREAD_SETTINGS}
    with tempfile.TemporaryDirectory() as fresh:
        if task["do"] == "compiling":
            surroundings["JOURNEYSIM_CACHE"] = fresh
        done = subprocess.run(
            [sys.executable, "-m", module, json.dumps(task)],
            capture_output=True,
            text=True,
            check=False,
            env=surroundings,
        )
    who = f"{task['contender']}, {task['jobs']} thread{'s' if task['jobs'] != 1 else ''}"
    if done.returncode:
        last = done.stderr.strip().splitlines() or ["no message"]
        reason = "out of memory, or killed" if done.returncode == -9 else last[-1]
        raise BenchmarkError(f"{who}: failed with exit code {done.returncode}: {reason}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if "error" in found:
        raise BenchmarkError(found["error"])
    return found


def as_task(do: str, work: Any, contender: str, **more: Any) -> dict[str, Any]:
    """Return a task as a process reads it."""
    kernel = None if work.kernel is None else str(Path(work.kernel).resolve())
    return {
        "do": do,
        "contender": contender,
        "directory": str(work.directory),
        "replication": work.replication,
        "measures": list(work.measures),
        "jobs": work.jobs,
        "kernel": kernel,
        **more,
    }
