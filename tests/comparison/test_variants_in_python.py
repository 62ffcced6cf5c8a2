"""Who is compared, in every form that Python programs give: nothing is simulated here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import journeysim as js
from journeysim.comparison.scenarios import scenario_contenders
from tests.unit.documents import smallest

BASE = js.load_scenario(smallest(), name="line")


def agents(contender: Any) -> int:
    return int(contender.scenario.document["pools"]["agents"]["agents"])


def compared(variants: Any) -> dict[str, int]:
    found = scenario_contenders(BASE, variants, ())
    return {each.name: agents(each) for each in found}


@pytest.mark.parametrize(
    ("variants", "names"),
    [
        ({"a": "pools.agents.agents-=1"}, {"a": 2}),
        ({"a": {"pools.agents.agents": 7}}, {"a": 7}),
        ({"a": ["pools.agents.agents-=1", "seed=3"]}, {"a": 2}),
        ({"a": BASE.change("pools.agents.agents", 9)}, {"a": 9}),
        (["pools.agents.agents-=1; seed=2"], {"pools.agents.agents-=1; seed=2": 2}),
        ([{"pools.agents.agents": 7}], {"pools.agents.agents=7": 7}),
        ([BASE.change("pools.agents.agents", 7)], {"pools.agents.agents=7": 7}),
        (
            [BASE.change("pools.agents.agents", n) for n in (7, 8)],
            {"pools.agents.agents=7": 7, "pools.agents.agents=8": 8},
        ),
        ([BASE.change("pools.agents.agents", 7, name="seven")], {"seven": 7}),
    ],
    ids=str,
)
def test_a_variant_is_named_or_names_itself(variants: Any, names: Mapping[str, int]) -> None:
    assert compared(variants) == {"line": 3, **names}


def test_scenarios_that_differ_in_much_are_numbered() -> None:
    other = BASE.change({"segments.new": {"arrivals": {"rate": "1/h"}}})
    assert list(compared([other])) == ["line", "line 2"]


def test_a_changed_scenario_reads_like_its_change() -> None:
    found = scenario_contenders(BASE, [BASE.change("pools.agents.agents", 7)], ())
    assert found[1].words.text == "Seven agents"
    assert found[1].changes == ("pools.agents.agents=7",)


@pytest.mark.parametrize(
    ("variants", "kind", "said"),
    [
        ([BASE], js.CompareError, "the same scenario as the baseline"),
        ([7], js.ArgumentError, "a variant must be a scenario"),
        (["seven"], js.CompareError, "no variant 'seven'"),
        ({"a": []}, js.CompareError, "changes nothing"),
        (["pools.agent.agents-=1"], js.ScenarioError, "did you mean 'agents'"),
    ],
    ids=str,
)
def test_what_is_no_variant_is_refused(variants: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        compared(variants)
