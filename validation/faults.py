"""Faults planted in the compiled engine, each of which a comparison must notice.

    python -m validation.faults [--worlds 1000] [--seed 1]

The engine runs as plain Python here; see `validation.uncompiled`. Worlds are those of
`validation.twins`, in every third of which memory is cramped, after the ones of
`tests.engines.corners`. A fault in what both engines share cannot be noticed so: it is planted in
a copy of the sources, which is compiled and must fail the test named in `faults.toml`.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from journeysim.engine import emission
from journeysim.engine.compiled.single_queue.eligibility import why_not_single_queue
from journeysim.engine.emission import Emission
from journeysim.tables.batches import Categories
from journeysim.tables.replication_sink import MemorySink
from journeysim.tables.run import Replication
from tests.engines.agreement import cramped, disagreement
from tests.engines.corners import CORNERS
from tests.strategies import Case
from validation.planting import COMPILED, SOURCES, Change, faults, is_test, planted, texts_of
from validation.uncompiled import engine_of
from validation.worlds import each_world, made_by

RESULTS = Path(__file__).parent / "results" / "faults.csv"
COLUMNS = ("fault", "noticed_by", "worlds_before", "difference")
_TIGHT, _WIDE = (2, 5), (256, 32_768)
#: A world that takes longer than this does not end, seconds.
_PATIENCE = 20


class World:
    """A world, and what the reference engine makes of it."""

    def __init__(self, case: Case, name: str, room: tuple[int, int]) -> None:
        self.name = name
        self.room = room
        self.model, self.names = case.model()
        self.has_single_queues = why_not_single_queue(self.model) is None
        with cramped(*room):
            self.made = made_by("reference", self.model, self.names)

    def difference(self, engine: Any) -> str:
        """Return in what an engine differs from the reference, or nothing."""
        engine.CompiledEngine.rows_at_first, engine.CompiledEngine.batch_rows = self.room
        before, emission.BATCH_ROWS = emission.BATCH_ROWS, self.room[1]
        try:
            with _limited():
                others = [self._run(engine.CompiledEngine)]
                if self.has_single_queues:
                    with contextlib.suppress(engine.TieError):
                        others.append(self._run(engine.SingleQueueEngine))
        except Exception as error:
            return f"raised {type(error).__name__}: {error}"
        finally:
            emission.BATCH_ROWS = before
        return next(filter(None, (disagreement(self.made, other) for other in others)), "")

    def _run(self, engine: Any) -> Replication:
        sink = MemorySink(0)
        made = Emission(self.model, Categories(*self.names), sink)
        engine(self.model, seed=1, replication=0, emission=made).run()
        return sink.finish()


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TimeoutError("the world does not end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def worlds_of(count: int, seed: int) -> list[World]:
    """Return the corners, with room and without, and random worlds."""
    found = [
        World(corner(), f"corner {corner.__name__}", room)
        for corner in CORNERS
        for room in (_WIDE, _TIGHT)
    ]

    def add(case: Case, simple: bool, number: int) -> None:
        kind = "simple world" if simple else "world"
        found.append(World(case, f"{kind} {number}", _TIGHT if number % 3 == 2 else _WIDE))

    each_world(count, seed, add)
    return found


def first_difference(changes: Sequence[Change], worlds: list[World]) -> tuple[str, int, str]:
    """Return the world in which a fault is noticed, its place, and how; "" for the name if none.

    Random worlds are asked first: a corner is for what they do not reach.
    """
    engine = engine_of(planted(changes, texts_of(COMPILED)))
    order = sorted(range(len(worlds)), key=lambda place: worlds[place].name.startswith("corner"))
    for place, number in enumerate(order):
        found = worlds[number].difference(engine)
        if found:
            return worlds[number].name, place, found
    return "", len(worlds), ""


def fails(test: str, changes: Sequence[Change]) -> bool:
    """Return whether a test fails that runs on a copy of the sources with a fault."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "journeysim"
        shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for path, text in planted(changes, texts_of(copy)).items():
            Path(path).write_text(text, encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": name, "JOURNEYSIM_CACHE": f"{name}/cache"}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{test} did not run:\n{run.stdout}{run.stderr}")
    return run.returncode == 1


def record(rows: list[tuple[object, ...]]) -> None:
    """Write the results."""
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def main(arguments: list[str]) -> int:
    """Plant each fault, print who noticed it, write the results; return 1 if one escapes."""
    parser = argparse.ArgumentParser(description="Planted faults must be noticed.")
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", action="append", help="part of a name; default: all")
    chosen = parser.parse_args(arguments)
    worlds = worlds_of(chosen.worlds, chosen.seed)
    rows: list[tuple[object, ...]] = []
    sound = first_difference((), worlds)
    if sound[0]:
        print(f"without a fault: {sound[0]}: {sound[2]}")
        return 1
    for group, members in faults().items():
        for fault, changes in members.items():
            if chosen.fault and not any(part in fault for part in chosen.fault):
                continue
            if is_test(group):
                name, place, found = group * fails(group, changes), 0, "a test fails"
            else:
                name, place, found = first_difference(changes, worlds)
            print(f"{fault:50} {name or 'ESCAPES':45} {place:5}  {found[:60]}")
            sys.stdout.flush()
            rows.append((fault, name or "nobody", place, found))
    escaped = [row for row in rows if row[1] == "nobody"]
    print(f"{len(rows)} faults, {len(escaped)} that nobody notices")
    if not chosen.fault:
        record(rows)
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
