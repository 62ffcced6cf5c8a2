"""Coming events: a heap for the very next, and a calendar of buckets for all later ones.

A bucket holds the events of a span of ticks, in no order. It is opened when the heap is empty, and
what is still to happen goes into the heap, which so remains small. The calendar is a ring: an event
of a later round stays in its bucket. The span follows the number of events, so that some ten of
them share a bucket.

An event after the world's end is never put in. One that has become pointless (a patience that a
service overtook) stays until its bucket is opened, or until room is needed.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.heap import (
    CHILDREN,
    FIELDS,
    KEY,
    LAST,
    NEXT,
    RANK_BITS,
    RANKS,
    ROOT,
    ROW,
    THIRD,
    WHAT,
    WHO,
    add,
    rise,
    take_first,
)
from journeysim.engine.compiled.memory import AT, World, row_of, whole1
from journeysim.engine.compiled.state import (
    BUCKET,
    BUCKETS_OPENED,
    CUSTOMER,
    EVENTS_OPENED,
    FREE_EVENT,
    HEAP_SIZE,
    LATER,
    NOW,
    NUMBER,
    SPAN_BITS,
    WAITING,
    free_rows,
)
from journeysim.jit import compiled, inlined, number
from journeysim.model.flat import Whole

# What an event is: the lowest 4 bits of its column; above them stands a channel.
END_OF_SERVICE = number(0)
END_ALONE = number(1)
WRAPPED_UP = number(2)
REENTRY = number(3)
CHASE_ENTRY = number(4)
FINISHED = number(5)  # a journey, on the fast path
# Timers of who waits, and no others, come after these.
OVERFLOW = number(6)
CHASE_TIMER = number(7)
PATIENCE_OVER = number(8)

POOL_BITS = 12

#: Buckets of the ring.
RING = 1024
#: Buckets that are opened before their span is looked at, and bounds of the mean of their events.
_LOOK_AFTER = 256
_FEW, _MANY = 4, 32
#: A bucket's span at first is a second or so.
_FIRST_BITS = 20
_NARROWEST, _WIDEST = 0, 40


def agenda_of(rows: int) -> dict[str, Whole]:
    """Return the arrays of an agenda with room for some events, all of it free."""
    events = np.zeros((rows, FIELDS), np.int64)
    free_rows(events, 0, NEXT)
    places = ROOT + rows + CHILDREN
    return {
        "heap_keys": np.full(places, LAST),
        "heap_slots": np.zeros(places, np.int64),
        "events": events,
    }


def first_scalars(scalars: Whole) -> None:
    """Note that an agenda is empty."""
    scalars[[HEAP_SIZE, LATER, FREE_EVENT, BUCKET, BUCKETS_OPENED, EVENTS_OPENED]] = 0
    scalars[SPAN_BITS] = _FIRST_BITS


def doubled(keys: Whole, slots: Whole, events: Whole, scalars: Whole) -> dict[str, Whole]:
    """Return the arrays of an agenda with room for twice as many events."""
    rows = events.shape[0]
    larger = agenda_of(2 * rows)
    larger["heap_keys"][: keys.size] = keys
    larger["heap_slots"][: slots.size] = slots
    larger["events"][:rows] = events
    larger["events"][-1, NEXT] = scalars[FREE_EVENT]
    scalars[FREE_EVENT] = rows
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
    scalars = whole1(world, AT.scalars)
    slot = scalars[FREE_EVENT]
    event = row_of(world, AT.events, slot)
    scalars[FREE_EVENT] = event[NEXT]
    event[WHO], event[THIRD] = customer, (contact << POOL_BITS) | pool
    event[ROW], event[WHAT] = row, what
    event[KEY] = tick * RANKS + rank
    _put(world, slot)


@inlined
def _put(world: World, slot: int) -> None:
    """Put an event into the heap, or into its bucket if that is not open yet."""
    scalars = whole1(world, AT.scalars)
    event = row_of(world, AT.events, slot)
    if scalars[LATER] == 0:
        # After a quiet time nobody need open what it left behind.
        scalars[BUCKET] = max(scalars[BUCKET], scalars[NOW] >> scalars[SPAN_BITS])
    bucket = event[KEY] >> (RANK_BITS + scalars[SPAN_BITS])
    if bucket < scalars[BUCKET]:
        add(world, slot)
        return
    buckets = whole1(world, AT.buckets)
    event[NEXT] = buckets[bucket & (RING - 1)]
    buckets[bucket & (RING - 1)] = slot
    scalars[LATER] += 1


@inlined
def drop_first(world: World) -> None:
    """Take the first event out of the heap; there must be one."""
    _free(world, take_first(world))


@inlined
def _free(world: World, slot: int) -> None:
    scalars = whole1(world, AT.scalars)
    row_of(world, AT.events, slot)[NEXT] = scalars[FREE_EVENT]
    scalars[FREE_EVENT] = slot


@inlined
def must_open(world: World, tick: int) -> bool:
    """Return whether a bucket may hold an event before a tick, and the heap none."""
    scalars = whole1(world, AT.scalars)
    if scalars[HEAP_SIZE] > 0 or scalars[LATER] == 0:
        return False
    return bool(tick >> scalars[SPAN_BITS] >= scalars[BUCKET])


@compiled
def open_next(world: World) -> None:
    """Open the next bucket, and let those of its events that have a point into the heap."""
    scalars, buckets = whole1(world, AT.scalars), whole1(world, AT.buckets)
    bucket = scalars[BUCKET]
    scalars[BUCKET] = bucket + 1
    slot = buckets[bucket & (RING - 1)]
    if slot < 0:
        return
    buckets[bucket & (RING - 1)] = -1
    scalars[BUCKETS_OPENED] += 1
    bits = RANK_BITS + scalars[SPAN_BITS]
    while slot >= 0:
        event = row_of(world, AT.events, slot)
        following = event[NEXT]
        if event[KEY] >> bits > bucket:
            # Of a later round: it stays in this bucket.
            event[NEXT] = buckets[bucket & (RING - 1)]
            buckets[bucket & (RING - 1)] = slot
        else:
            scalars[LATER] -= 1
            scalars[EVENTS_OPENED] += 1
            if _is_pointless(world, slot):
                _free(world, slot)
            else:
                add(world, slot)
        slot = following
    if scalars[BUCKETS_OPENED] >= _LOOK_AFTER:
        _fit_span(world)


@compiled
def _fit_span(world: World) -> None:
    """Halve or double the span of buckets if there are many or few events in each."""
    scalars = whole1(world, AT.scalars)
    opened, bits = scalars[BUCKETS_OPENED], scalars[SPAN_BITS]
    fitting = bits
    if scalars[EVENTS_OPENED] > _MANY * opened:
        fitting = max(bits - 1, _NARROWEST)
    elif scalars[EVENTS_OPENED] < _FEW * opened:
        fitting = min(bits + 1, _WIDEST)
    scalars[BUCKETS_OPENED], scalars[EVENTS_OPENED] = 0, 0
    if fitting == bits:
        return
    slot = _all_later(world)
    # What is before this tick is in the heap; a bucket must be open as a whole or not at all.
    tick = scalars[BUCKET] << bits
    scalars[SPAN_BITS] = fitting
    scalars[BUCKET] = -(-tick >> fitting)
    while slot >= 0:
        following = row_of(world, AT.events, slot)[NEXT]
        _put(world, slot)
        slot = following


@compiled
def _all_later(world: World) -> int:
    """Take all events out of their buckets, as one chain; return the first, -1 if there is none."""
    scalars, buckets = whole1(world, AT.scalars), whole1(world, AT.buckets)
    head = -1
    for bucket in range(RING):
        slot = buckets[bucket]
        buckets[bucket] = -1
        while slot >= 0:
            event = row_of(world, AT.events, slot)
            following = event[NEXT]
            event[NEXT] = head
            head, slot = slot, following
    scalars[LATER] = 0
    return head


@inlined
def still_waits(world: World, customer: int, third: int, row: int) -> bool:
    """Return whether the contact that a timer was set for still waits in its queue."""
    contact = row_of(world, AT.contacts, row)
    same = contact[CUSTOMER] == customer and contact[NUMBER] == third >> POOL_BITS
    return bool(same and contact[WAITING] == 1)


@inlined
def _is_pointless(world: World, slot: int) -> bool:
    """Return whether an event is the timer of a contact that waits no more."""
    event = row_of(world, AT.events, slot)
    is_timer = event[WHAT] & 15 >= OVERFLOW
    return bool(is_timer and not still_waits(world, event[WHO], event[THIRD], event[ROW]))


@compiled
def drop_pointless(world: World) -> None:
    """Take out all timers of contacts that wait no more."""
    scalars = whole1(world, AT.scalars)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    slot = _all_later(world)
    kept, last = ROOT, ROOT + scalars[HEAP_SIZE]
    for place in range(ROOT, last):
        if _is_pointless(world, slots[place]):
            _free(world, slots[place])
            continue
        keys[kept], slots[kept] = keys[place], slots[place]
        kept += 1
    keys[kept:last] = LAST
    scalars[HEAP_SIZE] = kept - ROOT
    for place in range(ROOT, kept):
        rise(world, place, keys[place], slots[place])
    while slot >= 0:
        following = row_of(world, AT.events, slot)[NEXT]
        if _is_pointless(world, slot):
            _free(world, slot)
        else:
            _put(world, slot)
        slot = following
