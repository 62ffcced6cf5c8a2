"""The loop of the single-queue path: one entry after another, each with all that becomes of it.

Later contacts wait in the heap, and ends of journeys in `finished` until they are written.
"""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import NEVER, advance
from journeysim.engine.compiled.event_heap import (
    RANK_BITS,
    RANKS,
    REENTRY,
    ROOT,
    drop_first,
    push,
)
from journeysim.engine.compiled.event_loop import (
    MORE_CONTACTS,
    MORE_EVENTS,
    MORE_JOURNEYS,
    OVER,
    WRITE,
    next_stream,
)
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.compiled.next_steps import conclude
from journeysim.engine.compiled.single_queue.contact_outcome import OUTLIVES, TIED, decide
from journeysim.engine.compiled.single_queue.end_phases import ENDING, ENTERING
from journeysim.engine.compiled.single_queue.finished_journeys import note_row, write_ends
from journeysim.engine.compiled.single_queue.one_contact_journeys import pass_through
from journeysim.engine.compiled.state_rows import begin_journey, new_contact
from journeysim.jit import compiled, inlined, number
from journeysim.tables.columns import JourneyOutcome, NextStep

# Why the loop stopped, besides the reasons of the general one.
TIE = 5
MORE_ENDS = 6

_RESOLVED = number(JourneyOutcome.RESOLVED)
_THEN_RESOLVED = number(NextStep.RESOLVED)


@compiled
def run_ahead(memory: WorldMemory, batch: int) -> int:
    """Let customers enter until the world is over or something is full; return what.

    Parameters
    ----------
    batch
        Contacts that make a batch to be written.
    """
    streams, events = memory.streams, memory.events
    keys, slots = memory.heap_keys, memory.heap_slots
    run = memory.run
    stream = next_stream(memory)
    while True:
        if run.finished >= memory.finished.size:
            if not write_ends(memory, run.now, batch):
                return WRITE
            if 2 * run.finished > memory.finished.size:
                return MORE_ENDS
        if run.free_contact < 0:
            return MORE_CONTACTS
        if run.free_journey < 0:
            return MORE_JOURNEYS
        if run.heap_size >= events.size:
            return MORE_EVENTS
        arrival, again = streams[stream].next_tick, keys[ROOT]
        when = arrival * RANKS + ENTERING if arrival < NEVER else NEVER
        later = events[slots[ROOT]]
        is_later = again < when or (
            again == when and later.customer < streams[stream].next_customer
        )
        when = min(when, again)
        tick = when >> RANK_BITS
        end = memory.model.end
        if tick > end:
            return OVER if write_ends(memory, end + 1, batch) else WRITE
        run.now = tick
        _open_and_close(memory)
        if is_later:
            journey_row, what = later.row, later.what
            drop_first(memory)
            journey = memory.journeys[journey_row]
            row = new_contact(memory, journey_row, what >> 4, journey.cause, tick)
        else:
            row = -1 if pass_through(memory, stream) else begin_journey(memory, stream)
            advance(memory, stream)
            stream = next_stream(memory)
            if row < 0:
                continue
        if not _live(memory, row, tick, when & (RANKS - 1)):
            return TIE


@inlined
def _open_and_close(memory: WorldMemory) -> None:
    """Let the doors change that are due."""
    run, opening_tick = memory.run, memory.model.opening_tick
    door = run.next_opening
    while door < opening_tick.size and opening_tick[door] <= run.now:
        channel = memory.model.opening_channel[door]
        memory.channels[channel].open = memory.model.opening_open[door]
        door += 1
    run.next_opening = door


@inlined
def _live(memory: WorldMemory, row: int, tick: int, phase: int) -> bool:
    """Let a contact that enters now happen to its end; return False at a tie."""
    end = memory.model.end
    ended, ending = decide(memory, row, tick, phase)
    if ended == TIED:
        return False
    if ended == OUTLIVES:
        return True
    contact = memory.contacts[row]
    journey_row = contact.journey
    journey = memory.journeys[journey_row]
    if contact.resolved == 1:
        contact.next_step = _THEN_RESOLVED
        journey.outcome = _RESOLVED
        journey.ended = ended
    else:
        channel, delay = conclude(memory, row, ended)
        if channel >= 0:
            if delay <= end - ended:
                what = REENTRY | (channel << 4)
                at_once = ENTERING if ending == ENDING else ending
                then = at_once if delay == 0 else ENTERING
                push(memory, end, ended + delay, then, contact.customer, 0, 0, journey_row, what)
            return True
    note_row(memory, row, ended, ending)
    return True
