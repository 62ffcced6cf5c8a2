"""Where a customer goes after a contact that met no need, in the compiled engine."""

from __future__ import annotations

from journeysim.engine.compiled.contact_draws import duration, traced
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.random import draws
from journeysim.engine.random.draws import uniform
from journeysim.engine.rules import (
    TABLE_AFTER,
    cause_of_step,
    choose,
    end_of_journey,
    step_by_trace,
    was_served,
)
from journeysim.jit import inlined, number
from journeysim.scenario.flat.flat_model import GIVE_UP
from journeysim.tables.columns import ContactOutcome

_NEXT_STEP = number(draws.NEXT_STEP)
_DELAY = number(draws.DELAY)
_TRANSFERRED = number(ContactOutcome.TRANSFERRED)


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
        return -1, step_by_trace(given), max(delay, 0)
    outcome = TABLE_AFTER[contact.outcome]
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
    then, outcome = end_of_journey(to, journey.contacts, memory.model.max_contacts)
    if outcome >= 0:
        contact.next_step, journey.outcome, journey.ended = then, outcome, tick
        return -1, 0
    served = was_served(contact.outcome)
    transfer = step >= 0 and memory.model.step_transfer[step] == 1
    cause = cause_of_step(served, to == contact.channel, transfer)
    contact.next_step = cause
    if transfer:
        contact.outcome = _TRANSFERRED
    journey.cause = cause
    journey.handling_factor = memory.model.step_handling[step] if step >= 0 else 1.0
    journey.patience_factor = memory.model.step_patience[step] if step >= 0 else 1.0
    return to, delay
