"""The clock of a pool, which all engines share, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from journeysim.engine.pool_times import add_times, engaged_agents, units_over


@pytest.mark.parametrize(
    ("contacts", "agents", "used", "units", "engaged"),
    [
        # On the phone, one unit an agent.
        (3, 5, 3, 1, 3),
        (5, 5, 5, 1, 5),
        # Two agents are gone whose contacts go on.
        (5, 3, 5, 1, 5),
        # Chats, three an agent: an agent has two only when all have one.
        (2, 4, 2, 3, 2),
        (7, 4, 7, 3, 4),
        # One agent is left, and seven chats need three.
        (7, 1, 7, 3, 3),
        (2, 0, 2, 3, 1),
    ],
)
def test_agents_take_a_second_contact_when_all_have_one(
    contacts: int, agents: int, used: int, units: int, engaged: int
):
    assert engaged_agents(contacts, agents, used, units) == engaged


def test_only_units_above_those_at_work_are_over():
    assert [units_over(used, 3) for used in (0, 3, 4, 6)] == [0, 0, 1, 3]


@pytest.mark.parametrize(
    ("since", "now", "before", "busy", "after"),
    [
        # Within an interval, across one edge, across two; an edge belongs to the next.
        (2, 7, (0, 10), [5, 0, 0], (0, 10)),
        (2, 10, (0, 10), [8, 0, 0], (0, 10)),
        (10, 12, (0, 10), [0, 2, 0], (1, 20)),
        (8, 13, (0, 10), [2, 3, 0], (1, 20)),
        (8, 23, (0, 10), [2, 10, 3], (2, 2**62)),
        # The last takes what comes after it; a pool that was idle finds its interval anew.
        (25, 99, (0, 10), [0, 0, 74], (2, 2**62)),
        (14, 16, (0, 0), [0, 2, 0], (1, 20)),
        (14, 26, (0, 10), [0, 6, 6], (2, 2**62)),
    ],
)
def test_time_falls_into_the_intervals_that_it_is_of(
    since: int, now: int, before: tuple[int, int], busy: list[int], after: tuple[int, int]
):
    times = np.zeros((3, 3), np.int64)
    assert add_times(*times, (1, 2, 0), since, now, *before, 10) == after
    assert times.tolist() == [busy, [2 * span for span in busy], [0, 0, 0]]
