"""A customer's life in the compiled engine: contacts, next steps, ends, and what is left of it."""

from __future__ import annotations

import numpy as np

from journeysim.engine import draws, order
from journeysim.engine.compiled.chances import (
    duration,
    first_channel,
    gets_stuck,
    need,
    resolves,
    traced,
    wrap_up,
)
from journeysim.engine.compiled.floor import drop, enter, release
from journeysim.engine.compiled.heap import CHASE_ENTRY, REENTRY, WRAPPED_UP, push
from journeysim.engine.compiled.memory import AT, World, number1, number2, whole1, whole2, whole4
from journeysim.engine.compiled.state import (
    ANNOUNCED,
    CAUSE,
    CHANNEL,
    CONTACTS_BEFORE,
    CONTACTS_LIVE,
    CONTACTS_OUT,
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
    JOURNEYS_OUT,
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
    WARM_UP,
    WRAP_UP,
)
from journeysim.engine.draws import uniform
from journeysim.engine.rules import CHASE, FRESH, cause_of_step, choose
from journeysim.jit import compiled
from journeysim.journeys.columns import ContactOutcome, JourneyOutcome, NextStep
from journeysim.model.flat import (
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

_END = order.END
_ARRIVAL = order.ARRIVAL
_NEXT_STEP = draws.NEXT_STEP
_DELAY = draws.DELAY
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
    step, to, delay = _next_step(world, row)
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
def _next_step(world: World, row: int) -> tuple[int, int, int]:
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


@compiled
def emit_if_over(world: World, place: int) -> None:
    """Write a journey's rows if nothing of it is open any more."""
    journeys = whole2(world, AT.journeys)
    if journeys[place, J_OPEN] == 0:
        emit(world, place, journeys[place, J_OUTCOME])


@compiled
def emit(world: World, place: int, outcome: int) -> None:
    """Write a journey's rows and free what it held."""
    scalars = whole1(world, AT.scalars)
    contacts = whole2(world, AT.contacts)
    journey = whole2(world, AT.journeys)[place]
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
        _emit_contact(world, row, journey[J_NUMBER], segment, journey[J_NEED], scored)
        wait += contact[WAIT]
        if contact[POOL] >= 0 and contact[TALK] >= 0:
            handling += contact[TALK] + contact[WRAP_UP]
        switches += int(contact[CHANNEL] != before)
        before = contact[CHANNEL]
        following = contact[SIBLING]
        contact[SIBLING] = scalars[FREE_CONTACT]
        contact[WAITING] = 0
        scalars[FREE_CONTACT] = row
        scalars[CONTACTS_LIVE] -= 1
        row = following
    out = whole2(world, AT.journeys_out)
    at = scalars[JOURNEYS_OUT]
    scalars[JOURNEYS_OUT] = at + 1
    out[0, at] = journey[CUSTOMER]
    out[1, at] = journey[J_NUMBER]
    out[2, at] = segment
    out[3, at] = journey[J_NEED]
    out[4, at] = journey[J_ARRIVED]
    out[5, at] = journey[J_ENDED]
    out[6, at] = outcome
    out[7, at] = journey[J_CONTACTS]
    out[8, at] = first_contact
    out[9, at] = first_channel_used
    out[10, at] = before
    out[11, at] = switches
    out[12, at] = wait
    out[13, at] = handling
    out[14, at] = scored
    journey[J_LIVE] = 0
    journey[J_FREE] = scalars[FREE_JOURNEY]
    scalars[FREE_JOURNEY] = place


@compiled
def _emit_contact(
    world: World, row: int, journey: int, segment: int, wanted: int, scored: int
) -> None:
    scalars = whole1(world, AT.scalars)
    contact, out = whole2(world, AT.contacts)[row], whole2(world, AT.contacts_out)
    at = scalars[CONTACTS_OUT]
    scalars[CONTACTS_OUT] = at + 1
    channel = contact[CHANNEL]
    out[0, at] = contact[CUSTOMER]
    out[1, at] = journey
    out[2, at] = contact[NUMBER] + 1
    out[3, at] = segment
    out[4, at] = wanted
    out[5, at] = channel
    out[6, at] = contact[POOL]
    out[7, at] = contact[CAUSE]
    out[8, at] = contact[ENTERED]
    out[9, at] = contact[STARTED]
    out[10, at] = contact[ENDED]
    out[11, at] = contact[WAIT]
    out[12, at] = contact[TALK]
    out[13, at] = contact[WRAP_UP]
    out[14, at] = contact[OUTCOME]
    out[15, at] = contact[RESOLVED]
    out[16, at] = contact[NEXT_STEP]
    out[17, at] = contact[ANNOUNCED]
    out[18, at] = whole2(world, AT.head_start)[segment, channel]
    out[19, at] = whole2(world, AT.priority)[segment, channel]
    out[20, at] = scored
