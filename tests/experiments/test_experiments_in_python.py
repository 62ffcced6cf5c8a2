"""An experiment without a file: factors, designs, and what it gives back."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import journeysim as js
from journeysim.comparison import USUAL
from journeysim.experiments import load_plan
from journeysim.experiments.factors_and_designs import Design, design_part, factor_part
from tests.comparison.line import line
from tests.experiments.small import plan_of

AGENTS = js.Factor("pools.agents.agents", values=[2, 3])
SPREAD = {
    "agents": js.Factor("pools.agents.agents", range=(2, 6), whole=True),
    "talk": js.Factor("channels.phone.talk", range=(0.8, 1.2), change="*=", scale="log"),
}


@pytest.fixture(scope="module")
def found() -> js.Experiment:
    return js.experiment(
        line(),
        factors={"agents": AGENTS},
        measures=["service_level", "resolved"],
        by="channel",
        replications=2,
        engine="reference",
    )


def test_a_factorial_of_everything_is_the_default(found: js.Experiment) -> None:
    assert found.record["design"] == "factorial"
    assert found.points["agents"].to_pylist() == [2, 3]
    assert found.record["by"] == ["channel"]
    same = load_plan(
        plan_of(
            factors={"agents": {"path": "pools.agents.agents", "values": [2, 3]}},
            measures=["service_level", "resolved"],
            by=["channel"],
            replications=2,
        )
    )
    assert same.identity == found.plan.identity


@pytest.mark.parametrize(
    ("design", "said", "points"),
    [
        (js.LatinHypercube(7), {"kind": "latin_hypercube", "points": 7}, 7),
        (js.LatinHypercube(np.int64(7), seed=3), {"points": 7, "seed": 3}, 7),
        (js.Sobol(8), {"kind": "sobol", "points": 8}, 8),
        (js.Morris(2), {"kind": "morris", "trajectories": 2}, 6),
        (js.Morris(2, levels=6), {"levels": 6}, 6),
        (js.SobolIndices(4), {"kind": "sobol_indices", "base": 4}, 16),
        (
            js.PointList([{"agents": 2, "talk": 1.0}, {"agents": 3, "talk": 1.1}]),
            {"kind": "list"},
            2,
        ),
        (js.Factorial(), {"kind": "factorial"}, 4),
    ],
    ids=str,
)
def test_every_design_is_that_of_a_file(design: Design, said: dict[str, Any], points: int) -> None:
    part = design_part(design)
    assert said.items() <= part.items()
    factors = {name: factor_part(name, factor) for name, factor in SPREAD.items()}
    assert len(load_plan(plan_of(design=part, factors=factors)).points) == points


@pytest.mark.parametrize(
    "values", [(2, 3), range(2, 4), np.array([2, 3]), [np.int64(2), np.int64(3)]], ids=str
)
def test_values_are_those_of_a_file(values: Any) -> None:
    part = factor_part("agents", js.Factor("pools.agents.agents", values=values))
    assert part == {"path": "pools.agents.agents", "values": [2, 3]}
    assert {type(value) for value in part["values"]} == {int}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: js.LatinHypercube("200"), "points must be a whole number of at least 1"),  # type: ignore[arg-type]
        (lambda: js.LatinHypercube(0), "points must be"),
        (lambda: js.Sobol(8, seed=-1), "seed must be"),
        (lambda: js.Morris(1), "trajectories must be a whole number of at least 2"),
        (lambda: js.SobolIndices(2.5), "base must be"),  # type: ignore[arg-type]
        (lambda: js.PointList({"agents": 7}), "points must be a list of values by factor"),  # type: ignore[arg-type]
        (lambda: js.experiment(line()), "factors: name what is varied"),
        (lambda: js.experiment(line(), factors=[AGENTS]), "factors must be factors by name"),  # type: ignore[arg-type]
        (lambda: js.experiment(line(), factors={"a": 7}), "a must be a journeysim.Factor"),  # type: ignore[dict-item]
        (lambda: js.experiment(line(), factors={"a": AGENTS}, design=7), "design must be a"),  # type: ignore[arg-type]
        (lambda: js.experiment(line(), factors={"a": AGENTS}, executor="thread"), "'threads'"),  # type: ignore[arg-type]
        (lambda: js.experiment(line(), factors={"a": AGENTS}, replications="5"), "replications"),  # type: ignore[arg-type]
        (lambda: js.experiment(line(), factors={"a": AGENTS}, input_draws=1), "input_draws must"),
    ],
)
def test_what_is_no_experiment_is_refused(wrong: Any, said: str) -> None:
    with pytest.raises(js.ArgumentError, match=said):
        wrong()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"factors": {"a": js.Factor("pools.agents.agents")}}, "give one of values, range"),
        ({"factors": {"a": js.Factor("pools.agent.agents", values=[1])}}, "did you mean 'agents'"),
        ({"design": "lattice"}, "design.kind"),
        ({"customers": "other"}, "customers"),
        ({"measures": "servce_level"}, "did you mean 'service_level'"),
        ({"design": js.SobolIndices(3)}, "must be a power of 2"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_plan_is_said(how: dict[str, Any], said: str) -> None:
    with pytest.raises(js.ExperimentError, match=said):
        js.experiment(line(), **{"factors": SPREAD, "design": js.Sobol(2)} | how)


def test_the_usual_measures_are_scored_if_none_are_named() -> None:
    one = js.experiment(
        line(), factors={"agents": AGENTS}, replications=1, engine="reference", seed=5
    )
    assert one.record["measures"] == list(USUAL)
    assert one.record["seed"] == 5


def test_an_experiment_is_written_and_opened(found: js.Experiment, tmp_path: Path) -> None:
    how = {"measures": ["service_level", "resolved"], "by": "channel", "replications": 2}
    written = js.experiment(
        line(), factors={"agents": AGENTS}, out=tmp_path / "e", engine="reference", **how
    )
    assert js.open_experiment(tmp_path / "e").results.equals(written.results)
    assert written.results.equals(found.results)


def test_a_figure_has_its_name_and_its_type(found: js.Experiment) -> None:
    value = found.value("phone.service_level", point=1)
    rows = found.summary.to_pylist()
    row = next(r for r in rows if r["point"] == 1 and r["measure"] == "service_level")
    assert (value.value, value.half_width) == (row["value"], row["half_width"])
    assert (value.factors, value.of, value.unit) == ({"agents": 3}, {"channel": "phone"}, "share")
    with pytest.raises(js.MeasureError, match="did you mean 'service_level'"):
        found.value("servce_level", point=0)
    with pytest.raises(js.RunError, match="no point 2; it has 0 to 1"):
        found.value("service_level", point=2)


def test_an_experiment_is_shown_in_a_few_lines(found: js.Experiment) -> None:
    lines = repr(found).splitlines()
    assert lines[0].startswith("Experiment: factorial design on")
    assert len(lines) <= 10
    assert max(map(len, lines)) <= 100
    assert "<th" in found._repr_html_()
    assert "2 points over 1: agents; 2 replications each" in found._repr_html_()


def test_an_experiment_goes_to_pandas_and_polars(found: js.Experiment) -> None:
    assert len(found.to_pandas()) == found.results.num_rows == pl.DataFrame(found).height
    assert found.to_polars("summary").height == found.summary.num_rows
    with pytest.raises(js.RunError, match="no table 'sensitivity'"):
        found.to_pandas("sensitivity")
    with pytest.raises(js.ArgumentError, match="did you mean 'results'"):
        found.to_pandas("result")  # type: ignore[arg-type]


def test_an_experiment_travels(found: js.Experiment) -> None:
    assert pickle.loads(pickle.dumps(found)).results.equals(found.results)
