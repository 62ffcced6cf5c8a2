"""The compiled engine's heap of events, by itself: its order, and the sweep of pointless timers."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeysim.engine.compiled.event_heap import (
    CHASE_TIMER,
    END_OF_SERVICE,
    OVERFLOW,
    PATIENCE_OVER,
    POOL_BITS,
    RANKS,
    REENTRY,
    ROOT,
    begin_heap,
    double_heap,
    drop_first,
    drop_pointless,
    push,
)
from journeysim.engine.compiled.layout import Contact, Run, WorldMemory
from journeysim.engine.records import single, table

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


def memory_of(added: Sequence[Event], *, spare: int = 1) -> WorldMemory:
    """Return a heap to which events have been added, with this much room left."""
    memory = WorldMemory()
    memory.run = single(Run)
    memory.contacts = table(Contact, ROWS)
    begin_heap(memory, len(added) + spare)
    for tick, rank, customer, contact, pool, row, what in added:
        push(memory, END, tick, rank, customer, contact, pool, row, what)
    return memory


def rows_of(added: Sequence[Event]) -> list[list[int]]:
    """Return events in their order: key, customer, contact and pool, row, what."""
    return [
        [tick * RANKS + rank, customer, (contact << POOL_BITS) | pool, row, what]
        for tick, rank, customer, contact, pool, row, what in sorted(added)
    ]


def taken(memory: WorldMemory) -> list[list[int]]:
    """Return what comes out of a heap until it is empty."""
    found = []
    while memory.run.heap_size:
        key, event = memory.heap_keys[ROOT], memory.events[memory.heap_slots[ROOT]]
        whose = int(event.customer), int(event.contact_and_pool)
        found.append([int(key), *whose, int(event.row), int(event.what)])
        drop_first(memory)
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
    double_heap(memory)
    for tick, rank, customer, contact, pool, row, what in more:
        push(memory, END, tick, rank, customer, contact, pool, row, what)
    assert taken(memory) == rows_of([*one, *more])


@many
@given(events, st.lists(st.tuples(whole, whole, st.booleans()), min_size=ROWS, max_size=ROWS))
def test_a_sweep_takes_out_timers_of_who_waits_no_more(
    added: list[Event], contacts: list[tuple[int, int, bool]]
) -> None:
    memory = memory_of(added)
    for row, (customer, number, waiting) in enumerate(contacts):
        contact = memory.contacts[row]
        contact.customer, contact.number, contact.waiting = customer, number, int(waiting)

    def pointless(event: Event) -> bool:
        _, _, customer, contact, _, row, what = event
        # A row may belong to another contact by now.
        return what >= OVERFLOW and contacts[row] != (customer, contact, True)

    drop_pointless(memory)
    assert taken(memory) == rows_of([event for event in added if not pointless(event)])


def test_an_event_at_the_end_of_the_world_is_kept_and_a_later_one_is_not() -> None:
    memory = memory_of([(END, 1, 5, 0, 0, 0, 0), (END + 1, 1, 5, 0, 0, 0, 0)])
    assert taken(memory) == [[END * RANKS + 1, 5, 0, 0, 0]]
