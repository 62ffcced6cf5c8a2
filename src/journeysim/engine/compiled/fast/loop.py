"""The fast path's loop: one entry after another, each with all that becomes of it.

Journeys are done in order of their last entry, but written in order of their end. So they are
collected, and those that ended before the present go out in order: nobody can end in the past.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.coming import NEVER, NEXT_CUSTOMER, NEXT_TICK, advance
from journeysim.engine.compiled.emitting import emit
from journeysim.engine.compiled.fast.fate import OUTLIVES, TIED, decide
from journeysim.engine.compiled.fast.phases import ENDING, ENTERING
from journeysim.engine.compiled.following import conclude
from journeysim.engine.compiled.heap import (
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
from journeysim.engine.compiled.loop import (
    MORE_CONTACTS,
    MORE_EVENTS,
    MORE_JOURNEYS,
    OVER,
    WRITE,
    next_stream,
)
from journeysim.engine.compiled.making import begin_journey, new_contact
from journeysim.engine.compiled.memory import AT, World, row_of, whole1, whole2
from journeysim.engine.compiled.state import (
    CONTACTS_OUT,
    CUSTOMER,
    DONE,
    END,
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
from journeysim.jit import compiled, inlined
from journeysim.journeys.columns import JourneyOutcome, NextStep

# Why the loop stopped, besides the reasons of the general one.
TIE = 5

# Columns of `done`.
DONE_WHEN = 0
DONE_PLACE = 1
DONE_FIELDS = 2

_RESOLVED = int(JourneyOutcome.RESOLVED)
_THEN_RESOLVED = int(NextStep.RESOLVED)


@compiled
def run_ahead(world: World) -> int:
    """Let customers enter until the world is over or something is full; return what."""
    streams, events = whole2(world, AT.streams), whole2(world, AT.events)
    keys, slots = whole1(world, AT.heap_keys), whole1(world, AT.heap_slots)
    scalars, room = whole1(world, AT.scalars), whole2(world, AT.done).shape[0]
    stream = next_stream(world)
    while True:
        if scalars[DONE] >= room:
            return WRITE
        if scalars[FREE_CONTACT] < 0:
            return MORE_CONTACTS
        if scalars[FREE_JOURNEY] < 0:
            return MORE_JOURNEYS
        if scalars[HEAP_SIZE] >= events.shape[0]:
            return MORE_EVENTS
        arrival, again = streams[stream, NEXT_TICK], keys[ROOT]
        when = arrival * RANKS + ENTERING if arrival < NEVER else NEVER
        later = events[slots[ROOT]]
        comes_again = again < when or (
            again == when and later[WHO] < streams[stream, NEXT_CUSTOMER]
        )
        when = min(when, again)
        tick = when >> RANK_BITS
        if tick > whole1(world, AT.settings)[END]:
            return OVER
        scalars[NOW] = tick
        _open_and_close(world)
        if comes_again:
            place, channel = later[ROW], later[WHAT] >> 4
            cause = row_of(world, AT.journeys, place)[J_CAUSE]
            drop_first(world)
            row = new_contact(world, place, channel, cause, tick)
        else:
            row = begin_journey(world, stream)
            advance(world, stream)
            stream = next_stream(world)
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
    scalars = whole1(world, AT.scalars)
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
            end, what = whole1(world, AT.settings)[END], REENTRY | (channel << 4)
            if delay <= end - ended:
                at_once = ENTERING if ending == ENDING else ending
                phase = at_once if delay == 0 else ENTERING
                push(world, end, ended + delay, phase, contact[CUSTOMER], 0, 0, place, what)
            return True
    done, at = whole2(world, AT.done), scalars[DONE]
    done[at, DONE_WHEN] = ended * RANKS + ending
    done[at, DONE_PLACE] = place
    scalars[DONE] = at + 1
    return True


@compiled
def emit_in_order(world: World, places: NDArray[np.int64], first: int, batch: int) -> int:
    """Write journeys in the given order until a batch is full; return how many are written.

    Parameters
    ----------
    places, first
        Rows of journeys; those before `first` are written already.
    batch
        Contacts that make a batch.
    """
    scalars, journeys = whole1(world, AT.scalars), whole2(world, AT.journeys)
    while first < places.size and scalars[CONTACTS_OUT] < batch:
        emit(world, places[first], journeys[places[first], J_OUTCOME])
        first += 1
    return first
