"""The next events in the total order of `engine.order`, as a heap of four children a node.

A heap moves what it holds at every step. So what moves is small: a key (tick and rank), and the
number of the row of `events` that has the rest. The four children of a node stand side by side,
and places that are not in use have the key LAST, so that the smallest child is found without a
branch that no processor could foresee.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.memory import AT, World, get, row_of, whole1, whole2
from journeysim.engine.compiled.state import HEAP_SIZE
from journeysim.jit import compiled, inlined

#: A key is tick * RANKS + rank.
RANKS = 8
RANK_BITS = 3

# Columns of `events`: customer, then contact and pool, decide between equal keys.
WHO = 0
THIRD = 1
ROW = 2
WHAT = 3
KEY = 4
NEXT = 5  # row of the next event in its bucket; of the next free row, if free
FIELDS = 6

#: Place of the first event. The children of place p are 4 (p - 2) and the three after it.
ROOT = 3
CHILDREN = 4
#: Key of a place that is not in use.
LAST = 2**63 - 1


@compiled
def add(world: World, slot: int) -> None:
    """Put in an event by the number of its row; there must be room."""
    scalars = whole1(world, AT.scalars)
    place = ROOT + scalars[HEAP_SIZE]
    scalars[HEAP_SIZE] += 1
    rise(world, place, row_of(world, AT.events, slot)[KEY], slot)


@inlined
def take_first(world: World) -> int:
    """Take the first event out, of which there must be one; return the number of its row."""
    scalars = whole1(world, AT.scalars)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    size = scalars[HEAP_SIZE] - 1
    scalars[HEAP_SIZE] = size
    last, first = ROOT + size, slots[ROOT]
    key, slot = keys[last], slots[last]
    keys[last] = LAST
    if size > 0:
        rise(world, _sink(world, last), key, slot)
    return int(first)


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
def rise(world: World, place: int, key: int, slot: int) -> None:
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
