"""Where a customer goes after a contact that met no need, in the compiled engine."""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.contact_draws import duration, traced
from journeysim.engine.compiled.layout import (
    AT,
    World,
    number1,
    number2,
    row_of,
    whole1,
    whole2,
    whole4,
)
from journeysim.engine.compiled.state import (
    CHANNEL,
    CUSTOMER,
    HANDLING_FACTOR,
    J_CAUSE,
    J_CONTACTS,
    J_ENDED,
    J_NEED,
    J_OUTCOME,
    J_SEGMENT,
    JOURNEY,
    MAX_CONTACTS,
    NEXT_STEP,
    NUMBER,
    OUTCOME,
    PATIENCE_FACTOR,
    REPLICATION,
    SEED,
)
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
def next_step(world: World, row: int) -> tuple[int, int, int]:
    """Return the row of the step (-1 if none or traced), where it leads, and its delay, ticks."""
    settings = whole1(world, AT.settings)
    contact = row_of(world, AT.contacts, row)
    journey = row_of(world, AT.journeys, contact[JOURNEY])
    customer, number = contact[CUSTOMER], contact[NUMBER]
    given = traced(world, whole2(world, AT.trace_next), row)
    delay = traced(world, whole2(world, AT.trace_delay), row)
    if given != -1:
        # The trace's codes of the two ends lie one below, for -1 is an empty cell.
        return -1, given if given >= 0 else given + 1, max(delay, 0)
    outcome = _TABLE_AFTER[contact[OUTCOME]]
    table = whole4(world, AT.after)[journey[J_SEGMENT], contact[CHANNEL], outcome, journey[J_NEED]]
    if table < 0:
        return -1, GIVE_UP, 0
    first, last = whole1(world, AT.after_first)[table], whole1(world, AT.after_last)[table]
    u = uniform(
        settings[SEED],
        settings[REPLICATION],
        customer,
        number,
        _NEXT_STEP,
        0,
    )
    step = choose(number1(world, AT.step_share), first, last, u)
    if step == last:
        return -1, GIVE_UP, 0
    to = whole1(world, AT.step_to)[step]
    if to < 0:
        return step, to, 0
    if delay < 0:
        delay = duration(world, whole1(world, AT.step_delay)[step], customer, number, _DELAY)
    return step, to, delay


@inlined
def conclude(world: World, row: int, tick: int) -> tuple[int, int]:
    """Decide what follows a contact that met no need, and note it.

    Parameters
    ----------
    tick
        When the contact ended.

    Returns
    -------
    Channel of the next contact, or -1 if the journey is over; and its delay, ticks.
    """
    contact = row_of(world, AT.contacts, row)
    place = contact[JOURNEY]
    journey = row_of(world, AT.journeys, place)
    step, to, delay = next_step(world, row)
    if to < 0 or journey[J_CONTACTS] >= whole1(world, AT.settings)[MAX_CONTACTS]:
        if to == LOST:
            contact[NEXT_STEP], journey[J_OUTCOME] = _THEN_LOST, _LOST
        elif to == GIVE_UP:
            contact[NEXT_STEP], journey[J_OUTCOME] = _THEN_GIVEN_UP, _GIVEN_UP
        else:
            contact[NEXT_STEP], journey[J_OUTCOME] = _THEN_EXHAUSTED, _EXHAUSTED
        journey[J_ENDED] = tick
        return -1, 0
    served = contact[OUTCOME] == _SERVED_UNRESOLVED or contact[OUTCOME] == _CONTAINED
    transfer = step >= 0 and whole1(world, AT.step_transfer)[step] == 1
    cause = cause_of_step(served, to == contact[CHANNEL], transfer)
    contact[NEXT_STEP] = cause
    if transfer:
        contact[OUTCOME] = _TRANSFERRED
    journey[J_CAUSE] = cause
    factors = number2(world, AT.journey_factors)[place]
    factors[HANDLING_FACTOR] = number1(world, AT.step_handling)[step] if step >= 0 else 1.0
    factors[PATIENCE_FACTOR] = number1(world, AT.step_patience)[step] if step >= 0 else 1.0
    return to, delay
