"""`journeysim touchpoints`: what it prints, writes and refuses."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

import journeysim as js
from journeysim.cli.touchpoint_report import notes, the_point
from tests.cli.program import journeysim


def test_the_tables_and_the_point_fit_into_80_columns(folder):
    done = journeysim(folder, "touchpoints", "tiny.toml", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("Who gets the credit", "last touch", "true", "difference", "The log credits"):
        assert words in done.stdout
    told = " ".join(done.stdout.split())
    assert "go on as after 'abandoned' (phone) and after 'stuck' (web)" in told
    assert "they give up (mail)" in told
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_run_directory_gives_the_same_tables_as_its_scenario(folder):
    journeysim(folder, "run", "tiny.toml", "-q")
    by_run = journeysim(folder, "touchpoints", "runs/tiny", "-q")
    by_file = journeysim(folder, "touchpoints", "tiny.toml", "-q")
    assert by_run.stdout == by_file.stdout
    again = journeysim(folder, "touchpoints", "runs/tiny", "-n", "2")
    assert again.returncode == 2
    assert "-n needs a scenario" in again.stderr


def test_the_file_and_the_json_hold_the_table(folder):
    done = journeysim(folder, "touchpoints", "tiny.toml", "-o", "t.arrow", "--json")
    document = json.loads(done.stdout)
    table = pa.ipc.open_file(folder / "t.arrow").read_all()
    assert document["credits"] == table.to_pylist()
    assert table.equals(js.touchpoints(folder / "tiny.toml"))
    assert document["closed_doors"] == {"phone": "abandoned", "mail": None, "web": "stuck"}


def test_the_log_alone_needs_no_second_simulation(folder):
    done = journeysim(folder, "touchpoints", "tiny.toml", "--no-true-effect", "--order", "2")
    assert done.returncode == 0
    assert "remembers the last 2" in " ".join(done.stdout.split())
    assert "True effect" not in done.stdout
    assert "switching it off" not in done.stdout


def test_all_sets_are_shown(folder):
    done = journeysim(folder, "touchpoints", "tiny.toml", "--all-sets", "-q")
    assert "(Shapley)" in done.stdout
    assert "over all orders" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.toml"], "there is no such file"),
        (["tiny.toml", "--goal", "solved"], "resolved"),
        (["tiny.toml", "--order", "40"], "take a lower order"),
        (["tiny.toml", "--by", "segment"], "--by"),
    ],
)
def test_bad_input_ends_with_2_and_a_remedy(folder, arguments, told):
    done = journeysim(folder, "touchpoints", *arguments)
    assert done.returncode == 2
    assert told in done.stderr


def row(method: str, share: float, half: float | None = 0.01, *, goal: str = "resolved"):
    lower, upper = (None, None) if half is None else (share - half, share + half)
    return {
        "touchpoint": "chat",
        "method": method,
        "goal": goal,
        "share": share,
        "half_width": half,
        "lower": lower,
        "upper": upper,
    }


@pytest.mark.parametrize(
    ("true", "half", "goal", "told"),
    [
        (0.001, 0.01, "resolved", "changes nothing (-0.9 to 1.1 %)"),
        (0.08, 0.01, "resolved", "costs 8.0 % of them (7.0 to 9.0 %)"),
        (-0.08, 0.01, "resolved", "brings 8.0 % more (7.0 to 9.0 %)"),
        (0.08, 0.01, "lost", "prevents 8.0 % of them (7.0 to 9.0 %)"),
        (-0.08, 0.01, "lost", "adds 8.0 % more (7.0 to 9.0 %)"),
        (0.08, None, "resolved", "changes them by -8.0 % (one replication, so no interval)"),
    ],
)
def test_the_point_says_what_switching_off_does(true, half, goal, told):
    rows = [
        row("removal_effect", 0.5, goal=goal),
        row("true_effect", true, half, goal=goal),
        row("difference", 0.5 - true, half, goal=goal),
    ]
    assert the_point(rows) == (
        f"The log credits chat with 50.0 % of the {goal} journeys; switching it off {told}."
    )


def test_the_point_is_silent_where_nothing_differs_or_nothing_was_simulated():
    rows = [row("removal_effect", 0.5), row("true_effect", 0.495), row("difference", 0.005)]
    assert "cannot be told apart" in the_point(rows)
    assert the_point(rows[:1]) == ""


def test_where_the_goal_is_never_met_there_is_no_credit(folder):
    done = journeysim(folder, "touchpoints", "tiny.toml", "--goal", "exhausted", "-q")
    assert done.returncode == 0
    assert "No journey ended exhausted, so there is no credit to give." in done.stdout


def test_a_trace_is_mentioned():
    rows = [row("removal_effect", 0.5), row("true_effect", 0.4)]
    told = " ".join(notes(rows, {"chat": "closed"}, order=1, traced=True))
    assert "trace" in told
    assert "trace" not in " ".join(notes(rows, {"chat": "closed"}, order=1, traced=False))
