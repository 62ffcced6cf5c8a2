"""Coming events as a binary heap of rows: (tick and rank, customer, contact and pool, row, what).

The first three columns are the total order of `engine.order`; an event after the world's end is
never put in. An event that has become pointless (a patience that a service overtook) stays until
its time, or until room is needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.memory import AT, World, whole1, whole2
from journeysim.engine.compiled.state import CUSTOMER, HEAP_SIZE, NUMBER, WAITING
from journeysim.jit import compiled

# What an event is: the last column's lowest 4 bits; above them stands a channel.
END_OF_SERVICE = 0
END_ALONE = 1
WRAPPED_UP = 2
REENTRY = 3
CHASE_ENTRY = 4
OVERFLOW = 5
CHASE_TIMER = 6
PATIENCE_OVER = 7

RANKS = 8
POOL_BITS = 12
FIELDS = 5


@compiled
def before(heap: NDArray[np.int64], one: int, other: int) -> bool:
    """Return whether one row comes before another."""
    if heap[one, 0] != heap[other, 0]:
        return bool(heap[one, 0] < heap[other, 0])
    if heap[one, 1] != heap[other, 1]:
        return bool(heap[one, 1] < heap[other, 1])
    return bool(heap[one, 2] < heap[other, 2])


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
    scalars = whole1(world, AT.scalars)
    if tick > end:
        return
    heap = whole2(world, AT.heap)
    place = scalars[HEAP_SIZE]
    scalars[HEAP_SIZE] = place + 1
    third = (contact << POOL_BITS) | pool
    _rise(heap, place, tick * RANKS + rank, customer, third, row, what)


@compiled
def drop_first(world: World) -> None:
    """Take the first event out."""
    scalars = whole1(world, AT.scalars)
    heap = whole2(world, AT.heap)
    size = scalars[HEAP_SIZE] - 1
    scalars[HEAP_SIZE] = size
    if size > 0:
        _fill_top(heap, size)


@compiled
def _rise(
    heap: NDArray[np.int64], place: int, first: int, second: int, third: int, row: int, what: int
) -> None:
    """Put a row in at a leaf, or where it belongs above it."""
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent, 0] < first:
            break
        if heap[parent, 0] == first:
            if heap[parent, 1] < second:
                break
            if heap[parent, 1] == second and heap[parent, 2] < third:
                break
        for field in range(FIELDS):
            heap[place, field] = heap[parent, field]
        place = parent
    heap[place, 0], heap[place, 1], heap[place, 2] = first, second, third
    heap[place, 3], heap[place, 4] = row, what


@compiled
def _fill_top(heap: NDArray[np.int64], last: int) -> None:
    """Close the gap at the top: smaller children move up, and the row at `last` goes to the leaf.

    Which child is smaller is a toss-up that no processor foresees, so it is added, not branched on;
    and a row from the bottom nearly always belongs there, so it is not compared on the way down.
    """
    place, child = 0, 1
    while child + 1 < last:
        one, other = heap[child, 0], heap[child + 1, 0]
        second_first = one > other
        if one == other:
            second_first = before(heap, child + 1, child)
        child += int(second_first)
        for field in range(FIELDS):
            heap[place, field] = heap[child, field]
        place = child
        child = 2 * place + 1
    if child < last:
        for field in range(FIELDS):
            heap[place, field] = heap[child, field]
        place = child
    row = heap[last]
    _rise(heap, place, row[0], row[1], row[2], row[3], row[4])


@compiled
def still_waits(world: World, customer: int, third: int, row: int) -> bool:
    """Return whether the contact that a timer was set for still waits in its queue."""
    contact = whole2(world, AT.contacts)[row]
    same = contact[CUSTOMER] == customer and contact[NUMBER] == third >> POOL_BITS
    return bool(same and contact[WAITING] == 1)


@compiled
def drop_pointless(world: World) -> None:
    """Take out the timers of contacts that wait no more."""
    scalars = whole1(world, AT.scalars)
    heap = whole2(world, AT.heap)
    kept = 0
    for place in range(scalars[HEAP_SIZE]):
        what = heap[place, 4] & 15
        if what >= OVERFLOW and not still_waits(
            world, heap[place, 1], heap[place, 2], heap[place, 3]
        ):
            continue
        for field in range(FIELDS):
            heap[kept, field] = heap[place, field]
        kept += 1
    scalars[HEAP_SIZE] = kept
    if kept > 1:
        spare = heap.shape[0] - 1
        for place in range((kept - 2) >> 1, -1, -1):
            _settle_down(heap, place, kept, spare)


@compiled
def _settle_down(heap: NDArray[np.int64], place: int, size: int, spare: int) -> None:
    """Restore the order below `place`, with the help of a spare row beyond the heap."""
    for field in range(FIELDS):
        heap[spare, field] = heap[place, field]
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and before(heap, child + 1, child):
            child += 1
        if before(heap, spare, child):
            break
        for field in range(FIELDS):
            heap[place, field] = heap[child, field]
        place = child
    for field in range(FIELDS):
        heap[place, field] = heap[spare, field]
