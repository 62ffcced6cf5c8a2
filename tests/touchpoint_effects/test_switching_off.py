"""A world without a touchpoint: who stands at a closed door, and that nobody else notices."""

from __future__ import annotations

import pytest

import journeysim as js
from journeysim.scenario.scenario import Scenario
from journeysim.touchpoint_effects.switched_off import switched_off

DOCUMENT = {
    "seed": 5,
    "replications": 3,
    "time": {"horizon": "4h", "run_out": "1d"},
    "needs": {
        "bill": {"first": {"phone": 0.5, "web": 0.5}},
        "fault": {
            "first": {"phone": 1.0},
            "channels": {"web": {"after": {"stuck": {"chat": 0.5, "phone": 0.5}}}},
        },
    },
    "segments": {
        "retail": {
            "arrivals": {"rate": "60/h"},
            "needs": {"bill": 0.6, "fault": 0.4},
            "channels": {"phone": {"after": {"closed": {"web": 1.0}}}},
        },
        "premium": {"arrivals": {"rate": "20/h"}, "needs": {"bill": 1.0}},
    },
    "channels": {
        "web": {
            "kind": "self_service",
            "touchpoint": "online",
            "time_spent": "3m",
            "stuck": 0.3,
            "resolution": 0.7,
            "after": {"stuck": {"phone": {"share": 0.4, "delay": "2m"}, "chat": 0.2, "lost": 0.1}},
        },
        "chat": {
            "kind": "queue",
            "touchpoint": "online",
            "talk": "4m",
            "patience": "2m",
            "resolution": 0.8,
            "opening": {"default": "00:00-20:00", "monday": "00:00-21:00"},
            "after": {
                "abandoned": {"chat": 0.5, "phone": 0.25, "web": 0.25},
                "unresolved": {"phone": {"share": 0.5, "transfer": True}},
            },
        },
        "phone": {
            "kind": "queue",
            "talk": "4m",
            "patience": "3m",
            "resolution": 0.8,
            "after": {
                "closed": {"phone": {"share": 0.5, "delay": "1h"}, "chat": 0.25, "lost": 0.1},
                "abandoned": {"phone": 0.3, "lost": 0.1},
            },
        },
        "mail": {
            "kind": "deferred",
            "talk": "5m",
            "after": {"unresolved": {"phone": {"share": 0.4, "transfer": True}}},
        },
    },
    "pools": {"desk": {"agents": 6, "serves": ["phone", "chat", "mail"]}},
    "evidence": {
        "channels.phone.after.closed.phone.share": {"source": "made up", "grade": "assumption"}
    },
    "variants": {"more": {"description": "more", "set": ["pools.desk.agents+=1"]}},
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.from_document(DOCUMENT, name="small")


def steps_after(scenario: Scenario, channel: str, outcome: str) -> dict[str, float]:
    steps = getattr(scenario.world.channels[channel].after, outcome)
    return {to: step.share for to, step in steps.items()}


def test_the_steps_of_the_file_hold_and_those_back_are_divided_over_the_rest(scenario):
    changed = switched_off(scenario, [("phone",)])
    assert changed.taken_from == {"phone": "closed"}
    # What is left of 1, 0.15, gives up and grows alike: to 0.3.
    assert steps_after(changed.scenario, "phone", "closed") == pytest.approx(
        {"chat": 0.5, "lost": 0.2}
    )
    world = changed.scenario.world
    own = world.segments["retail"].channels["phone"].after.closed
    assert {to: step.share for to, step in own.items()} == {"web": 1.0}
    # Nobody tells the others: they come, and find the door closed.
    assert steps_after(changed.scenario, "web", "stuck")["phone"] == 0.4


def test_where_the_file_says_nothing_another_outcome_stands_in_at_every_level(scenario):
    changed = switched_off(scenario, [("web",)])
    assert changed.taken_from == {"web": "stuck"}
    closed = changed.scenario.world.channels["web"].after.closed
    assert (closed["phone"].share, closed["phone"].delay.value) == (0.4, 120_000_000)
    need = changed.scenario.world.needs["fault"].channels["web"].after.closed
    assert {to: step.share for to, step in need.items()} == {"chat": 0.5, "phone": 0.5}


def test_nobody_is_transferred_from_behind_a_closed_door(scenario):
    changed = switched_off(scenario, [("mail",)])
    assert changed.taken_from == {"mail": "unresolved"}
    step = changed.scenario.world.channels["mail"].after.closed["phone"]
    assert (step.share, step.transfer) == (0.4, False)


def test_a_touchpoint_of_several_channels_closes_as_a_whole(scenario):
    changed = switched_off(scenario, [("web", "chat")])
    assert changed.taken_from == {"web": "stuck", "chat": "abandoned"}
    # chat and web are the same touchpoint: only the phone is left, and those who gave up or left.
    assert steps_after(changed.scenario, "chat", "closed") == {"phone": 1.0}
    assert steps_after(changed.scenario, "web", "closed") == pytest.approx(
        {"phone": 0.5, "lost": 0.125}
    )


def test_without_any_next_step_they_give_up():
    document = {**DOCUMENT, "evidence": {}}
    phone = {key: part for key, part in DOCUMENT["channels"]["phone"].items() if key != "after"}
    document["channels"] = {**DOCUMENT["channels"], "phone": phone}
    document["segments"] = {"premium": DOCUMENT["segments"]["premium"]}
    changed = switched_off(Scenario.from_document(document), [("phone",)])
    assert changed.taken_from == {"phone": None}
    run = js.simulate(changed.scenario, replications=1, engine="reference")
    ends = {
        row["outcome"]
        for row in run.journeys.to_pylist()
        if (row["first_channel"], row["contacts"]) == ("phone", 1)
    }
    assert ends == {"given_up"}


@pytest.mark.parametrize("channel", ["web", "chat", "phone", "mail"])
def test_nobody_gets_in_and_everybody_still_comes(scenario, channel):
    changed = switched_off(scenario, [(channel,)]).scenario
    with_it, without = (js.simulate(each, engine="reference") for each in (scenario, changed))
    columns = ["replication", "customer", "arrived", "need", "first_channel"]
    keys = [("replication", "ascending"), ("customer", "ascending")]
    assert with_it.journeys.select(columns).sort_by(keys) == without.journeys.select(
        columns
    ).sort_by(keys)
    there = [row for row in without.contacts.to_pylist() if row["channel"] == channel]
    assert {(row["outcome"], row["wait"].total_seconds()) for row in there} <= {("closed", 0.0)}
    assert bool(there) == (channel != "mail")


def test_the_scenario_given_stays_as_it_is(scenario):
    before = scenario.to_toml()
    switched_off(scenario, [("web", "chat"), ("phone",)])
    assert scenario.to_toml() == before
