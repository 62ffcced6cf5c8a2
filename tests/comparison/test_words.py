"""What is said: the words of changes, rounding, clauses and whole sentences, word for word."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeysim.comparison.changed_keys import changed_paths
from journeysim.scenario.changes.assignments import split_changes
from journeysim.units import DAY, HOUR
from journeysim.wording.change_words import (
    Words,
    words_for_changes,
)
from journeysim.wording.clauses import span_words
from journeysim.wording.numbers import interval_text
from journeysim.wording.sentences import sentence
from tests.tiny_runs import world_of


def row(measure: str, low: float, middle: float, high: float, **cells: Any) -> dict[str, Any]:
    """Return a difference; of 100 before, unless told."""
    units = {"service_level": "share", "journey_wait": "s", "cost_total": "currency"}
    found = {"measure": measure, "variant": "v", "unit": units.get(measure, "count")}
    found |= {"baseline": 100.0, "value": 100.0 + middle, "difference": middle}
    found |= {"lower": low, "upper": high, "p_holm": 0.001, "channel": None}
    found |= {"formula": "so many, per replication"}
    if measure == "service_level":
        found |= {"channel": "phone", "baseline": 0.8, "value": 0.8 + middle}
    return found | cells


FEWER = Words("Two agents fewer", "plural")


def told(*rows: dict[str, Any], words: Words = FEWER) -> str:
    return sentence(words, rows, level=0.95, span="a day")


def test_the_sentence_of_the_brief():
    assert told(
        row("service_level", -0.034, -0.031, -0.028), row("journeys_lost", 8.0, 11.0, 14.0)
    ) == (
        "Two agents fewer cost 3.1 points of service level (2.8 to 3.4) and lose 11 more customers "
        "a day for good (8 to 14)."
    )


def test_one_agent_takes_another_verb_and_better_takes_other_words():
    assert told(
        row("service_level", 0.028, 0.031, 0.034),
        row("journeys_lost", -14.0, -11.0, -8.0),
        words=Words("One agent more", "singular"),
    ) == (
        "One agent more gains 3.1 points of service level (2.8 to 3.4) and loses 11 fewer "
        "customers a day for good (8 to 14)."
    )


def test_a_description_stands_before_a_colon():
    assert told(
        row("service_level", -0.034, -0.031, -0.028),
        row("cost_total", -490.0, -480.0, -470.0),
        words=Words("The bot is switched off"),
    ) == (
        "The bot is switched off: 3.1 points less service level (2.8 to 3.4) and cost down by 480 "
        "a day (470 to 490)."
    )


def test_nothing_is_claimed_where_the_interval_holds_zero():
    text = told(row("service_level", -0.002, 0.001, 0.003), row("journeys_lost", -1.0, 0.4, 2.0))
    assert text == (
        "Two agents fewer: no difference is seen in service level (between -0.2 and +0.3 points) "
        "or in customers lost for good (between -1 and +2 a day)."
    )


def test_what_may_be_chance_among_many_is_only_perhaps():
    text = told(row("service_level", 0.001, 0.005, 0.009, p_holm=0.2))
    assert "perhaps 0.5 points more service level (0.1 to 0.9), which may be chance" in text


def test_what_is_the_same_in_every_replication_is_said_so():
    text = told(row("service_level", 0.0, 0.0, 0.0, p_holm=None))
    assert text.endswith("no difference is seen in service level (the same in every replication).")


def test_an_exact_difference_needs_no_interval():
    text = told(row("cost_total", -480.0, -480.0, -480.0, p_holm=None))
    assert text == "Two agents fewer save 480 a day (in every replication)."


def test_nobody_is_lost_in_either_so_the_unmet_needs_are_told():
    lost = row("journeys_lost", 0.0, 0.0, 0.0, baseline=0.0, value=0.0)
    text = told(
        row("service_level", -0.034, -0.031, -0.028), lost, row("journeys_given_up", 8, 11, 14)
    )
    assert text.endswith("and leave 11 more customers a day with their need unmet (8 to 14).")


def test_of_several_channels_the_busiest_is_told_by_name():
    rows = [
        row("service_level", -0.3, -0.2, -0.1, channel="chat", several_channels=True),
        row("service_level", -0.05, -0.04, -0.03, channel="phone", several_channels=True),
        row("offered", 1, 2, 3, channel="chat", baseline=10.0),
        row("offered", 1, 2, 3, channel="phone", baseline=90.0),
    ]
    assert told(*rows) == "Two agents fewer cost 4.0 points of phone service level (3.0 to 5.0)."


@pytest.mark.parametrize(
    ("changes", "text", "grammar"),
    [
        (["pools.desk.agents-=2"], "Two agents fewer in desk", "plural"),
        (["pools.*.agents-=1"], "One agent fewer in every pool", "singular"),
        (["pools.desk.agents+=20"], "20 agents more in desk", "plural"),
        (["pools.desk.agents=7"], "Seven agents in desk", "plural"),
        (["pools.desk.agents*=1.1"], "10 % more agents in desk", "plural"),
        (["segments.*.arrivals*=0.9"], "10 % fewer customers of every segment", "plural"),
        (["pools.desk.agents-=1", "pools.back.agents+=1"],
         "One agent fewer in desk and one agent more in back", "plural"),
        (["channels.phone.talk*=1.05"], "channels.phone.talk*=1.05", "none"),
        (["pools.desk.agents-=1", "time.horizon=1h"],
         "pools.desk.agents-=1; time.horizon=1h", "none"),
    ],
)  # fmt: skip
def test_changes_in_words(changes, text, grammar):
    assert words_for_changes(changes, world_of()) == Words(text, grammar)


def test_one_pool_needs_no_name_and_paid_agents_are_called_so():
    world = world_of(pools={"desk": {"agents": 2, "serves": ["phone"], "paid": True}})
    assert words_for_changes(["pools.*.agents-=1"], world).text == "One paid agent fewer"


def test_semicolons_part_changes_but_not_inside_quotes():
    assert split_changes('a.b-=1; title="one; two" ;') == ["a.b-=1", 'title="one; two"']
    assert split_changes(" ; ") == []


def test_changed_paths_name_what_differs_and_not_what_it_is_called():
    one = {"title": "a", "pools": {"desk": {"agents": 2, "serves": ["phone"]}}, "seed": 1}
    other = {"title": "b", "pools": {"desk": {"agents": 3, "serves": ["phone"]}}, "seed": 2}
    assert changed_paths(one, other) == ["pools.desk.agents"]
    assert changed_paths(one, one) == []


@pytest.mark.parametrize(
    ("ticks", "words"),
    [
        (DAY, "a day"),
        (7 * DAY, "a week"),
        (22 * HOUR, "in 22 hours"),
        (HOUR, "an hour"),
        (5 * DAY, "in 5 days"),
    ],
)
def test_spans(ticks, words):
    assert span_words(ticks) == words


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e4), st.floats(1e-4, 1e4))
def test_a_rounded_interval_is_never_narrower_and_never_gains_or_loses_zero(value, down, up):
    lower, upper = value - down, value + up
    found = interval_text(value, lower, upper)
    assert float(found.lower) <= lower + 1e-6
    assert float(found.upper) >= upper - 1e-6
    assert (float(found.lower) <= 0 <= float(found.upper)) == (
        lower <= 0 <= upper or (0 < lower < 1e-6) or (-1e-6 < upper < 0)
    )
    # To the first digit of the half-width, so the words are not much wider either.
    assert float(found.upper) - float(found.lower) <= 3.1 * (upper - lower) + 1e-5


def test_a_figure_without_scatter_is_shown_whole():
    assert interval_text(17.5, 17.5, 17.5).value == "17.5"
    assert interval_text(0.004, 0.004, 0.004).value == "0.004"
    assert not math.isnan(float(interval_text(1 / 3, 1 / 3, 1 / 3).value))
