"""What the tables of an experiment say: the scores that any single run would have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import journeysim as js
from journeysim.experiments import ExperimentOptions, load_plan
from journeysim.experiments.parts import PartMaker
from tests.cli.program import journeysim
from tests.comparison.line import line
from tests.experiments.small import made, plan_of, written


def row_of(table: pa.Table, **where: object) -> dict[str, object]:
    for name, value in where.items():
        table = table.filter(pc.equal(table[name].cast(pa.scalar(value).type), value))
    (row,) = table.to_pylist()
    return dict(row)


def test_rows_are_the_scores_of_the_scenario_of_each_point() -> None:
    found = js.experiment(plan_of(by=["segment"]), engine="reference")
    scenario = line().change("pools.agents.agents", 3).set("channels.phone.talk*=1.2")
    run = js.simulate(scenario, replications=4, engine="reference")
    scored = js.score(run, by=["segment"], measures=["service_level", "journeys_lost"])
    for expected in scored.to_pylist():
        where = {"point": 3, "measure": expected["measure"], "segment": expected["segment"]}
        row = row_of(found.summary, **where)
        assert row["agents"] == 3
        assert row["talk"] == 1.2
        assert row["value"] == pytest.approx(expected["value"], rel=1e-12)
        assert row["half_width"] == pytest.approx(expected["half_width"], rel=1e-9)


def test_rows_stand_by_point_replication_measure() -> None:
    found = js.experiment(plan_of(), engine="reference").results
    names = ["service_level", "abandonment", "journeys_lost"]
    expected = [(p, r, m) for p in range(6) for r in range(4) for m in names]
    columns = (found["point"], found["replication"], found["measure"])
    assert list(zip(*(column.to_pylist() for column in columns), strict=True)) == expected


def test_every_column_says_what_it_holds() -> None:
    found = js.experiment(plan_of(by=["channel", "interval"]), engine="reference")
    for table in (found.results, found.summary, found.points):
        for field in table.schema:
            assert field.metadata[b"meaning"], field.name
    assert found.results.schema.field("interval").type == pa.duration("us")


def test_quantiles_have_no_numerator() -> None:
    found = js.experiment(plan_of(measures=["wait_p90"]), engine="reference")
    assert found.results["numerator"].null_count == found.results.num_rows == 24
    alone = found.results["value"].to_numpy().reshape(6, 4)
    np.testing.assert_allclose(found.summary["value"].to_numpy(), alone.mean(axis=1))


def test_one_replication_alone_gives_the_same_bytes(tmp_path: Path) -> None:
    found = made(tmp_path / "place")
    for point, replication in ((0, 0), (3, 2), (5, 3)):
        alone = found.again(point, replication)
        mask = pc.and_(
            pc.equal(found.results["point"], point),
            pc.equal(found.results["replication"], replication),
        )
        assert alone.equals(found.results.filter(mask).combine_chunks())


def test_the_command_makes_one_replication_as_a_run(tmp_path: Path) -> None:
    plan = written(tmp_path, keep_runs=True)
    done = journeysim(tmp_path, "experiment", "plan.toml", "-q", "-o", "place")
    assert done.returncode == 0, done.stderr
    words = ["--point", "4", "--replication", "1", "-o", "alone", "--engine", "reference"]
    done = journeysim(tmp_path, "experiment", plan.name, *words)
    assert done.returncode == 0, done.stderr
    for table in ("journeys", "contacts", "intervals"):
        file = Path(table) / "rep=0001.arrow"
        kept = tmp_path / "place" / "runs" / "point=000004" / file
        assert (tmp_path / "alone" / file).read_bytes() == kept.read_bytes()
    again = journeysim(tmp_path, "experiment", "place", *words[:4])
    assert again.stdout.splitlines()[:4] == done.stdout.splitlines()[:4]


def test_a_point_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    written(tmp_path)
    done = journeysim(tmp_path, "experiment", "plan.toml", "--point", "6", "--replication", "0")
    assert done.returncode == 3
    assert "no point 6; it has 0 to 5" in done.stderr


def test_the_command_tells_a_wrong_file_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("scenario = 3\nfactors = []\n", encoding="utf-8")
    done = journeysim(tmp_path, "experiment", "bad.toml")
    assert done.returncode == 2
    assert "bad.toml: " in done.stderr
    assert "measures: is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_precision_is_reached_at_every_point() -> None:
    parts = {"replications": None, "precision": ["abandonment:4pp"], "max_replications": 400}
    plan = {key: value for key, value in plan_of(**parts).items() if value is not None}
    plan["factors"] = {"agents": {"path": "pools.agents.agents", "values": [2, 6]}}
    found = js.experiment(plan, engine="reference")
    rows = found.summary.filter(pc.equal(found.summary["measure"].cast("string"), "abandonment"))
    assert pc.max(rows["half_width"]).as_py() <= 0.04
    counts = rows["replications"].to_pylist()
    assert counts[0] > counts[1] >= 10


def test_common_customers_make_differences_between_points_sharper() -> None:
    def scatter(customers: str) -> float:
        found = js.experiment(
            plan_of(
                customers=customers,
                replications=30,
                measures=["abandonment"],
                factors={"agents": {"path": "pools.agents.agents", "values": [3, 4]}},
            ),
            engine="reference",
        )
        values = found.results["value"].to_numpy().reshape(2, 30)
        return float(np.var(values[1] - values[0], ddof=1))

    assert scatter("same") < 0.7 * scatter("independent")


def test_a_scenario_read_again_in_part_is_the_scenario_read_whole() -> None:
    maker = PartMaker(load_plan(plan_of()), "reference")
    whole = line().change("pools.agents.agents", 4).set("channels.phone.talk*=1.2")
    point = maker.scenario(5)
    assert point.world.pools == whole.world.pools
    assert point.world.channels == whole.world.channels
    assert {**whole.document, "variants": None} == {**point.document, "variants": None}


def test_an_experiment_can_be_made_again_from_its_own_files(tmp_path: Path) -> None:
    made(tmp_path / "one")
    js.experiment(tmp_path / "one", out=tmp_path / "two", engine="reference")
    results = [(tmp_path / name / "results.arrow").read_bytes() for name in ("one", "two")]
    assert results[0] == results[1]


def test_an_unfinished_experiment_says_so(tmp_path: Path) -> None:
    def stop(_: int, __: int, ___: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "place", ExperimentOptions(engine="reference", progress=stop))
    with pytest.raises(js.RunError, match="is not finished"):
        js.open_experiment(tmp_path / "place")
    with pytest.raises(js.RunError, match="not an experiment"):
        js.open_experiment(tmp_path)
