"""New journeys and contacts of the compiled engine: rows taken from the free ones, and filled."""

from __future__ import annotations

from journeysim.engine.compiled.contact_draws import first_channel, need
from journeysim.engine.compiled.layout import UNKNOWN, WorldMemory
from journeysim.engine.rules import CHASE, FRESH
from journeysim.jit import inlined


@inlined
def begin_journey(memory: WorldMemory, stream: int) -> int:
    """Begin the journey of a stream's next customer; return the row of the first contact."""
    coming = memory.streams[stream]
    customer, tick = coming.next_customer, coming.next_tick
    if coming.drawn_ahead == 1:
        drawn, at = memory.first_contacts, coming.taken
        journey_row = _new_journey(memory, customer, stream, drawn.need[stream, at], tick)
        row = new_contact(memory, journey_row, drawn.channel[stream, at], FRESH, tick)
        contact = memory.contacts[row]
        contact.drawn_patience = drawn.patience[stream, at]
        contact.drawn_talk = drawn.talk[stream, at]
        contact.drawn_wrap_up = drawn.wrap_up[stream, at]
        contact.drawn_resolved = drawn.resolved[stream, at]
        return row
    segment, wanted, channel, trace = stream, -1, -1, -1
    if stream == memory.model.demand.gaps.size:
        trace = coming.taken
        segment = max(0, memory.model.trace.segment[trace])
        wanted = memory.model.trace.need[trace]
        channel = memory.model.trace.channel[trace]
    if wanted < 0:
        wanted = need(memory, customer, segment)
    if channel < 0:
        channel = first_channel(memory, customer, segment, wanted)
    journey_row = _new_journey(memory, customer, segment, wanted, tick)
    memory.journeys[journey_row].trace_row = trace
    return new_contact(memory, journey_row, channel, FRESH, tick)


@inlined
def next_number(memory: WorldMemory) -> int:
    """Return the number of the journey that begins now."""
    run = memory.run
    run.journeys_made += 1
    return int(run.journeys_made - 1)


@inlined
def _new_journey(memory: WorldMemory, customer: int, segment: int, wanted: int, tick: int) -> int:
    run = memory.run
    journey_row = run.free_journey
    journey = memory.journeys[journey_row]
    run.free_journey = journey.free
    journey.customer = customer
    journey.number = next_number(memory)
    journey.segment = segment
    journey.need = wanted
    journey.arrived = tick
    journey.ended = -1
    journey.outcome = -1
    journey.contacts = 0
    journey.first = -1
    journey.last = -1
    journey.open = 1
    journey.entering = 0
    journey.waited = 0
    journey.budget = -1
    journey.trace_row = -1
    journey.live = 1
    journey.handling_factor = 1.0
    journey.patience_factor = 1.0
    return int(journey_row)


@inlined
def free_journey(memory: WorldMemory, journey_row: int) -> None:
    """Free the row of a journey."""
    run, journey = memory.run, memory.journeys[journey_row]
    journey.live = 0
    journey.free = run.free_journey
    run.free_journey = journey_row


@inlined
def new_contact(memory: WorldMemory, journey_row: int, channel: int, cause: int, tick: int) -> int:
    """Make the next contact of the journey in row `journey_row`; return its row."""
    run = memory.run
    contacts = memory.contacts
    journey = memory.journeys[journey_row]
    row = run.free_contact
    contact = contacts[row]
    run.free_contact = contact.sibling
    run.live_contacts += 1
    contact.customer = journey.customer
    contact.journey = journey_row
    contact.number = journey.contacts
    contact.channel = channel
    contact.pool = -1
    contact.cause = cause
    contact.entered = tick
    contact.started = -1
    contact.ended = -1
    contact.wait = 0
    contact.talk = -1
    contact.wrap_up = -1
    contact.outcome = -1
    contact.resolved = 0
    contact.next_step = 0
    contact.announced = -1
    contact.waiting = 0
    contact.sibling = -1
    contact.drawn_patience = UNKNOWN
    contact.drawn_talk = UNKNOWN
    contact.drawn_wrap_up = UNKNOWN
    contact.drawn_resolved = UNKNOWN
    contact.handling_factor = 1.0 if cause == CHASE else journey.handling_factor
    contact.patience_factor = 1.0 if cause == CHASE else journey.patience_factor
    if journey.last >= 0:
        contacts[journey.last].sibling = row
    else:
        journey.first = row
    journey.last = row
    journey.contacts += 1
    return int(row)


@inlined
def free_contact(memory: WorldMemory, row: int) -> None:
    """Free the row of a contact."""
    run, contact = memory.run, memory.contacts[row]
    contact.waiting = 0
    contact.sibling = run.free_contact
    run.free_contact = row
    run.live_contacts -= 1
