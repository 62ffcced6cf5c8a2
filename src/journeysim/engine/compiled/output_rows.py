"""What is left of a journey in the compiled engine: rows for the files, and free room."""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.compiled.state_rows import free_contact, free_journey
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import Whole
from journeysim.tables.columns import ContactOutcome, JourneyOutcome

_WAITING = number(ContactOutcome.WAITING)
_IN_SERVICE = number(ContactOutcome.IN_SERVICE)
_OPEN = number(JourneyOutcome.OPEN)


@inlined
def emit_if_over(memory: WorldMemory, journey_row: int) -> None:
    """Write a journey's rows if nothing of it is open any more."""
    journeys = memory.journeys
    if journeys[journey_row].open == 0:
        emit(memory, journey_row, journeys[journey_row].outcome)


@inlined
def emit(memory: WorldMemory, journey_row: int, outcome: int) -> None:
    """Write a journey's rows and free what it held."""
    run = memory.run
    contacts = memory.contacts
    journey = memory.journeys[journey_row]
    segment, scored = journey.segment, int(journey.arrived >= memory.model.warm_up)
    first_contact = run.contacts_before + run.contacts_out
    wait, handling, switches = 0, 0, 0
    row = journey.first
    first_channel_used = contacts[row].channel
    before = first_channel_used
    while row >= 0:
        contact = contacts[row]
        put_contact(
            memory,
            contact.customer,
            journey.number,
            contact.number,
            segment,
            journey.need,
            contact.channel,
            contact.pool,
            contact.cause,
            contact.entered,
            contact.started,
            contact.ended,
            contact.wait,
            contact.talk,
            contact.wrap_up,
            contact.outcome,
            contact.resolved,
            contact.next_step,
            contact.announced,
            scored,
        )
        wait += contact.wait
        if contact.pool >= 0 and contact.talk >= 0:
            handling += contact.talk + contact.wrap_up
        switches += int(contact.channel != before)
        before = contact.channel
        following = contact.sibling
        free_contact(memory, row)
        row = following
    put_journey(
        memory,
        journey.customer,
        journey.number,
        segment,
        journey.need,
        journey.arrived,
        journey.ended,
        outcome,
        journey.contacts,
        first_contact,
        first_channel_used,
        before,
        switches,
        wait,
        handling,
        scored,
    )
    free_journey(memory, journey_row)


@compiled
def emit_open(memory: WorldMemory, journey_rows: Whole, done: int, batch: int) -> int:
    """Write journeys that the end of the world finds open, until a batch is full.

    Parameters
    ----------
    journey_rows, done
        Their rows, and how many of them are written already.
    batch
        Contacts that make a batch.

    Returns
    -------
    How many are written now.
    """
    run, end = memory.run, memory.model.end
    contacts, journeys = memory.contacts, memory.journeys
    while done < journey_rows.size and run.contacts_out < batch:
        journey_row = journey_rows[done]
        row = journeys[journey_row].first
        while row >= 0:
            contact = contacts[row]
            if contact.waiting == 1:
                contact.outcome = _WAITING
                contact.wait = end - contact.entered
            elif contact.outcome < 0:
                contact.outcome = _IN_SERVICE
            row = contact.sibling
        outcome = journeys[journey_row].outcome
        emit(memory, journey_row, outcome if outcome >= 0 else _OPEN)
        done += 1
    return done


@inlined
def put_contact(
    memory: WorldMemory,
    customer: int,
    journey: int,
    number: int,
    segment: int,
    need: int,
    channel: int,
    pool: int,
    cause: int,
    entered: int,
    started: int,
    ended: int,
    wait: int,
    talk: int,
    wrap_up: int,
    outcome: int,
    resolved: int,
    next_step: int,
    announced: int,
    scored: int,
) -> None:
    """Write a row of `CONTACT_ROW`; `journey` and `number` count from 0."""
    run, out = memory.run, memory.contact_rows
    at = np.uint64(run.contacts_out)
    run.contacts_out += 1
    out.customer[at] = customer
    out.journey[at] = journey
    out.contact[at] = number + 1
    out.segment[at] = segment
    out.need[at] = need
    out.channel[at] = channel
    out.pool[at] = pool
    out.cause[at] = cause
    out.entered[at] = entered
    out.started[at] = started
    out.ended[at] = ended
    out.wait[at] = wait
    out.talk[at] = talk
    out.wrap_up[at] = wrap_up
    out.outcome[at] = outcome
    out.resolved[at] = resolved
    out.next_step[at] = next_step
    out.announced_wait[at] = announced
    out.scored[at] = scored


@inlined
def put_journey(
    memory: WorldMemory,
    customer: int,
    number: int,
    segment: int,
    need: int,
    arrived: int,
    ended: int,
    outcome: int,
    contacts: int,
    first_contact: int,
    first_channel: int,
    last_channel: int,
    switches: int,
    wait: int,
    handling: int,
    scored: int,
) -> None:
    """Write a row of `JOURNEY_ROW`."""
    run, out = memory.run, memory.journey_rows
    at = np.uint64(run.journeys_out)
    run.journeys_out += 1
    out.customer[at] = customer
    out.journey[at] = number
    out.segment[at] = segment
    out.need[at] = need
    out.arrived[at] = arrived
    out.ended[at] = ended
    out.outcome[at] = outcome
    out.contacts[at] = contacts
    out.first_contact[at] = first_contact
    out.first_channel[at] = first_channel
    out.last_channel[at] = last_channel
    out.switches[at] = switches
    out.wait[at] = wait
    out.handling[at] = handling
    out.scored[at] = scored
