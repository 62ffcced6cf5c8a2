"""New journeys and contacts of the compiled engine: rows taken from the free ones, and filled."""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import DRAWN_AHEAD, NEXT_CUSTOMER, NEXT_TICK, TAKEN
from journeysim.engine.compiled.contact_draws import first_channel, need
from journeysim.engine.compiled.first_contact_draws import (
    F_CHANNEL,
    F_NEED,
    F_PATIENCE,
    F_RESOLVED,
    F_TALK,
    F_WRAP_UP,
)
from journeysim.engine.compiled.layout import AT, World, number2, row_of, whole1, whole2, whole3
from journeysim.engine.compiled.state import (
    ANNOUNCED,
    CAUSE,
    CHANNEL,
    CONTACTS_LIVE,
    CUSTOMER,
    DRAWN_PATIENCE,
    DRAWN_RESOLVED,
    DRAWN_TALK,
    DRAWN_WRAP_UP,
    ENDED,
    ENTERED,
    FREE_CONTACT,
    FREE_JOURNEY,
    HANDLING_FACTOR,
    J_ARRIVED,
    J_BUDGET,
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
    NEXT_STEP,
    NUMBER,
    OUTCOME,
    PATIENCE_FACTOR,
    POOL,
    RESOLVED,
    SIBLING,
    STARTED,
    TALK,
    UNKNOWN,
    WAIT,
    WAITING,
    WRAP_UP,
)
from journeysim.engine.rules import CHASE, FRESH
from journeysim.jit import inlined


@inlined
def begin_journey(world: World, stream: int) -> int:
    """Begin the journey of a stream's next customer; return the row of the first contact."""
    coming = row_of(world, AT.streams, stream)
    customer, tick = coming[NEXT_CUSTOMER], coming[NEXT_TICK]
    if coming[DRAWN_AHEAD] == 1:
        luck, at = whole3(world, AT.fresh)[stream], coming[TAKEN]
        place = _new_journey(world, customer, stream, luck[F_NEED, at], tick)
        row = new_contact(world, place, luck[F_CHANNEL, at], FRESH, tick)
        contact = row_of(world, AT.contacts, row)
        contact[DRAWN_PATIENCE] = luck[F_PATIENCE, at]
        contact[DRAWN_TALK] = luck[F_TALK, at]
        contact[DRAWN_WRAP_UP] = luck[F_WRAP_UP, at]
        contact[DRAWN_RESOLVED] = luck[F_RESOLVED, at]
        return row
    segment, wanted, channel, trace = stream, -1, -1, -1
    if stream == whole1(world, AT.gaps).size:
        trace = coming[TAKEN]
        segment = max(0, whole1(world, AT.trace_segment)[trace])
        wanted = whole1(world, AT.trace_need)[trace]
        channel = whole1(world, AT.trace_channel)[trace]
    if wanted < 0:
        wanted = need(world, customer, segment)
    if channel < 0:
        channel = first_channel(world, customer, segment, wanted)
    place = _new_journey(world, customer, segment, wanted, tick)
    row_of(world, AT.journeys, place)[J_TRACE] = trace
    return new_contact(world, place, channel, FRESH, tick)


@inlined
def next_number(world: World) -> int:
    """Return the number of the journey that begins now."""
    scalars = whole1(world, AT.scalars)
    scalars[JOURNEYS_MADE] += 1
    return int(scalars[JOURNEYS_MADE] - 1)


@inlined
def _new_journey(world: World, customer: int, segment: int, wanted: int, tick: int) -> int:
    scalars = whole1(world, AT.scalars)
    place = scalars[FREE_JOURNEY]
    journey = row_of(world, AT.journeys, place)
    scalars[FREE_JOURNEY] = journey[J_FREE]
    journey[CUSTOMER] = customer
    journey[J_NUMBER] = next_number(world)
    journey[J_SEGMENT] = segment
    journey[J_NEED] = wanted
    journey[J_ARRIVED] = tick
    journey[J_ENDED] = -1
    journey[J_OUTCOME] = -1
    journey[J_CONTACTS] = 0
    journey[J_FIRST] = -1
    journey[J_LAST] = -1
    journey[J_OPEN] = 1
    journey[J_ENTERING] = 0
    journey[J_WAITED] = 0
    journey[J_BUDGET] = -1
    journey[J_TRACE] = -1
    journey[J_LIVE] = 1
    factors = number2(world, AT.journey_factors)[place]
    factors[HANDLING_FACTOR] = 1.0
    factors[PATIENCE_FACTOR] = 1.0
    return int(place)


@inlined
def free_journey(world: World, place: int) -> None:
    """Free the row of a journey."""
    scalars, journey = whole1(world, AT.scalars), row_of(world, AT.journeys, place)
    journey[J_LIVE] = 0
    journey[J_FREE] = scalars[FREE_JOURNEY]
    scalars[FREE_JOURNEY] = place


@inlined
def new_contact(world: World, place: int, channel: int, cause: int, tick: int) -> int:
    """Make the next contact of the journey in row `place`; return its row."""
    scalars = whole1(world, AT.scalars)
    contacts = whole2(world, AT.contacts)
    journey = row_of(world, AT.journeys, place)
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
    contact[ENTERED] = tick
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
    contact[DRAWN_PATIENCE] = UNKNOWN
    contact[DRAWN_TALK] = UNKNOWN
    contact[DRAWN_WRAP_UP] = UNKNOWN
    contact[DRAWN_RESOLVED] = UNKNOWN
    for factor in range(2):
        given = 1.0 if cause == CHASE else number2(world, AT.journey_factors)[place, factor]
        number2(world, AT.contact_factors)[row, factor] = given
    if journey[J_LAST] >= 0:
        contacts[journey[J_LAST], SIBLING] = row
    else:
        journey[J_FIRST] = row
    journey[J_LAST] = row
    journey[J_CONTACTS] += 1
    return int(row)


@inlined
def free_contact(world: World, row: int) -> None:
    """Free the row of a contact."""
    scalars, contact = whole1(world, AT.scalars), row_of(world, AT.contacts, row)
    contact[WAITING] = 0
    contact[SIBLING] = scalars[FREE_CONTACT]
    scalars[FREE_CONTACT] = row
    scalars[CONTACTS_LIVE] -= 1
