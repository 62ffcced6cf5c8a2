"""Several replications at once, both engines at once, and two processes in one directory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import journeysim as js
from journeysim.errors import RunError
from journeysim.runs import grid
from journeysim.runs.threads import Dispatch, Stopped
from journeysim.tables.directory_lock import LOCK, writing_alone
from tests.cli.program import TINY, files_of, journeysim, start

BUSY = """\
replications = 4
[time]
horizon = "60d"
[segments.all]
patience = { distribution = "exponential", mean = "2m" }
[segments.all.arrivals]
rate = "300/h"
[channels.phone]
kind = "queue"
talk = { distribution = "exponential", mean = "4m" }
[pools.agents]
agents = 19
serves = ["phone"]
"""


@pytest.fixture
def tiny(tmp_path: Path) -> js.Scenario:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    return js.load_scenario(tmp_path / "tiny.toml")


def record(directory: Path) -> dict[str, object]:
    return json.loads((directory / "run.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_bytes_do_not_depend_on_jobs(tiny, tmp_path, engine):
    for jobs in (1, 2, 4):
        out = tmp_path / str(jobs)
        js.simulate(tiny, replications=9, out=out, engine=engine, jobs=jobs)
        assert list(record(out)["seconds"]) == [str(number) for number in range(9)]
        assert files_of(out) == files_of(tmp_path / "1")
    held = js.simulate(tiny, replications=9, engine=engine, jobs=4)
    assert held.journeys == js.open_run(tmp_path / "1").journeys


def test_progress_is_told_in_the_caller_thread_and_rises(tiny):
    told: list[tuple[int, int, float]] = []
    threads = set()

    def listen(*so_far: float) -> None:
        told.append(so_far)
        threads.add(threading.current_thread())

    js.simulate(tiny, replications=6, engine="compiled", jobs=3, progress=listen)
    assert threads == {threading.main_thread()}
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][:2] == (6, 6)


def test_an_error_stops_the_others_and_is_the_only_one():
    finished, stopped = [], []

    def make(number, report):
        if number == 2:
            raise RunError("the disk is full")
        if number < 2:
            return number
        try:
            while True:
                report(0.5)
                time.sleep(0.001)
        except Stopped:
            stopped.append(number)
            raise

    dispatch = Dispatch(make, finished=lambda number, _: finished.append(number), progress=id)
    with pytest.raises(RunError, match="the disk is full"):
        dispatch.run(range(1000), 3)
    assert sorted(finished) == [0, 1]
    assert len(stopped) <= 3
    assert not [t for t in threading.enumerate() if t.name.startswith("cell")]


def test_an_error_names_the_replication(tiny, monkeypatch):
    def broken(*_arguments, replication, **_options):
        raise ZeroDivisionError(replication)

    monkeypatch.setattr(grid, "run_into", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        js.simulate(tiny, engine="reference", jobs=2)
    assert caught.value.__notes__ == [f"This happened in replication {caught.value}."]


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_an_interruption_leaves_what_is_finished_and_no_thread(tmp_path, engine):
    (tmp_path / "busy.toml").write_text(BUSY, encoding="utf-8")
    many = ("run", "busy.toml", "-n", "1000", "--jobs", "2", "--engine", engine, "--out", "run")
    # Three replications at 60 days would take the reference engine minutes.
    short = () if engine == "compiled" else ("--set", "time.horizon=2d")
    running = start(tmp_path, *many, *short)
    directory, limit = tmp_path / "run", time.monotonic() + 200
    while len(list(directory.glob("intervals/rep=*.arrow"))) < 3:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < limit
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    begun = time.monotonic()
    output, errors = running.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert (running.returncode, output) == (130, "")
    assert "Traceback" not in errors
    kept = js.open_run(directory).replications
    assert f"stopped: {len(kept)} of 1000 replications are kept" in " ".join(errors.split())
    assert not list(directory.rglob(".*"))
    assert record(directory)["status"] == "interrupted"
    assert [*record(directory)["seconds"]] == [str(number) for number in kept]


def test_both_engines_agree_and_the_twin_goes(tiny, tmp_path):
    out = tmp_path / "run"
    js.simulate(tiny, out=out, engine="both")
    assert (record(out)["engine"], record(out)["twin"]) == ("compiled", "agreed")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "tiny.toml"]
    assert js.simulate(tiny, engine="both", jobs=2).record["twin"] == "agreed"
    # Nothing was made anew, so the record says what it said.
    js.simulate(tiny, out=out, engine="reference", replications=2)
    assert (record(out)["engine"], record(out)["twin"]) == ("compiled", "agreed")
    js.simulate(tiny, out=out, engine="reference", replications=5)
    assert (record(out)["engine"], record(out)["twin"]) == ("reference", None)


def planted(monkeypatch, by: str) -> None:
    """Let one engine be a second late with every talk in the second replication."""
    honest = grid.run_into

    def run_into(sink, prepared, *, engine, replication, **options):
        if engine == by and replication == 1:
            distributions = prepared.model.distributions
            longer = distributions._replace(parameters=distributions.parameters * 1.5)
            model = prepared.model._replace(distributions=longer)
            prepared = type(prepared)(model, prepared.names, prepared.scenario_toml, b"")
        return honest(sink, prepared, engine=engine, replication=replication, **options)

    monkeypatch.setattr(grid, "run_into", run_into)


@pytest.mark.parametrize("kept", ["in memory", "in files", "made before"])
def test_a_disagreement_is_named_and_says_what_to_do(tiny, tmp_path, monkeypatch, kept):
    out = None if kept == "in memory" else tmp_path / "run"
    if kept == "made before":
        js.simulate(tiny, out=out, engine="reference")
    planted(monkeypatch, "compiled" if kept == "made before" else "reference")
    with pytest.raises(RunError) as caught:
        js.simulate(tiny, out=out, engine="both", jobs=1)
    said = str(caught.value)
    assert "the engines disagree: replication 1, journeys, column " in said
    assert "please report" in said
    assert "--engine reference" in said
    if out is not None:
        assert record(out)["status"] == "failed"
        assert str(record(out)["twin"]).startswith("replication 1, journeys, column ")
        assert str(record(out)["twin"]) in said
        assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "tiny.toml"]


def test_fewer_replications_do_not_lower_what_the_record_says(tiny, tmp_path):
    out = tmp_path / "run"
    js.simulate(tiny, out=out, replications=4)
    js.simulate(tiny, out=out, replications=2)
    assert record(out)["replications"] == 4
    js.simulate(tiny, out=out, replications=[1, 7])
    assert record(out)["replications"] == 5


def test_a_run_that_is_being_written_is_refused(tiny, tmp_path):
    out = tmp_path / "runs/tiny"
    js.simulate(tiny, out=out, replications=1)
    before = files_of(out)
    with writing_alone(out):
        done = journeysim(tmp_path, "run", "tiny.toml", "-n", "2")
        assert done.returncode == 3
        assert f"process {os.getpid()} is writing this run" in done.stderr
        assert js.open_run(out).replications == [0]
    assert files_of(out) == before
    assert journeysim(tmp_path, "run", "tiny.toml", "-n", "2").returncode == 0


def test_a_lock_ends_with_its_process(tiny, tmp_path):
    out = tmp_path / "run"
    out.mkdir()
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from journeysim.tables.directory_lock import writing_alone\n"
        "with writing_alone(Path(sys.argv[1])):\n    os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(out)], check=False).returncode == 9
    assert (out / LOCK).exists()
    js.simulate(tiny, out=out, replications=1)
    assert not (out / LOCK).exists()


def test_a_directory_is_locked_once_at_a_time(tmp_path):
    inside, most, refused = 0, 0, 0
    count = threading.Lock()

    def use() -> None:
        nonlocal inside, most, refused
        for pause in np.random.default_rng(1).random(100) / 1000:
            try:
                with writing_alone(tmp_path):
                    with count:
                        inside += 1
                        most = max(most, inside)
                    time.sleep(pause)
                    with count:
                        inside -= 1
            except RunError:
                with count:
                    refused += 1

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert refused > 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_jobs_are_refused(tiny, jobs):
    with pytest.raises(ValueError, match="at least 1"):
        js.simulate(tiny, jobs=jobs)
