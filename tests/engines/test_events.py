"""The compiled engine's agenda, by itself: its order, its buckets, and the sweep of timers."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from journeysim.engine.compiled.agenda import (
    CHASE_TIMER,
    END_OF_SERVICE,
    OVERFLOW,
    PATIENCE_OVER,
    POOL_BITS,
    REENTRY,
    RING,
    agenda_of,
    doubled,
    drop_first,
    drop_pointless,
    first_scalars,
    must_open,
    open_next,
    push,
)
from journeysim.engine.compiled.arrays import Memory
from journeysim.engine.compiled.coming import NEVER
from journeysim.engine.compiled.heap import RANKS, ROOT
from journeysim.engine.compiled.state import (
    BUCKETS_OPENED,
    CONTACT_FIELDS,
    CUSTOMER,
    EVENTS_OPENED,
    FREE_EVENT,
    HEAP_SIZE,
    LATER,
    NOW,
    NUMBER,
    SCALARS,
    SPAN_BITS,
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


def lists_of(some: st.SearchStrategy[int]) -> st.SearchStrategy[list[Event]]:
    """Return lists of events of some kinds."""
    return st.lists(
        st.tuples(whole, st.integers(1, 4), whole, whole, whole, st.integers(0, ROWS - 1), some),
        max_size=40,
        # Two events of one place in the total order cannot be told apart.
        unique_by=lambda event: event[:5],
    )


events = lists_of(kinds)
#: None of these is a timer, which somebody has to wait for.
lasting = lists_of(st.sampled_from([END_OF_SERVICE, REENTRY]))


def memory_of(added: Sequence[Event], *, spare: int = 1, bits: int = 1) -> Memory:
    """Return an agenda to which events have been added, with this much room left.

    Its buckets span 2^bits ticks.
    """
    memory = Memory()
    memory.put("scalars", np.zeros(SCALARS, np.int64))
    memory.put("contacts", np.zeros((ROWS, CONTACT_FIELDS), np.int64))
    memory.put("buckets", np.full(RING, -1, np.int64))
    first_scalars(memory["scalars"])
    memory["scalars"][SPAN_BITS] = bits
    keep(memory, agenda_of(max(1, len(added) + spare)))
    for tick, rank, customer, contact, pool, row, what in added:
        push(memory.world, END, tick, rank, customer, contact, pool, row, what)
    return memory


def keep(memory: Memory, agenda: dict[str, NDArray[np.int64]]) -> None:
    """Put the arrays of an agenda into a memory."""
    for name, array in agenda.items():
        memory.put(name, array)


def rows_of(added: Sequence[Event]) -> list[list[int]]:
    """Return events in their order: key, customer, contact and pool, row, what."""
    return [
        [tick * RANKS + rank, customer, (contact << POOL_BITS) | pool, row, what]
        for tick, rank, customer, contact, pool, row, what in sorted(added)
    ]


def taken(memory: Memory) -> list[list[int]]:
    """Return what comes out of an agenda until it is empty."""
    found = []
    while memory["scalars"][HEAP_SIZE] or memory["scalars"][LATER]:
        while must_open(memory.world, NEVER):
            open_next(memory.world)
        if not memory["scalars"][HEAP_SIZE]:
            break
        key, slot = memory["heap_keys"][ROOT], memory["heap_slots"][ROOT]
        found.append([int(key), *memory["events"][slot][:4].tolist()])
        drop_first(memory.world)
    return found


@many
@given(lasting, st.integers(0, 3))
def test_events_come_out_in_the_total_order(added: list[Event], bits: int) -> None:
    assert taken(memory_of(added, spare=0, bits=bits)) == rows_of(added)


@many
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=60), st.integers(0, 2))
def test_what_is_put_in_while_others_come_out_takes_its_place(
    steps: list[tuple[int, int]], bits: int
) -> None:
    memory, waiting, came = memory_of([], spare=len(steps), bits=bits), [], []
    for number, (gap, delay) in enumerate(steps):
        now = int(memory["scalars"][NOW])
        tick = now + RING // 16 * delay
        push(memory.world, NEVER, tick, 2, number, 0, 0, 0, END_OF_SERVICE)
        waiting.append((tick, number))
        until = now + gap
        while True:
            while must_open(memory.world, until):
                open_next(memory.world)
            key, slot = memory["heap_keys"][ROOT], memory["heap_slots"][ROOT]
            if key // RANKS > until:
                break
            came.append((int(key) // RANKS, int(memory["events"][slot, 0])))
            drop_first(memory.world)
        memory["scalars"][NOW] = until
        due = sorted(event for event in waiting if event[0] <= until)
        assert came == due
        came.clear()
        waiting = [event for event in waiting if event not in due]


@pytest.mark.parametrize(("gap", "fitting"), [(1 << 10, range(11, 20)), (1, range(2, 6))])
def test_the_span_of_buckets_follows_the_events(gap: int, fitting: range) -> None:
    memory = memory_of([], spare=2000, bits=6)
    luck, pending, came = np.random.default_rng(7), [], []
    # Some of the events come soon, into a bucket that is open or about to be.
    scale = np.where(luck.random(20_000) < 0.8, 300.0, 3.0) * gap
    for number, delay in enumerate(luck.exponential(scale).astype(int).tolist()):
        now = gap * number
        memory["scalars"][NOW] = now
        push(memory.world, NEVER, now + delay, 2, number, 0, 0, 0, END_OF_SERVICE)
        heapq.heappush(pending, (now + delay, number))
        while must_open(memory.world, now):
            open_next(memory.world)
        while memory["heap_keys"][ROOT] // RANKS <= now:
            came.append(memory["events"][memory["heap_slots"][ROOT], 0])
            drop_first(memory.world)
            assert came[-1] == heapq.heappop(pending)[1]
            while must_open(memory.world, now):
                open_next(memory.world)
        assert not pending or pending[0][0] > now
    assert len(came) > 19_000
    assert memory["scalars"][SPAN_BITS] in fitting


@many
@given(lasting, lasting)
def test_an_agenda_that_was_full_goes_on_in_twice_the_room(
    one: list[Event], two: list[Event]
) -> None:
    more = [event for event in two if event[:5] not in {other[:5] for other in one}][: len(one)]
    memory = memory_of(one, spare=0)
    names = "heap_keys", "heap_slots", "events", "scalars"
    keep(memory, doubled(*(memory[name] for name in names)))
    for tick, rank, customer, contact, pool, row, what in more:
        push(memory.world, END, tick, rank, customer, contact, pool, row, what)
    assert taken(memory) == rows_of([*one, *more])


@many
@given(
    events,
    st.lists(st.tuples(whole, whole, st.booleans()), min_size=ROWS, max_size=ROWS),
    st.booleans(),
)
def test_timers_of_who_waits_no_more_are_taken_out(
    added: list[Event],
    contacts: list[tuple[int, int, bool]],
    sweeps: bool,
) -> None:
    memory = memory_of(added)
    rows = memory["contacts"]
    rows[:, [CUSTOMER, NUMBER]] = [contact[:2] for contact in contacts]
    rows[:, WAITING] = 1
    if sweeps:
        # Some are in the heap by the time at which they lose their point.
        open_next(memory.world)
    rows[:, WAITING] = [contact[2] for contact in contacts]

    def pointless(event: Event) -> bool:
        _, _, customer, contact, _, row, what = event
        # A row may belong to another contact by now.
        return what >= OVERFLOW and contacts[row] != (customer, contact, True)

    if sweeps:
        drop_pointless(memory.world)
    # Without a sweep they go when their bucket is opened.
    assert taken(memory) == rows_of([event for event in added if not pointless(event)])


def test_a_bucket_that_becomes_wider_is_open_as_a_whole() -> None:
    memory = memory_of([], spare=4, bits=4)
    scalars = memory["scalars"]
    scalars[NOW] = 32
    for customer, tick in enumerate((40, 50)):
        push(memory.world, END, tick, 2, customer, 0, 0, 0, END_OF_SERVICE)
    # The next bucket, of ticks 32 to 47, is the last before the span is looked at.
    scalars[[BUCKETS_OPENED, EVENTS_OPENED]] = 255, 0
    open_next(memory.world)
    assert scalars[SPAN_BITS] == 5
    push(memory.world, END, 35, 2, 2, 0, 0, 0, END_OF_SERVICE)
    assert [row[1] for row in taken(memory)] == [2, 0, 1]


def test_after_a_sweep_the_heap_is_in_order() -> None:
    luck = np.random.default_rng(7)
    kinds = luck.choice([END_OF_SERVICE, PATIENCE_OVER], 300).tolist()
    rows, ticks = luck.integers(0, ROWS, 300).tolist(), luck.integers(0, END, 300).tolist()
    added = [
        (ticks[pool], 1, rows[pool], rows[pool], pool, rows[pool], kinds[pool])
        for pool in range(300)
    ]
    memory = memory_of(added, bits=10)
    cells = memory["contacts"]
    cells[:, CUSTOMER] = cells[:, NUMBER] = np.arange(ROWS)
    cells[:, WAITING] = 1
    open_next(memory.world)
    assert memory["scalars"][HEAP_SIZE] == 300
    cells[:2, WAITING] = 0
    drop_pointless(memory.world)
    assert memory["scalars"][FREE_EVENT] >= 0
    assert taken(memory) == rows_of(
        [event for event in added if event[5] >= 2 or event[6] == END_OF_SERVICE]
    )


def test_an_event_at_the_end_of_the_world_is_kept_and_a_later_one_is_not() -> None:
    memory = memory_of([(END, 1, 5, 0, 0, 0, 0), (END + 1, 1, 5, 0, 0, 0, 0)])
    assert taken(memory) == [[END * RANKS + 1, 5, 0, 0, 0]]
