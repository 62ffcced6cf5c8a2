"""The event loop of the compiled engine: one event after another, in the total order.

It stops and says why when the rows it works in are full or enough is finished to be written;
the caller sees to that and calls it again.
"""

from __future__ import annotations

from journeysim.engine import order
from journeysim.engine.compiled.arrival_streams import NEVER, NEXT_CUSTOMER, NEXT_TICK, advance
from journeysim.engine.compiled.event_heap import (
    CHASE_ENTRY,
    CHASE_TIMER,
    END_ALONE,
    END_OF_SERVICE,
    OVERFLOW,
    PATIENCE_OVER,
    POOL_BITS,
    RANK_BITS,
    RANKS,
    REENTRY,
    ROOT,
    ROW,
    THIRD,
    WHAT,
    WHO,
    WRAPPED_UP,
    drop_first,
    drop_pointless,
    still_waits,
)
from journeysim.engine.compiled.floor import drop, fill, release, staff
from journeysim.engine.compiled.journey_steps import (
    arrive,
    chase,
    end_alone,
    end_service,
    enter_chasing,
    make_contact,
    settle,
)
from journeysim.engine.compiled.lane_queues import comes_before
from journeysim.engine.compiled.layout import AT, World, row_of, whole1, whole2
from journeysim.engine.compiled.state import (
    CONTACTS_OUT,
    END,
    FREE_CONTACT,
    FREE_JOURNEY,
    HEAD,
    HEAP_SIZE,
    J_CAUSE,
    NEXT_DOOR,
    NEXT_SHIFT,
    NOW,
    OPEN,
    SENDING_AWAY,
    WAITING_CONTACTS,
)
from journeysim.jit import compiled, inlined, number
from journeysim.tables.columns import ContactOutcome

# Why the loop stopped.
OVER = 0
WRITE = 1
MORE_CONTACTS = 2
MORE_JOURNEYS = 3
MORE_EVENTS = 4

_CHANGE = number(order.CHANGE)
_ARRIVAL = number(order.ARRIVAL)
_ABANDONED = number(ContactOutcome.ABANDONED)
_CLOSED = number(ContactOutcome.CLOSED)


@compiled
def run_until_full(world: World, batch: int) -> int:
    """Let events happen until the world is over or something is full; return what.

    Parameters
    ----------
    batch
        Contacts that make a batch to be written.
    """
    streams = whole2(world, AT.streams)
    scalars, events = whole1(world, AT.scalars), whole2(world, AT.events)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    stream, change = next_stream(world), _next_change(world)
    while True:
        if scalars[CONTACTS_OUT] >= batch:
            return WRITE
        if scalars[FREE_CONTACT] < 0:
            return MORE_CONTACTS
        if scalars[FREE_JOURNEY] < 0:
            return MORE_JOURNEYS
        # An event puts in at most one event for each who waits, and a few of its own.
        room = scalars[WAITING_CONTACTS] + whole1(world, AT.units).size + 8
        if scalars[HEAP_SIZE] + room >= events.shape[0]:
            drop_pointless(world)
            if 2 * (scalars[HEAP_SIZE] + room) >= events.shape[0]:
                return MORE_EVENTS
        if scalars[SENDING_AWAY] >= 0:
            _send_one_away(world)
            continue
        arrival = streams[stream, NEXT_TICK]
        first = keys[ROOT]
        tick = min(arrival, change, first >> RANK_BITS)
        if tick > whole1(world, AT.settings)[END]:
            return OVER
        scalars[NOW] = tick
        if change == tick:
            # Rank 0: nothing of this tick has happened yet, or it was put in before.
            _change(world)
            change = _next_change(world)
        elif arrival < NEVER and _arrival_first(world, stream, first):
            arrive(world, stream)
            advance(world, stream)
            stream = next_stream(world)
        else:
            event = events[slots[ROOT]]
            customer, third = event[WHO], event[THIRD]
            row, what = event[ROW], event[WHAT]
            drop_first(world)
            _happen(world, customer, third, row, what)


@inlined
def next_stream(world: World) -> int:
    """Return the stream with the next customer: the earliest, by customer at one tick."""
    streams = whole2(world, AT.streams)
    best = 0
    for stream in range(1, streams.shape[0]):
        if streams[stream, NEXT_TICK] > streams[best, NEXT_TICK]:
            continue
        if (
            streams[stream, NEXT_TICK] < streams[best, NEXT_TICK]
            or streams[stream, NEXT_CUSTOMER] < streams[best, NEXT_CUSTOMER]
        ):
            best = stream
    return best


@inlined
def _arrival_first(world: World, stream: int, first: int) -> bool:
    """Return whether the next customer comes before the next event of the heap."""
    row = row_of(world, AT.streams, stream)
    arrival = row[NEXT_TICK] * RANKS + _ARRIVAL
    if arrival != first:
        return bool(arrival < first)
    # The first contact of a customer has number 0, a later one of the same customer more.
    first_event = row_of(world, AT.events, whole1(world, AT.heap_slots)[ROOT])
    return bool(row[NEXT_CUSTOMER] <= first_event[WHO])


@compiled
def _next_change(world: World) -> int:
    """Return the tick of the next change of a shift or of opening hours."""
    shift_tick = whole1(world, AT.shift_tick)
    opening_tick = whole1(world, AT.opening_tick)
    scalars = whole1(world, AT.scalars)
    tick = NEVER
    if scalars[NEXT_SHIFT] < shift_tick.size:
        tick = shift_tick[scalars[NEXT_SHIFT]]
    if scalars[NEXT_DOOR] < opening_tick.size:
        tick = min(tick, opening_tick[scalars[NEXT_DOOR]])
    return tick


@compiled
def _change(world: World) -> None:
    """Change a shift or a door; at one tick shifts come first, in order of pools."""
    shift_tick = whole1(world, AT.shift_tick)
    opening_open = whole1(world, AT.opening_open)
    scalars = whole1(world, AT.scalars)
    shift = scalars[NEXT_SHIFT]
    if shift < shift_tick.size and shift_tick[shift] == scalars[NOW]:
        scalars[NEXT_SHIFT] += 1
        staff(world, whole1(world, AT.shift_pool)[shift], whole1(world, AT.shift_agents)[shift])
        return
    door = scalars[NEXT_DOOR]
    scalars[NEXT_DOOR] += 1
    channel = whole1(world, AT.opening_channel)[door]
    row_of(world, AT.channels, channel)[OPEN] = opening_open[door]
    if opening_open[door] == 0 and whole1(world, AT.send_away)[channel] == 1:
        scalars[SENDING_AWAY] = channel


@compiled
def _send_one_away(world: World) -> None:
    """Send away the first of those who wait at closing."""
    scalars = whole1(world, AT.scalars)
    channel = scalars[SENDING_AWAY]
    best = -1
    for entry in range(
        whole1(world, AT.channel_first)[channel], whole1(world, AT.channel_last)[channel]
    ):
        head = row_of(world, AT.queues, whole1(world, AT.channel_lanes)[entry])[HEAD]
        if head >= 0 and (best < 0 or comes_before(world, head, best)):
            best = head
    if best < 0:
        scalars[SENDING_AWAY] = -1
        return
    drop(world, best, _CLOSED)
    settle(world, best)


@inlined
def _happen(world: World, customer: int, third: int, row: int, what: int) -> None:
    """Let one event of the heap happen."""
    kind, channel = what & 15, what >> 4
    pool = third & ((1 << POOL_BITS) - 1)
    if kind == END_OF_SERVICE:
        end_service(world, row)
    elif kind == WRAPPED_UP:
        release(world, pool, channel)
    elif kind == END_ALONE:
        end_alone(world, row)
    elif kind == REENTRY:
        make_contact(world, row, channel, row_of(world, AT.journeys, row)[J_CAUSE])
    elif kind == CHASE_ENTRY:
        enter_chasing(world, row, channel)
    elif still_waits(world, customer, third, row):
        if kind == PATIENCE_OVER:
            drop(world, row, _ABANDONED)
            settle(world, row)
        elif kind == OVERFLOW:
            fill(world, pool)
        elif kind == CHASE_TIMER:
            chase(world, row)
