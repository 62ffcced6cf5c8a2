"""A customer's life in the compiled engine: contacts, next steps, ends, and what is left of it."""

from __future__ import annotations

from journeysim.engine import draws, order
from journeysim.engine.compiled.chances import (
    first_channel,
    gets_stuck,
    need,
    resolves,
    wrap_up,
)
from journeysim.engine.compiled.emitting import emit_if_over
from journeysim.engine.compiled.floor import drop, enter, release
from journeysim.engine.compiled.following import next_step
from journeysim.engine.compiled.heap import CHASE_ENTRY, REENTRY, WRAPPED_UP, push
from journeysim.engine.compiled.memory import AT, World, number1, number2, whole1, whole2
from journeysim.engine.compiled.state import (
    ANNOUNCED,
    CAUSE,
    CHANNEL,
    CONTACTS_LIVE,
    CUSTOMER,
    END,
    ENDED,
    ENTERED,
    FREE_CONTACT,
    FREE_JOURNEY,
    HANDLING_FACTOR,
    J_ARRIVED,
    J_BUDGET,
    J_CAUSE,
    J_CONTACTS,
    J_ENDED,
    J_ENTERING,
    J_FIRST,
    J_FREE,
    J_LAST,
    J_LIVE,
    J_NEED,
    J_NUMBER,
    J_OPEN,
    J_OUTCOME,
    J_SEGMENT,
    J_TRACE,
    J_WAITED,
    JOURNEY,
    JOURNEYS_MADE,
    MAX_CONTACTS,
    NEXT_STEP,
    NOW,
    NUMBER,
    OUTCOME,
    PATIENCE_FACTOR,
    POOL,
    PRESENT,
    REPLICATION,
    RESOLVED,
    SEED,
    SIBLING,
    STARTED,
    TALK,
    WAIT,
    WAITING,
    WRAP_UP,
)
from journeysim.engine.draws import uniform
from journeysim.engine.rules import CHASE, FRESH, cause_of_step, choose
from journeysim.jit import compiled
from journeysim.journeys.columns import ContactOutcome, JourneyOutcome, NextStep
from journeysim.model.flat import (
    GIVE_UP,
    LOST,
)

_END = order.END
_ARRIVAL = order.ARRIVAL
_CHASE_CHANNEL = draws.CHASE_CHANNEL
_SERVED_RESOLVED = int(ContactOutcome.SERVED_RESOLVED)
_SERVED_UNRESOLVED = int(ContactOutcome.SERVED_UNRESOLVED)
_CONTAINED = int(ContactOutcome.CONTAINED)
_STUCK = int(ContactOutcome.STUCK)
_TRANSFERRED = int(ContactOutcome.TRANSFERRED)
_SUPERSEDED = int(ContactOutcome.SUPERSEDED)
_RESOLVED = int(JourneyOutcome.RESOLVED)
_GIVEN_UP = int(JourneyOutcome.GIVEN_UP)
_LOST = int(JourneyOutcome.LOST)
_EXHAUSTED = int(JourneyOutcome.EXHAUSTED)
_THEN_RESOLVED = int(NextStep.RESOLVED)
_THEN_GIVEN_UP = int(NextStep.GIVEN_UP)
_THEN_LOST = int(NextStep.LOST)
_THEN_EXHAUSTED = int(NextStep.EXHAUSTED)


@compiled
def arrive(world: World, customer: int, segment: int, trace: int) -> None:
    """Begin a journey."""
    scalars = whole1(world, AT.scalars)
    journey_factors = number2(world, AT.journey_factors)
    wanted, channel = -1, -1
    if trace >= 0:
        wanted, channel = (
            whole1(world, AT.trace_need)[trace],
            whole1(world, AT.trace_channel)[trace],
        )
    if wanted < 0:
        wanted = need(world, customer, segment)
    if channel < 0:
        channel = first_channel(world, customer, segment, wanted)
    place = scalars[FREE_JOURNEY]
    journey = whole2(world, AT.journeys)[place]
    scalars[FREE_JOURNEY] = journey[J_FREE]
    journey[CUSTOMER] = customer
    journey[J_NUMBER] = scalars[JOURNEYS_MADE]
    scalars[JOURNEYS_MADE] += 1
    journey[J_SEGMENT] = segment
    journey[J_NEED] = wanted
    journey[J_ARRIVED] = scalars[NOW]
    journey[J_ENDED] = -1
    journey[J_OUTCOME] = -1
    journey[J_CONTACTS] = 0
    journey[J_FIRST] = -1
    journey[J_LAST] = -1
    journey[J_OPEN] = 1
    journey[J_ENTERING] = 0
    journey[J_WAITED] = 0
    journey[J_BUDGET] = -1
    journey[J_TRACE] = trace
    journey[J_LIVE] = 1
    journey_factors[place, HANDLING_FACTOR] = 1.0
    journey_factors[place, PATIENCE_FACTOR] = 1.0
    make_contact(world, place, channel, FRESH)


@compiled
def make_contact(world: World, place: int, channel: int, cause: int) -> None:
    """Make the next contact of the journey in row `place`."""
    scalars = whole1(world, AT.scalars)
    contacts = whole2(world, AT.contacts)
    journey = whole2(world, AT.journeys)[place]
    row = scalars[FREE_CONTACT]
    contact = contacts[row]
    scalars[FREE_CONTACT] = contact[SIBLING]
    scalars[CONTACTS_LIVE] += 1
    contact[CUSTOMER] = journey[CUSTOMER]
    contact[JOURNEY] = place
    contact[NUMBER] = journey[J_CONTACTS]
    contact[CHANNEL] = channel
    contact[POOL] = -1
    contact[CAUSE] = cause
    contact[ENTERED] = scalars[NOW]
    contact[STARTED] = -1
    contact[ENDED] = -1
    contact[WAIT] = 0
    contact[TALK] = -1
    contact[WRAP_UP] = -1
    contact[OUTCOME] = -1
    contact[RESOLVED] = 0
    contact[NEXT_STEP] = 0
    contact[ANNOUNCED] = -1
    contact[WAITING] = 0
    contact[SIBLING] = -1
    chased = cause == CHASE
    for factor in range(2):
        given = 1.0 if chased else number2(world, AT.journey_factors)[place, factor]
        number2(world, AT.contact_factors)[row, factor] = given
    if journey[J_LAST] >= 0:
        contacts[journey[J_LAST], SIBLING] = row
    else:
        journey[J_FIRST] = row
    journey[J_LAST] = row
    journey[J_CONTACTS] += 1
    enter(world, row)
    if contact[OUTCOME] >= 0:
        settle(world, row)


@compiled
def end_service(world: World, row: int) -> None:
    """End a service by an agent: the need, the siblings, the place, then the next step."""
    contact = whole2(world, AT.contacts)[row]
    channel, pool, customer = contact[CHANNEL], contact[POOL], contact[CUSTOMER]
    whole2(world, AT.channels)[channel, PRESENT] -= 1
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


@compiled
def end_alone(world: World, row: int) -> None:
    """End a contact with a machine."""
    if gets_stuck(world, row):
        _close(world, row, _STUCK, False)
    else:
        _close(world, row, _CONTAINED, resolves(world, row))
    settle(world, row)


@compiled
def _close(world: World, row: int, outcome: int, resolved: bool) -> None:  # noqa: FBT001
    contact = whole2(world, AT.contacts)[row]
    now = whole1(world, AT.scalars)[NOW]
    contact[ENDED] = now
    contact[TALK] = now - contact[STARTED]
    contact[OUTCOME] = outcome
    if resolved:
        contact[RESOLVED] = 1
        _resolve(world, row)


@compiled
def _resolve(world: World, row: int) -> None:
    """Meet the need: the first contact that does ends the journey, siblings stop waiting."""
    contacts = whole2(world, AT.contacts)
    contact = contacts[row]
    journey = whole2(world, AT.journeys)[contact[JOURNEY]]
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


@compiled
def settle(world: World, row: int) -> None:
    """Close a contact; send the customer on unless this contact leads nowhere."""
    settings = whole1(world, AT.settings)
    journey_factors = number2(world, AT.journey_factors)
    contact = whole2(world, AT.contacts)[row]
    place = contact[JOURNEY]
    journey = whole2(world, AT.journeys)[place]
    journey[J_OPEN] -= 1
    if journey[J_OUTCOME] >= 0:
        emit_if_over(world, place)
        return
    if journey[J_OPEN] > 0:
        return
    step, to, delay = next_step(world, row)
    now = whole1(world, AT.scalars)[NOW]
    if to < 0 or journey[J_CONTACTS] >= settings[MAX_CONTACTS]:
        if to == LOST:
            contact[NEXT_STEP], journey[J_OUTCOME] = _THEN_LOST, _LOST
        elif to == GIVE_UP:
            contact[NEXT_STEP], journey[J_OUTCOME] = _THEN_GIVEN_UP, _GIVEN_UP
        else:
            contact[NEXT_STEP], journey[J_OUTCOME] = _THEN_EXHAUSTED, _EXHAUSTED
        journey[J_ENDED] = now
        emit_if_over(world, place)
        return
    served = contact[OUTCOME] == _SERVED_UNRESOLVED or contact[OUTCOME] == _CONTAINED
    transfer = step >= 0 and whole1(world, AT.step_transfer)[step] == 1
    cause = cause_of_step(served, to == contact[CHANNEL], transfer)
    contact[NEXT_STEP] = cause
    if transfer:
        contact[OUTCOME] = _TRANSFERRED
    journey[J_OPEN] += 1
    journey[J_CAUSE] = cause
    journey_factors[place, HANDLING_FACTOR] = (
        number1(world, AT.step_handling)[step] if step >= 0 else 1.0
    )
    journey_factors[place, PATIENCE_FACTOR] = (
        number1(world, AT.step_patience)[step] if step >= 0 else 1.0
    )
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
    mail = whole2(world, AT.contacts)[row]
    place = mail[JOURNEY]
    journey = whole2(world, AT.journeys)[place]
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
    journey = whole2(world, AT.journeys)[place]
    journey[J_ENTERING] -= 1
    if journey[J_OUTCOME] >= 0:
        journey[J_OPEN] -= 1
        emit_if_over(world, place)
        return
    make_contact(world, place, channel, CHASE)
