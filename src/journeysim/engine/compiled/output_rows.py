"""What is left of a journey in the compiled engine: rows for the files, and free room."""

from __future__ import annotations

from journeysim.engine.compiled.layout import AT, World, row_of, whole1, whole2
from journeysim.engine.compiled.output_buffers import put1, put2, put4, put8
from journeysim.engine.compiled.state import (
    ANNOUNCED,
    CAUSE,
    CHANNEL,
    CONTACTS_BEFORE,
    CONTACTS_OUT,
    CUSTOMER,
    END,
    ENDED,
    ENTERED,
    J_ARRIVED,
    J_CONTACTS,
    J_ENDED,
    J_FIRST,
    J_NEED,
    J_NUMBER,
    J_OPEN,
    J_OUTCOME,
    J_SEGMENT,
    JOURNEYS_OUT,
    NEXT_STEP,
    NUMBER,
    OUTCOME,
    POOL,
    RESOLVED,
    SIBLING,
    STARTED,
    TALK,
    WAIT,
    WAITING,
    WARM_UP,
    WRAP_UP,
)
from journeysim.engine.compiled.state_rows import free_contact, free_journey
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import Whole
from journeysim.tables.columns import ContactOutcome, JourneyOutcome

_WAITING = number(ContactOutcome.WAITING)
_IN_SERVICE = number(ContactOutcome.IN_SERVICE)
_OPEN = number(JourneyOutcome.OPEN)


@inlined
def emit_if_over(world: World, place: int) -> None:
    """Write a journey's rows if nothing of it is open any more."""
    journeys = whole2(world, AT.journeys)
    if journeys[place, J_OPEN] == 0:
        emit(world, place, journeys[place, J_OUTCOME])


@inlined
def emit(world: World, place: int, outcome: int) -> None:
    """Write a journey's rows and free what it held."""
    scalars = whole1(world, AT.scalars)
    contacts = whole2(world, AT.contacts)
    journey = row_of(world, AT.journeys, place)
    segment, scored = (
        journey[J_SEGMENT],
        int(journey[J_ARRIVED] >= whole1(world, AT.settings)[WARM_UP]),
    )
    first_contact = scalars[CONTACTS_BEFORE] + scalars[CONTACTS_OUT]
    wait, handling, switches = 0, 0, 0
    row = journey[J_FIRST]
    first_channel_used = contacts[row, CHANNEL]
    before = first_channel_used
    while row >= 0:
        contact = contacts[row]
        put_contact(
            world,
            contact[CUSTOMER],
            journey[J_NUMBER],
            contact[NUMBER],
            segment,
            journey[J_NEED],
            contact[CHANNEL],
            contact[POOL],
            contact[CAUSE],
            contact[ENTERED],
            contact[STARTED],
            contact[ENDED],
            contact[WAIT],
            contact[TALK],
            contact[WRAP_UP],
            contact[OUTCOME],
            contact[RESOLVED],
            contact[NEXT_STEP],
            contact[ANNOUNCED],
            scored,
        )
        wait += contact[WAIT]
        if contact[POOL] >= 0 and contact[TALK] >= 0:
            handling += contact[TALK] + contact[WRAP_UP]
        switches += int(contact[CHANNEL] != before)
        before = contact[CHANNEL]
        following = contact[SIBLING]
        free_contact(world, row)
        row = following
    put_journey(
        world,
        journey[CUSTOMER],
        journey[J_NUMBER],
        segment,
        journey[J_NEED],
        journey[J_ARRIVED],
        journey[J_ENDED],
        outcome,
        journey[J_CONTACTS],
        first_contact,
        first_channel_used,
        before,
        switches,
        wait,
        handling,
        scored,
    )
    free_journey(world, place)


@compiled
def emit_open(world: World, places: Whole, done: int, batch: int) -> int:
    """Write journeys that the end of the world finds open, until a batch is full.

    Parameters
    ----------
    places, done
        Their rows, and how many of them are written already.
    batch
        Contacts that make a batch.

    Returns
    -------
    How many are written now.
    """
    scalars, end = whole1(world, AT.scalars), whole1(world, AT.settings)[END]
    contacts, journeys = whole2(world, AT.contacts), whole2(world, AT.journeys)
    while done < places.size and scalars[CONTACTS_OUT] < batch:
        place = places[done]
        row = journeys[place, J_FIRST]
        while row >= 0:
            contact = contacts[row]
            if contact[WAITING] == 1:
                contact[OUTCOME] = _WAITING
                contact[WAIT] = end - contact[ENTERED]
            elif contact[OUTCOME] < 0:
                contact[OUTCOME] = _IN_SERVICE
            row = contact[SIBLING]
        outcome = journeys[place, J_OUTCOME]
        emit(world, place, outcome if outcome >= 0 else _OPEN)
        done += 1
    return done


@inlined
def put_contact(
    world: World,
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
    scalars, out = whole1(world, AT.scalars), whole1(world, AT.contacts_out)
    at = scalars[CONTACTS_OUT]
    scalars[CONTACTS_OUT] = at + 1
    put8(out[0], at, customer)
    put8(out[1], at, journey)
    put4(out[2], at, number + 1)
    put2(out[3], at, segment)
    put1(out[4], at, need)
    put1(out[5], at, channel)
    put2(out[6], at, pool)
    put1(out[7], at, cause)
    put8(out[8], at, entered)
    put8(out[9], at, started)
    put8(out[10], at, ended)
    put8(out[11], at, wait)
    put8(out[12], at, talk)
    put8(out[13], at, wrap_up)
    put1(out[14], at, outcome)
    put1(out[15], at, resolved)
    put1(out[16], at, next_step)
    put8(out[17], at, announced)
    put1(out[18], at, scored)


@inlined
def put_journey(
    world: World,
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
    scalars, out = whole1(world, AT.scalars), whole1(world, AT.journeys_out)
    at = scalars[JOURNEYS_OUT]
    scalars[JOURNEYS_OUT] = at + 1
    put8(out[0], at, customer)
    put8(out[1], at, number)
    put2(out[2], at, segment)
    put1(out[3], at, need)
    put8(out[4], at, arrived)
    put8(out[5], at, ended)
    put1(out[6], at, outcome)
    put4(out[7], at, contacts)
    put8(out[8], at, first_contact)
    put1(out[9], at, first_channel)
    put1(out[10], at, last_channel)
    put4(out[11], at, switches)
    put8(out[12], at, wait)
    put8(out[13], at, handling)
    put1(out[14], at, scored)
