"""The event loop of the compiled engine: one event after another, in the total order.

It stops and says why when the rows it works in are full or enough is finished to be written;
the caller sees to that and calls it again.
"""

from __future__ import annotations

from journeysim.engine import order
from journeysim.engine.compiled.arrival_streams import NEVER, advance
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
from journeysim.engine.compiled.layout import WorldMemory
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
def run_until_full(memory: WorldMemory, batch: int) -> int:
    """Let events happen until the world is over or something is full; return what.

    Parameters
    ----------
    batch
        Contacts that make a batch to be written.
    """
    streams = memory.streams
    run, events = memory.run, memory.events
    keys, slots = memory.heap_keys, memory.heap_slots
    stream, change = next_stream(memory), _next_change(memory)
    while True:
        if run.contacts_out >= batch:
            return WRITE
        if run.free_contact < 0:
            return MORE_CONTACTS
        if run.free_journey < 0:
            return MORE_JOURNEYS
        # An event puts in at most one event for each who waits, and a few of its own.
        room = run.waiting_contacts + memory.model.units.size + 8
        if run.heap_size + room >= events.size:
            drop_pointless(memory)
            if 2 * (run.heap_size + room) >= events.size:
                return MORE_EVENTS
        if run.sending_away >= 0:
            _send_one_away(memory)
            continue
        arrival = streams[stream].next_tick
        first = keys[ROOT]
        tick = min(arrival, change, first >> RANK_BITS)
        if tick > memory.model.end:
            return OVER
        run.now = tick
        if change == tick:
            # Rank 0: nothing of this tick has happened yet, or it was put in before.
            _change(memory)
            change = _next_change(memory)
        elif arrival < NEVER and _arrival_first(memory, stream, first):
            arrive(memory, stream)
            advance(memory, stream)
            stream = next_stream(memory)
        else:
            event = events[slots[ROOT]]
            customer, third = event.customer, event.contact_and_pool
            row, what = event.row, event.what
            drop_first(memory)
            _happen(memory, customer, third, row, what)


@inlined
def next_stream(memory: WorldMemory) -> int:
    """Return the stream with the next customer: the earliest, by customer at one tick."""
    streams = memory.streams
    best = 0
    for stream in range(1, streams.size):
        if streams[stream].next_tick > streams[best].next_tick:
            continue
        if (
            streams[stream].next_tick < streams[best].next_tick
            or streams[stream].next_customer < streams[best].next_customer
        ):
            best = stream
    return best


@inlined
def _arrival_first(memory: WorldMemory, stream: int, first: int) -> bool:
    """Return whether the next customer comes before the next event of the heap."""
    row = memory.streams[stream]
    arrival = row.next_tick * RANKS + _ARRIVAL
    if arrival != first:
        return bool(arrival < first)
    # The first contact of a customer has number 0, a later one of the same customer more.
    first_event = memory.events[memory.heap_slots[ROOT]]
    return bool(row.next_customer <= first_event.customer)


@compiled
def _next_change(memory: WorldMemory) -> int:
    """Return the tick of the next change of a shift or of opening hours."""
    shift_tick = memory.model.shift_tick
    opening_tick = memory.model.opening_tick
    run = memory.run
    tick = NEVER
    if run.next_shift < shift_tick.size:
        tick = shift_tick[run.next_shift]
    if run.next_opening < opening_tick.size:
        tick = min(tick, opening_tick[run.next_opening])
    return tick


@compiled
def _change(memory: WorldMemory) -> None:
    """Change a shift or a door; at one tick shifts come first, in order of pools."""
    shift_tick = memory.model.shift_tick
    opening_open = memory.model.opening_open
    run = memory.run
    shift = run.next_shift
    if shift < shift_tick.size and shift_tick[shift] == run.now:
        run.next_shift += 1
        staff(memory, memory.model.shift_pool[shift], memory.model.shift_agents[shift])
        return
    door = run.next_opening
    run.next_opening += 1
    channel = memory.model.opening_channel[door]
    memory.channels[channel].open = opening_open[door]
    if opening_open[door] == 0 and memory.model.send_away[channel] == 1:
        run.sending_away = channel


@compiled
def _send_one_away(memory: WorldMemory) -> None:
    """Send away the first of those who wait at closing."""
    run = memory.run
    channel = run.sending_away
    best = -1
    for entry in range(memory.lanes.channel_first[channel], memory.lanes.channel_last[channel]):
        head = memory.queues[memory.lanes.channel_lanes[entry]].head
        if head >= 0 and (best < 0 or comes_before(memory, head, best)):
            best = head
    if best < 0:
        run.sending_away = -1
        return
    drop(memory, best, _CLOSED)
    settle(memory, best)


@inlined
def _happen(memory: WorldMemory, customer: int, third: int, row: int, what: int) -> None:
    """Let one event of the heap happen."""
    kind, channel = what & 15, what >> 4
    pool = third & ((1 << POOL_BITS) - 1)
    if kind == END_OF_SERVICE:
        end_service(memory, row)
    elif kind == WRAPPED_UP:
        release(memory, pool, channel)
    elif kind == END_ALONE:
        end_alone(memory, row)
    elif kind == REENTRY:
        make_contact(memory, row, channel, memory.journeys[row].cause)
    elif kind == CHASE_ENTRY:
        enter_chasing(memory, row, channel)
    elif still_waits(memory, customer, third, row):
        if kind == PATIENCE_OVER:
            drop(memory, row, _ABANDONED)
            settle(memory, row)
        elif kind == OVERFLOW:
            fill(memory, pool)
        elif kind == CHASE_TIMER:
            chase(memory, row)
