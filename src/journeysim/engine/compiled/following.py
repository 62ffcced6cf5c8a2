"""Where a customer goes after a contact that met no need, in the compiled engine."""

from __future__ import annotations

import numpy as np

from journeysim.engine import draws
from journeysim.engine.compiled.chances import (
    duration,
    traced,
)
from journeysim.engine.compiled.memory import AT, World, number1, whole1, whole2, whole4
from journeysim.engine.compiled.state import (
    CHANNEL,
    CUSTOMER,
    J_NEED,
    J_SEGMENT,
    JOURNEY,
    NUMBER,
    OUTCOME,
    REPLICATION,
    SEED,
)
from journeysim.engine.draws import uniform
from journeysim.engine.rules import choose
from journeysim.jit import compiled
from journeysim.journeys.columns import ContactOutcome
from journeysim.model.flat import (
    AFTER_ABANDONED,
    AFTER_BALKED,
    AFTER_BLOCKED,
    AFTER_CLOSED,
    AFTER_CONTAINED,
    AFTER_STUCK,
    AFTER_UNRESOLVED,
    GIVE_UP,
)

_NEXT_STEP = draws.NEXT_STEP
_DELAY = draws.DELAY

_after = np.full(len(ContactOutcome), -1, np.int64)
_after[ContactOutcome.ABANDONED] = AFTER_ABANDONED
_after[ContactOutcome.BALKED] = AFTER_BALKED
_after[ContactOutcome.BLOCKED] = AFTER_BLOCKED
_after[ContactOutcome.CLOSED] = AFTER_CLOSED
_after[ContactOutcome.SERVED_UNRESOLVED] = AFTER_UNRESOLVED
_after[ContactOutcome.CONTAINED] = AFTER_CONTAINED
_after[ContactOutcome.STUCK] = AFTER_STUCK
_TABLE_AFTER = tuple(int(table) for table in _after)


@compiled
def next_step(world: World, row: int) -> tuple[int, int, int]:
    """Return the row of the step (-1 if none or traced), where it leads, and its delay, ticks."""
    settings = whole1(world, AT.settings)
    contact = whole2(world, AT.contacts)[row]
    journey = whole2(world, AT.journeys)[contact[JOURNEY]]
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
