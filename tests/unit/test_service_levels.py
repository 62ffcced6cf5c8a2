"""Service levels of contacts built by hand, against the definitions and figures worked out."""

from __future__ import annotations

import pytest

from journeysim.measures import Definitions, score_run
from journeysim.units import SECOND
from tests.tiny_runs import (
    contact,
    measured,
    run_of_contacts,
    values,
    world_of,
)

WORLD = world_of()
LEFT = "abandoned"


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


def test_overdue_open_mails_count_as_late_and_recent_ones_not_yet():
    world = world_of(measures={"threshold": "1h"})
    rows = [contact("email", wait=3600), contact("email", wait=3601)]
    rows += [contact("email", "waiting", wait=7200), contact("email", "waiting", wait=60)]
    rows += [contact("email", "superseded", wait=9000), contact(wait=9000)]
    names = ["answered_within_target", "backlog_open", "backlog_age"]
    assert values(run_of_contacts(rows), names, world=world) == [1 / 3, 2.0, 3630.0]


def test_staffed_hours_run_only_while_the_channel_has_agents_at_work():
    early = {"from": "09:00", "every": "6h", "counts": [1], "saturday": []}
    late_shift = {"from": "11:00", "every": "6h", "counts": [2], "saturday": []}
    noon = {"from": "11:00", "every": "2h", "counts": [3], "saturday": []}
    world = world_of(
        time={"horizon": "3d", "interval": "30m", "starts_on": "friday"},
        measures={"threshold": "2h"},
        pools={
            "back": {"agents": early, "serves": ["email"]},
            "late": {"agents": late_shift, "serves": ["email"]},
            "noon": {"agents": noon, "serves": ["email"]},
            "desk": {"agents": 9, "serves": ["phone"]},
        },
    )
    hour = 3600
    late = {"entered": 16 * hour}  # Friday 16:00, one staffed hour left until Sunday 09:00.
    in_time = [contact("email", pool="back", wait=42 * hour, **late)]  # Sunday 10:00: 2 h
    in_time += [contact("email", pool="back", wait=41 * hour, **late)]  # Sunday 09:00: 1 h
    in_time += [contact("email", pool="back", entered=12 * hour, wait=2 * hour)]
    too_late = [contact("email", pool="back", wait=42 * hour + 1, **late)]
    # One more second at noon, where the shifts of three pools overlap, and past the end of one.
    too_late += [contact("email", pool="back", entered=12 * hour, wait=2 * hour + 1)]
    overdue = [contact("email", "waiting", wait=43 * hour, **late)]
    undecided = [contact("email", "waiting", wait=42 * hour, **late)]
    rows = in_time + too_late + overdue + undecided
    names = ["answered_within_staffed_hours", "answered_within_target"]
    assert values(run_of_contacts(rows), names, world=world) == [3 / 6, 1 / 7]


def test_what_a_machine_served_was_not_answered():
    rows = [contact("web", "served_resolved", pool=None), contact()]
    assert values(run_of_contacts(rows), ["answered", "offered"]) == [1.0, 2.0]
