"""What users can cause: each ends in one clear message, the right exit code, and no damage."""

import json
import os
import shutil

import pytest

from tests.cli.program import TINY, files_of, journeysim


def refused(done, code, *words):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "Missing argument"),
        (["rnu"], "No such command"),
        (["run", "none.toml"], "there is no such file"),
        (["run", "."], "is a folder"),
        (["run", "tiny.toml", "--by", "chanel"], "did you mean 'channel'?"),
        (["run", "tiny.toml", "--by", ","], "names nothing"),
        (["run", "tiny.toml", "-n", "0"], "--replications"),
        (["run", "tiny.toml", "--seed", "-1"], "--seed"),
        (["run", "tiny.toml", "--set", "pools.agents"], "is not a change"),
        (["run", "tiny.toml", "--set", "pools.agnets.agents=3"], "did you mean 'agents'?"),
        (["run", "tiny.toml", "--variant", "three"], "did you mean 'three_more'?"),
        (["run", "tiny.toml", "--no-out", "--out", "x"], "contradict"),
        (["show"], "name a run directory or a scenario"),
        (["show", "none"], "no such run directory or scenario file"),
        (["show", "tiny.toml", "--by", "channel"], "needs a run directory"),
        (["show", "tiny.toml", "--level", "1"], "--level"),
        (["completion", "tcsh"], "tcsh"),
    ],
)
def test_bad_input_exits_with_2(folder, arguments, words):
    done = journeysim(folder, *arguments, "-q") if "run" in arguments[:1] else None
    refused(done or journeysim(folder, *arguments), 2, words)
    assert not (folder / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "runs/tiny", "--measure", "sevice_level"], "did you mean 'service_level'?"),
        (["show", "runs/tiny", "--threshold", "30"], "with a"),
        (["show", "runs/tiny", "--set", "seed=3"], "needs a scenario"),
        (["journeys", "runs/tiny", "--replication", "9"], "0 to 3"),
        (["journeys", "runs/tiny", "--journey", "999999"], "no journey with number 999999"),
        (["journeys", "runs/tiny", "--customer", "999999"], "no journey with customer 999999"),
        (["journeys", "runs/tiny", "--customer", str(2**70)], "--customer"),
    ],
)
def test_asking_a_run_for_what_it_lacks_exits_with_2(finished, arguments, words):
    refused(journeysim(finished, *arguments), 2, words)


def test_a_foreign_directory_is_left_alone(folder):
    foreign = folder / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"cat")
    refused(journeysim(folder, "run", "tiny.toml", "-q", "--out", "photos"), 3, "photos")
    refused(journeysim(folder, "show", "photos"), 3, "not a run directory")
    assert files_of(foreign) == {"cat.jpg": b"cat"}
    (folder / "runs").mkdir()
    foreign.rename(folder / "runs/tiny")
    assert journeysim(folder, "run", "tiny.toml", "-n", "1").returncode == 0
    assert files_of(folder / "runs/tiny") == {"cat.jpg": b"cat"}
    assert (folder / "runs/tiny-2/run.json").exists()


def test_a_file_where_a_directory_should_be(folder):
    refused(journeysim(folder, "run", "tiny.toml", "-q", "--out", "tiny.toml"), 3, "tiny.toml")
    assert (folder / "tiny.toml").read_text() == TINY


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written(folder):
    locked = folder / "locked"
    locked.mkdir(mode=0o555)
    refused(journeysim(folder, "run", "tiny.toml", "-q", "--out", "locked/run"), 3, "locked")
    refused(journeysim(folder, "init", "locked/x.toml"), 3, "locked")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")  # noqa: PTH112
def test_a_directory_that_nobody_can_write(folder):
    refused(journeysim(folder, "run", "tiny.toml", "-q", "--out", "/proc/x"), 3, "/proc/x")
    refused(journeysim(folder, "init", "/proc/x.toml"), 3, "/proc/x.toml")


def test_showing_the_folder_of_all_runs_names_them(finished):
    refused(journeysim(finished, "show", "runs"), 3, "it holds some: tiny")


@pytest.fixture
def copied(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("size", [0, 7, 600])
@pytest.mark.parametrize("table", ["contacts", "journeys", "intervals"])
def test_a_truncated_table_is_named(copied, table, size):
    path = copied / "runs/tiny" / table / "rep=0001.arrow"
    path.write_bytes(path.read_bytes()[:size])
    refused(journeysim(copied, "show", "runs/tiny"), 3, "rep=0001.arrow", "delete it")


def test_a_partial_file_is_no_replication(copied):
    for table in ("contacts", "journeys", "intervals"):
        path = copied / "runs/tiny" / table / "rep=0003.arrow"
        path.rename(path.with_name(".rep=0003.arrow.partial"))
    done = journeysim(copied, "show", "runs/tiny")
    assert done.returncode == 0
    assert "3 replications" in done.stdout
    again = journeysim(copied, "run", "tiny.toml")
    assert "already held 3 of 4" in again.stdout


@pytest.mark.parametrize("record", ["", "[", "[]", "{}", '{"layout": 1}', "7"])
def test_a_damaged_record_is_said(copied, record):
    (copied / "runs/tiny/run.json").write_text(record)
    refused(journeysim(copied, "show", "runs/tiny"), 3, "runs/tiny")


def test_a_run_of_a_later_program_is_said(copied):
    path = copied / "runs/tiny/run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "layout": 99}))
    refused(journeysim(copied, "journeys", "runs/tiny"), 3, "layout 99")


@pytest.mark.parametrize("text", ["", "title = ", "title = 3", "\xff"])
def test_a_damaged_scenario_in_a_run_is_said(copied, text):
    (copied / "runs/tiny/scenario.toml").write_text(text, encoding="latin-1")
    refused(journeysim(copied, "show", "runs/tiny"), 3, "runs/tiny")


def test_a_run_without_finished_replications_is_said(copied):
    shutil.rmtree(copied / "runs/tiny/contacts")
    refused(journeysim(copied, "show", "runs/tiny"), 3, "no replication was finished")
