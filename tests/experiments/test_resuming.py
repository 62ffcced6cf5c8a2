"""Killed at any moment and started again, an experiment ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from journeysim.errors import RunError
from journeysim.experiments import How
from tests.experiments.small import files_of, made, record_of, written

MANY = {
    "replications": 30,
    "factors": {"agents": {"path": "pools.agents.agents", "values": [2, 3, 4, 5, 6]}},
}

#: A child is forked for every kill, so that 20 of them need not import everything 20 times.
_CHILD = """
import os, sys, time
from journeysim.experiments import How, load_plan, run_experiment
plan = load_plan(sys.argv[1])
def attempt():
    run_experiment(plan, sys.argv[2], How(engine="reference"))
# Everything is imported once, here.
run_experiment(load_plan(sys.argv[1], replications=1), None, How(engine="reference"))
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        attempt()
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to be quick")
def test_killed_at_twenty_random_moments_it_ends_the_same(tmp_path: Path) -> None:
    plan = written(tmp_path, **MANY)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    begun = time.monotonic()
    made(whole, **MANY)
    seconds = time.monotonic() - begun
    moments = random.Random(20)
    kills = amid = 0
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(plan), str(killed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        while kills < 20:
            print("go", file=parent.stdin, flush=True)
            child = int(parent.stdout.readline())
            time.sleep(moments.uniform(0.0, 0.5 * seconds))
            os.kill(child, signal.SIGKILL)
            assert parent.stdout.readline() == "ended\n"
            kills += 1
            amid += bool(list(killed.glob("parts/*.arrow")))
            finished = (killed / "experiment.json").exists() and (
                record_of(killed)["status"] == "complete"
            )
            if finished and kills < 20:
                # It was done before it was killed, but for its parts, which the next run takes
                # away: the rest of the kills hit it from the start.
                left = files_of(killed).items()
                assert {n: b for n, b in left if not n.startswith("parts/")} == files_of(whole)
                made(killed, **MANY)
                assert files_of(killed) == files_of(whole)
                killed.rename(tmp_path / f"done-{kills}")
        parent.stdin.close()
    assert amid >= 5, "too few kills hit an experiment between its first part and its end"
    made(killed, **MANY)
    assert files_of(killed) == files_of(whole)
    for done in tmp_path.glob("done-*"):
        assert files_of(done) == files_of(whole)


def test_parts_that_are_there_are_not_made_again(tmp_path: Path) -> None:
    stopped = tmp_path / "stopped"

    def stop(done: int, _: int, __: float) -> None:
        if done >= 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(stopped, How(engine="reference", progress=stop), **MANY)
    parts = sorted((stopped / "parts").iterdir())
    assert len(parts) >= 2
    times = {path.name: path.stat().st_mtime_ns for path in parts}
    seen: list[int] = []

    def watch(done: int, _: int, __: float) -> None:
        if not seen:
            now = {path.name: path.stat().st_mtime_ns for path in (stopped / "parts").iterdir()}
            assert now == times
        seen.append(done)

    made(stopped, How(engine="reference", progress=watch), **MANY)
    assert seen[0] >= 60
    made(tmp_path / "whole", **MANY)
    assert files_of(stopped) == files_of(tmp_path / "whole")


def test_a_half_written_part_is_no_part(tmp_path: Path) -> None:
    whole, place = tmp_path / "whole", tmp_path / "place"
    made(whole)

    def stop(_: int, __: int, ___: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(place, How(engine="reference", progress=stop))
    (place / "parts").mkdir(exist_ok=True)
    (place / "parts" / ".part=000000.arrow.77-abc.partial").write_bytes(b"ARROW1 half of it")
    made(place)
    assert files_of(place) == files_of(whole)
    assert not list(place.rglob("*.partial"))


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_tables_do_not_depend_on_who_makes_them(tmp_path: Path, executor: str) -> None:
    made(tmp_path / "one", **MANY)
    how = How(engine="reference", executor=executor, jobs=2)  # type: ignore[arg-type]
    made(tmp_path / "other", how, **MANY)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


def test_engines_make_the_same_tables(tmp_path: Path) -> None:
    made(tmp_path / "one")
    made(tmp_path / "other", How(engine="compiled"))
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
