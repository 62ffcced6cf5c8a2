"""Service measures of runs built by hand, against the definitions and figures worked out."""

from __future__ import annotations

import pytest

from journeysim.measures import Definitions, Measure, known_measures, score_run
from journeysim.units import HOUR
from tests.tiny_runs import (
    contact,
    journey,
    measured,
    pool_interval,
    replication,
    run_of,
    run_of_contacts,
    values,
    world_of,
)

WORLD = world_of()
LEFT = "abandoned"


def test_offered_is_the_sum_of_its_causes_and_of_its_ends():
    causes = ["fresh", "retry", "switch", "recontact", "transfer", "chase"]
    ends = ["served_resolved", "served_unresolved", "abandoned", "balked", "blocked", "closed"]
    ends += ["superseded", "waiting", "in_service"]
    rows = [contact(outcome=end, cause=cause) for end in ends for cause in causes]
    rows += [contact(outcome="transferred", started=0, pool="desk", talk=0)]
    rows += [contact("web", end) for end in ("contained", "contained", "stuck")]
    table = score_run(run_of_contacts(rows), WORLD, by=())
    count = {name: measured(table, name)["value"] for name in known_measures()}
    by_cause = ("fresh", "retries", "switches_in", "recontacts", "transfers_in", "chases")
    assert sum(count[name] for name in by_cause) == count["offered"] == len(rows)
    assert [count[name] for name in by_cause[1:]] == [9] * 5
    by_end = ("answered", "abandoned", "balked", "blocked", "closed", "contained", "stuck")
    by_end += ("superseded", "open")
    assert [count[name] for name in by_end] == [13, 6, 6, 6, 6, 2, 1, 6, 12]
    assert sum(count[name] for name in by_end) == count["offered"]


def test_waits_are_of_those_that_the_measure_names():
    rows = [contact(wait=10), contact(wait=40), contact(outcome=LEFT, wait=100)]
    rows += [contact(outcome="balked"), contact(outcome="waiting", wait=500)]
    names = ["speed_of_answer", "time_to_abandon", "mean_wait", "excess_wait", "share_queued"]
    found = values(run_of_contacts(rows), names)
    assert found == [25.0, 100.0, 50.0, (20 + 80) / 3, 1.0]
    assert values(run_of_contacts([*rows, contact()]), ["share_queued"]) == [4 / 5]


def test_quantiles_are_of_accepted_contacts_of_all_replications():
    first = [contact(wait=wait) for wait in range(1, 50)]
    second = [contact(wait=wait) for wait in range(50, 101)] + [contact(outcome="blocked")] * 300
    table = score_run(run_of_contacts(first, second), WORLD, by=())
    rows = [measured(table, f"wait_p{percent}") for percent in (50, 90, 99)]
    assert [row["value"] for row in rows] == [50.0, 90.0, 99.0]
    assert [row["denominator"] for row in rows] == [100.0] * 3
    # Without the first 75, without the second 25: standard error 25.
    assert rows[0]["half_width"] == pytest.approx(12.706204736 * 25)


def test_handling_is_per_answered_contact_and_chat_effort_is_shared():
    rows = [contact(talk=100, wrap_up=20), contact(talk=200), contact(outcome=LEFT, wait=5)]
    rows += [contact("email", pool="back", talk=300, wrap_up=100)]
    table = score_run(run_of_contacts(rows), WORLD)
    by_channel = {
        name: [measured(table, name, channel=c)["value"] for c in ("phone", "email")]
        for name in ("handling_time", "talk_time", "wrap_up_time", "agent_effort")
    }
    assert by_channel == {
        "handling_time": [160.0, 400.0],
        "talk_time": [150.0, 300.0],
        "wrap_up_time": [10.0, 100.0],
        "agent_effort": [160.0, 200.0],
    }


def test_a_phone_contact_served_by_a_pool_with_three_places_takes_a_third_of_an_agent():
    rows = [contact(pool="back", talk=300)]
    assert values(run_of_contacts(rows), ["agent_effort"]) == [100.0]


def test_offered_load_is_the_rate_of_the_accepted_times_their_handling():
    # 3 accepted in 2 h, 600 s each: 3 x 600 / 7200.
    rows = [contact(talk=600), contact(talk=600), contact(outcome=LEFT), contact(outcome="balked")]
    assert values(run_of_contacts(rows), ["offered_load", "arrival_rate"]) == [0.25, 2.0]
    table = score_run(run_of_contacts(rows), WORLD, by=("interval",))
    loads = [row["value"] for row in table.to_pylist() if row["measure"] == "offered_load"]
    assert loads == [1.0, 0.0, 0.0, 0.0]


def test_self_service_is_contained_or_not_and_stays_out_of_the_service_level():
    rows = [contact("web", "contained", resolved=True), contact("web", "contained")]
    rows += [contact("web", "stuck"), contact("web", "in_service", pool=None), contact()]
    names = ["containment", "resolved_in_self_service", "service_level_crediting_early"]
    assert values(run_of_contacts(rows), names) == [0.5, 0.25, 1.0]
    table = score_run(run_of_contacts(rows), WORLD)
    assert measured(table, "containment", channel="phone")["value"] is None


def test_resolution_at_contact_is_a_share_of_the_answered():
    rows = [contact(), contact(outcome="served_unresolved"), contact(outcome=LEFT)]
    assert values(run_of_contacts(rows), ["resolved_at_contact"]) == [0.5]


def test_only_scored_contacts_and_journeys_count():
    rows = [contact(wait=30), contact(scored=False), contact(scored=False, outcome=LEFT)]
    journeys = [journey(), journey("lost", scored=False, first_contact=1)]
    run = run_of(replication(0, contacts=rows, journeys=journeys))
    names = ["offered", "service_level", "journeys", "resolved", "abandoned", "wait_p50"]
    assert values(run, names) == [1.0, 0.0, 1.0, 1.0, 0.0, 30.0]


def test_pools_are_measured_by_the_clock_from_the_warm_up_on():
    world = world_of(time={"horizon": "2h", "interval": "30m", "warm_up": "30m"})
    desk = {"staffed": 3600, "paid": 5400, "busy": 1800, "engaged": 2400, "overrun": 400}
    intervals = [pool_interval(busy=999, paid=999), pool_interval(start=1800, end=3600, **desk)]
    intervals += [pool_interval("back", start=1800, end=3600, paid=3600)]
    table = score_run(run_of(replication(0, intervals=intervals)), world, by=("pool",))
    found = {
        name: measured(table, name, pool="desk")["value"]
        for name, measure in known_measures().items()
        if isinstance(measure, Measure) and measure.table == "pools"
    }
    assert found == pytest.approx(
        {
            "staffed_hours": 1.0,
            "paid_hours": 1.5,
            "busy_hours": 0.5,
            "occupancy": 0.45,
            "utilisation": 1 / 3,
            "engaged_share": 0.6,
            "shrinkage": 1 / 3,
            "agent_cost": 45.0,
        }
    )
    assert measured(table, "occupancy", pool="back")["value"] is None
    assert measured(table, "utilisation", pool="back")["value"] == 0.0


def journeys_with_contacts(window_end):
    """Return three journeys; the second contact of the first comes at `window_end` seconds."""
    contacts = [contact(outcome="served_unresolved"), contact(entered=window_end)]
    contacts[1] |= {"contact": 2, "cause": "recontact"}
    contacts += [contact(), contact(entered=5000, outcome=LEFT)]
    journeys = [journey(contacts=2, ended=600, switches=1, wait=90, handling=50)]
    journeys += [journey(first_contact=2, ended=100)]
    journeys += [journey("lost", first_contact=3, arrived=5000, value=250.0)]
    return run_of(replication(0, contacts=contacts, journeys=journeys))


def test_first_contact_resolution_counts_needs_with_the_whole_window_to_be_seen_in():
    # The world ends at 7200 s: of the arrivals at 0, 0 and 5000, those at 0 have an hour to follow.
    definitions = Definitions(recontact_window=HOUR)
    name = "first_contact_resolution"
    assert values(journeys_with_contacts(3600), [name], definitions=definitions) == [0.5]
    assert values(journeys_with_contacts(3600.000001), [name], definitions=definitions) == [1.0]
    shorter = Definitions(recontact_window="2200s")
    row = measured(score_run(journeys_with_contacts(2200), WORLD, by=(), definitions=shorter), name)
    assert (row["numerator"], row["denominator"]) == (2.0, 3.0)
    assert "within 36 m 40 s" in row["formula"]


def test_first_contact_resolution_is_null_with_a_remedy_where_no_need_can_be_followed():
    row = measured(score_run(journeys_with_contacts(60), WORLD, by=()), "first_contact_resolution")
    assert row["value"] is None
    assert "none" in row["formula"]
    assert "7 d longer (time.run_out)" in row["formula"]


def test_journeys_are_measured_per_need():
    expected = {
        "journeys": 3.0,
        "resolved": 2 / 3,
        "journeys_resolved": 2.0,
        "lost": 1 / 3,
        "journeys_lost": 1.0,
        "given_up": 0.0,
        "exhausted": 0.0,
        "open_journeys": 0.0,
        "contacts_per_journey": 4 / 3,
        "switches_per_journey": 1 / 3,
        "resolved_at_first_contact": 1 / 3,
        "recontact_rate": 1 / 3,
        "time_to_resolution": 350.0,
        "journey_wait": 30.0,
        "value_lost": 250.0,
    }
    found = values(journeys_with_contacts(60), list(expected))
    assert found == pytest.approx(list(expected.values()))


def test_costs_are_paid_hours_and_contacts_over_the_needs_met():
    one = replication(
        0,
        contacts=[contact(), contact(), contact("web", "contained")],
        journeys=[journey(), journey(first_contact=1), journey("given_up", first_contact=2)],
        intervals=[pool_interval(paid=7200), pool_interval("back", paid=3600)],
    )
    two = replication(1, contacts=[contact()], journeys=[journey()])
    # Two hours at 30 and two phone contacts at 0.50, then one phone contact.
    assert values(run_of(one, two), ["cost_total", "cost_per_resolved"]) == [30.75, 61.5 / 3]


def test_another_threshold_never_touches_the_counts():
    run = run_of_contacts([contact(wait=30), contact(outcome=LEFT, wait=5), contact()])
    names = ["offered", "answered", "abandoned", "speed_of_answer"]
    assert values(run, names, definitions=Definitions(threshold=0)) == values(run, names)
