"""The steps of a journey in the compiled engine: contacts begin and end, the customer goes on."""

from __future__ import annotations

from journeysim.engine import order
from journeysim.engine.compiled.contact_draws import gets_stuck, resolves, wrap_up
from journeysim.engine.compiled.event_heap import CHASE_ENTRY, REENTRY, WRAPPED_UP, push
from journeysim.engine.compiled.floor import drop, enter, release
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.compiled.next_steps import conclude
from journeysim.engine.compiled.output_rows import emit_if_over
from journeysim.engine.compiled.state_rows import begin_journey, new_contact
from journeysim.engine.random import draws
from journeysim.engine.random.draws import uniform
from journeysim.engine.rules import CHASE, choose
from journeysim.jit import compiled, inlined, number
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, NextStep

_END = number(order.END)
_ARRIVAL = number(order.ARRIVAL)
_CHASE_CHANNEL = number(draws.CHASE_CHANNEL)
_SERVED_RESOLVED = number(ContactOutcome.SERVED_RESOLVED)
_SERVED_UNRESOLVED = number(ContactOutcome.SERVED_UNRESOLVED)
_CONTAINED = number(ContactOutcome.CONTAINED)
_STUCK = number(ContactOutcome.STUCK)
_TRANSFERRED = number(ContactOutcome.TRANSFERRED)
_SUPERSEDED = number(ContactOutcome.SUPERSEDED)
_RESOLVED = number(JourneyOutcome.RESOLVED)
_GIVEN_UP = number(JourneyOutcome.GIVEN_UP)
_LOST = number(JourneyOutcome.LOST)
_EXHAUSTED = number(JourneyOutcome.EXHAUSTED)
_THEN_RESOLVED = number(NextStep.RESOLVED)
_THEN_GIVEN_UP = number(NextStep.GIVEN_UP)
_THEN_LOST = number(NextStep.LOST)
_THEN_EXHAUSTED = number(NextStep.EXHAUSTED)


@inlined
def arrive(memory: WorldMemory, stream: int) -> None:
    """Begin the journey of a stream's next customer."""
    _enter(memory, begin_journey(memory, stream))


@inlined
def make_contact(memory: WorldMemory, journey_row: int, channel: int, cause: int) -> None:
    """Make the next contact of the journey in row `journey_row`."""
    now = memory.run.now
    _enter(memory, new_contact(memory, journey_row, channel, cause, now))


@inlined
def _enter(memory: WorldMemory, row: int) -> None:
    enter(memory, row)
    if memory.contacts[row].outcome >= 0:
        settle(memory, row)


@inlined
def end_service(memory: WorldMemory, row: int) -> None:
    """End a service by an agent: the need, the siblings, the agent, then the next step."""
    contact = memory.contacts[row]
    channel, pool, customer = contact.channel, contact.pool, contact.customer
    memory.channels[channel].present -= 1
    resolved = resolves(memory, row)
    _close(memory, row, _SERVED_RESOLVED if resolved else _SERVED_UNRESOLVED, resolved)
    after = wrap_up(memory, row)
    contact.wrap_up = after
    end, now = memory.model.end, memory.run.now
    if after == 0:
        release(memory, pool, channel)
    elif after <= end - now:
        what = WRAPPED_UP | (channel << 4)
        push(memory, end, now + after, _END, customer, contact.number, pool, row, what)
    settle(memory, row)


@inlined
def end_alone(memory: WorldMemory, row: int) -> None:
    """End a contact with a machine."""
    if gets_stuck(memory, row):
        _close(memory, row, _STUCK, False)
    else:
        _close(memory, row, _CONTAINED, resolves(memory, row))
    settle(memory, row)


@inlined
def _close(memory: WorldMemory, row: int, outcome: int, resolved: bool) -> None:  # noqa: FBT001
    contact = memory.contacts[row]
    now = memory.run.now
    contact.ended = now
    contact.talk = now - contact.started
    contact.outcome = outcome
    if resolved:
        contact.resolved = 1
        _resolve(memory, row)


@inlined
def _resolve(memory: WorldMemory, row: int) -> None:
    """Meet the need: the first contact that does ends the journey, siblings stop waiting."""
    contacts = memory.contacts
    contact = contacts[row]
    journey = memory.journeys[contact.journey]
    if journey.outcome >= 0:
        return
    contact.next_step = _THEN_RESOLVED
    journey.outcome = _RESOLVED
    journey.ended = memory.run.now
    sibling = journey.first
    while sibling >= 0:
        if contacts[sibling].waiting == 1:
            drop(memory, sibling, _SUPERSEDED)
            journey.open -= 1
        sibling = contacts[sibling].sibling


@inlined
def settle(memory: WorldMemory, row: int) -> None:
    """Close a contact; send the customer on unless this contact leads nowhere."""
    contact = memory.contacts[row]
    journey_row = contact.journey
    journey = memory.journeys[journey_row]
    journey.open -= 1
    if journey.outcome >= 0:
        emit_if_over(memory, journey_row)
        return
    if journey.open > 0:
        return
    now = memory.run.now
    to, delay = conclude(memory, row, now)
    if to < 0:
        emit_if_over(memory, journey_row)
        return
    journey.open += 1
    if delay <= memory.model.end - now:
        what = REENTRY | (to << 4)
        number = journey.contacts
        push(
            memory,
            memory.model.end,
            now + delay,
            _ARRIVAL,
            journey.customer,
            number,
            0,
            journey_row,
            what,
        )


@compiled
def chase(memory: WorldMemory, row: int) -> None:
    """Try another channel about a mail that nobody answers; the mail stays where it is."""
    run = memory.run
    mail = memory.contacts[row]
    journey_row = mail.journey
    journey = memory.journeys[journey_row]
    number = journey.contacts + journey.entering
    if number >= memory.model.max_contacts:
        return
    shares = memory.model.chase_shares[mail.channel]
    u = uniform(
        run.seed,
        run.replication,
        mail.customer,
        mail.number,
        _CHASE_CHANNEL,
        0,
    )
    channel = choose(shares, 0, shares.size, u)
    if channel < shares.size:
        journey.open += 1
        journey.entering += 1
        now, what = memory.run.now, CHASE_ENTRY | (channel << 4)
        push(
            memory,
            memory.model.end,
            now,
            _ARRIVAL,
            mail.customer,
            number,
            0,
            journey_row,
            what,
        )


@compiled
def enter_chasing(memory: WorldMemory, journey_row: int, channel: int) -> None:
    """Make the chasing contact, unless the need was met between the thought and the call."""
    journey = memory.journeys[journey_row]
    journey.entering -= 1
    if journey.outcome >= 0:
        journey.open -= 1
        emit_if_over(memory, journey_row)
        return
    make_contact(memory, journey_row, channel, CHASE)
