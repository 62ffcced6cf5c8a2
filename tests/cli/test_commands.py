"""`run` and `show`, started as people start them: what they print, where, and exit codes."""

import json

import pytest

import journeysim as js
from tests.cli.program import files_of, journeysim, process


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "tiny.toml", "--no-out", "-n", "1"],
        ["show", "runs/tiny"],
        ["check", "tiny.toml"],
        ["journeys", "runs/tiny"],
        ["schema"],
    ],
)
def test_a_process_prints_what_the_function_prints(finished, arguments):
    done = process(finished, *arguments)
    expected = journeysim(finished, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (
        expected.returncode,
        expected.stdout,
        expected.stderr,
    )


def test_run_prints_the_headline_and_where_the_run_is(folder):
    done = journeysim(folder, "run", "tiny.toml")
    assert done.returncode == 0
    for words in ("A tiny line", "abandoned", "level %", "occupancy", "lost for good", "±"):
        assert words in done.stdout
    assert "within 20 s" in done.stdout
    assert "runs/tiny" in done.stdout
    assert "journeysim journeys runs/tiny" in done.stdout
    assert js.open_run(folder / "runs" / "tiny").replications == [0, 1, 2, 3]


def test_warnings_go_to_stderr_and_come_with_their_remedy(folder):
    done = journeysim(folder, "run", "tiny.toml", "--no-out")
    assert "segments.regular.interviews: rests on 3 interviews" in done.stderr
    assert "warning" not in done.stdout
    assert not (folder / "runs").exists()


def test_quiet_leaves_stderr_empty(folder):
    done = journeysim(folder, "run", "tiny.toml", "--quiet")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Next" not in done.stdout


def test_one_replication_has_no_interval_and_says_so(folder):
    done = journeysim(folder, "run", "tiny.toml", "-n", "1", "--no-out")
    assert "±" not in done.stdout
    assert "One replication" in done.stdout


def test_the_same_run_again_is_kept(folder):
    first = journeysim(folder, "run", "tiny.toml", "-q")
    before = files_of(folder / "runs/tiny")
    again = journeysim(folder, "run", "tiny.toml")
    assert "already held this run" in again.stdout
    assert again.stdout.startswith(first.stdout.rstrip("\n").split("\n\n")[0])
    assert files_of(folder / "runs/tiny") == before


def test_more_replications_complete_a_run(folder):
    journeysim(folder, "run", "tiny.toml", "-n", "2")
    more = journeysim(folder, "run", "tiny.toml", "-n", "4")
    assert "already held 2 of 4 replications" in more.stdout
    assert js.open_run(folder / "runs/tiny").replications == [0, 1, 2, 3]


def test_fewer_replications_than_are_there_print_what_they_would_have_printed(folder):
    alone = journeysim(folder, "run", "tiny.toml", "-n", "2", "--no-out", "-q")
    journeysim(folder, "run", "tiny.toml")
    part = journeysim(folder, "run", "tiny.toml", "-n", "2", "-q")
    assert part.stdout == alone.stdout
    assert len(js.open_run(folder / "runs/tiny").replications) == 4


def test_another_run_gets_a_place_of_its_own(folder):
    journeysim(folder, "run", "tiny.toml", "-n", "1")
    before = files_of(folder / "runs/tiny")
    journeysim(folder, "run", "tiny.toml", "-n", "1", "--seed", "4")
    journeysim(folder, "run", "tiny.toml", "-n", "1", "--set", "pools.agents.agents=9")
    journeysim(folder, "run", "tiny.toml", "-n", "1", "--variant", "three_more")
    names = sorted(path.name for path in (folder / "runs").iterdir())
    assert names == ["tiny", "tiny-2", "tiny-3", "tiny-three_more"]
    assert files_of(folder / "runs/tiny") == before


@pytest.mark.parametrize("arguments", [["run", "tiny.toml", "--no-out"], ["show", "runs/tiny"]])
def test_json_is_one_document_with_stable_keys(finished, arguments):
    done = journeysim(finished, *arguments, "--json")
    document = json.loads(done.stdout)
    assert list(document) == [
        "command",
        "scenario",
        "title",
        "directory",
        "status",
        "seed",
        "replications",
        "engine",
        "twin",
        "versions",
        "level",
        "warnings",
        "scores",
    ]
    assert document["command"] == arguments[0]
    assert document["replications"] == [0, 1, 2, 3]
    for row in document["scores"]:
        assert set(row) == {
            *("measure", "channel", "segment", "need", "pool", "interval_start_s"),
            *("value", "lower", "upper", "half_width", "replications"),
            *("numerator", "denominator", "unit", "formula"),
        }
    keys = [tuple(row[key] for key in ("measure", "channel", "pool")) for row in document["scores"]]
    assert len(keys) == len(set(keys))
    assert ("service_level", "phone", None) in keys
    assert ("occupancy", None, "agents") in keys


def test_json_agrees_with_python(finished):
    document = json.loads(journeysim(finished, "show", "runs/tiny", "--json").stdout)
    scores = js.score(finished / "runs/tiny").to_pylist()
    expected = {(row["measure"], row["channel"]): row["value"] for row in scores if row["channel"]}
    found = {
        (row["measure"], row["channel"]): row["value"]
        for row in document["scores"]
        if row["channel"]
    }
    assert found == expected


def test_show_scores_with_another_threshold_without_simulating(finished):
    before = files_of(finished / "runs/tiny")
    strict = journeysim(finished, "show", "runs/tiny", "--threshold", "0s")
    lenient = journeysim(finished, "show", "runs/tiny", "--threshold", "1h")
    assert "within 0 s" in strict.stdout
    assert "within 1 h" in lenient.stdout
    assert files_of(finished / "runs/tiny") == before


def test_show_by_interval_is_a_half_hour_table(finished):
    done = journeysim(finished, "show", "runs/tiny", "--by", "interval")
    assert done.returncode == 0
    for words in ("Sun 00:00", "Sun 01:30", "at work", "occupancy"):
        assert words in done.stdout


def test_show_by_several_and_single_measures(finished):
    done = journeysim(
        finished, "show", "runs/tiny", "--by", "channel,segment", "--measure", "wait_p90"
    )
    assert done.returncode == 0
    assert "wait p90" in done.stdout
    assert "Wait p90:" in done.stdout


def test_show_lists_all_measures_with_their_meaning(folder):
    done = journeysim(folder, "show", "--measures", "--json")
    found = json.loads(done.stdout)["measures"]
    assert all(row["meaning"] for row in found)
    listed = journeysim(folder, "show", "--measures").stdout
    assert all(row["measure"] in listed for row in found)


def test_show_tells_a_scenario_in_words(folder):
    done = journeysim(folder, "show", "tiny.toml")
    assert done.returncode == 0
    for words in (
        "regular",
        " 40.0 ",
        "3 x 0.5 = 1.5 -> 2",
        "who leaves the queue: 40.0 % try again after 10 m 00 s",
        "30.0 % give up",
        "assumption: channels.phone.talk (made up)",
        "three_more:",
        "Interviews held: regular 3",
    ):
        assert words in done.stdout
    facts = json.loads(journeysim(folder, "show", "tiny.toml", "--json").stdout)
    assert facts["pools"][0]["rounding"] == [{"paid": 3, "exact": 1.5, "at_work": 2}]
    assert facts["segments"][0]["arrivals_per_day"] == pytest.approx(40.0)
