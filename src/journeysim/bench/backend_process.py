"""One contender in a process of its own: threads and memory are then its own as well.

``python -m journeysim.bench.backend_process TASK`` reads a task as JSON and prints what it found
as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from journeysim.bench.backend import Opened, Work, contender
from journeysim.bench.bandwidth import Yardstick
from journeysim.bench.memory_watch import MemoryWatch, own_bytes
from journeysim.errors import JourneysimError
from journeysim.measures.experience.kernel_file import said

#: Timed runs of a turn: until this is spent, at least one, at most so many.
_SECONDS: Final = 0.5
_MOST_RUNS: Final = 5


def work_of(task: Mapping[str, Any]) -> Work:
    """Return the work that a task is about."""
    return Work(
        directory=Path(task["directory"]),
        replication=task["replication"],
        measures=tuple(task["measures"]),
        jobs=task["jobs"],
        kernel=None if task["kernel"] is None else Path(task["kernel"]),
    )


def check(task: Mapping[str, Any]) -> dict[str, Any]:
    """Score once: note the memory, and keep the scores for comparison."""
    opened, opening = _opened(task)
    before = own_bytes() or 0
    begun = time.perf_counter()
    with MemoryWatch() as watch:
        found = opened.run()
    first = time.perf_counter() - begun
    outputs = 0
    for name, scores in opened.scores(found).items():
        outputs += scores.nbytes
        np.save(Path(task["scores"]) / f"{name}.npy", scores)
    return {
        "opening": opening,
        "first": first,
        "before": before,
        "peak": watch.peak,
        "outputs": outputs,
    }


def turn(task: Mapping[str, Any]) -> dict[str, Any]:
    """Score once unseen, and then by the clock: a turn counts as the middle of its runs."""
    opened, _ = _opened(task)
    return _timed(opened, Yardstick(task["jobs"]))


def each(task: Mapping[str, Any]) -> dict[str, Any]:
    """Take a turn with each measure alone."""
    yardstick = Yardstick(task["jobs"])
    found = {}
    for name in task["measures"]:
        opened, _ = _opened({**task, "measures": [name]})
        found[name] = _timed(opened, yardstick)
    return found


def _timed(opened: Opened, yardstick: Yardstick) -> dict[str, float]:
    # Without a name, or two results would be in memory at once.
    opened.run()
    measured, spent, worked = [yardstick.seconds()], list[float](), list[float]()
    while not spent or (sum(spent) < _SECONDS and len(spent) < _MOST_RUNS):
        begun, processor = time.perf_counter(), time.process_time()
        opened.run()
        spent.append(time.perf_counter() - begun)
        worked.append(time.process_time() - processor)
        measured.append(yardstick.seconds())
    return {
        "seconds": float(np.median(spent)),
        "processor": float(np.median(worked)),
        "yardstick": float(np.median(measured)),
    }


def compiling(task: Mapping[str, Any]) -> dict[str, Any]:
    """Score for the first time, where no machine code is kept."""
    opened, _ = _opened(task)
    begun = time.process_time()
    opened.run()
    return {"seconds": time.process_time() - begun}


def _opened(task: Mapping[str, Any]) -> tuple[Opened, float]:
    begun = time.perf_counter()
    opened = contender(task["contender"]).open_work(work_of(task))
    return opened, time.perf_counter() - begun


def main(arguments: list[str]) -> int:
    """Do a task."""
    task = json.loads(arguments[0])
    do = {"check": check, "turn": turn, "each": each, "compiling": compiling}[task["do"]]
    found: dict[str, Any]
    try:
        found = do(task)
    except JourneysimError as error:
        found = {"error": str(error)}
    except Exception as error:
        if task["kernel"] is None:
            raise
        # What goes wrong in somebody's kernel is for them to read, in their own words.
        path = Path(task["kernel"])
        found = {"error": f"{path}: {said(error, path)}"}
    sys.stdout.write("\n" + json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
