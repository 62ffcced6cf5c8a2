"""Whole comparisons: equal luck, one table however it is made, files, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import journeysim as js
from journeysim.comparison.comparison import TABLES
from journeysim.errors import CompareError, MeasureError, RunError, ScenarioError
from tests.cli.program import files_of
from tests.comparison.line import line
from tests.naive import comparison as naive

ONE_MORE = ["pools.agents.agents+=1"]


def rows_of(comparison: js.Comparison, **where) -> list[dict]:
    return [
        row
        for row in comparison.differences.to_pylist()
        if all(row[key] == value for key, value in where.items())
    ]


def with_idle_pool(agents: int) -> js.Scenario:
    """A line with agents whom nobody ever meets."""
    base = line()
    document = base.document | {
        "channels": base.document["channels"] | {"letter": {"kind": "deferred", "talk": "5m"}},
        "pools": base.document["pools"] | {"nobody": {"agents": agents, "serves": ["letter"]}},
    }
    return js.Scenario.from_document(document, name=f"idle_{agents}")


def test_agents_whom_nobody_meets_change_exactly_nothing_for_anybody():
    found = js.compare(with_idle_pool(2), [with_idle_pool(3)])
    for row in rows_of(found):
        if row["difference"] is not None and row["measure"] not in ("staffed_hours", "occupancy"):
            assert (row["difference"], row["lower"], row["upper"]) == (0.0, 0.0, 0.0), row
            assert row["p"] is None
    counted = {
        row["counted"]: row["total"] for row in found.customers.to_pylist() if not row["segment"]
    }
    assert counted["same"] == counted["paired"] > 0
    assert counted["only_baseline"] == counted["only_variant"] == 0
    assert found.told_journeys.num_rows == 0


def test_values_are_those_of_runs_scored_alone_and_differences_those_of_the_definition():
    found = js.compare(line(), ["more"], measures=["abandonment", "mean_wait", "offered"])
    runs = [js.simulate(scenario) for scenario in (line(), line().variant("more"))]
    for side, run in zip(("baseline", "value"), runs, strict=True):
        for row in js.score(run, measures=["abandonment", "mean_wait", "offered"]).to_pylist():
            assert rows_of(found, measure=row["measure"])[0][side] == row["value"]
    sums = [
        [
            (row["numerator"], row["denominator"])
            for row in found.scores.to_pylist()
            if row["measure"] == "abandonment" and row["scenario"] == name
        ]
        for name in ("line", "more")
    ]
    row = rows_of(found, measure="abandonment")[0]
    assert np.allclose([row["lower"], row["upper"]], naive.interval(*sums, 0.95))
    assert np.isclose(row["variance_reduction"], naive.variance_reduction(*sums))
    p = [each["p"] for each in rows_of(found)]
    assert np.allclose([each["p_holm"] for each in rows_of(found)], naive.holm(p))


def test_swapped_scenarios_negate_every_difference():
    more = line().variant("more")
    there = js.compare(line(), [more], measures=["abandonment", "wait_p90", "journeys_lost"])
    back = js.compare(more, [line()], measures=["abandonment", "wait_p90", "journeys_lost"])
    for one, other in zip(rows_of(there), rows_of(back), strict=True):
        assert one["difference"] == -other["difference"]
        assert one["lower"] == -other["upper"]
        assert (one["p"], one["variance_reduction"]) == (other["p"], other["variance_reduction"])


def test_nothing_depends_on_the_engine_or_on_how_many_are_made_at_once():
    tables = [
        js.compare(line(), ["more"], by=("segment", "interval"), engine=engine, jobs=jobs)
        for engine, jobs in (("reference", 1), ("compiled", 1), ("compiled", 3))
    ]
    for other in tables[1:]:
        for name in TABLES:
            assert getattr(other, name).equals(getattr(tables[0], name)), name
        assert other.sentences == tables[0].sentences


def test_finished_runs_compare_as_scenarios_do(tmp_path: Path):
    js.simulate(line(), out=tmp_path / "line")
    js.simulate(line().variant("more"), out=tmp_path / "more")
    of_runs = js.compare(
        tmp_path / "line", [tmp_path / "more"], measures=["abandonment", "wait_p90"]
    )
    simulated = js.compare(line(), ["more"], measures=["abandonment", "wait_p90"])
    assert of_runs.differences.equals(simulated.differences)
    assert of_runs.customers.equals(simulated.customers)
    first = js.compare(tmp_path / "line", {"one more": tmp_path / "more"}, replications=3, jobs=2)
    assert first.record["replications"] == 3
    assert first.variants == ["one more"]
    with pytest.raises(CompareError, match="seed: needs a scenario"):
        js.compare(tmp_path / "line", [tmp_path / "more"], seed=5)
    with pytest.raises(CompareError, match="engine: needs a scenario"):
        js.compare(tmp_path / "line", [tmp_path / "more"], engine="compiled")


@pytest.mark.parametrize(
    ("changes", "how", "said"),
    [
        ({}, {"seed": 6}, "seed 6, not 5"),
        ({}, {"replications": 4}, "replications 0 to 3, not replications 0 to 5"),
        ({"time": {"horizon": "3h", "run_out": "1d"}}, {}, "horizon 3 h, not 2 h"),
        ({"time": {"horizon": "2h", "run_out": "2d"}}, {}, "run-out 2 d, not 1 d"),
        ({"measures": {"threshold": "1m"}}, {}, "threshold of phone 1 m, not 20 s"),
        ({"measures": {"service_level": "answered"}}, {}, "by 'answered', not by 'offered'"),
        (None, {}, "the same scenario"),
    ],
)
def test_runs_that_cannot_be_compared_say_why(tmp_path, changes, how, said):
    js.simulate(line(), out=tmp_path / "line")
    other = line(**changes) if changes else line()
    if changes is not None:
        other = other.set(*ONE_MORE)
    js.simulate(other, out=tmp_path / "other", **how)
    with pytest.raises(CompareError, match="not comparable") as caught:
        js.compare(tmp_path / "line", [tmp_path / "other"])
    assert said in str(caught.value)


def test_runs_of_other_programs_and_layouts_are_refused(tmp_path):
    js.simulate(line(), out=tmp_path / "line")
    for name, change, error, said in (
        ("older", {"versions": {"journeysim": "0.0.1"}}, CompareError, "made by journeysim 0.0.1"),
        ("later", {"layout": 99}, RunError, "has layout 99"),
    ):
        js.simulate(line().variant("more"), out=tmp_path / name)
        record = json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8"))
        (tmp_path / name / "run.json").write_text(json.dumps(record | change), encoding="utf-8")
        with pytest.raises(error, match=said):
            js.compare(tmp_path / "line", [tmp_path / name])


def test_a_variant_with_another_threshold_needs_one_for_all():
    with pytest.raises(CompareError, match="threshold of phone 1 m, not 20 s"):
        js.compare(line(), set=["measures.threshold=1m; pools.agents.agents+=1"])
    found = js.compare(
        line(), set=["measures.threshold=1m; pools.agents.agents+=1"], threshold="30s"
    )
    assert "within 30 s" in rows_of(found, measure="service_level")[0]["formula"]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({}, CompareError, "nothing to compare"),
        ({"variants": ["mor"]}, CompareError, "did you mean 'more'"),
        ({"set": ["title=other"]}, CompareError, "the same scenario as the baseline"),
        ({"set": ["pools.agents.agents+=0"]}, CompareError, "the same scenario as the baseline"),
        ({"set": ["pools.agent.agents+=1"]}, ScenarioError, "did you mean 'agents'"),
        ({"variants": ["more", "more"]}, CompareError, "named twice"),
        ({"variants": ["more"], "baseline_variant": "more"}, CompareError, "named twice"),
        ({"variants": ["more"], "replications": 1}, CompareError, "at least 2"),
        ({"variants": ["more"], "measures": ["no"]}, MeasureError, "no measure 'no'"),
        ({"variants": ["more"], "by": ["no"]}, MeasureError, "no breakdown by 'no'"),
        ({"variants": ["more"], "level": 95}, MeasureError, "between 0 and 1"),
        ({"variants": ["more"], "thresold": "1s"}, MeasureError, "no definition 'thresold'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_one_clear_error(asked, error, said):
    with pytest.raises(error, match=said):
        js.compare(line(), **asked)


def test_the_baseline_may_be_a_variant_and_variants_may_have_names_of_their_own():
    found = js.compare(line(), {"none": line()}, baseline_variant="more")
    assert (found.record["baseline"]["name"], found.variants) == ("more", ["none"])
    plain = js.compare(line(), ["more"])
    one, other = (rows_of(each, measure="abandonment")[0] for each in (found, plain))
    assert one["difference"] == -other["difference"]


def test_a_channel_that_only_the_variant_has_has_no_baseline():
    found = js.compare(line(), [with_idle_pool(2)], measures=["offered", "abandonment"])
    letter = rows_of(found, channel="letter", measure="offered")[0]
    assert letter["baseline"] is None
    assert letter["value"] == 0.0
    assert letter["difference"] is None


def test_with_several_variants_the_best_is_told_and_the_family_is_all_of_them():
    found = js.compare(line(), ["more"], set=["pools.agents.agents+=3"], replications=10)
    best = {
        row["scenario"]: row["verdict"]
        for row in found.best.to_pylist()
        if row["measure"] == "service_level"
    }
    assert best == {"line": "not best", "more": "not best", "pools.agents.agents+=3": "best"}
    judged = [row for row in rows_of(found) if row["p"] is not None]
    assert int(found.differences.schema.metadata[b"family"]) == len(judged)
    assert {row["variant"] for row in judged} == {"more", "pools.agents.agents+=3"}
    wide = [row["upper_joint"] - row["lower_joint"] for row in judged]
    assert all(w > row["upper"] - row["lower"] for w, row in zip(wide, judged, strict=True))


def test_a_comparison_on_disk_is_the_one_in_memory(tmp_path):
    made = js.compare(line(), ["more"], out=tmp_path / "answer")
    again = js.open_comparison(tmp_path / "answer")
    for name in TABLES:
        assert (
            getattr(again, name)
            .combine_chunks()
            .equals(getattr(made, name).unify_dictionaries().combine_chunks())
        ), name
    assert again.sentences == made.sentences
    assert again.record == made.record
    assert again.scenarios == made.scenarios
    parts = [
        pa.ipc.open_file(path).read_all()
        for path in sorted((tmp_path / "answer" / "customers").iterdir())
    ]
    assert len(parts) == 6
    worse = sum(row["change"] == "worse" for part in parts for row in part.to_pylist())
    total = {
        row["counted"]: row["total"] for row in made.customers.to_pylist() if not row["segment"]
    }
    assert worse == total["worse"] > 0


def test_repeating_gives_the_same_bytes_and_interrupting_leaves_what_was_there(tmp_path):
    place = tmp_path / "answer"
    js.compare(line(), ["more"], out=place)
    before = {key: value for key, value in files_of(place).items() if key != "comparison.json"}

    def interrupt(done: int, _all: int, _share: float) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        js.compare(line(), ["more"], out=place, replications=9, progress=interrupt)
    assert js.open_comparison(place).record["replications"] == 6
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
    js.compare(line(), ["more"], out=place)
    after = {key: value for key, value in files_of(place).items() if key != "comparison.json"}
    assert after == before


def test_what_stands_in_the_way_is_not_touched(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="is not a comparison"):
        js.compare(line(), ["more"], out=tmp_path / "mine")
    js.compare(line(), ["more"], out=tmp_path / "answer")
    before = files_of(tmp_path / "answer")
    with pytest.raises(RunError, match="holds another comparison"):
        js.compare(line(), set=ONE_MORE, seed=8, out=tmp_path / "answer")
    assert files_of(tmp_path / "answer") == before
    assert files_of(tmp_path / "mine") == {"notes.txt": b"mine"}


@pytest.mark.parametrize("file", ["comparison.json", "differences.arrow", "scenarios/0.toml"])
def test_a_damaged_comparison_says_which_file(tmp_path, file):
    js.compare(line(), ["more"], out=tmp_path / "answer")
    if file.endswith("toml"):
        (tmp_path / "answer" / file).unlink()
    else:
        (tmp_path / "answer" / file).write_text("{", encoding="utf-8")
    with pytest.raises(CompareError, match=file.split("/")[-1]):
        js.open_comparison(tmp_path / "answer")


def test_every_column_says_what_it_means():
    found = js.compare(line(), ["more"])
    for name in TABLES:
        for field in getattr(found, name).schema:
            assert field.metadata[b"meaning"], (name, field.name)
