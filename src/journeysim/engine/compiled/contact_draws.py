"""The luck of a contact in the compiled engine: draws by address, or the trace's word."""

from __future__ import annotations

from journeysim.engine.compiled.layout import (
    AT,
    World,
    number1,
    number2,
    number3,
    row_of,
    whole1,
    whole2,
    whole3,
)
from journeysim.engine.compiled.state import (
    CHANNEL,
    CUSTOMER,
    DRAWN_PATIENCE,
    DRAWN_RESOLVED,
    DRAWN_TALK,
    DRAWN_WRAP_UP,
    HANDLING_FACTOR,
    J_BUDGET,
    J_NEED,
    J_SEGMENT,
    J_TRACE,
    J_WAITED,
    JOURNEY,
    NUMBER,
    PATIENCE_FACTOR,
    POOL,
    REPLICATION,
    SEED,
    STUCK_ALONE,
    UNKNOWN,
)
from journeysim.engine.random import draws
from journeysim.engine.random.arithmetic import exp, log, normal_quantile, whole_ticks
from journeysim.engine.random.draws import draw, uniform
from journeysim.engine.rules import choose, scaled
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import (
    BUDGET_PATIENCE,
    DETERMINISTIC,
    EXPONENTIAL,
    LOGNORMAL,
    SAME_PATIENCE,
    FlatDistributions,
    Whole,
)
from journeysim.units import LONGEST

_TALK = number(draws.TALK)
_TIME_SPENT = number(draws.TIME_SPENT)
_WRAP_UP = number(draws.WRAP_UP)
_PATIENCE = number(draws.PATIENCE)
_BUDGET = number(draws.BUDGET)
_RESOLUTION = number(draws.RESOLUTION)
_STUCK = number(draws.STUCK)
_NEED = number(draws.NEED)
_FIRST_CHANNEL = number(draws.FIRST_CHANNEL)


@compiled
def duration(world: World, code: int, customer: int, contact: int, purpose: int) -> int:
    """Return a draw from a distribution, ticks; 0 for distribution -1."""
    if code < 0:
        return 0
    kind, settings = whole1(world, AT.law_kind)[code], whole1(world, AT.settings)
    law = number2(world, AT.law_parameters)[code]
    if kind == DETERMINISTIC:
        return whole_ticks(law[0])
    if kind in (EXPONENTIAL, LOGNORMAL):
        # Nearly all draws are one of these, and to hand on all distributions takes its time.
        u = uniform(settings[SEED], settings[REPLICATION], customer, contact, purpose, 0)
        if kind == EXPONENTIAL:
            return whole_ticks(-law[0] * log(u))
        return whole_ticks(exp(law[0] + law[1] * normal_quantile(u)))
    distributions = FlatDistributions(
        whole1(world, AT.law_kind),
        number2(world, AT.law_parameters),
        whole1(world, AT.law_first),
        whole1(world, AT.law_last),
        number1(world, AT.law_values),
        number1(world, AT.law_weights),
    )
    return draw(
        distributions, code, settings[SEED], settings[REPLICATION], customer, contact, purpose
    )


@inlined
def chance(world: World, probability: float, customer: int, contact: int, purpose: int) -> bool:
    """Return whether something of this probability happens to a contact."""
    settings = whole1(world, AT.settings)
    if probability <= 0.0 or probability >= 1.0:
        return probability >= 1.0
    return (
        uniform(
            settings[SEED],
            settings[REPLICATION],
            customer,
            contact,
            purpose,
            0,
        )
        < probability
    )


@compiled
def need(world: World, customer: int, segment: int) -> int:
    """Return why a customer comes."""
    settings = whole1(world, AT.settings)
    shares = number2(world, AT.need_shares)[segment]
    if shares[0] >= 1.0:
        return 0
    u = uniform(
        settings[SEED],
        settings[REPLICATION],
        customer,
        0,
        _NEED,
        0,
    )
    return choose(shares, 0, shares.size, u)


@compiled
def first_channel(world: World, customer: int, segment: int, wanted: int) -> int:
    """Return where a customer goes first."""
    settings = whole1(world, AT.settings)
    shares = number3(world, AT.first_shares)[segment, wanted]
    if shares[0] >= 1.0:
        return 0
    u = uniform(
        settings[SEED],
        settings[REPLICATION],
        customer,
        0,
        _FIRST_CHANNEL,
        0,
    )
    return choose(shares, 0, shares.size, u)


@inlined
def traced(world: World, cells: Whole, row: int) -> int:
    """Return what the trace says of a contact, or -1."""
    contacts = whole2(world, AT.contacts)
    trace = row_of(world, AT.journeys, contacts[row, JOURNEY])[J_TRACE]
    number = contacts[row, NUMBER]
    if trace < 0 or number >= cells.shape[1]:
        return -1
    return int(cells[trace, number])


@inlined
def patience(world: World, row: int) -> int:
    """Return how long a contact would wait, ticks; -1 without end."""
    known = row_of(world, AT.contacts, row)[DRAWN_PATIENCE]
    if known != UNKNOWN:
        return int(known)
    given = traced(world, whole2(world, AT.trace_patience), row)
    if given >= 0:
        return given
    contact = row_of(world, AT.contacts, row)
    journey = row_of(world, AT.journeys, contact[JOURNEY])
    segment, customer = journey[J_SEGMENT], contact[CUSTOMER]
    code = row_of(world, AT.patience, segment)[contact[CHANNEL]]
    rule = whole1(world, AT.patience_rule)[segment]
    if code < 0 and rule != BUDGET_PATIENCE:
        return -1
    result = LONGEST
    if code >= 0:
        address = 0 if rule == SAME_PATIENCE else contact[NUMBER]
        drawn = duration(world, code, customer, address, _PATIENCE)
        result = scaled(drawn, number2(world, AT.contact_factors)[row, PATIENCE_FACTOR])
    if rule == BUDGET_PATIENCE:
        if journey[J_BUDGET] < 0:
            journey[J_BUDGET] = duration(
                world, whole1(world, AT.budget)[segment], customer, 0, _BUDGET
            )
        result = min(result, max(0, journey[J_BUDGET] - journey[J_WAITED]))
    return result


@inlined
def talk(world: World, row: int) -> int:
    """Return how long the service of a contact takes its customer, ticks."""
    known = row_of(world, AT.contacts, row)[DRAWN_TALK]
    if known != UNKNOWN:
        return int(known)
    given = traced(world, whole2(world, AT.trace_talk), row)
    if given >= 0:
        return given
    contact = row_of(world, AT.contacts, row)
    wanted = row_of(world, AT.journeys, contact[JOURNEY])[J_NEED]
    if contact[POOL] >= 0:
        code = whole3(world, AT.talk)[contact[CHANNEL], wanted, contact[POOL]]
        drawn = duration(world, code, contact[CUSTOMER], contact[NUMBER], _TALK)
    else:
        code = row_of(world, AT.time_spent, contact[CHANNEL])[wanted]
        drawn = duration(world, code, contact[CUSTOMER], contact[NUMBER], _TIME_SPENT)
    return scaled(drawn, number2(world, AT.contact_factors)[row, HANDLING_FACTOR])


@inlined
def wrap_up(world: World, row: int) -> int:
    """Return how long the agent goes on after the customer left, ticks."""
    known = row_of(world, AT.contacts, row)[DRAWN_WRAP_UP]
    if known != UNKNOWN:
        return int(known)
    given = traced(world, whole2(world, AT.trace_wrap_up), row)
    if given >= 0:
        return given
    contact = row_of(world, AT.contacts, row)
    wanted = row_of(world, AT.journeys, contact[JOURNEY])[J_NEED]
    code = whole3(world, AT.wrap_up)[contact[CHANNEL], wanted, contact[POOL]]
    return duration(world, code, contact[CUSTOMER], contact[NUMBER], _WRAP_UP)


@inlined
def resolves(world: World, row: int) -> bool:
    """Return whether a service meets the need."""
    known = row_of(world, AT.contacts, row)[DRAWN_RESOLVED]
    if known != UNKNOWN:
        return bool(known == 1)
    given = traced(world, whole2(world, AT.trace_resolved), row)
    if given >= 0:
        return given == 1
    if traced(world, whole2(world, AT.trace_next), row) != -1:
        return False
    contact = row_of(world, AT.contacts, row)
    wanted = row_of(world, AT.journeys, contact[JOURNEY])[J_NEED]
    if contact[POOL] >= 0:
        share = number3(world, AT.resolution)[contact[CHANNEL], wanted, contact[POOL]]
    else:
        share = number2(world, AT.contained_resolution)[contact[CHANNEL], wanted]
    return chance(world, share, contact[CUSTOMER], contact[NUMBER], _RESOLUTION)


@inlined
def gets_stuck(world: World, row: int) -> bool:
    """Return whether a contact ends stuck in self-service."""
    known = row_of(world, AT.contacts, row)[DRAWN_RESOLVED]
    if known != UNKNOWN:
        return bool(known == STUCK_ALONE)
    if traced(world, whole2(world, AT.trace_resolved), row) == 1:
        return False
    contact = row_of(world, AT.contacts, row)
    wanted = row_of(world, AT.journeys, contact[JOURNEY])[J_NEED]
    share = number2(world, AT.stuck)[contact[CHANNEL], wanted]
    return chance(world, share, contact[CUSTOMER], contact[NUMBER], _STUCK)
