"""The rules that all three engines share, by hand: no comparison of engines can find them wrong."""

from __future__ import annotations

import numpy as np
import pytest

from journeysim.engine.rules import (
    announced_wait,
    balking_probability,
    cause_of_step,
    choose,
    scaled,
)
from journeysim.scenario.flat.flat_model import BALK_BY_ANNOUNCED_WAIT, BALK_BY_QUEUE, BALK_NEVER
from journeysim.tables.columns import Cause


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
