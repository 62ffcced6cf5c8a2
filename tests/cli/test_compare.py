"""`journeysim compare` and `journeysim journeys --compare`, as people start them."""

from __future__ import annotations

import json
import signal
import time

import pytest

import journeysim as js
from journeysim.comparison import is_comparison
from tests.cli.program import files_of, journeysim, process, start

MORE = ["--set", "pools.agents.agents+=2"]


def test_the_answer_comes_first_and_what_it_rests_on_after_it(folder):
    done = journeysim(folder, "compare", "tiny.toml", *MORE, "-n", "12")
    assert done.returncode == 0, done.stderr
    first = " ".join(done.stdout.split("\n\n")[0].split())
    assert first == js.compare(folder / "tiny.toml", set=MORE[1:], replications=12).sentences[0]
    assert first.startswith("Two paid agents more gain ")
    order = [
        done.stdout.index(words)
        for words in (
            "points of service level",
            "difference (95 % interval)",
            "customers in 2 hours",
            "One of those who are better off",
            "How sure",
            "12 pairs of replications of 2 hours",
            "Pairing cuts the variance",
            "Holm",
            "cover chance alone",
            "Next:",
        )
    ]
    assert order == sorted(order)
    assert all(len(line) <= 80 for line in done.stdout.split("Next:")[0].splitlines())


def test_the_command_that_is_proposed_keeps_the_comparison_which_is_then_told(folder):
    done = journeysim(folder, "compare", "tiny.toml", *MORE)
    proposed = done.stdout.rstrip().splitlines()[-1].split()
    assert proposed[:2] == ["journeysim", "compare"]
    assert journeysim(folder, *proposed[1:], "-q").returncode == 0
    assert is_comparison(folder / "comparison")
    told = journeysim(folder, "journeys", "comparison")
    assert told.returncode == 0
    assert "One of those who are better off: customer" in told.stdout
    assert "pools.agents.agents+=2" in told.stdout
    refused = journeysim(folder, "journeys", "comparison", "--customer", "3")
    assert refused.returncode == 2
    assert "the customers that it kept" in refused.stderr


def test_a_process_prints_what_the_function_prints(folder):
    done = process(folder, "compare", "tiny.toml", "--variant", "three_more", *MORE)
    expected = journeysim(folder, "compare", "tiny.toml", "--variant", "three_more", *MORE)
    assert done.returncode == 0
    assert (done.stdout, done.stderr) == (expected.stdout, expected.stderr)
    assert "Of 3 scenarios, in service level" in done.stdout
    assert "of all variants that scatter" in done.stdout


def test_json_is_the_tables(folder):
    done = journeysim(folder, "compare", "tiny.toml", *MORE, "--json", "--by", "interval")
    document = json.loads(done.stdout)
    made = js.compare(folder / "tiny.toml", set=MORE[1:], by=["interval"])
    assert document["sentences"] == made.sentences
    assert len(document["differences"]) == made.differences.num_rows
    assert document["differences"][1]["interval"] == 30 * 60 * 1_000_000
    assert document["replications"] == 4
    assert document["customers"] == made.customers.to_pylist()


def test_finished_runs_are_compared_and_told_side_by_side(folder):
    journeysim(folder, "run", "tiny.toml", "-q")
    journeysim(folder, "run", "tiny.toml", "-q", "--variant", "three_more")
    runs = ["runs/tiny", "runs/tiny-three_more"]
    before = files_of(folder / "runs")
    done = process(folder, "compare", *runs)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tiny-three_more: ")
    proposed = done.stdout.rstrip().splitlines()[-1].split()
    assert proposed == ["journeysim", "journeys", runs[0], "--compare", runs[1]]
    told = journeysim(folder, *proposed[1:])
    assert told.returncode == 0
    assert "who are better off" in told.stdout
    customer = told.stdout.split("Customer ")[1].split(":")[0]
    one = journeysim(folder, *proposed[1:], "--customer", customer, "--json")
    found = json.loads(one.stdout)["customers"]
    assert [[str(side["customer"]) for side in each["journeys"]] for each in found] == [
        [customer, customer]
    ]
    assert files_of(folder / "runs") == before


def test_one_definition_for_all(folder):
    how = ["compare", "tiny.toml", *MORE, "--json", "--threshold", "1m", "-q"]
    done = journeysim(folder, *how, "--service-level", "answered", "--measures", "service_level")
    rows = json.loads(done.stdout)["differences"]
    assert {row["measure"] for row in rows} == {"service_level"}
    assert "answered within 1 m / answered" in {row["formula"].split(";")[0] for row in rows}


def test_runs_that_are_not_comparable_say_why_in_one_error(folder):
    journeysim(folder, "run", "tiny.toml", "-q", "--out", "one")
    journeysim(folder, "run", "tiny.toml", "-q", "--out", "two", "--seed", "9", "-n", "3")
    done = process(folder, "compare", "one", "two")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "two: seed 9, not 3" in done.stderr
    assert "two: replications 0 to 2, not replications 0 to 3" in done.stderr
    told = journeysim(folder, "journeys", "one", "--compare", "two")
    assert told.returncode == 2
    assert "seed 9, not 3" in told.stderr


def test_a_precision_that_is_not_reached_has_an_exit_code_of_its_own(folder):
    how = ["compare", "tiny.toml", *MORE, "--max-replications", "12", "-q"]
    done = journeysim(folder, *how, "--precision", "phone.service_level:0.01pp")
    assert done.returncode == 4
    assert "NOT REACHED" in done.stdout
    assert "not reached" in done.stderr
    easy = journeysim(
        folder, *how, "--max-replications", "60", "--precision", "phone.service_level:30pp"
    )
    assert easy.returncode == 0
    assert "Precision phone.service_level:30pp: reached" in easy.stdout
    assert "15 pairs" in easy.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "name a scenario file"),
        (["tiny.toml"], 2, "nothing to compare"),
        (["no.toml", *MORE], 2, "no such scenario file"),
        (["tiny.toml", "--variant", "three_mor"], 2, "did you mean 'three_more'"),
        (["tiny.toml", "--set", "title=x"], 2, "the same scenario"),
        (["tiny.toml", "--set", "pools.agents"], 2, "is not a change"),
        (["tiny.toml", "--baseline", "no", *MORE], 2, "no variant 'no'"),
        (["tiny.toml", *MORE, "-n", "1"], 2, "-n"),
        (["tiny.toml", *MORE, "--precision", "fone"], 2, "cannot be read"),
        (["tiny.toml", *MORE, "--measures", "no"], 2, "no measure 'no'"),
        (["tiny.toml", *MORE, "-o", "tiny.toml"], 3, "tiny.toml"),
        (["tiny.toml", "."], 2, "compare alike"),
        ([".", *MORE], 2, "need a scenario"),
        ([".", "."], 3, "not a run directory"),
    ],
)
def test_bad_input_gets_one_clear_error(folder, arguments, code, said):
    done = journeysim(folder, "compare", *arguments)
    assert done.returncode == code, done.stderr
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_interruption_keeps_nothing_and_says_so(folder):
    running = start(
        folder,
        "compare",
        "tiny.toml",
        *MORE,
        "-n",
        "100000",
        "-o",
        "answer",
        "--engine",
        "reference",
    )
    until = time.monotonic() + 60
    while not list(folder.glob(".answer-*/comparison/customers/rep=0003.arrow")):
        assert time.monotonic() < until
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == ""
    assert "stopped after" in err
    assert "Traceback" not in err
    assert not (folder / "answer").exists()
    assert not list(folder.glob(".answer*"))
