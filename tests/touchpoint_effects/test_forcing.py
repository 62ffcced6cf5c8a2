"""A world in which contacts of a channel end well, or badly, whatever the file says."""

from __future__ import annotations

import pytest

import journeysim as js
from journeysim.touchpoint_effects.forced_outcomes import forced
from tests.touchpoint_effects.test_switching_off import DOCUMENT

SCENARIO = js.Scenario.from_document(
    {
        **DOCUMENT,
        "pools": {
            "desk": {
                **DOCUMENT["pools"]["desk"],
                "channels": {"phone": {"resolution": 0.5, "needs": {"bill": {"resolution": 0.4}}}},
            }
        },
    }
)
SERVED = {"served_resolved", "served_unresolved", "transferred"}


def ends_in(scenario, channel):
    contacts = js.simulate(scenario, replications=1).contacts.to_pylist()
    rows = [row for row in contacts if row["channel"] == channel]
    return {(row["outcome"], row["resolved"]) for row in rows}


@pytest.mark.parametrize("channel", ["phone", "chat"])
def test_a_service_meets_the_need_always_or_never(channel):
    as_it_is = ends_in(SCENARIO, channel)
    assert {met for outcome, met in as_it_is if outcome in SERVED} == {True, False}
    good, bad = (ends_in(forced(SCENARIO, [channel], ending=end), channel) for end in GOOD_BAD)
    assert {met for outcome, met in good if outcome in SERVED} == {True}
    assert {met for outcome, met in bad if outcome in SERVED} == {False}


def test_who_has_no_patience_left_is_not_served_however_well_it_would_have_gone():
    good, bad = (ends_in(forced(SCENARIO, ["phone"], ending=end), "phone") for end in GOOD_BAD)
    assert ("abandoned", False) in good & bad


def test_a_visit_meets_the_need_or_gets_stuck():
    good, bad = (ends_in(forced(SCENARIO, ["web"], ending=end), "web") for end in GOOD_BAD)
    assert good == {("contained", True)}
    assert bad == {("stuck", False)}


def test_a_visit_that_cannot_get_stuck_ends_without_meeting_the_need():
    scenario = js.load_scenario("scenarios/banner.toml", set=["segments.*.arrivals.counts=[50]"])
    bad = forced(scenario, ["checkout"], ending="bad")
    assert ends_in(bad, "checkout") == {("contained", False)}


GOOD_BAD = ("good", "bad")
