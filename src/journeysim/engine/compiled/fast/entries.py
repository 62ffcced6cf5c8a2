"""Later contacts on the fast path, as a heap of rows: who comes again, when and where.

The order is (tick and phase, customer). What is made at the current tick comes after what was
there before, so who leaves a queue and enters another without delay does so in the phase in which
patience ends, after all who arrive at that tick.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.engine import order
from journeysim.engine.compiled.memory import AT, World, whole1, whole2
from journeysim.engine.compiled.state import ENTRIES
from journeysim.jit import compiled

# Columns of `entries`.
WHEN = 0
WHO = 1
PLACE = 2  # row of the journey
WHERE = 3  # channel
ENTRY_FIELDS = 4

PHASES = 8
#: Phases of a tick: the ranks of the events that begin or end contacts.
ENDING = order.END
ENTERING = order.ARRIVAL
LEAVING = order.ABANDONMENT


@compiled
def put_entry(world: World, when: int, who: int, place: int, where: int) -> None:
    """Put in a later contact; there must be room."""
    scalars, heap = whole1(world, AT.scalars), whole2(world, AT.entries)
    row = scalars[ENTRIES]
    scalars[ENTRIES] = row + 1
    while row > 0:
        parent = (row - 1) >> 1
        if heap[parent, WHEN] < when or (heap[parent, WHEN] == when and heap[parent, WHO] < who):
            break
        heap[row, :] = heap[parent, :]
        row = parent
    heap[row, WHEN], heap[row, WHO] = when, who
    heap[row, PLACE], heap[row, WHERE] = place, where


@compiled
def drop_first_entry(world: World) -> None:
    """Take the first one out."""
    scalars, heap = whole1(world, AT.scalars), whole2(world, AT.entries)
    last = scalars[ENTRIES] - 1
    scalars[ENTRIES] = last
    when, who = heap[last, WHEN], heap[last, WHO]
    place, where = heap[last, PLACE], heap[last, WHERE]
    row = 0
    while True:
        child = 2 * row + 1
        if child >= last:
            break
        if child + 1 < last and _comes_first(heap, child + 1, child):
            child += 1
        if not _comes_first(heap, child, last):
            break
        heap[row, :] = heap[child, :]
        row = child
    heap[row, WHEN], heap[row, WHO] = when, who
    heap[row, PLACE], heap[row, WHERE] = place, where


@compiled
def _comes_first(heap: NDArray[np.int64], one: int, other: int) -> bool:
    """Return whether one row comes before another."""
    if heap[one, WHEN] != heap[other, WHEN]:
        return bool(heap[one, WHEN] < heap[other, WHEN])
    return bool(heap[one, WHO] < heap[other, WHO])
