"""The command `journeysim experiment`: what it prints, and what stops it."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from journeysim.experiments import ExperimentOptions
from tests.cli.program import journeysim, start
from tests.comparison.line import line
from tests.experiments.small import files_of, made, written
from tests.experiments.test_two_kinds import RANGES

LONG = {"replications": 400}
SLOW = pytest.mark.slow
REFERENCE = ("--engine", "reference")


def test_it_prints_every_point(tmp_path: Path) -> None:
    written(tmp_path)
    done = journeysim(tmp_path, "experiment", "plan.toml", *REFERENCE)
    assert done.returncode == 0, done.stderr
    assert "6 points, a full factorial over agents and talk; 4 replications each" in done.stdout
    rows = [text.split()[:3] for text in done.stdout.splitlines() if text[:1].isdigit()][-6:]
    assert rows == [[str(n), str(2 + n // 2), ["1", "1.2"][n % 2]] for n in range(6)]
    assert all(len(text) <= 80 for text in done.stdout.splitlines())


def test_json_holds_the_summary(tmp_path: Path) -> None:
    written(tmp_path, by=["interval"])
    done = journeysim(tmp_path, "experiment", "plan.toml", "--json", "-q", *REFERENCE)
    found = json.loads(done.stdout)
    assert found["points"] == 6
    assert {row["measure"] for row in found["summary"]} == {
        "service_level",
        "abandonment",
        "journeys_lost",
    }


def test_it_says_which_kind_of_uncertainty_is_the_larger(tmp_path: Path) -> None:
    written(tmp_path, scenario=line(evidence=RANGES), input_draws=6, replications=2)
    done = journeysim(tmp_path, "experiment", "plan.toml", "-q", *REFERENCE)
    assert done.returncode == 0, done.stderr
    assert "Two kinds of uncertainty" in done.stdout
    assert "6 draws of the inputs with 2 replications each" in " ".join(done.stdout.split())


def test_a_cap_that_stops_a_point_is_told(tmp_path: Path) -> None:
    plan = written(tmp_path, precision=["abandonment:0.1pp"], max_replications=12)
    text = plan.read_text(encoding="utf-8").replace("replications = 4\n", "", 1)
    plan.write_text(text, encoding="utf-8")
    done = journeysim(tmp_path, "experiment", "plan.toml", "-q", *REFERENCE)
    assert done.returncode == 0, done.stderr
    assert "6 points of 6 stopped at the cap of 12 replications" in done.stdout


@pytest.mark.parametrize("executor", ["threads", pytest.param("processes", marks=SLOW)])
def test_an_interruption_keeps_what_is_made(tmp_path: Path, executor: str) -> None:
    written(tmp_path, **LONG)
    words = ["experiment", "plan.toml", "-o", "place", "--executor", executor, *REFERENCE]
    process = start(tmp_path, *words)
    until_parts(tmp_path / "place")
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "Traceback" not in complaint
    assert "start it again, and it goes on from there" in complaint
    assert list((tmp_path / "place" / "parts").glob("part=*.arrow"))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="has no SIGKILL")
def test_worker_processes_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    written(tmp_path, **LONG)
    words = ["experiment", "plan.toml", "-o", "place", "--executor", "processes", "-j", "2"]
    process = start(tmp_path, *words, *REFERENCE)
    until_parts(tmp_path / "place")
    workers = psutil.Process(process.pid).children(recursive=True)
    assert workers
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=300)
    assert alive == []
    made(tmp_path / "whole", **LONG)
    made(tmp_path / "place", ExperimentOptions(engine="reference"), **LONG)
    assert files_of(tmp_path / "place") == files_of(tmp_path / "whole")


def until_parts(place: Path) -> None:
    for _ in range(3000):
        if list(place.glob("parts/part=*.arrow")):
            return
        time.sleep(0.1)
    pytest.fail("no part was made")
