"""The weights: each has a default with its evidence, a scenario may set it, nothing else may be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from journeysim import MeasureError, Scenario, ScenarioError
from journeysim.measures.experience import (
    Weights,
    known_journey_measures,
    score_columns,
    weights_of,
)
from journeysim.scenario.schema.scoring_weights import Scoring, scoring_defaults
from tests.measures.experience.journeys import columns
from tests.naive.experience import Contact

DOCUMENT = {
    "segments": {"callers": {"arrivals": {"rate": "20/h"}, "first": {"phone": 1.0}, "value": 50.0}},
    "channels": {
        "phone": {"kind": "queue", "talk": "5m", "patience": "4m"},
        "web": {"kind": "self_service", "time_spent": "2m"},
    },
    "pools": {"desk": {"serves": ["phone"], "agents": 2}},
}


def scenario(**parts) -> Scenario:
    return Scenario.from_document({**DOCUMENT, **parts})


def test_every_default_lies_in_its_range_and_says_what_it_rests_on():
    for section, weights in scoring_defaults().items():
        for name, weight in weights.items():
            low, high = weight["range"]
            assert low <= weight["value"] <= high, f"{section}.{name}"
            assert weight["grade"] in "ABCDMK"
            assert weight["source"]
            assert weight["meaning"].endswith(".")


def test_every_weight_that_a_measure_names_exists_and_each_is_named():
    named = {path for measure in known_journey_measures().values() for path in measure.weights}
    known = set(Weights.default().known)
    assert named <= known
    # These count only where a log or a scenario has what they weigh.
    optional = {
        "valence.anger",
        "effort.step",
        "effort.policy",
        "churn.trust",
        "churn.proactive",
        "churn.switching_cost",
    }
    assert known - named == optional


def test_a_scenario_sets_weights_and_its_evidence_counts():
    world = scenario(
        scoring={"wait": {"beta": 0.8, "accept": "90s"}, "churn": {"base": 0.03}},
        evidence={"scoring.churn.base": {"source": "CRM 2023", "grade": "measured"}},
    ).world
    weights = weights_of(world)
    assert weights["wait.beta"] == 0.8
    assert weights["wait.accept"] == 1.5
    assert weights["churn.effort"] == 0.3
    assert weights.evidence("wait.beta").grade == "set"
    assert weights.evidence("churn.base").grade == "measured"
    assert weights.assumptions(["wait.beta", "churn.base", "wait.k"]) == ["wait.k = 1.5622 (C)"]


def test_costs_of_a_scenario_stand_before_default_costs():
    journey = [Contact(), Contact("web", "contained")]
    for parts, cost, rests in (
        ({}, 8.01 + 0.10, True),
        ({"phone": 2.0}, 2.0, False),
        ({"web": 0.5}, 0.5, False),
    ):
        channels = {
            name: {**said, **({"cost_per_contact": parts[name]} if name in parts else {})}
            for name, said in DOCUMENT["channels"].items()
        }
        weights = weights_of(scenario(channels=channels).world)
        found = score_columns(columns([journey]), measures=["cost_to_serve"], weights=weights)
        assert found["cost_to_serve"] == pytest.approx([cost])
        used = weights.used(known_journey_measures()["cost_to_serve"].weights)
        assert bool(weights.assumptions(used)) is rests


def test_handling_costs_by_its_pool():
    pools = {"desk": {**DOCUMENT["pools"]["desk"], "cost_per_hour": 36.0}}
    weights = weights_of(scenario(pools=pools).world)
    journey = [Contact(pool="desk", handling=100_000_000), Contact(pool="back", handling=10**9)]
    found = score_columns(columns([journey]), measures=["cost_to_serve"], weights=weights)
    assert found["cost_to_serve"] == pytest.approx([1.0])


def test_a_channel_of_a_scenario_has_its_own_patience_warmth_and_cost():
    own = {"phone": {"accept": "10m", "warmth": 0.9, "cost_per_contact": 3.0}}
    weights = weights_of(scenario(scoring={"channels": own}).world)
    names = ["peak_end", "cost_to_serve"]
    found = score_columns(columns([[Contact(wait=240_000_000)]]), measures=names, weights=weights)
    early = 0.05 * (1 - 1.5622 * 4**0.9 / 10)
    assert found["peak_end"] == pytest.approx([1 + 0.5 * (0.9 - 0.5) + early], rel=1e-12)
    assert found["cost_to_serve"] == [3.0]


def test_a_worth_is_not_discounted_again():
    worth = weights_of(scenario(scoring={"value_is": "worth"}).world)
    names = ["value_at_risk", "churn_probability"]
    found = score_columns(columns([[Contact()]]), measures=names, weights=worth)
    assert found["value_at_risk"] == pytest.approx(100 * found["churn_probability"], rel=1e-12)


WRONG = [
    ({"chrun": {"base": 0.1}}, "scoring.chrun: unknown key; did you mean 'churn'?"),
    ({"churn": {"bsae": 0.1}}, "scoring.churn.bsae: unknown key; did you mean 'base'?"),
    ({"churn": {"base": 1.0}}, "scoring.churn.base: must be less than 1, got 1.0"),
    ({"wait": {"accept": 2}}, "scoring.wait.accept: must be a duration with its unit"),
    ({"channels": {"fone": {}}}, "scoring.channels: no channel 'fone'"),
    ({"value_is": "margins"}, "scoring.value_is: must be one of margin, worth"),
]


@pytest.mark.parametrize(("part", "message"), WRONG)
def test_what_no_weight_is_is_refused_with_its_path(part, message):
    with pytest.raises(ScenarioError) as caught:
        scenario(scoring=part)
    assert message in re.sub(
        r"scoring\.channels\.fone: no", "scoring.channels: no", str(caught.value)
    )


def test_a_file_of_weights(tmp_path: Path):
    place = tmp_path / "weights.toml"
    place.write_text("[churn]\nbase = 0.1\n", encoding="utf-8")
    assert Weights.read(place)["churn.base"] == 0.1
    place.write_text("[scoring.churn]\nbase = 0.2\n", encoding="utf-8")
    assert Weights.read(place)["churn.base"] == 0.2
    place.write_text("[churn]\nbsae = 0.1\n[wait]\nbeta = 'x'\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Weights.read(place)
    assert "weights.toml: 2 problems" in str(caught.value)
    assert "churn.bsae: unknown key; did you mean 'base'?" in str(caught.value)
    place.write_text("[churn\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is not TOML"):
        Weights.read(place)
    with pytest.raises(ScenarioError, match="cannot be read"):
        Weights.read(tmp_path / "none.toml")


def test_weights_change_one_by_one():
    default = Weights.default()
    changed = default.changed({"wait.accept": 1.5, "churn.base": 0.1})
    assert (changed["wait.accept"], changed["churn.base"]) == (1.5, 0.1)
    assert default["churn.base"] == 0.05
    with pytest.raises(MeasureError, match=r"no weight 'churn\.bsae'; did you mean 'churn\.base'"):
        default.changed({"churn.bsae": 0.1})
    with pytest.raises(ScenarioError, match="must be less than 1"):
        default.changed({"churn.base": 2.0})


def test_defaults_of_the_scenario_format_are_those_of_the_table():
    assert Scoring() == Scoring.model_validate({})
    assert weights_of(scenario().world).known == Weights.default().known
