"""Precision as it is written, and as it is reached."""

from __future__ import annotations

import pytest

import journeysim as js
from journeysim.comparison.precision import look_ahead, looked_at, parse_target
from journeysim.errors import MeasureError
from tests.comparison.line import line

UNITS = {
    "service_level": "share",
    "speed_of_answer": "s",
    "journeys_lost": "count",
    "busy_hours": "h",
}


@pytest.mark.parametrize(
    ("text", "measure", "members", "width", "relative", "of"),
    [
        ("phone.service_level:0.5pp", "service_level", ("phone",), 0.005, False, "difference"),
        ("speed_of_answer:1m 30s", "speed_of_answer", (), 90.0, False, "difference"),
        ("busy_hours: 30m :value", "busy_hours", (), 0.5, False, "value"),
        ('"a.b".phone.journeys_lost:5%', "journeys_lost", ("a.b", "phone"), 0.05, True,
         "difference"),
        ("journeys_lost:3:difference", "journeys_lost", (), 3.0, False, "difference"),
    ],
)  # fmt: skip
def test_targets(text, measure, members, width, relative, of):
    found = parse_target(text, UNITS)
    assert (found.measure, found.members, found.relative, found.of) == (
        measure,
        members,
        relative,
        of,
    )
    assert found.width == pytest.approx(width)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phone.service_level", "cannot be read"),
        ("phone.service_level:0.5pp:both", "cannot be read"),
        ("phone..x:1", "cannot be read"),
        ("phone.service_levl:0.5pp", "did you mean 'service_level'"),
        ("service_level:2s", "points such as 0.5pp"),
        ("service_level:0.5", "points such as 0.5pp"),
        ("speed_of_answer:2", "duration such as 2s"),
        ("journeys_lost:2s", "a number such as 3"),
        ("journeys_lost:0", "above 0"),
    ],
)
def test_wrong_targets_say_what_would_be_right(text, said):
    with pytest.raises(MeasureError, match=said):
        parse_target(text, UNITS)


def test_look_ahead_grows_above_a_hundred():
    assert [look_ahead(n) for n in (10, 100, 101, 300)] == [5, 5, 5, 15]
    assert not looked_at(9)
    assert looked_at(10)
    assert looked_at(101)
    assert not looked_at(201)
    assert looked_at(202)


def test_replications_are_added_until_every_width_is_reached():
    found = js.compare(
        line(),
        set=["pools.agents.agents+=1"],
        measures=["abandonment"],
        precision=["phone.service_level:3pp", "speed_of_answer:5s:value"],
        max_replications=400,
    )
    made = found.record["replications"]
    assert found.reached
    assert 15 <= made < 400
    rows = {(row["measure"]): row for row in found.differences.to_pylist()}
    assert set(rows) == {"abandonment", "service_level", "speed_of_answer"}
    assert rows["service_level"]["half_width"] <= 0.03
    assert all(target["reached"] for target in found.record["precision"])
    # Fewer would not have done: it was not reached for all of the look-ahead before.
    fewer = js.compare(
        line(),
        set=["pools.agents.agents+=1"],
        measures=["service_level"],
        precision=["phone.service_level:3pp", "speed_of_answer:5s:value"],
        max_replications=made - 1,
    )
    assert not fewer.reached or fewer.record["replications"] == made - 1


@pytest.mark.parametrize("jobs", [1, 3])
def test_how_many_are_needed_does_not_depend_on_how_many_are_made_at_once(jobs):
    found = js.compare(
        line(), set=["pools.agents.agents+=1"], precision=["service_level:5pp"], jobs=jobs,
        engine="compiled",
    )  # fmt: skip
    alone = js.compare(
        line(), set=["pools.agents.agents+=1"], precision=["service_level:5pp"], jobs=1,
        engine="reference",
    )  # fmt: skip
    assert found.record["replications"] == alone.record["replications"]
    assert found.differences.equals(alone.differences)


def test_a_cap_that_is_met_first_says_not_reached():
    found = js.compare(
        line(),
        set=["pools.agents.agents+=1"],
        precision=["phone.service_level:0.01pp"],
        max_replications=12,
    )
    assert not found.reached
    assert found.record["replications"] == 12
    assert found.record["precision"][0]["half_width"] > 0.0001


def test_a_group_that_does_not_exist_is_refused():
    with pytest.raises(MeasureError, match="no group 'fone'"):
        js.compare(line(), set=["pools.agents.agents+=1"], precision=["fone.service_level:1pp"])
