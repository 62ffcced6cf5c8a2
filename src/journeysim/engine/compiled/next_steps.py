"""Where a customer goes after a contact that met no need, in the compiled engine."""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.contact_draws import duration, traced
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.random import draws
from journeysim.engine.random.draws import uniform
from journeysim.engine.rules import cause_of_step, choose
from journeysim.jit import inlined, number
from journeysim.scenario.flat.flat_model import (
    AFTER_ABANDONED,
    AFTER_BALKED,
    AFTER_BLOCKED,
    AFTER_CLOSED,
    AFTER_CONTAINED,
    AFTER_STUCK,
    AFTER_UNRESOLVED,
    GIVE_UP,
    LOST,
)
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, NextStep

_NEXT_STEP = number(draws.NEXT_STEP)
_DELAY = number(draws.DELAY)
_SERVED_UNRESOLVED = number(ContactOutcome.SERVED_UNRESOLVED)
_CONTAINED = number(ContactOutcome.CONTAINED)
_TRANSFERRED = number(ContactOutcome.TRANSFERRED)
_GIVEN_UP = number(JourneyOutcome.GIVEN_UP)
_LOST = number(JourneyOutcome.LOST)
_EXHAUSTED = number(JourneyOutcome.EXHAUSTED)
_THEN_GIVEN_UP = number(NextStep.GIVEN_UP)
_THEN_LOST = number(NextStep.LOST)
_THEN_EXHAUSTED = number(NextStep.EXHAUSTED)

_after = np.full(len(ContactOutcome), -1, np.int64)
_after[ContactOutcome.ABANDONED] = AFTER_ABANDONED
_after[ContactOutcome.BALKED] = AFTER_BALKED
_after[ContactOutcome.BLOCKED] = AFTER_BLOCKED
_after[ContactOutcome.CLOSED] = AFTER_CLOSED
_after[ContactOutcome.SERVED_UNRESOLVED] = AFTER_UNRESOLVED
_after[ContactOutcome.CONTAINED] = AFTER_CONTAINED
_after[ContactOutcome.STUCK] = AFTER_STUCK
_TABLE_AFTER = tuple(int(table) for table in _after)


@inlined
def next_step(memory: WorldMemory, row: int) -> tuple[int, int, int]:
    """Return the row of the step (-1 if none or traced), where it leads, and its delay, ticks."""
    run = memory.run
    contact = memory.contacts[row]
    journey = memory.journeys[contact.journey]
    customer, number = contact.customer, contact.number
    given = traced(memory, memory.model.trace.next, row)
    delay = traced(memory, memory.model.trace.delay, row)
    if given != -1:
        # The trace's codes of the two ends lie one below, for -1 is an empty cell.
        return -1, given if given >= 0 else given + 1, max(delay, 0)
    outcome = _TABLE_AFTER[contact.outcome]
    table = memory.model.after[journey.segment, contact.channel, outcome, journey.need]
    if table < 0:
        return -1, GIVE_UP, 0
    first, last = memory.model.after_first[table], memory.model.after_last[table]
    u = uniform(
        run.seed,
        run.replication,
        customer,
        number,
        _NEXT_STEP,
        0,
    )
    step = choose(memory.model.step_share, first, last, u)
    if step == last:
        return -1, GIVE_UP, 0
    to = memory.model.step_to[step]
    if to < 0:
        return step, to, 0
    if delay < 0:
        delay = duration(memory, memory.model.step_delay[step], customer, number, _DELAY)
    return step, to, delay


@inlined
def conclude(memory: WorldMemory, row: int, tick: int) -> tuple[int, int]:
    """Decide what follows a contact that met no need, and note it.

    Parameters
    ----------
    tick
        When the contact ended.

    Returns
    -------
    Channel of the next contact, or -1 if the journey is over; and its delay, ticks.
    """
    contact = memory.contacts[row]
    journey = memory.journeys[contact.journey]
    step, to, delay = next_step(memory, row)
    if to < 0 or journey.contacts >= memory.model.max_contacts:
        if to == LOST:
            contact.next_step, journey.outcome = _THEN_LOST, _LOST
        elif to == GIVE_UP:
            contact.next_step, journey.outcome = _THEN_GIVEN_UP, _GIVEN_UP
        else:
            contact.next_step, journey.outcome = _THEN_EXHAUSTED, _EXHAUSTED
        journey.ended = tick
        return -1, 0
    served = contact.outcome in (_SERVED_UNRESOLVED, _CONTAINED)
    transfer = step >= 0 and memory.model.step_transfer[step] == 1
    cause = cause_of_step(served, to == contact.channel, transfer)
    contact.next_step = cause
    if transfer:
        contact.outcome = _TRANSFERRED
    journey.cause = cause
    journey.handling_factor = memory.model.step_handling[step] if step >= 0 else 1.0
    journey.patience_factor = memory.model.step_patience[step] if step >= 0 else 1.0
    return to, delay
