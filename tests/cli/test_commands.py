"""Each command, started as people start it: what it prints, where, and its exit code."""

import json
import os
import subprocess
import sys
import tomllib
from importlib.resources import files

import pytest

import journeysim as js
from tests.cli.program import TINY, command, files_of, journeysim, process, start


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


def test_check_says_that_a_scenario_is_right(folder):
    done = journeysim(folder, "check", "tiny.toml")
    assert done.returncode == 0
    assert "no problems" in done.stdout
    assert "interviews" in done.stdout


def test_check_finds_all_problems_at_once(folder):
    broken = TINY.replace('"2h"', '"2x"').replace("resolution = 0.8", "resolution = 8")
    (folder / "broken.toml").write_text(broken, encoding="utf-8")
    done = journeysim(folder, "check", "broken.toml")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "broken.toml: 2 problems" in done.stderr
    as_json = journeysim(folder, "check", "broken.toml", "--json")
    assert as_json.returncode == 2
    paths = [problem["path"] for problem in json.loads(as_json.stdout)["problems"]]
    assert sorted(paths) == ["channels.phone.resolution", "time.horizon"]


def test_journeys_tells_stories_and_names_their_numbers(finished):
    done = journeysim(finished, "journeys", "runs/tiny")
    assert done.returncode == 0
    assert "the longest wait" in done.stdout
    assert "calls phone" in done.stdout
    document = json.loads(journeysim(finished, "journeys", "runs/tiny", "--json").stdout)
    one = document["journeys"][0]["journey"]
    told = journeysim(finished, "journeys", "runs/tiny", "--journey", str(one["journey"]))
    by_customer = journeysim(finished, "journeys", "runs/tiny", "--customer", str(one["customer"]))
    assert told.stdout == by_customer.stdout
    assert f"Journey {one['journey']} of customer {one['customer']}" in told.stdout
    lines = [line for line in told.stdout.splitlines() if line.startswith("  Sun ")]
    assert len(lines) == one["contacts"] + 1 - (one["outcome"] == "open")


def test_journeys_of_one_outcome(finished):
    document = json.loads(
        journeysim(finished, "journeys", "runs/tiny", "--outcome", "lost", "--json").stdout
    )
    assert {told["journey"]["outcome"] for told in document["journeys"]} == {"lost"}


def test_init_writes_a_scenario_that_runs_and_never_overwrites(folder):
    done = journeysim(folder, "init", "mine.toml")
    assert done.returncode == 0
    assert journeysim(folder, "check", "mine.toml").returncode == 0
    (folder / "mine.toml").write_text("precious", encoding="utf-8")
    again = journeysim(folder, "init", "mine.toml")
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert (folder / "mine.toml").read_text() == "precious"
    assert journeysim(folder, "init", "mine.toml", "--force").returncode == 0
    ran = journeysim(folder, "run", "mine.toml", "-n", "1")
    assert ran.returncode == 0


def test_template_labels_every_assumption():
    text = files("journeysim.cli").joinpath("template.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for part in ("segments", "channels", "needs", "pools"):
        for name in document[part]:
            assert any(path.startswith(f"{part}.{name}") for path in document["evidence"])
    assert max(map(len, text.splitlines())) <= 100


def test_schema_describes_the_tiny_scenario(folder):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(journeysim(folder, "schema").stdout)
    jsonschema.validate(tomllib.loads(TINY), schema)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_says_how_to_install_it(folder, shell):
    done = journeysim(folder, "completion", shell)
    assert done.returncode == 0
    assert "_JOURNEYSIM_COMPLETE" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("# To install: ")


def test_completion_completes(folder):
    environment = {"_JOURNEYSIM_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    done = process(folder, **environment, COMP_WORDS="journeysim sh")
    assert "plain,show" in done.stdout.splitlines()


@pytest.mark.parametrize(
    "arguments", [[], ["run"], ["show"], ["check"], ["journeys"], ["init"], ["completion"]]
)
def test_help_fits_into_80_columns(folder, arguments):
    done = journeysim(folder, *arguments, "--help")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_needs_no_heavy_library():
    heavy = "numba", "numpy", "pyarrow", "pydantic", "simpy", "rich", "scipy"
    check = f"import sys, journeysim.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_the_exit_codes(folder):
    done = journeysim(folder, "--help")
    for words in ("0  fine", "2  bad input", "3  a run directory", "130  interrupted"):
        assert words in done.stdout
    assert journeysim(folder).stdout == done.stdout


def test_nothing_printed_is_wider_than_80_columns(finished):
    for arguments in (
        ["run", "tiny.toml", "--no-out", "--by", "segment,need,channel,interval"],
        ["show", "runs/tiny"],
        ["show", "runs/tiny", "--by", "interval"],
        ["show", "runs/tiny", "--by", "channel,pool"],
        ["show", "runs/tiny", "--by", "channel", "--measure", "agent_effort,excess_wait,fresh"],
        ["show", "tiny.toml"],
        ["show", "--measures"],
        ["check", "tiny.toml"],
        ["journeys", "runs/tiny", "--limit", "30"],
        ["show", "runs/tiny", "--threshold", "soon"],
        ["completion", "tcsh"],
    ):
        done = journeysim(finished, *arguments)
        lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        assert lines
        assert max(map(len, lines)) <= 80, arguments


def test_output_that_is_not_a_terminal_has_no_escape_codes(finished):
    done = process(finished, "run", "tiny.toml", "--no-out", TERM="xterm-256color")
    assert "\x1b" not in done.stdout + done.stderr


def test_a_terminal_without_the_letters_gets_others(finished):
    done = process(finished, "show", "runs/tiny", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "+-" in done.stdout


def test_whoever_stops_reading_is_no_error(finished):
    reading = start(finished, "show", "runs/tiny", "--by", "interval,channel,segment,need")
    reading.stdout.readline()
    reading.stdout.close()
    errors = reading.stderr.read()
    reading.stderr.close()
    assert reading.wait(60) == 0
    assert errors == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_said_in_one_line(finished):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        broken = subprocess.run(
            command("show", "runs/tiny"),
            cwd=finished,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert broken.returncode == 3
    assert broken.stderr == "error: the output: No space left on device\n"
