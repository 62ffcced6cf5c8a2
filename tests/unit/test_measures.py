"""Service measures of runs built by hand, against the definitions and figures worked out."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from journeysim.errors import MeasureError, RunError
from journeysim.score import Definitions, Measure, known_measures, register, registry, score_run
from journeysim.units import HOUR, SECOND
from tests.tiny_runs import (
    contact,
    journey,
    measured,
    pool_interval,
    replication,
    run_of,
    run_of_contacts,
    world_of,
)

WORLD = world_of()
SERVED, LEFT = "served_resolved", "abandoned"


def values(run, measures, *, world=WORLD, **options):
    """Return the values of measures over everything."""
    table = score_run(run, world, by=(), measures=measures, **options)
    return [measured(table, name)["value"] for name in measures]


def worked_example():
    """Return 1000 answered, 860 within 20 s; 60 abandoned: 20 within 20 s, 10 within 10 s."""
    waits = [20] * 860 + [20.000001] * 140
    left = [10] * 10 + [20] * 10 + [20.000001] * 40
    return [contact(wait=wait) for wait in waits] + [contact(outcome=LEFT, wait=w) for w in left]


def test_the_five_service_levels_agree_with_the_worked_example():
    names = ("answered", "offered", "excluding_early", "crediting_early", "short_abandons")
    found = values(run_of_contacts(worked_example()), [f"service_level_{name}" for name in names])
    assert found == [860 / 1000, 860 / 1060, 860 / 1040, 880 / 1060, 870 / 1060]
    assert [round(100 * value, 1) for value in found] == [86.0, 81.1, 82.7, 83.0, 82.1]


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("answered", 860 / 1000),
        ("excluding_early", 860 / 1040),
        ("crediting_early", 880 / 1060),
        ("short_abandons", 870 / 1060),
    ],
)
def test_the_headline_is_the_formula_that_the_definitions_name(name, share):
    run, measures = run_of_contacts(worked_example()), ["service_level"]
    assert values(run, measures) == [860 / 1060]
    assert values(run, measures, definitions=Definitions(service_level=name)) == [share]


def test_a_wait_of_exactly_the_threshold_is_in_time_and_a_tick_more_is_not():
    run = run_of_contacts([contact(wait=20), contact(wait=20.000001)])
    assert values(run, ["service_level"]) == [0.5]
    just_above = Definitions(threshold=20 * SECOND + 1)
    assert values(run, ["service_level"], definitions=just_above) == [1.0]
    just_below = Definitions(threshold=20 * SECOND - 1)
    assert values(run, ["service_level"], definitions=just_below) == [0.0]


def test_an_abandonment_at_exactly_the_short_threshold_is_short():
    run = run_of_contacts([contact(outcome=LEFT, wait=10), contact(outcome=LEFT, wait=10.000001)])
    assert values(run, ["service_level_short_abandons"]) == [0.5]


def test_blocked_contacts_are_outside_the_formulas_except_that_of_all_offered():
    rows = [contact(), contact(), contact(outcome=LEFT, wait=60), contact(outcome="blocked")]
    names = ["service_level", "service_level_crediting_early", "service_level_of_all_offered"]
    assert values(run_of_contacts(rows), names) == [2 / 3, 2 / 3, 0.5]
    assert values(run_of_contacts(rows), ["abandonment", "blocking"]) == [1 / 3, 1 / 4]


def test_thresholds_and_formula_texts_are_those_of_the_channel():
    world = world_of(
        measures={"threshold": "20s", "channels": {"email": {"threshold": "1d", "target": 0.5}}}
    )
    rows = [contact(wait=60), contact("email", wait=86_400), contact("email", wait=86_401)]
    table = score_run(run_of_contacts(rows), world)
    phone, email = (measured(table, "service_level", channel=c) for c in ("phone", "email"))
    assert (phone["value"], email["value"]) == (0.0, 0.5)
    assert phone["formula"].startswith("answered within 20 s / (answered + abandoned)")
    assert email["formula"].startswith("answered within 1 d / (answered + abandoned)")
    assert measured(table, "attainment", channel="email")["value"] == 1.0
    together = measured(score_run(run_of_contacts(rows), world, by=()), "service_level")
    assert together["value"] == 1 / 3
    assert "phone 20 s, email 1 d" in together["formula"]


def test_overrides_count_before_what_the_scenario_says_of_a_channel():
    world = world_of(measures={"threshold": "20s", "channels": {"email": {"threshold": "1d"}}})
    run = run_of_contacts([contact(wait=60), contact("email", wait=90_000)])
    for threshold, expected in (("25h", (1.0, 1.0)), ({"phone": "60s"}, (1.0, 0.0))):
        table = score_run(run, world, definitions=Definitions(threshold=threshold))
        found = (measured(table, "service_level", channel=c)["value"] for c in ("phone", "email"))
        assert tuple(found) == expected


def test_a_volume_weighted_value_differs_from_the_mean_of_replications():
    run = run_of_contacts([contact(wait=0)] * 9 + [contact(wait=30)], [contact(wait=30)] * 2)
    names = ["service_level", "service_level_mean_of_replications"]
    assert values(run, names) == [9 / 12, 0.45]


def test_attainment_is_the_share_of_replications_at_the_target_or_above():
    at_target = [contact()] * 4 + [contact(wait=30)]
    below = [contact()] * 3 + [contact(wait=30)]
    silent = [contact("web", "contained")]
    run = run_of_contacts(at_target, below, silent, at_target)
    row = measured(score_run(run, WORLD, by=()), "attainment")
    assert (row["value"], row["numerator"], row["denominator"]) == (2 / 3, 2.0, 3.0)
    lower = Definitions(target=0.75)
    assert values(run, ["attainment"], definitions=lower) == [1.0]


def test_offered_is_the_sum_of_its_causes_and_of_its_ends():
    causes = ["fresh", "retry", "switch", "recontact", "transfer", "chase"]
    ends = ["served_resolved", "served_unresolved", "abandoned", "balked", "blocked", "closed"]
    ends += ["superseded", "waiting", "in_service"]
    rows = [contact(outcome=end, cause=cause) for end in ends for cause in causes]
    rows += [contact(outcome="transferred", started=0, pool="desk", talk=0)]
    rows += [contact(outcome="transferred"), contact("web", "transferred", pool=None)]
    rows += [contact("web", end) for end in ("contained", "contained", "stuck")]
    table = score_run(run_of_contacts(rows), WORLD, by=())
    count = {name: measured(table, name)["value"] for name in known_measures()}
    by_cause = ("fresh", "retries", "switches_in", "recontacts", "transfers_in", "chases")
    assert sum(count[name] for name in by_cause) == count["offered"] == len(rows)
    assert [count[name] for name in by_cause[1:]] == [9] * 5
    by_end = ("answered", "abandoned", "balked", "blocked", "closed", "contained", "stuck")
    by_end += ("superseded", "open", "moved_unserved")
    assert [count[name] for name in by_end] == [13, 6, 6, 6, 6, 2, 1, 6, 12, 2]
    assert sum(count[name] for name in by_end) == count["offered"]


def test_counts_are_means_per_replication_with_their_interval():
    run = run_of_contacts([contact()] * 3, [contact()] * 5)
    row = measured(score_run(run, WORLD, by=()), "offered")
    assert (row["value"], row["numerator"], row["denominator"]) == (4.0, 8.0, 2.0)
    # Standard error 1, Student's quantile with 1 degree 12.7062.
    assert row["half_width"] == pytest.approx(12.706204736, abs=1e-6)
    assert (row["lower"], row["upper"]) == pytest.approx((4 - 12.706204736, 4 + 12.706204736))


def test_one_replication_has_values_without_intervals():
    table = score_run(run_of_contacts([contact()]), WORLD, by=())
    row = measured(table, "service_level")
    assert (row["value"], row["replications"]) == (1.0, 1)
    assert row["lower"] is row["upper"] is row["half_width"] is None


def test_groups_without_contacts_have_null_ratios_and_zero_counts():
    table = score_run(run_of_contacts([contact()]), WORLD)
    for name in ("service_level", "speed_of_answer", "abandonment", "wait_p90", "offered_load"):
        row = measured(table, name, channel="email")
        empty = 0.0 if name == "offered_load" else None
        assert row["value"] == empty
    assert measured(table, "offered", channel="email")["value"] == 0.0
    assert not any(
        isinstance(value, float) and math.isnan(value)
        for row in table.to_pylist()
        for value in row.values()
    )


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


def test_overdue_open_mails_count_as_late_and_recent_ones_not_yet():
    world = world_of(measures={"threshold": "1h"})
    rows = [contact("email", wait=3600), contact("email", wait=3601)]
    rows += [contact("email", "waiting", wait=7200), contact("email", "waiting", wait=60)]
    rows += [contact("email", "superseded", wait=9000), contact(wait=9000)]
    names = ["answered_within_target", "backlog_open", "backlog_age"]
    assert values(run_of_contacts(rows), names, world=world) == [1 / 3, 2.0, 3630.0]


def test_staffed_hours_run_only_while_the_channel_has_agents_at_work():
    world = world_of(
        time={"horizon": "3d", "interval": "30m", "starts_on": "friday"},
        measures={"threshold": "2h"},
        pools={
            "back": {
                "agents": {"from": "09:00", "every": "8h", "counts": [1], "saturday": []},
                "serves": ["email"],
            }
        },
    )
    hour = 3600
    late = {"entered": 16 * hour}  # Friday 16:00, one staffed hour left until Sunday 09:00.
    rows = [contact("email", pool="back", wait=42 * hour, **late)]  # Sunday 10:00: 2 h
    rows += [contact("email", pool="back", wait=42 * hour + 1, **late)]  # a second more
    rows += [contact("email", pool="back", wait=41 * hour, **late)]  # Sunday 09:00: 1 h
    names = ["answered_within_staffed_hours", "answered_within_target"]
    assert values(run_of_contacts(rows), names, world=world) == [2 / 3, 0.0]


def test_only_scored_contacts_and_journeys_count():
    rows = [contact(wait=30), contact(scored=False), contact(scored=False, outcome=LEFT)]
    journeys = [journey(), journey("lost", scored=False, first_contact=1)]
    run = run_of(replication(0, contacts=rows, journeys=journeys))
    names = ["offered", "service_level", "journeys", "resolved", "abandoned", "wait_p50"]
    assert values(run, names) == [1.0, 0.0, 1.0, 1.0, 0.0, 30.0]


def test_intervals_are_those_of_arrival_or_of_the_answer():
    run = run_of_contacts([contact(entered=1790, wait=15), contact(entered=7200, wait=0)])
    for interval_of, expected in (("arrival", [1, 0, 0, 1]), ("answer", [0, 1, 0, 1])):
        definitions = Definitions(interval_of=interval_of)
        table = score_run(run, WORLD, by=("interval",), definitions=definitions)
        rows = [row for row in table.to_pylist() if row["measure"] == "answered"]
        assert [row["value"] for row in rows] == expected
        assert [row["interval"].total_seconds() for row in rows] == [0, 1800, 3600, 5400]
        assert rows[0]["formula"].endswith(f"by interval of {interval_of}")


def test_a_breakdown_by_several_dimensions_adds_up_and_leaves_out_what_does_not_apply():
    rows = [contact(), contact(segment="premium"), contact("email", pool="back", wait=50)]
    rows += [contact(outcome="blocked", segment="premium")]
    journeys = [journey(), journey("lost", segment="premium")]
    pools = [pool_interval(staffed=3600, paid=3600)]
    run = run_of(replication(0, contacts=rows, journeys=journeys, intervals=pools))
    table = score_run(run, WORLD, by=("segment", "channel"))
    counts = {
        (row["segment"], row["channel"]): row["value"]
        for row in table.to_pylist()
        if row["measure"] == "offered"
    }
    expected = dict.fromkeys(counts, 0.0) | {("retail", "phone"): 1.0, ("retail", "email"): 1.0}
    assert len(counts) == 6
    assert counts == expected | {("premium", "phone"): 2.0}
    lost = measured(table, "lost", segment="premium")
    assert (lost["channel"], lost["value"]) == (None, 1.0)
    staffed = measured(table, "staffed_hours")
    assert (staffed["segment"], staffed["channel"], staffed["value"]) == (None, None, 1.0)


def test_served_contacts_can_be_broken_down_by_pool_and_the_others_cannot():
    rows = [contact(wait=10), contact(pool="back", wait=30), contact(outcome=LEFT, wait=99)]
    table = score_run(run_of_contacts(rows), WORLD, by=("pool",))
    assert measured(table, "speed_of_answer", pool="desk")["value"] == 10.0
    assert measured(table, "speed_of_answer", pool="back")["value"] == 30.0
    assert measured(table, "abandoned")["pool"] is None


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


def test_tables_in_chunks_with_their_own_dictionaries_score_alike():
    rows = [contact("email", pool="back", wait=9), contact(wait=30), contact("web", "contained")]
    whole = replication(0, contacts=rows)
    chunks = pa.concat_tables([replication(0, contacts=[row]).contacts for row in rows])
    assert chunks.column("channel").num_chunks == 3
    parts = run_of(type(whole)(0, whole.journeys, chunks, whole.intervals))
    assert score_run(parts, WORLD).equals(score_run(run_of(whole), WORLD))


def test_another_threshold_never_touches_the_counts():
    run = run_of_contacts(worked_example())
    names = ["offered", "answered", "abandoned", "speed_of_answer"]
    assert values(run, names, definitions=Definitions(threshold=0)) == values(run, names)


@pytest.fixture
def empty_registry(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))


def long_waits(name="long_waits", dimensions=("channel",)):
    return Measure(
        name=name,
        unit="share",
        meaning="Share of the answered contacts that waited more than a minute.",
        table="contacts",
        pair=lambda contacts, groups: (
            groups.count(contacts.answered & (contacts.wait > 60 * SECOND)),
            groups.count(contacts.answered),
        ),
        formula="answered after more than 1 m / answered",
        dimensions=dimensions,
    )


@pytest.mark.usefixtures("empty_registry")
def test_a_measure_of_the_users_own_is_scored_with_the_others():
    run = run_of_contacts([contact(wait=61), contact(wait=60)])
    unregistered = score_run(run, WORLD, measures=[long_waits()])
    assert measured(unregistered, "long_waits", channel="phone")["value"] == 0.5
    register(long_waits())
    assert measured(score_run(run, WORLD, by=()), "long_waits")["value"] == 0.5
    with pytest.raises(MeasureError, match="already"):
        register(long_waits())
    with pytest.raises(MeasureError, match="no breakdown by 'chanel'; did you mean 'channel'"):
        register(long_waits("other", ("chanel",)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ("chanel",)}, "did you mean 'channel'"),
        ({"by": ("channel", "channel")}, "each dimension once"),
        ({"measures": ["servicelevel"]}, "did you mean 'service_level'"),
        ({"level": 95}, "between 0 and 1"),
        ({"definitions": Definitions(threshold={"fone": 1})}, "no channel 'fone'"),
        ({"definitions": Definitions(threshold="soon")}, "not a duration"),
        ({"definitions": Definitions(target=80)}, "from 0 to 1"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_remedy(options, message):
    with pytest.raises(MeasureError, match=message):
        score_run(run_of_contacts([contact()]), WORLD, **options)


def test_definitions_refuse_words_they_do_not_know():
    with pytest.raises(MeasureError, match="did you mean 'offered'"):
        Definitions(service_level="ofered")
    with pytest.raises(MeasureError, match="interval_of"):
        Definitions(interval_of="arival")


def test_a_run_of_another_world_or_without_replications_is_refused():
    with pytest.raises(MeasureError, match="has the channel 'fax'"):
        score_run(run_of_contacts([contact("fax")]), WORLD)
    with pytest.raises(RunError, match="no finished replication"):
        score_run(run_of(), WORLD)


def test_the_result_is_tidy_and_explains_itself():
    table = score_run(run_of_contacts([contact()]), WORLD, by=("channel", "interval"))
    assert table.column_names[:4] == ["measure", "channel", "interval", "value"]
    assert all(field.metadata[b"meaning"] for field in table.schema)
    assert not any("{" in text for text in table.column("formula").to_pylist())
    assert set(table.column("measure").to_pylist()) == set(known_measures())
    assert np.all([measure.meaning.endswith(".") for measure in known_measures().values()])
