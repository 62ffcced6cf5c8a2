"""Chance and inputs are told apart: on a model with known variances, and in worlds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

import journeysim as js
from journeysim.uncertainty import (
    declared_uncertainty,
    drawn_scenario,
    drawn_values,
    two_kinds,
)
from tests.comparison.line import line
from tests.experiments.small import plan_of

RANGES = {
    "channels.phone.talk": {"source": "log", "grade": "measured", "range": ["3m", "5m"]},
    "channels.phone.resolution": {"source": "log", "grade": "measured", "range": [0.8, 1.0]},
    "segments.regular.arrivals.rate": {
        "source": "log",
        "grade": "measured",
        "range": ["35/h", "45/h"],
    },
    "measures.threshold": {"source": "taste", "grade": "convention", "range": ["10s", "60s"]},
}


def of_normal_model(draws: int, replications: int, seed: int) -> Any:
    """Y = 10 + N(0, 2) by inputs + N(0, 3) by chance, as estimates with their variances."""
    random = np.random.default_rng(seed)
    inputs = random.normal(0.0, 2.0, (draws, 1, 1))
    results = 10.0 + inputs + random.normal(0.0, 3.0, (draws, replications, 1))
    variances = results.var(axis=1, ddof=1) / replications
    return two_kinds(results.mean(axis=1), variances, replications=replications, level=0.95)


@pytest.mark.statistical
def test_both_variances_of_a_known_model_are_found() -> None:
    found = [of_normal_model(30, 5, seed) for seed in range(400)]
    inputs = np.array([each.input_variance[0] for each in found])
    chance = np.array([each.chance_variance[0] for each in found])
    # 4 and 9 / 5; fixed seeds, so it cannot flicker.
    for sample, exact in ((inputs, 4.0), (chance, 1.8)):
        assert abs(sample.mean() - exact) < 4 * sample.std(ddof=1) / math.sqrt(400)


@pytest.mark.statistical
def test_the_interval_of_their_ratio_covers_the_exact_one() -> None:
    exact = 4.0 / (9.0 / 5 / 30)
    found = [of_normal_model(30, 5, seed) for seed in range(400)]
    covered = sum(e.ratio_lower[0] <= exact <= e.ratio_upper[0] for e in found)
    assert 364 <= covered <= 394  # 380 expected, 4.4 standard deviations either way at most
    assert sum(e.dominates(0) == "inputs" for e in found) == 400


@pytest.mark.statistical
def test_the_chance_interval_covers_the_mean_that_the_draws_have() -> None:
    """Without any effect of the inputs it is an interval for the mean itself."""
    covered = 0
    for seed in range(400):
        random = np.random.default_rng(seed)
        results = random.normal(5.0, 3.0, (10, 4, 1))
        variances = results.var(axis=1, ddof=1) / 4
        found = two_kinds(results.mean(axis=1), variances, replications=4, level=0.95)
        covered += bool(abs(found.value[0] - 5.0) <= found.chance_half_width[0])
    assert 364 <= covered <= 394


def test_chance_alone_leaves_nothing_to_the_inputs() -> None:
    results = np.array([[1.0], [1.1], [0.9], [1.0]])
    found = two_kinds(results, np.full((4, 1), 5.0), replications=3, level=0.95)
    assert found.input_half_width[0] == 0.0
    assert found.dominates(0) == "chance"


def test_inputs_alone_leave_nothing_to_chance() -> None:
    results = np.array([[1.0], [2.0], [3.0], [4.0]])
    found = two_kinds(results, np.zeros((4, 1)), replications=3, level=0.95)
    assert found.chance_half_width[0] == 0.0
    assert found.dominates(0) == "inputs"
    assert found.sure(0)
    assert found.input_half_width[0] == pytest.approx(1.959964 * np.std([1, 2, 3, 4], ddof=1))


def test_draws_are_spread_over_the_range_and_do_not_hang_on_their_number() -> None:
    declared = declared_uncertainty(line(evidence=RANGES))
    assert [each.text for each in declared] == list(RANGES)[:3]
    drawn = [drawn_values(declared, seed=3, draw=draw) for draw in range(2000)]
    talk = np.array([each["channels.phone.talk"] for each in drawn]) / 60e6
    resolution = np.array([each["channels.phone.resolution"] for each in drawn])
    assert talk.min() >= 3.0
    assert talk.max() <= 5.0
    np.testing.assert_allclose(np.quantile(talk, [0.1, 0.5, 0.9]), [3.2, 4.0, 4.8], atol=0.08)
    assert abs(np.corrcoef(talk, resolution)[0, 1]) < 0.09
    assert drawn_values(declared, seed=3, draw=7) == drawn[7]
    assert drawn_values(declared, seed=4, draw=7) != drawn[7]


@pytest.mark.parametrize(
    ("spread", "quantiles"),
    [("triangular", [3.447, 4.0, 4.553]), ("normal", [3.346, 4.0, 4.654])],
)
def test_a_spread_has_its_own_quantiles(spread: str, quantiles: list[float]) -> None:
    evidence = {"channels.phone.talk": {**RANGES["channels.phone.talk"], "spread": spread}}
    declared = declared_uncertainty(line(evidence=evidence))
    talk = [drawn_values(declared, seed=1, draw=k)["channels.phone.talk"] for k in range(4000)]
    found = np.quantile(np.array(talk) / 60e6, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(found, quantiles, atol=0.05)


def test_bootstrap_lists_of_equal_length_are_drawn_together() -> None:
    evidence = {
        "channels.phone.talk": {
            "source": "log",
            "grade": "measured",
            "bootstrap": ["3m", "4m", "5m"],
        },
        "channels.phone.resolution": {
            "source": "log",
            "grade": "measured",
            "bootstrap": [0.8, 0.9, 1.0],
        },
    }
    declared = declared_uncertainty(line(evidence=evidence))
    drawn = {tuple(drawn_values(declared, seed=1, draw=k).values()) for k in range(60)}
    assert drawn == {(180e6, 0.8), (240e6, 0.9), (300e6, 1.0)}


def test_a_variant_gets_the_draw_of_its_baseline() -> None:
    base = line(evidence=RANGES)
    slower = base.set("channels.phone.talk*=1.5", "pools.agents.agents+=1")
    own, values = drawn_scenario(base, base, seed=2, draw=5)
    other, same = drawn_scenario(slower, base, seed=2, draw=5)
    assert values == same

    def mean(scenario: js.Scenario) -> Any:
        return getattr(scenario.world.channels["phone"].talk, "mean", None)

    assert mean(own) == pytest.approx(values["channels.phone.talk"], abs=1)
    assert mean(other) == pytest.approx(1.5 * values["channels.phone.talk"], abs=1)
    assert other.world.segments == own.world.segments


def test_shares_still_add_up_when_one_is_drawn() -> None:
    evidence = {
        "segments.mixed.needs.fault": {"source": "x", "grade": "assumption", "range": [0.0, 1.0]},
        "channels.phone.after.abandoned.phone": {
            "source": "x",
            "grade": "assumption",
            "range": [0.5, 1.0],
        },
    }
    parts: dict[str, Any] = {
        "needs": {name: {"first": {"phone": 1.0}} for name in ("fault", "bill", "move")},
        "segments": {
            "mixed": {
                "arrivals": {"rate": "30/h"},
                "patience": "3m",
                "needs": {"fault": 0.2, "bill": 0.6, "move": 0.2},
            }
        },
        "evidence": evidence,
    }
    scenario = line(**parts)
    for draw in range(40):
        drawn, values = drawn_scenario(scenario, scenario, seed=1, draw=draw)
        needs = drawn.world.segments["mixed"].needs or {}
        assert needs["fault"] == pytest.approx(values["segments.mixed.needs.fault"])
        assert sum(needs.values()) == pytest.approx(1.0)
        assert needs["bill"] == pytest.approx(3 * needs["move"])


@pytest.mark.parametrize(
    ("path", "entry", "said"),
    [
        ("channels.phone.talk", {"range": [0.1, 0.2]}, "is given as a number, and a time"),
        ("channels.phone.talk", {"range": ["5m", "3m"]}, "begins above its end"),
        ("channels.phone.talk", {"range": ["3m", 4]}, "mixes numbers, times and rates"),
        ("channels.phone", {"range": [1, 2]}, "names a table"),
    ],
)
def test_a_range_that_does_not_fit_is_an_error(path: str, entry: Any, said: str) -> None:
    scenario = line(evidence={path: {"source": "x", "grade": "assumption", **entry}})
    with pytest.raises(js.ScenarioError, match=said):
        declared_uncertainty(scenario)


def test_a_comparison_says_which_kind_dominates() -> None:
    answer = js.compare(
        line(evidence=RANGES),
        set=["pools.agents.agents+=1"],
        replications=4,
        measures=["abandonment", "staffed_hours"],
        by=(),
        input_draws=12,
        draw_replications=3,
        engine="reference",
    )
    table = answer.input_uncertainty
    assert table is not None
    rows = {(row["measure"], row["scenario"], row["of"]): row for row in table.to_pylist()}
    change = "pools.agents.agents+=1"
    assert len(rows) == 6
    hours = rows["staffed_hours", change, "difference"]
    assert hours["value"] == 2.0
    assert hours["chance_half_width"] == hours["input_half_width"] == 0.0
    assert hours["dominates"] is None
    abandoned = rows["abandonment", "line", "value"]
    assert abandoned["dominates"] == "inputs"
    total = math.hypot(abandoned["chance_half_width"], abandoned["input_half_width"])
    assert abandoned["upper"] - abandoned["lower"] == pytest.approx(2 * total)
    # What many draws and what the plain comparison find is about the same.
    plain = answer.differences.to_pylist()[0]
    assert rows["abandonment", change, "difference"]["value"] == pytest.approx(
        plain["difference"], abs=0.1
    )


def test_a_comparison_keeps_it_with_the_rest(tmp_path: Any) -> None:
    asked: dict[str, Any] = {
        "set": ["pools.agents.agents+=1"],
        "replications": 2,
        "measures": ["abandonment"],
        "input_draws": 2,
        "draw_replications": 2,
        "engine": "reference",
    }
    one = js.compare(line(evidence=RANGES), out=tmp_path / "kept", jobs=1, **asked)
    other = js.compare(line(evidence=RANGES), jobs=2, **asked)
    again = js.open_comparison(tmp_path / "kept")
    assert one.input_uncertainty is not None
    assert one.input_uncertainty.equals(again.input_uncertainty)
    assert one.input_uncertainty.equals(other.input_uncertainty)
    with pytest.raises(js.CompareError, match="at least 2 draws"):
        js.compare(line(evidence=RANGES), **{**asked, "input_draws": 1})
    with pytest.raises(js.CompareError, match="says of no parameter how well it is known"):
        js.compare(line(), **asked)


def test_an_experiment_parts_them_at_every_point() -> None:
    plan = plan_of(
        scenario=line(evidence=RANGES),
        input_draws=10,
        replications=3,
        measures=["abandonment"],
        factors={"agents": {"path": "pools.agents.agents", "values": [3, 4]}},
    )
    found = js.experiment(plan, engine="reference")
    assert found.results.num_rows == 2 * 10 * 3
    assert pc.max(found.results["replication"]).as_py() == 29
    values = found.results["value"].to_numpy().reshape(2, 10, 3)
    numerators = found.results["numerator"].to_numpy().reshape(2, 10, 3)
    assert not np.allclose(values[0, 0], values[0, 1])
    assert found.inputs is not None
    assert found.inputs.num_rows == 10 * 3
    summary = found.summary.to_pylist()
    ratios = numerators.sum(axis=2) / (
        found.results["denominator"].to_numpy().reshape(2, 10, 3).sum(axis=2)
    )
    np.testing.assert_allclose([row["value"] for row in summary], ratios.mean(axis=1))
    assert {row["replications"] for row in summary} == {30}
    assert all(row["dominates"] in ("inputs", "chance") for row in summary)
    alone = found.again(1, 17)
    assert alone["draw"].to_pylist() == [5]
    assert alone["value"][0].as_py() == values[1, 5, 2]
