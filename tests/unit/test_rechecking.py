"""A scenario that is read again only where it changed is the one that is read as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

import journeysim as js
from journeysim.scenario.changes import revalidation as rechecking
from journeysim.scenario.changes.assignments import parse_assignment
from journeysim.scenario.scenario import Scenario, with_assignments

OMNICHANNEL = js.load_scenario("scenarios/omnichannel.toml")
BANK = js.load_scenario("scenarios/bank_1999.toml")

CHANGES = [
    "segments.*.arrivals.counts*=1.1",
    "segments.hurried.value=7",
    "channels.phone.talk*=0.9",
    "channels.*.cost_per_contact=0.5",
    "channels.web.stuck=0.2",
    "channels.phone.after.abandoned.phone.share=0.2",
    "pools.*.agents-=1",
    "pools.phone.shrinkage=0.25",
    "pools.extra={ agents = 2, serves = ['branch'] }",
    "needs.fault.channels.phone.talk*=1.3",
    "demand.day_factor.cv=0.2",
    "time.horizon=3d",
    "measures.threshold=40s",
    "max_contacts=5",
    "seed=4",
    "title='another'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_gives_the_same_world(change: str) -> None:
    found = with_assignments(OMNICHANNEL, [parse_assignment(change)])
    whole = OMNICHANNEL.set(change)
    assert found.document == whole.document
    assert found.world == whole.world


def test_changes_are_made_in_order_and_the_first_scenario_stays_as_it_was() -> None:
    before = BANK.to_toml()
    changes = ["pools.regular.agents=5", "pools.*.agents+=1", "segments.*.patience*=2"]
    found = with_assignments(BANK, [parse_assignment(change) for change in changes])
    assert found.world == BANK.set(*changes).world
    assert BANK.to_toml() == before


def test_only_what_changed_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the whole scenario was read again")

    monkeypatch.setattr(Scenario, "_with", refused)
    found = with_assignments(BANK, [parse_assignment("pools.regular.agents=5")])
    assert found.world.segments["regular"] is BANK.world.segments["regular"]
    assert found.world.channels is not None


@pytest.mark.parametrize(
    "change",
    ["pools.regular.agents=-1", "channels.phone.pools=['nobody']", "segments.regular.valu=3"],
)
def test_what_is_wrong_is_said_as_always(change: str) -> None:
    with pytest.raises(js.ScenarioError) as whole:
        BANK.set(change)
    with pytest.raises(js.ScenarioError) as found:
        with_assignments(BANK, [parse_assignment(change)])
    assert str(found.value) == str(whole.value)


def test_a_table_in_a_file_is_read_the_long_way(tmp_path: Path) -> None:
    file = tmp_path / "volume.csv"
    file.write_text("time,calls\n08:00,10\n09:00,20\n", encoding="utf-8")
    change = f"segments.regular.arrivals={{ file = '{file}', column = 'calls' }}"
    found = with_assignments(BANK, [parse_assignment(change)])
    assert (
        found.world.segments["regular"].arrivals
        == BANK.set(change).world.segments["regular"].arrivals
    )
    document = {**BANK.document, "x": {"file": "y"}}
    assert rechecking.rechecked_world(BANK.world, document, [("x",)]) is None


def test_evidence_has_a_range_or_a_bootstrap_and_not_both() -> None:
    entry = {"source": "x", "grade": "measured", "range": [1, 2], "bootstrap": [1, 2]}
    with pytest.raises(js.ScenarioError, match="give a range or bootstrap values, not both"):
        BANK.change("evidence", {"pools.regular.agents": entry})
