"""Coming events in the total order of `engine.order`, as a heap of four children a node.

A heap moves what it holds at every step. So what moves is small: a key (tick and rank), and the
number of the row of `events` that has the rest. The four children of a node stand side by side,
and places that are not in use have the key LAST, so that the smallest child is found without a
branch that no processor could foresee. Numbers of free rows stand behind those in use.

An event after the world's end is never put in. One that has become pointless (a patience that a
service overtook) stays until its time, or until room is needed.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.layout import Event, WorldMemory
from journeysim.engine.records import table
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import Whole

# What an event is: the lowest 4 bits of `event.what`; above them stands a channel.
END_OF_SERVICE = number(0)
END_ALONE = number(1)
WRAPPED_UP = number(2)
REENTRY = number(3)
CHASE_ENTRY = number(4)
OVERFLOW = number(5)
CHASE_TIMER = number(6)
PATIENCE_OVER = number(7)

#: A key is tick * RANKS + rank.
RANKS = 8
RANK_BITS = 3
POOL_BITS = 12

#: Place of the first event. The children of place p are 4 (p - 2) and the three after it.
ROOT = 3
CHILDREN = 4
#: Key of a place that is not in use.
LAST = 2**63 - 1


def begin_heap(memory: WorldMemory, rows: int) -> None:
    """Make an empty heap with room for some events."""
    slots = np.zeros(ROOT + rows + CHILDREN, np.int64)
    slots[ROOT : ROOT + rows] = np.arange(rows)
    memory.heap_slots = slots
    memory.heap_keys = np.full(slots.size, LAST)
    memory.events = table(Event, rows)


def double_heap(memory: WorldMemory) -> None:
    """Make room for twice as many events."""
    keys, slots, events = memory.heap_keys, memory.heap_slots, memory.events
    begin_heap(memory, 2 * events.size)
    used = slice(ROOT, ROOT + events.size)
    memory.heap_keys[used], memory.heap_slots[used] = keys[used], slots[used]
    memory.events[: events.size] = events


@compiled
def get(array: Whole, index: int) -> int:
    """Return a number of an array; the index must be at least 0, which is not looked at.

    In a walk through a heap each look would wait for the one before.
    """
    return int(array[np.uint64(index)])


@compiled
def push(
    memory: WorldMemory,
    end: int,
    tick: int,
    rank: int,
    customer: int,
    contact: int,
    pool: int,
    row: int,
    what: int,
) -> None:
    """Put in an event, unless it lies after the world's end; there must be room."""
    if tick > end:
        return
    run, slots = memory.run, memory.heap_slots
    place = ROOT + run.heap_size
    run.heap_size += 1
    event = memory.events[slots[place]]
    event.customer, event.contact_and_pool = customer, (contact << POOL_BITS) | pool
    event.row, event.what = row, what
    _rise(memory, place, tick * RANKS + rank, slots[place])


@inlined
def drop_first(memory: WorldMemory) -> None:
    """Take the first event out; there must be one."""
    run = memory.run
    keys, slots = memory.heap_keys, memory.heap_slots
    size = run.heap_size - 1
    run.heap_size = size
    last, free = ROOT + size, slots[ROOT]
    key, slot = keys[last], slots[last]
    keys[last] = LAST
    if size > 0:
        _rise(memory, _sink(memory, last), key, slot)
    slots[last] = free


@inlined
def _sink(memory: WorldMemory, last: int) -> int:
    """Close the gap at the top: first children move up; return the leaf that is left vacant.

    The event that will fill it comes from the bottom and nearly always belongs there, so it is not
    compared on the way down. `last` is the place behind the last one in use.
    """
    keys, slots = memory.heap_keys, memory.heap_slots
    place, child = ROOT, CHILDREN
    while child < last:
        a, b = get(keys, child), get(keys, child + 1)
        c, d = get(keys, child + 2), get(keys, child + 3)
        one, other = min(a, b), min(c, d)
        least = min(one, other)
        if int(a == least) + int(b == least) + int(c == least) + int(d == least) > 1:
            best = _first_of_equals(memory, child, least)
        else:
            # One of the four is the least: its number, without a branch.
            best = child + int(b == least) + 2 * int(c == least) + 3 * int(d == least)
        keys[np.uint64(place)], slots[np.uint64(place)] = least, get(slots, best)
        place = best
        child = CHILDREN * (place - 2)
    return place


@compiled
def _first_of_equals(memory: WorldMemory, child: int, key: int) -> int:
    """Return the place of the first event among four children, of those with this key."""
    keys, slots = memory.heap_keys, memory.heap_slots
    best = -1
    for place in range(child, child + CHILDREN):
        if keys[place] == key and (best < 0 or _before(memory, slots[place], slots[best])):
            best = place
    return best


@inlined
def _rise(memory: WorldMemory, place: int, key: int, slot: int) -> None:
    """Put an event in at a leaf, or where it belongs above it."""
    keys, slots = memory.heap_keys, memory.heap_slots
    while place > ROOT:
        parent = (place >> 2) + 2
        above = get(keys, parent)
        if above < key:
            break
        if above == key and _before(memory, slots[parent], slot):
            break
        keys[np.uint64(place)], slots[np.uint64(place)] = above, get(slots, parent)
        place = parent
    keys[np.uint64(place)], slots[np.uint64(place)] = key, slot


@compiled
def _before(memory: WorldMemory, one: int, other: int) -> bool:
    """Return whether one event comes before another of the same tick and rank."""
    events = memory.events
    if events[one].customer != events[other].customer:
        return bool(events[one].customer < events[other].customer)
    return bool(events[one].contact_and_pool < events[other].contact_and_pool)


@inlined
def still_waits(memory: WorldMemory, customer: int, third: int, row: int) -> bool:
    """Return whether the contact that a timer was set for still waits in its queue."""
    contact = memory.contacts[row]
    same = contact.customer == customer and contact.number == third >> POOL_BITS
    return bool(same and contact.waiting == 1)


@compiled
def drop_pointless(memory: WorldMemory) -> None:
    """Take out the timers of contacts that wait no more."""
    run, events = memory.run, memory.events
    keys, slots = memory.heap_keys, memory.heap_slots
    kept, last = ROOT, ROOT + run.heap_size
    for place in range(ROOT, last):
        slot = slots[place]
        event = events[slot]
        is_timer = event.what & 15 >= OVERFLOW
        if is_timer and not still_waits(memory, event.customer, event.contact_and_pool, event.row):
            continue
        slots[place], keys[kept], slots[kept] = slots[kept], keys[place], slot
        kept += 1
    keys[kept:last] = LAST
    run.heap_size = kept - ROOT
    for place in range(ROOT, kept):
        _rise(memory, place, keys[place], slots[place])
