"""A scenario as Python programs use it: loaded, changed, shown."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import journeysim as js
from tests.unit.documents import full, smallest

ROOT = Path(__file__).parents[2]


def test_a_mapping_is_loaded_like_a_file() -> None:
    found = js.load_scenario(smallest(), name="mine", set="pools.agents.agents=7")
    assert found.name == "mine"
    assert found.document["pools"]["agents"]["agents"] == 7
    assert js.load_scenario(smallest()) == js.Scenario.from_document(smallest())
    with pytest.raises(js.ScenarioError, match="2 problems"):
        js.load_scenario({**smallest(), "seed": -1, "replications": 0})


@pytest.mark.parametrize("given", [7, None, ["a.toml"], b"a.toml"])
def test_what_is_no_scenario_is_refused(given: object) -> None:
    with pytest.raises(js.ArgumentError, match="scenario must be a path"):
        js.load_scenario(given)  # type: ignore[call-overload]


def test_a_change_is_a_value_a_text_or_values_by_paths() -> None:
    base = js.load_scenario(smallest())
    assert base.change("pools.agents.agents", 2) == base.change("pools.agents.agents-=1")
    both = base.change({"pools.agents.agents": 2, "seed": 9}, name="two")
    assert (both.name, both.world.seed) == ("two", 9)
    assert both.document == base.change("pools.agents.agents-=1; seed=9").document
    assert base.change("title", None, name="none").name == "none"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pools.agent.agents": 7, "channels.fone.talk": "1m"}, "2 problems"),
        ("pools.agents.agents", "is not a change"),
        ("", "is not a change"),
        ("pool.agents.agents-=1", "did you mean 'pools'"),
    ],
)
def test_everything_that_is_wrong_with_a_change_is_said(change: object, said: str) -> None:
    with pytest.raises(js.ScenarioError, match=said):
        js.load_scenario(smallest()).change(change)  # type: ignore[call-overload]


def test_a_change_of_another_kind_is_refused() -> None:
    base = js.load_scenario(smallest())
    with pytest.raises(js.ArgumentError, match="change must be a path"):
        base.change(["pools.agents.agents-=1"])  # type: ignore[call-overload]
    with pytest.raises(js.ArgumentError, match="no other value"):
        base.change({"seed": 1}, 2)  # type: ignore[call-overload]


def test_completion_shows_what_people_use() -> None:
    shown = {name for name in dir(js.Scenario) if not name.startswith("_")}
    assert shown == {
        *("name", "source", "document", "world", "variants"),
        *("change", "set", "variant", "to_toml", "warnings", "from_document"),
    }


@pytest.mark.parametrize("document", [smallest(), full()], ids=["smallest", "full"])
def test_a_scenario_is_shown_in_a_few_lines(document: dict[str, object]) -> None:
    scenario = js.load_scenario(document, name="mine")
    lines = repr(scenario).splitlines()
    assert len(lines) <= 10
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Scenario mine")
    assert f"seed {scenario.world.seed}" in repr(scenario)
    page = scenario._repr_html_()
    assert page.count("<tr>") == page.count("</tr>") == 5
    assert all("<th" in page and name in page for name in ("segments", "channels", "pools"))


def test_what_is_shown_in_a_notebook_is_text_and_nothing_else() -> None:
    scenario = js.load_scenario({**smallest(), "title": "<script>alert(1)</script>"})
    assert "<script>" not in scenario._repr_html_()
    assert "&lt;script&gt;" in scenario._repr_html_()


def test_a_scenario_travels() -> None:
    scenario = js.load_scenario(ROOT / "scenarios/bank_1999.toml")
    assert pickle.loads(pickle.dumps(scenario)) == scenario
