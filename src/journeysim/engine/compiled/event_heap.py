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

from journeysim.engine.compiled.layout import AT, World, get, row_of, whole1, whole2
from journeysim.engine.compiled.state import CUSTOMER, HEAP_SIZE, NUMBER, WAITING
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import Whole

# What an event is: the last column's lowest 4 bits; above them stands a channel.
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

# Columns of `events`: customer, then contact and pool, decide between equal keys.
WHO = 0
THIRD = 1
ROW = 2
WHAT = 3
FIELDS = 4

#: Place of the first event. The children of place p are 4 (p - 2) and the three after it.
ROOT = 3
CHILDREN = 4
#: Key of a place that is not in use.
LAST = 2**63 - 1


def heap_of(rows: int) -> dict[str, Whole]:
    """Return the arrays of an empty heap with room for some events."""
    slots = np.zeros(ROOT + rows + CHILDREN, np.int64)
    slots[ROOT : ROOT + rows] = np.arange(rows)
    keys = np.full(slots.size, LAST)
    return {"heap_keys": keys, "heap_slots": slots, "events": np.zeros((rows, FIELDS), np.int64)}


def doubled(keys: Whole, slots: Whole, events: Whole) -> dict[str, Whole]:
    """Return the arrays of a heap with room for twice as many events."""
    rows = events.shape[0]
    larger = heap_of(2 * rows)
    used = slice(ROOT, ROOT + rows)
    larger["heap_keys"][used] = keys[used]
    larger["heap_slots"][used] = slots[used]
    larger["events"][:rows] = events
    return larger


@compiled
def push(
    world: World,
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
    scalars, slots = whole1(world, AT.scalars), whole1(world, AT.heap_slots)
    place = ROOT + scalars[HEAP_SIZE]
    scalars[HEAP_SIZE] += 1
    event = row_of(world, AT.events, slots[place])
    event[WHO], event[THIRD] = customer, (contact << POOL_BITS) | pool
    event[ROW], event[WHAT] = row, what
    _rise(world, place, tick * RANKS + rank, slots[place])


@inlined
def drop_first(world: World) -> None:
    """Take the first event out; there must be one."""
    scalars = whole1(world, AT.scalars)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    size = scalars[HEAP_SIZE] - 1
    scalars[HEAP_SIZE] = size
    last, free = ROOT + size, slots[ROOT]
    key, slot = keys[last], slots[last]
    keys[last] = LAST
    if size > 0:
        _rise(world, _sink(world, last), key, slot)
    slots[last] = free


@inlined
def _sink(world: World, last: int) -> int:
    """Close the gap at the top: first children move up; return the leaf that is left vacant.

    The event that will fill it comes from the bottom and nearly always belongs there, so it is not
    compared on the way down. `last` is the place behind the last one in use.
    """
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    place, child = ROOT, CHILDREN
    while child < last:
        a, b = get(keys, child), get(keys, child + 1)
        c, d = get(keys, child + 2), get(keys, child + 3)
        one, other = min(a, b), min(c, d)
        least = min(one, other)
        if int(a == least) + int(b == least) + int(c == least) + int(d == least) > 1:
            best = _first_of_equals(world, child, least)
        else:
            # One of the four is the least: its number, without a branch.
            best = child + int(b == least) + 2 * int(c == least) + 3 * int(d == least)
        keys[np.uint64(place)], slots[np.uint64(place)] = least, get(slots, best)
        place = best
        child = CHILDREN * (place - 2)
    return place


@compiled
def _first_of_equals(world: World, child: int, key: int) -> int:
    """Return the place of the first event among four children, of those with this key."""
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    best = -1
    for place in range(child, child + CHILDREN):
        if keys[place] == key and (best < 0 or _before(world, slots[place], slots[best])):
            best = place
    return best


@inlined
def _rise(world: World, place: int, key: int, slot: int) -> None:
    """Put an event in at a leaf, or where it belongs above it."""
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    while place > ROOT:
        parent = (place >> 2) + 2
        above = get(keys, parent)
        if above < key:
            break
        if above == key and _before(world, slots[parent], slot):
            break
        keys[np.uint64(place)], slots[np.uint64(place)] = above, get(slots, parent)
        place = parent
    keys[np.uint64(place)], slots[np.uint64(place)] = key, slot


@compiled
def _before(world: World, one: int, other: int) -> bool:
    """Return whether one event comes before another of the same tick and rank."""
    events = whole2(world, AT.events)
    if events[one, WHO] != events[other, WHO]:
        return bool(events[one, WHO] < events[other, WHO])
    return bool(events[one, THIRD] < events[other, THIRD])


@inlined
def still_waits(world: World, customer: int, third: int, row: int) -> bool:
    """Return whether the contact that a timer was set for still waits in its queue."""
    contact = row_of(world, AT.contacts, row)
    same = contact[CUSTOMER] == customer and contact[NUMBER] == third >> POOL_BITS
    return bool(same and contact[WAITING] == 1)


@compiled
def drop_pointless(world: World) -> None:
    """Take out the timers of contacts that wait no more."""
    scalars, events = whole1(world, AT.scalars), whole2(world, AT.events)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    kept, last = ROOT, ROOT + scalars[HEAP_SIZE]
    for place in range(ROOT, last):
        slot = slots[place]
        event = events[slot]
        is_timer = event[WHAT] & 15 >= OVERFLOW
        if is_timer and not still_waits(world, event[WHO], event[THIRD], event[ROW]):
            continue
        slots[place], keys[kept], slots[kept] = slots[kept], keys[place], slot
        kept += 1
    keys[kept:last] = LAST
    scalars[HEAP_SIZE] = kept - ROOT
    for place in range(ROOT, kept):
        _rise(world, place, keys[place], slots[place])
