"""Killed before any step and started again, an experiment ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from journeysim.errors import RunError
from journeysim.experiments import ExperimentOptions
from tests.experiments.small import files_of, made, written

MANY = {
    "replications": 30,
    "factors": {"agents": {"path": "pools.agents.agents", "values": [2, 3, 4, 5, 6]}},
}

#: A child is forked for every kill, so that none needs to import everything. It kills itself before
#: the step that it is told, counting what is done with files: no clock has a part in it.
_CHILD = """
import contextlib, os, signal, sys
from journeysim.experiments import ExperimentOptions, load_plan, run_experiment
from journeysim.runs.storage import Place

plan = load_plan(sys.argv[1])
steps = last = 0

def step():
    global steps
    steps += 1
    if steps == last:
        os.kill(os.getpid(), signal.SIGKILL)

def stepped(name):
    plain = getattr(Place, name)
    def method(self, *words):
        step()
        return plain(self, *words)
    setattr(Place, name, method)

for name in ("names", "has", "read", "table", "remove", "remove_partial"):
    stepped(name)
plain_writing = Place.writing

@contextlib.contextmanager
def writing(self, name):
    step()
    with plain_writing(self, name) as file:
        yield file
        # Written, and not yet where it belongs.
        step()
    step()

Place.writing = writing
# Everything is imported once, here.
run_experiment(load_plan(sys.argv[1], replications=1), None, ExperimentOptions(engine="reference"))
for line in sys.stdin:
    place, number = line.split()
    child = os.fork()
    if child == 0:
        steps, last = 0, int(number)
        run_experiment(plan, place, ExperimentOptions(engine="reference"))
        with open(place + ".steps", "w") as file:
            file.write(str(steps))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to be quick")
def test_killed_before_twenty_random_steps_it_ends_the_same(tmp_path: Path) -> None:
    plan = written(tmp_path, **MANY)
    whole, counted, killed = (tmp_path / name for name in ("whole", "counted", "killed"))
    made(whole, **MANY)
    steps = random.Random(20)
    amid = 0
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:

        def ended(place: Path, step: int) -> int:
            """Return how a process ended that was to be killed before a step."""
            assert parent.stdin is not None
            assert parent.stdout is not None
            print(place, step, file=parent.stdin, flush=True)
            return int(parent.stdout.readline())

        assert ended(counted, 0) == 0
        assert files_of(counted) == files_of(whole)
        many = int((tmp_path / "counted.steps").read_text())
        for number in range(20):
            if ended(killed, steps.randint(1, many // 2)) == 0:
                # It went on from so far that it was done before that step.
                assert files_of(killed) == files_of(whole)
                killed.rename(tmp_path / f"done-{number}")
            else:
                amid += bool(list(killed.glob("parts/*.arrow")))
        assert parent.stdin is not None
        parent.stdin.close()
    assert amid >= 5, "too few kills hit an experiment between its first part and its end"
    made(killed, **MANY)
    assert files_of(killed) == files_of(whole)


def test_parts_that_are_there_are_not_made_again(tmp_path: Path) -> None:
    stopped = tmp_path / "stopped"

    def stop(done: int, _: int, __: float) -> None:
        if done >= 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(stopped, ExperimentOptions(engine="reference", progress=stop), **MANY)
    parts = sorted((stopped / "parts").iterdir())
    assert len(parts) >= 2
    times = {path.name: path.stat().st_mtime_ns for path in parts}
    seen: list[int] = []

    def watch(done: int, _: int, __: float) -> None:
        if not seen:
            now = {path.name: path.stat().st_mtime_ns for path in (stopped / "parts").iterdir()}
            assert now == times
        seen.append(done)

    made(stopped, ExperimentOptions(engine="reference", progress=watch), **MANY)
    assert seen[0] >= 60
    made(tmp_path / "whole", **MANY)
    assert files_of(stopped) == files_of(tmp_path / "whole")


def test_a_half_written_part_is_no_part(tmp_path: Path) -> None:
    whole, place = tmp_path / "whole", tmp_path / "place"
    made(whole)

    def stop(_: int, __: int, ___: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(place, ExperimentOptions(engine="reference", progress=stop))
    (place / "parts").mkdir(exist_ok=True)
    (place / "parts" / ".part=000000.arrow.77-abc.partial").write_bytes(b"ARROW1 half of it")
    made(place)
    assert files_of(place) == files_of(whole)
    assert not list(place.rglob("*.partial"))


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_tables_do_not_depend_on_who_makes_them(tmp_path: Path, executor: str) -> None:
    made(tmp_path / "one", **MANY)
    how = ExperimentOptions(engine="reference", executor=executor, jobs=2)  # type: ignore[arg-type]
    made(tmp_path / "other", how, **MANY)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


def test_engines_make_the_same_tables(tmp_path: Path) -> None:
    made(tmp_path / "one")
    made(tmp_path / "other", ExperimentOptions(engine="compiled"))
    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


def test_another_experiment_is_never_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "place"
    made(place)
    before = files_of(place)
    with pytest.raises(RunError, match="holds results of another experiment"):
        made(place, seed=6)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(RunError, match="is not an experiment"):
        made(tmp_path / "other")
    assert files_of(place) == before


def test_a_finished_experiment_is_opened_and_not_made(tmp_path: Path) -> None:
    place = tmp_path / "place"
    made(place)
    times = {path: path.stat().st_mtime_ns for path in place.iterdir()}
    made(place)
    assert {path: path.stat().st_mtime_ns for path in place.iterdir()} == times
