"""Designs are what they are called, and a file that is wrong is refused with all that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import lognorm, qmc

import journeysim as js
from journeysim.experiments import load_plan
from tests.experiments.small import plan_of

SHARE = {"path": "channels.phone.resolution", "range": [0.0, 1.0]}
OTHER = {"path": "channels.phone.after.abandoned.lost", "range": [0.0, 0.5]}


def points_of(**parts: Any) -> list[tuple[Any, ...]]:
    return list(load_plan(plan_of(**parts)).points)


def test_a_factorial_has_every_combination_with_the_last_factor_fastest() -> None:
    assert points_of() == [(2, 1.0), (2, 1.2), (3, 1.0), (3, 1.2), (4, 1.0), (4, 1.2)]


def test_paired_factors_go_together() -> None:
    factors = {
        "agents": {"path": "pools.agents.agents", "values": [2, 3]},
        "talk": {"path": "channels.phone.talk.mean", "values": ["3m", "4m"]},
        "cost": {"path": "pools.agents.cost_per_hour", "values": [20, 40], "paired_with": "agents"},
    }
    assert points_of(factors=factors) == [
        (2, "3m", 20),
        (2, "4m", 20),
        (3, "3m", 40),
        (3, "4m", 40),
    ]


def test_a_range_is_cut_into_equal_or_proportional_steps() -> None:
    factors = {
        "talk": {"path": "channels.phone.talk.mean", "range": ["2m", "4m"], "steps": 3},
        "volume": {
            "path": "segments.*.arrivals",
            "change": "*=",
            "range": [0.5, 2],
            "steps": 3,
            "scale": "log",
        },
    }
    points = points_of(factors=factors)
    assert [point[0] for point in points[::3]] == ["2m", "3m", "4m"]
    assert [point[1] for point in points[:3]] == pytest.approx([0.5, 1.0, 2.0])


def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_factor() -> None:
    design = {"kind": "latin_hypercube", "points": 16, "seed": 3}
    points = np.array(points_of(design=design, factors={"a": SHARE, "b": OTHER}))
    for column, width in zip(points.T, (1.0, 0.5), strict=True):
        assert sorted(np.floor(column / width * 16).astype(int)) == list(range(16))


@pytest.mark.parametrize("count", [16, 11])
def test_a_sobol_sequence_is_that_of_scipy(count: int) -> None:
    design = {"kind": "sobol", "points": count, "seed": 9}
    points = np.array(points_of(design=design, factors={"a": SHARE, "b": OTHER}))
    expected = qmc.Sobol(2, seed=9).random_base2(4)[:count]
    np.testing.assert_array_equal(points, expected * [1.0, 0.5])


def test_a_list_is_taken_as_it_is() -> None:
    design = {"kind": "list", "points": [{"b": 0.1, "a": 1.0}, {"a": 0.2, "b": 0.3}]}
    assert points_of(design=design, factors={"a": SHARE, "b": OTHER}) == [(1.0, 0.1), (0.2, 0.3)]


def test_whole_numbers_have_equal_parts_of_a_sample() -> None:
    design = {"kind": "latin_hypercube", "points": 30}
    factors = {"agents": {"path": "pools.agents.agents", "range": [2, 4], "whole": True}}
    values = [point[0] for point in points_of(design=design, factors=factors)]
    assert {value: values.count(value) for value in (2, 3, 4)} == {2: 10, 3: 10, 4: 10}
    assert all(isinstance(value, int) for value in values)


def test_a_law_is_sampled_by_its_quantiles() -> None:
    design = {"kind": "sobol", "points": 8, "seed": 2}
    law = {"law": "lognormal", "mean": "4m", "cv": 0.5}
    factors = {"talk": {"path": "channels.phone.talk.mean", "distribution": law}}
    plan = load_plan(plan_of(design=design, factors=factors))
    spread = np.sqrt(np.log(1.25))
    expected = lognorm.ppf(plan.sample()[:, 0], spread, scale=240 * np.exp(-(spread**2) / 2))
    found = plan.factors[0].column([point[0] for point in plan.points])
    np.testing.assert_allclose(found.to_numpy(), expected, atol=1e-6)
    assert plan.factors[0].field().metadata[b"unit"] == b"s"


def test_every_replication_is_in_exactly_one_part() -> None:
    for replications in (1, 7, 20, 33, 1000):
        plan = load_plan(plan_of(replications=replications))
        made = [
            (cell.point, number)
            for part in range(plan.parts)
            for cell in plan.cells(part)
            for number in cell.replications
        ]
        assert made == [(point, number) for point in range(6) for number in range(replications)]


def test_customers_are_the_same_at_all_points_unless_asked() -> None:
    same, other = load_plan(plan_of()), load_plan(plan_of(customers="independent"))
    assert {same.seed_of(point) for point in range(6)} == {5}
    assert len({other.seed_of(point) for point in range(6)}) == 6


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(js.ExperimentError) as refused:
        load_plan(
            plan_of(
                measures=["service_levle"],
                by=["chanel"],
                design={"kind": "factorial", "points": 7},
                factors={
                    "value": {"path": "pools.agents.agents", "values": [1]},
                    "talk": {"path": "channels.phone.talk", "range": [2, "3m"]},
                    "empty": {"path": "channels..phone"},
                },
            )
        )
    text = str(refused.value)
    assert "factors.value: is the name of a column of the results" in text
    assert "factors.talk: mixes numbers, times and rates" in text
    assert "factors.empty: give one of values, range and distribution" in text
    assert "factors.empty.path: 'channels..phone' is not a path" in text
    assert "design.points: has no effect with kind = 'factorial'" in text
    assert "did you mean 'service_level'?" in text
    assert "by: no breakdown by 'chanel'; did you mean 'channel'?" in text


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"replicatons": 3}, "replicatons: unknown key; did you mean 'replications'?"),
        ({"replications": 0}, "replications: must be at least 1, got 0"),
        ({"design": {"kind": "sobol"}}, "design.points: is missing"),
        ({"design": {"kind": "factoral"}}, "did you mean 'factorial'?"),
        (
            {"factors": {"x": {"path": "pools.agentz.agents", "values": [1]}}},
            "factors.x: pools.agentz: nothing is there; did you mean 'agents'?",
        ),
        (
            {"factors": {"x": {"path": "pools.agents.agents", "values": [3, -1]}}},
            "point 1 (x = -1): pools.agents.agents: must be at least 0, got -1",
        ),
        ({"precision": ["abandonment:1pp"]}, "replications: has no effect with a precision"),
        ({"input_draws": 5}, "the scenario says of no parameter how well it is known"),
        ({"definitions": {"treshold": "9s"}}, "definitions: "),
    ],
)
def test_a_file_that_is_wrong_is_refused(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(js.ExperimentError) as refused:
        load_plan(plan_of(**parts))
    assert said in str(refused.value)


@pytest.mark.parametrize("path", sorted(Path("scenarios/experiments").glob("*.toml")), ids=str)
def test_an_example_can_be_made(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# What this teaches: ")
    found = js.experiment(path, replications=2, engine="reference")
    assert found.summary.num_rows == len(found.plan.points) * len(found.plan.measures)
