"""A customer's life in the compiled engine: contacts, next steps, ends, and what is left of it."""

from __future__ import annotations

from journeysim.engine import order
from journeysim.engine.compiled.contact_draws import gets_stuck, resolves, wrap_up
from journeysim.engine.compiled.event_heap import CHASE_ENTRY, REENTRY, WRAPPED_UP, push
from journeysim.engine.compiled.floor import drop, enter, release
from journeysim.engine.compiled.layout import AT, World, number2, row_of, whole1, whole2
from journeysim.engine.compiled.next_steps import conclude
from journeysim.engine.compiled.output_rows import emit_if_over
from journeysim.engine.compiled.state import (
    CHANNEL,
    CUSTOMER,
    END,
    ENDED,
    J_CONTACTS,
    J_ENDED,
    J_ENTERING,
    J_FIRST,
    J_OPEN,
    J_OUTCOME,
    JOURNEY,
    MAX_CONTACTS,
    NEXT_STEP,
    NOW,
    NUMBER,
    OUTCOME,
    POOL,
    PRESENT,
    REPLICATION,
    RESOLVED,
    SEED,
    SIBLING,
    STARTED,
    TALK,
    WAITING,
    WRAP_UP,
)
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
def arrive(world: World, stream: int) -> None:
    """Begin the journey of a stream's next customer."""
    _enter(world, begin_journey(world, stream))


@inlined
def make_contact(world: World, place: int, channel: int, cause: int) -> None:
    """Make the next contact of the journey in row `place`."""
    now = whole1(world, AT.scalars)[NOW]
    _enter(world, new_contact(world, place, channel, cause, now))


@inlined
def _enter(world: World, row: int) -> None:
    enter(world, row)
    if row_of(world, AT.contacts, row)[OUTCOME] >= 0:
        settle(world, row)


@inlined
def end_service(world: World, row: int) -> None:
    """End a service by an agent: the need, the siblings, the place, then the next step."""
    contact = row_of(world, AT.contacts, row)
    channel, pool, customer = contact[CHANNEL], contact[POOL], contact[CUSTOMER]
    row_of(world, AT.channels, channel)[PRESENT] -= 1
    resolved = resolves(world, row)
    _close(world, row, _SERVED_RESOLVED if resolved else _SERVED_UNRESOLVED, resolved)
    after = wrap_up(world, row)
    contact[WRAP_UP] = after
    end, now = whole1(world, AT.settings)[END], whole1(world, AT.scalars)[NOW]
    if after == 0:
        release(world, pool, channel)
    elif after <= end - now:
        what = WRAPPED_UP | (channel << 4)
        push(world, end, now + after, _END, customer, contact[NUMBER], pool, row, what)
    settle(world, row)


@inlined
def end_alone(world: World, row: int) -> None:
    """End a contact with a machine."""
    if gets_stuck(world, row):
        _close(world, row, _STUCK, False)
    else:
        _close(world, row, _CONTAINED, resolves(world, row))
    settle(world, row)


@inlined
def _close(world: World, row: int, outcome: int, resolved: bool) -> None:  # noqa: FBT001
    contact = row_of(world, AT.contacts, row)
    now = whole1(world, AT.scalars)[NOW]
    contact[ENDED] = now
    contact[TALK] = now - contact[STARTED]
    contact[OUTCOME] = outcome
    if resolved:
        contact[RESOLVED] = 1
        _resolve(world, row)


@inlined
def _resolve(world: World, row: int) -> None:
    """Meet the need: the first contact that does ends the journey, siblings stop waiting."""
    contacts = whole2(world, AT.contacts)
    contact = contacts[row]
    journey = row_of(world, AT.journeys, contact[JOURNEY])
    if journey[J_OUTCOME] >= 0:
        return
    contact[NEXT_STEP] = _THEN_RESOLVED
    journey[J_OUTCOME] = _RESOLVED
    journey[J_ENDED] = whole1(world, AT.scalars)[NOW]
    sibling = journey[J_FIRST]
    while sibling >= 0:
        if contacts[sibling, WAITING] == 1:
            drop(world, sibling, _SUPERSEDED)
            journey[J_OPEN] -= 1
        sibling = contacts[sibling, SIBLING]


@inlined
def settle(world: World, row: int) -> None:
    """Close a contact; send the customer on unless this contact leads nowhere."""
    settings = whole1(world, AT.settings)
    contact = row_of(world, AT.contacts, row)
    place = contact[JOURNEY]
    journey = row_of(world, AT.journeys, place)
    journey[J_OPEN] -= 1
    if journey[J_OUTCOME] >= 0:
        emit_if_over(world, place)
        return
    if journey[J_OPEN] > 0:
        return
    now = whole1(world, AT.scalars)[NOW]
    to, delay = conclude(world, row, now)
    if to < 0:
        emit_if_over(world, place)
        return
    journey[J_OPEN] += 1
    if delay <= settings[END] - now:
        what = REENTRY | (to << 4)
        number = journey[J_CONTACTS]
        push(
            world,
            settings[END],
            now + delay,
            _ARRIVAL,
            journey[CUSTOMER],
            number,
            0,
            place,
            what,
        )


@compiled
def chase(world: World, row: int) -> None:
    """Try another channel about a mail that nobody answers; the mail stays where it is."""
    settings = whole1(world, AT.settings)
    mail = row_of(world, AT.contacts, row)
    place = mail[JOURNEY]
    journey = row_of(world, AT.journeys, place)
    number = journey[J_CONTACTS] + journey[J_ENTERING]
    if number >= settings[MAX_CONTACTS]:
        return
    shares = number2(world, AT.chase_shares)[mail[CHANNEL]]
    u = uniform(
        settings[SEED],
        settings[REPLICATION],
        mail[CUSTOMER],
        mail[NUMBER],
        _CHASE_CHANNEL,
        0,
    )
    channel = choose(shares, 0, shares.size, u)
    if channel < shares.size:
        journey[J_OPEN] += 1
        journey[J_ENTERING] += 1
        now, what = whole1(world, AT.scalars)[NOW], CHASE_ENTRY | (channel << 4)
        push(
            world,
            settings[END],
            now,
            _ARRIVAL,
            mail[CUSTOMER],
            number,
            0,
            place,
            what,
        )


@compiled
def enter_chasing(world: World, place: int, channel: int) -> None:
    """Make the chasing contact, unless the need was met between the thought and the call."""
    journey = row_of(world, AT.journeys, place)
    journey[J_ENTERING] -= 1
    if journey[J_OUTCOME] >= 0:
        journey[J_OPEN] -= 1
        emit_if_over(world, place)
        return
    make_contact(world, place, channel, CHASE)
