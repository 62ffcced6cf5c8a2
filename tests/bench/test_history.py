"""A history of results: what is kept, what may be compared, and what is refused."""

import json
from dataclasses import replace

import pytest

from journeysim.bench.bandwidth import Bandwidth
from journeysim.bench.history import against, read_history, remember
from journeysim.bench.machine import software, this_machine
from journeysim.bench.results import SCHEMA, DataFacts, Results, Timing
from journeysim.errors import MeasureError, RunError

SECONDS = (0.100, 0.102, 0.099, 0.101, 0.098)


def timing(seconds=SECONDS, yardstick=(0.004,) * 5, **changes):
    known = {
        "group": "nine",
        "contender": "journeysim",
        "jobs": 1,
        "measures": ("contacts", "effort"),
        "journeys": 1_000,
        "touched": 50_000,
        "seconds": seconds,
        "processor": seconds,
        "yardstick": yardstick,
        "bandwidth": 1e10,
    }
    return Timing(**(known | changes))


def results(*timings, **changes):
    known = {
        "date": "2026-01-01T00:00:00+00:00",
        "machine": this_machine(),
        "software": software(),
        "data": DataFacts("made up, seed 1", 1_000, 3_500, "abc"),
        "bandwidths": (Bandwidth(1, 1e10, 1e10, 1e10),),
        "timings": timings or (timing(),),
        "cannot": (),
    }
    return Results(**(known | changes))


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "history.jsonl"
    remember(path, results())
    return path


def compare(history, now):
    return against(history, read_history(history), now, contender="journeysim")


def test_equal_times_are_not_slower(history):
    found = compare(history, results())
    assert found.slower == ()
    assert found.comparisons[0].ratio == pytest.approx(1.0)


def test_a_planted_slowdown_is_flagged(history):
    found = compare(history, results(timing(tuple(1.3 * each for each in SECONDS))))
    assert [each.name for each in found.slower] == ["nine, journeysim, 1"]
    assert found.slower[0].p < 0.01


def test_a_slow_hour_of_the_machine_is_not_a_slow_kernel(history):
    doubled = tuple(2 * each for each in SECONDS)
    found = compare(history, results(timing(doubled, yardstick=(0.008,) * 5)))
    assert found.slower == ()


def test_others_that_became_slower_raise_no_alarm(history):
    remember(history, results(timing(contender="polars")))
    slow = timing(tuple(2 * each for each in SECONDS), contender="polars")
    assert compare(history, results(timing(), slow)).slower == ()


def test_the_latest_comparable_results_count(history):
    remember(history, results(timing(tuple(2 * each for each in SECONDS))))
    assert compare(history, results(timing(tuple(1.9 * each for each in SECONDS)))).slower == ()


def test_another_version_is_compared_and_said(history):
    found = compare(history, results(software=software() | {"numba": "99.0"}))
    assert any(text.startswith("numba ") and text.endswith("-> 99.0") for text in found.versions)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (results(machine=replace(this_machine(), cores=512)), "no results of this machine"),
        (results(data=DataFacts("seed 2", 9, 9, "other")), "no results for these 9 journeys"),
        (results(timing(jobs=7)), "these measures and threads"),
        (results(timing(SECONDS[:1], (0.004,))), "raise --runs"),
    ],
)
def test_what_cannot_be_compared_is_refused(history, now, text):
    with pytest.raises(MeasureError, match=text):
        compare(history, now)


@pytest.mark.parametrize("line", ["{", "[]", '{"date": "2026"}', "3"])
def test_damaged_histories_are_refused_by_line(history, line):
    with history.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(RunError, match="line 2"):
        read_history(history)


def test_a_history_that_is_not_there(tmp_path):
    with pytest.raises(RunError, match=r"nothing\.jsonl: cannot be read"):
        read_history(tmp_path / "nothing.jsonl")


def test_records_stand_alone(history):
    record = json.loads(history.read_text())
    assert record["machine"]["processor"] == this_machine().processor
    assert record["seconds"] == list(SECONDS)
    assert record["journeys_per_second"] == pytest.approx(1_000 / 0.100)
    assert record["bandwidth_share"] == pytest.approx(50_000 / 0.100 / 1e10)


def test_the_table_has_a_sentence_per_column():
    table = results(timing(peak=5, libraries=3, compile_seconds=1.5)).table()
    assert table.schema == SCHEMA
    assert table.num_rows == 1
    assert all(field.metadata[b"meaning"] for field in table.schema)
    row = table.to_pylist()[0]
    assert row["seconds"] == list(SECONDS)
    assert row["journeys"] == 1_000
    assert row["compile_seconds"] == 1.5
