"""The fast path's loop: one entry after another, each with all that becomes of it.

Later contacts wait in the heap, and ends of journeys in `ends` until they are written.
"""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import NEVER, NEXT_CUSTOMER, NEXT_TICK, advance
from journeysim.engine.compiled.event_heap import (
    RANK_BITS,
    RANKS,
    REENTRY,
    ROOT,
    ROW,
    WHAT,
    WHO,
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
from journeysim.engine.compiled.layout import AT, World, row_of, whole1, whole2
from journeysim.engine.compiled.next_steps import conclude
from journeysim.engine.compiled.single_queue.contact_outcome import OUTLIVES, TIED, decide
from journeysim.engine.compiled.single_queue.end_phases import ENDING, ENTERING
from journeysim.engine.compiled.single_queue.finished_journeys import note_row, write_ends
from journeysim.engine.compiled.single_queue.one_contact_journeys import pass_through
from journeysim.engine.compiled.state import (
    CUSTOMER,
    END,
    ENDS,
    FREE_CONTACT,
    FREE_JOURNEY,
    HEAP_SIZE,
    J_CAUSE,
    J_ENDED,
    J_OUTCOME,
    JOURNEY,
    NEXT_DOOR,
    NEXT_STEP,
    NOW,
    OPEN,
    RESOLVED,
)
from journeysim.engine.compiled.state_rows import begin_journey, new_contact
from journeysim.jit import compiled, inlined, number
from journeysim.tables.columns import JourneyOutcome, NextStep

# Why the loop stopped, besides the reasons of the general one.
TIE = 5
MORE_ENDS = 6

_RESOLVED = number(JourneyOutcome.RESOLVED)
_THEN_RESOLVED = number(NextStep.RESOLVED)


@compiled
def run_ahead(world: World, batch: int) -> int:
    """Let customers enter until the world is over or something is full; return what.

    Parameters
    ----------
    batch
        Contacts that make a batch to be written.
    """
    streams, events = whole2(world, AT.streams), whole2(world, AT.events)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    scalars = whole1(world, AT.scalars)
    stream = next_stream(world)
    while True:
        if scalars[ENDS] >= whole2(world, AT.ends).shape[0]:
            if not write_ends(world, scalars[NOW], batch):
                return WRITE
            if 2 * scalars[ENDS] > whole2(world, AT.ends).shape[0]:
                return MORE_ENDS
        if scalars[FREE_CONTACT] < 0:
            return MORE_CONTACTS
        if scalars[FREE_JOURNEY] < 0:
            return MORE_JOURNEYS
        if scalars[HEAP_SIZE] >= events.shape[0]:
            return MORE_EVENTS
        arrival, again = streams[stream, NEXT_TICK], keys[ROOT]
        when = arrival * RANKS + ENTERING if arrival < NEVER else NEVER
        later = events[slots[ROOT]]
        is_later = again < when or (again == when and later[WHO] < streams[stream, NEXT_CUSTOMER])
        when = min(when, again)
        tick = when >> RANK_BITS
        end = whole1(world, AT.settings)[END]
        if tick > end:
            return OVER if write_ends(world, end + 1, batch) else WRITE
        scalars[NOW] = tick
        _open_and_close(world)
        if is_later:
            place, what = later[ROW], later[WHAT]
            drop_first(world)
            journey = row_of(world, AT.journeys, place)
            row = new_contact(world, place, what >> 4, journey[J_CAUSE], tick)
        else:
            row = -1 if pass_through(world, stream) else begin_journey(world, stream)
            advance(world, stream)
            stream = next_stream(world)
            if row < 0:
                continue
        if not _live(world, row, tick, when & (RANKS - 1)):
            return TIE


@inlined
def _open_and_close(world: World) -> None:
    """Let the doors change that are due."""
    scalars, opening_tick = whole1(world, AT.scalars), whole1(world, AT.opening_tick)
    door = scalars[NEXT_DOOR]
    while door < opening_tick.size and opening_tick[door] <= scalars[NOW]:
        channel = whole1(world, AT.opening_channel)[door]
        row_of(world, AT.channels, channel)[OPEN] = whole1(world, AT.opening_open)[door]
        door += 1
    scalars[NEXT_DOOR] = door


@inlined
def _live(world: World, row: int, tick: int, phase: int) -> bool:
    """Let a contact that enters now happen to its end; return False at a tie."""
    end = whole1(world, AT.settings)[END]
    ended, ending = decide(world, row, tick, phase)
    if ended == TIED:
        return False
    if ended == OUTLIVES:
        return True
    contact = row_of(world, AT.contacts, row)
    place = contact[JOURNEY]
    journey = row_of(world, AT.journeys, place)
    if contact[RESOLVED] == 1:
        contact[NEXT_STEP] = _THEN_RESOLVED
        journey[J_OUTCOME] = _RESOLVED
        journey[J_ENDED] = ended
    else:
        channel, delay = conclude(world, row, ended)
        if channel >= 0:
            if delay <= end - ended:
                what = REENTRY | (channel << 4)
                at_once = ENTERING if ending == ENDING else ending
                then = at_once if delay == 0 else ENTERING
                push(world, end, ended + delay, then, contact[CUSTOMER], 0, 0, place, what)
            return True
    note_row(world, row, ended, ending)
    return True
