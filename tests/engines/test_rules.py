"""The rules that all three engines share, by hand: no comparison of engines can find them wrong."""

from __future__ import annotations

import numpy as np
import pytest

from journeysim.engine.random.draws import RESOLUTION, uniform
from journeysim.engine.rules import (
    TABLE_AFTER,
    announced_wait,
    balking_probability,
    cause_of_step,
    choose,
    end_of_journey,
    happens,
    patience_address,
    patience_left,
    resolved_by_trace,
    scaled,
    step_by_trace,
    was_served,
)
from journeysim.scenario.flat.flat_model import (
    AFTER_ABANDONED,
    AFTER_STUCK,
    BALK_BY_ANNOUNCED_WAIT,
    BALK_BY_QUEUE,
    BALK_NEVER,
    BUDGET_PATIENCE,
    FRESH_PATIENCE,
    GIVE_UP,
    LOST,
    SAME_PATIENCE,
)
from journeysim.scenario.flat.trace_arrays import TRACE_GIVE_UP, TRACE_LOST
from journeysim.tables.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from journeysim.units import LONGEST


@pytest.mark.parametrize(
    ("u", "row"), [(0.0, 2), (0.2499, 2), (0.25, 4), (0.7499, 4), (0.75, 5), (0.999, 5)]
)
def test_a_choice_is_the_first_row_whose_running_total_exceeds_the_number(u: float, row: int):
    # Row 3 adds nothing, so it is never chosen; after row 4 a quarter is left.
    assert choose(np.array([1.0, 1.0, 0.25, 0.25, 0.75, 0.1]), 2, 5, u) == row


@pytest.mark.parametrize(
    ("seen", "share"), [(0, 0.0), (1, 0.0), (2, 0.25), (4, 0.25), (5, 0.75), (99, 0.75)]
)
def test_the_share_of_the_highest_bound_that_is_reached_balks(seen: int, share: float):
    steps = np.array([0, 2, 5, 0]), np.array([1.0, 0.25, 0.75, 1.0]), 1, 3
    assert balking_probability(BALK_BY_QUEUE, *steps, seen, 0) == share
    assert balking_probability(BALK_BY_ANNOUNCED_WAIT, *steps, 0, seen) == share
    assert balking_probability(BALK_NEVER, *steps, seen, seen) == 0.0


def test_nobody_balks_for_a_wait_that_is_not_announced():
    assert (
        balking_probability(BALK_BY_ANNOUNCED_WAIT, np.array([0]), np.array([1.0]), 0, 1, 9, -1)
        == 0.0
    )


@pytest.mark.parametrize(
    ("waiting", "handling", "places", "wait"),
    [(0, 90, 1, 90), (3, 90, 1, 360), (3, 90, 4, 90), (1, 100, 3, 66), (3, 90, 0, -1)],
)
def test_the_announced_wait_is_that_of_the_queue_and_oneself(
    waiting: int, handling: int, places: int, wait: int
):
    assert announced_wait(waiting, handling, places) == wait


@pytest.mark.parametrize(
    ("ticks", "factor", "result"),
    [(7, 1.0, 7), (7, 2.0, 14), (7, 0.5, 4), (5, 0.5, 3), (5, 0.49, 2), (0, 3.0, 0), (7, 0.0, 0)],
)
def test_a_scaled_duration_is_rounded_half_up(ticks: int, factor: float, result: int):
    assert scaled(ticks, factor) == result


@pytest.mark.parametrize(
    ("was_served", "same_channel", "transfer", "cause"),
    [
        (False, True, False, Cause.RETRY),
        (False, False, False, Cause.SWITCH),
        (True, True, False, Cause.RECONTACT),
        (True, False, False, Cause.RECONTACT),
        (True, False, True, Cause.TRANSFER),
        (True, True, True, Cause.TRANSFER),
    ],
)
def test_why_a_contact_is_made(was_served: bool, same_channel: bool, transfer: bool, cause: Cause):
    assert cause_of_step(was_served, same_channel, transfer) == cause


def test_what_is_sure_or_impossible_needs_no_draw():
    address = 1, 0, 5, 0, RESOLUTION
    u = uniform(*address, 0)
    assert happens(1.0, *address) is True
    assert happens(0.0, *address) is False
    assert happens(np.nextafter(u, 1.0), *address) is True
    assert happens(u, *address) is False


def test_one_draw_of_patience_serves_all_contacts_under_the_rule_same():
    assert patience_address(SAME_PATIENCE, 3) == 0
    assert patience_address(FRESH_PATIENCE, 3) == 3
    assert patience_address(BUDGET_PATIENCE, 3) == 3


@pytest.mark.parametrize(
    ("patience", "budget", "waited", "left"),
    [
        (-1, -1, 0, -1),
        (7, -1, 3, 7),
        (7, 10, 0, 7),
        (7, 10, 4, 6),
        (7, 10, 10, 0),
        (7, 10, 12, 0),
        (-1, 10, 4, 6),
        (-1, LONGEST, 0, LONGEST),
    ],
)
def test_a_budget_of_patience_is_used_up(patience: int, budget: int, waited: int, left: int):
    assert patience_left(patience, budget, waited) == left


@pytest.mark.parametrize(
    ("resolved", "following", "known"),
    [(1, -1, 1), (0, -1, 0), (1, 2, 1), (-1, -1, -1), (-1, 2, 0), (-1, TRACE_LOST, 0)],
)
def test_whom_a_trace_sends_on_the_service_did_not_satisfy(
    resolved: int, following: int, known: int
):
    assert resolved_by_trace(resolved, following) == known


@pytest.mark.parametrize(
    ("cell", "step"), [(0, 0), (4, 4), (TRACE_GIVE_UP, GIVE_UP), (TRACE_LOST, LOST)]
)
def test_a_cell_of_a_trace_is_a_channel_or_an_end(cell: int, step: int):
    assert step_by_trace(cell) == step


@pytest.mark.parametrize(
    ("to", "contacts", "follows", "outcome"),
    [
        (2, 4, -1, -1),
        (2, 5, NextStep.EXHAUSTED, JourneyOutcome.EXHAUSTED),
        (GIVE_UP, 1, NextStep.GIVEN_UP, JourneyOutcome.GIVEN_UP),
        (GIVE_UP, 5, NextStep.GIVEN_UP, JourneyOutcome.GIVEN_UP),
        (LOST, 5, NextStep.LOST, JourneyOutcome.LOST),
    ],
)
def test_a_journey_ends_where_nothing_follows_or_at_the_cap(
    to: int, contacts: int, follows: int, outcome: int
):
    assert end_of_journey(to, contacts, 5) == (follows, outcome)


def test_who_is_sent_away_or_stuck_was_not_served():
    served = {outcome for outcome in ContactOutcome if was_served(int(outcome))}
    assert served == {ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED}


def test_each_way_in_which_a_contact_fails_has_its_table_of_next_steps():
    tables = {outcome: TABLE_AFTER[outcome] for outcome in ContactOutcome if outcome >= 0}
    assert tables[ContactOutcome.ABANDONED] == AFTER_ABANDONED
    assert tables[ContactOutcome.STUCK] == AFTER_STUCK
    assert tables[ContactOutcome.SERVED_RESOLVED] == -1
    followed = [table for table in tables.values() if table >= 0]
    assert sorted(followed) == list(range(7))
