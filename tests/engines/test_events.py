"""The compiled engine's heap of events, by itself: its order, and the sweep of pointless timers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from journeysim.engine.compiled.event_heap import (
    CHASE_TIMER,
    END_OF_SERVICE,
    OVERFLOW,
    PATIENCE_OVER,
    POOL_BITS,
    RANKS,
    REENTRY,
    ROOT,
    doubled,
    drop_first,
    drop_pointless,
    heap_of,
    push,
)
from journeysim.engine.compiled.memory import Memory
from journeysim.engine.compiled.state import (
    CONTACT_FIELDS,
    CUSTOMER,
    HEAP_SIZE,
    NUMBER,
    SCALARS,
    WAITING,
)

END = 100
ROWS = 4
#: Tick, rank, customer, contact, pool, row, what.
Event = tuple[int, int, int, int, int, int, int]

many = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
kinds = st.sampled_from([END_OF_SERVICE, REENTRY, OVERFLOW, CHASE_TIMER, PATIENCE_OVER])
whole = st.integers(0, 3)
events = st.lists(
    st.tuples(whole, st.integers(1, 4), whole, whole, whole, st.integers(0, ROWS - 1), kinds),
    max_size=40,
    # Two events of one place in the total order cannot be told apart.
    unique_by=lambda event: event[:5],
)


def memory_of(added: Sequence[Event], *, spare: int = 1) -> Memory:
    """Return a heap to which events have been added, with this much room left."""
    memory = Memory()
    memory.put("scalars", np.zeros(SCALARS, np.int64))
    memory.put("contacts", np.zeros((ROWS, CONTACT_FIELDS), np.int64))
    keep(memory, heap_of(len(added) + spare))
    for tick, rank, customer, contact, pool, row, what in added:
        push(memory.world, END, tick, rank, customer, contact, pool, row, what)
    return memory


def keep(memory: Memory, heap: dict[str, NDArray[np.int64]]) -> None:
    """Put the arrays of a heap into a memory."""
    for name, array in heap.items():
        memory.put(name, array)


def rows_of(added: Sequence[Event]) -> list[list[int]]:
    """Return events in their order: key, customer, contact and pool, row, what."""
    return [
        [tick * RANKS + rank, customer, (contact << POOL_BITS) | pool, row, what]
        for tick, rank, customer, contact, pool, row, what in sorted(added)
    ]


def taken(memory: Memory) -> list[list[int]]:
    """Return what comes out of a heap until it is empty."""
    found = []
    while memory["scalars"][HEAP_SIZE]:
        key, slot = memory["heap_keys"][ROOT], memory["heap_slots"][ROOT]
        found.append([int(key), *memory["events"][slot].tolist()])
        drop_first(memory.world)
    return found


@many
@given(events)
def test_events_come_out_in_the_total_order(added: list[Event]) -> None:
    assert taken(memory_of(added, spare=0)) == rows_of(added)


@many
@given(events, events)
def test_a_heap_that_was_full_goes_on_in_twice_the_room(one: list[Event], two: list[Event]) -> None:
    more = [event for event in two if event[:5] not in {other[:5] for other in one}][: len(one)]
    memory = memory_of(one, spare=0)
    keep(memory, doubled(memory["heap_keys"], memory["heap_slots"], memory["events"]))
    for tick, rank, customer, contact, pool, row, what in more:
        push(memory.world, END, tick, rank, customer, contact, pool, row, what)
    assert taken(memory) == rows_of([*one, *more])


@many
@given(events, st.lists(st.tuples(whole, whole, st.booleans()), min_size=ROWS, max_size=ROWS))
def test_a_sweep_takes_out_timers_of_who_waits_no_more(
    added: list[Event], contacts: list[tuple[int, int, bool]]
) -> None:
    memory = memory_of(added)
    for row, (customer, number, waiting) in enumerate(contacts):
        cells = memory["contacts"][row]
        cells[CUSTOMER], cells[NUMBER], cells[WAITING] = customer, number, waiting

    def pointless(event: Event) -> bool:
        _, _, customer, contact, _, row, what = event
        # A row may belong to another contact by now.
        return what >= OVERFLOW and contacts[row] != (customer, contact, True)

    drop_pointless(memory.world)
    assert taken(memory) == rows_of([event for event in added if not pointless(event)])


def test_an_event_at_the_end_of_the_world_is_kept_and_a_later_one_is_not() -> None:
    memory = memory_of([(END, 1, 5, 0, 0, 0, 0), (END + 1, 1, 5, 0, 0, 0, 0)])
    assert taken(memory) == [[END * RANKS + 1, 5, 0, 0, 0]]
