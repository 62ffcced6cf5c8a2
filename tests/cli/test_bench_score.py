"""`journeysim bench score` and `journeysim init --kernel`, as people start them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from journeysim.bench.results import SCHEMA
from tests.cli.program import journeysim, process

NAME = "longest_silence"
#: One thread and few turns: every turn is a process of its own.
QUICK = ("-n", "3000", "--jobs", "1")
TURNS = (*QUICK, "--runs", "4")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a new kernel, and the results of its first benchmark."""
    place = tmp_path_factory.mktemp("kernel")
    done = process(place, "init", "--kernel", NAME)
    assert done.returncode == 0, done.stderr
    assert f"journeysim bench score --kernel {NAME}.py" in done.stdout
    options = ("--history", "history.jsonl", "--out", "results.arrow")
    done = process(place, "bench", "score", "--kernel", f"{NAME}.py", *TURNS, *options)
    assert done.returncode == 0, done.stderr
    (place / "said.txt").write_text(done.stdout)
    return place


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # journeysim is installed for a user; here it stands in the sources.
    sources = os.pathsep.join(
        [str(Path(__file__).parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
    )
    surroundings = {**os.environ, "MYPYPATH": sources.rstrip(os.pathsep)}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            ("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"test_{NAME}.py"),
            marks=pytest.mark.slow,
        ),
        ("ruff", "check", "--isolated", "--no-cache", "."),
        ("ruff", "format", "--isolated", "--no-cache", "--check", "."),
        pytest.param(
            (
                "mypy",
                "--strict",
                "--cache-dir",
                ".types",
                f"{NAME}.py",
                f"test_{NAME}.py",
                f"bench_{NAME}.py",
            ),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_new_kernel_passes_its_test_and_all_checks(made, words):
    done = run(made, *words)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_new_kernel_has_a_benchmark(made):
    done = subprocess.run(
        [sys.executable, f"bench_{NAME}.py"],
        cwd=made,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"{NAME}: " in done.stdout


@pytest.mark.slow
def test_the_test_of_a_new_kernel_finds_a_fault(made, tmp_path):
    for path in made.glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text())
    kernel = tmp_path / f"{NAME}.py"
    kernel.write_text(kernel.read_text().replace("max(longest[journey], wait[row])", "wait[row]"))
    done = run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", f"test_{NAME}.py")
    assert done.returncode == 1


@pytest.mark.slow
def test_the_test_stays_true_when_kernel_and_twin_are_edited_alike(made, tmp_path):
    for path in made.glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text())
    kernel = tmp_path / f"{NAME}.py"
    text = kernel.read_text()
    for old, new in (
        ("max(longest[journey], wait[row])", "longest[journey] + wait[row] * weight"),
        ("[max(wait[first:last].tolist()) for", "[sum(wait[first:last].tolist()) * weight for"),
        ("np.zeros(journeys, np.int64)", "np.zeros(journeys)"),
        ("wait: Whole)", "wait: Whole, weight: float)"),
        ('needs=("wait",)', 'needs=("talk",), weights=("effort.repeat",)'),
    ):
        assert old in text
        text = text.replace(old, new)
    kernel.write_text(text)
    done = run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", f"test_{NAME}.py")
    assert done.returncode == 0, done.stdout


def test_journeys_are_scored_with_a_kernel_from_a_file(made):
    assert process(made, "init", "service.toml").returncode == 0
    assert process(made, "run", "service.toml", "-n", "2", "-q", "--out", "run").returncode == 0
    words = ("score", "run", "--kernel", f"{NAME}.py", "--measure", f"{NAME},contacts", "-q")
    done = process(made, *words)
    assert done.returncode == 0, done.stderr
    assert "longest silence  s" in done.stdout
    for path in (made / "run/scores").glob("*.arrow"):
        with pa.memory_map(str(path)) as source:
            scores = pa.ipc.open_file(source).read_all()
        assert NAME in scores.column_names
    done = process(made, "score", "run", "--kernel", "none.py")
    assert done.returncode == 2
    assert "none.py: no such file of Python" in done.stderr


def test_existing_files_are_left_alone(made):
    before = (made / f"{NAME}.py").read_bytes()
    done = process(made, "init", "--kernel", NAME)
    assert done.returncode == 2
    assert f"{NAME}.py exists" in done.stderr
    assert (made / f"{NAME}.py").read_bytes() == before


@pytest.mark.parametrize("name", ["effort", "Not a name", "class", "../x"])
def test_names_that_cannot_be_are_refused(tmp_path, name):
    done = journeysim(tmp_path, "init", "--kernel", name)
    assert done.returncode == 2
    assert "--kernel" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_benchmark_says_what_it_measured(made):
    said = (made / "said.txt").read_text()
    assert max(map(len, said.splitlines())) <= 80
    flat = " ".join(said.split())
    for text in (
        "journeys/s",
        "3,000 journeys",
        "all contenders found the same scores",
        "Compiling took",
        "Memory, 1 thread: copy",
        "Peak:",
        "bound by",
    ):
        assert text in flat, text


def test_results_are_kept_as_arrow_and_as_a_history(made):
    with pa.memory_map(str(made / "results.arrow")) as source:
        table = pa.ipc.open_file(source).read_all()
    assert table.schema == SCHEMA
    records = [json.loads(line) for line in (made / "history.jsonl").read_text().splitlines()]
    assert table["seconds"].to_pylist() == [record["seconds"] for record in records]
    assert records[0]["measures"] == [NAME]
    assert len(records[0]["seconds"]) == 4
    assert records[0]["compile_seconds"] > 0
    assert records[0]["peak"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "code"), [(0.01, 5), (100.0, 0)])
def test_slower_than_the_history_is_flagged(made, tmp_path, factor, code):
    record = json.loads((made / "history.jsonl").read_text().splitlines()[0])
    record["seconds"] = [factor * each for each in record["seconds"]]
    history = tmp_path / "history.jsonl"
    history.write_text(json.dumps(record) + "\n")
    options = ("--kernel", f"{NAME}.py", *TURNS, "--against", str(history))
    done = process(made, "bench", "score", *options)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("SLOWER" in done.stdout) == (code == 5)
    assert "Mann-Whitney" in done.stdout
    assert "Traceback" not in done.stderr


WRONG = """\
from itertools import pairwise

import numpy as np

from journeysim.jit import compiled
from journeysim.measures.experience import JourneyMeasure


@compiled
def first_wait(offsets, wait):
    found = np.zeros(offsets.size - 1, np.int64)
    for journey in range(found.size):
        found[journey] = {kernel}
    return found


def naive_first_wait(offsets, wait):
    return [int(wait[first]) for first, _ in pairwise(offsets.tolist())]


MEASURE = JourneyMeasure(
    name="first_wait", unit="s", meaning="First wait.", formula="wait of the first contact",
    needs=("wait",), kernel=first_wait,
)
"""


@pytest.mark.parametrize(
    ("kernel", "text"),
    [
        ("wait[offsets[journey]] + (journey == 5)", "beside its naive twin"),
        (
            "wait[offsets[journey]] + offsets[0] * 0 + (found.size == 997)",
            "a piece of the journeys",
        ),
    ],
)
def test_a_wrong_kernel_gets_no_times(tmp_path, kernel, text):
    (tmp_path / "wrong.py").write_text(WRONG.format(kernel=kernel))
    done = process(tmp_path, "bench", "score", "--kernel", "wrong.py", *QUICK, "--runs", "1")
    assert done.returncode == 5, done.stdout + done.stderr
    assert "journeys/s" not in done.stdout
    said = " ".join(done.stderr.split())
    assert "first_wait of journey" in said
    assert text in said
    assert "No times are given" in said
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1 / 0\n", "line 1: ZeroDivisionError"),
        ("def f(:\n", "line 1: SyntaxError"),
        ("x = 1\n", "makes no JourneyMeasure"),
        (WRONG.format(kernel="wait[offsets[journey]].nothing"), "Typing"),
    ],
)
def test_a_file_that_is_no_kernel_is_refused_in_words(tmp_path, text, problem):
    (tmp_path / "broken.py").write_text(text)
    done = process(tmp_path, "bench", "score", "--kernel", "broken.py", *QUICK, "--runs", "1")
    assert done.returncode in (2, 5)
    assert "broken.py" in done.stderr
    assert problem in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--backends", "polar"), 2, "did you mean 'polars'"),
        (("--measures", "efort"), 2, "did you mean 'effort'"),
        (("--data", "nowhere"), 3, "no run directory"),
        (("--kernel", "nowhere.py"), 2, "no such file"),
        (("--against", "nowhere.jsonl"), 3, "cannot be read"),
        (("--against", "nowhere.jsonl", "--runs", "2"), 2, "--runs 2"),
    ],
)
def test_bad_options_are_refused_before_anything_is_measured(tmp_path, options, code, text):
    done = journeysim(tmp_path, "bench", "score", "-n", "100", *options)
    assert done.returncode == code, done.stderr
    assert text in " ".join(done.stderr.split())
    assert done.stdout == ""


@pytest.mark.slow
def test_built_in_measures_of_a_run_beside_numpy(finished):
    who = ("--measures", "effort,peak_end,anger", "--backends", "journeysim,numpy,polars")
    # Compiling the whole pass takes half a minute; a new kernel has its compiling measured above.
    quick = ("--runs", "1", "--jobs", "1", "--no-compile-time")
    options = ("--data", "runs/tiny", *who, *quick, "--json")
    done = process(finished, "bench", "score", *options)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [each["contender"] for each in found["results"]] == ["journeysim", "numpy"]
    assert found["cannot"] == ["chosen: polars cannot express anger"]
    for record in found["results"]:
        assert record["data"]["origin"] == "tiny, replication 0"
        assert record["measures"] == ["effort", "peak_end", "anger"]
        assert record["compile_seconds"] is None
