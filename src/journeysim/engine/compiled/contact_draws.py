"""The draws of a contact in the compiled engine: by address, or what the trace says instead."""

from __future__ import annotations

from journeysim.engine.compiled.layout import GOT_STUCK, UNKNOWN, WorldMemory
from journeysim.engine.random import draws
from journeysim.engine.random.draws import FREQUENT, draw, draw_frequent, uniform
from journeysim.engine.rules import (
    choose,
    happens,
    patience_address,
    patience_left,
    resolved_by_trace,
    scaled,
)
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import BUDGET_PATIENCE, Number, Whole

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
def duration(memory: WorldMemory, code: int, customer: int, contact: int, purpose: int) -> int:
    """Return a draw from a distribution, ticks; 0 for distribution -1."""
    if code < 0:
        return 0
    distributions, run = memory.model.distributions, memory.run
    kind = distributions.kind[code]
    if kind in FREQUENT:
        # To hand on all distributions takes its time.
        a, b = distributions.parameters[code, 0], distributions.parameters[code, 1]
        return draw_frequent(kind, a, b, run.seed, run.replication, customer, contact, purpose)
    return draw(distributions, code, run.seed, run.replication, customer, contact, purpose)


@inlined
def chance(
    memory: WorldMemory, probability: float, customer: int, contact: int, purpose: int
) -> bool:
    """Return whether something of this probability happens to a contact."""
    run = memory.run
    return happens(probability, run.seed, run.replication, customer, contact, purpose)


@inlined
def need(memory: WorldMemory, customer: int, segment: int) -> int:
    """Return why a customer comes."""
    return _pick(memory, memory.model.need_shares[segment], customer, _NEED)


@inlined
def first_channel(memory: WorldMemory, customer: int, segment: int, wanted: int) -> int:
    """Return where a customer goes first."""
    shares = memory.model.first_shares[segment, wanted]
    return _pick(memory, shares, customer, _FIRST_CHANNEL)


@compiled
def _pick(memory: WorldMemory, shares: Number, customer: int, purpose: int) -> int:
    if shares[0] >= 1.0:
        return 0
    run = memory.run
    u = uniform(run.seed, run.replication, customer, 0, purpose, 0)
    return choose(shares, 0, shares.size, u)


@inlined
def traced(memory: WorldMemory, cells: Whole, row: int) -> int:
    """Return what the trace says of a contact, or -1."""
    contacts = memory.contacts
    trace = memory.journeys[contacts[row].journey].trace_row
    number = contacts[row].number
    if trace < 0 or number >= cells.shape[1]:
        return -1
    return int(cells[trace, number])


@inlined
def patience(memory: WorldMemory, row: int) -> int:
    """Return how long a contact would wait, ticks; -1 without end."""
    known = memory.contacts[row].drawn_patience
    if known != UNKNOWN:
        return int(known)
    given = traced(memory, memory.model.trace.patience, row)
    if given >= 0:
        return given
    contact = memory.contacts[row]
    journey = memory.journeys[contact.journey]
    segment, customer = journey.segment, contact.customer
    code = memory.model.patience[segment, contact.channel]
    rule = memory.model.patience_rule[segment]
    drawn = -1
    if code >= 0:
        address = patience_address(rule, contact.number)
        drawn = duration(memory, code, customer, address, _PATIENCE)
        drawn = scaled(drawn, contact.patience_factor)
    if rule == BUDGET_PATIENCE and journey.budget < 0:
        journey.budget = duration(memory, memory.model.budget[segment], customer, 0, _BUDGET)
    return patience_left(drawn, journey.budget, journey.waited)


@inlined
def talk(memory: WorldMemory, row: int) -> int:
    """Return how long the service of a contact takes its customer, ticks."""
    known = memory.contacts[row].drawn_talk
    if known != UNKNOWN:
        return int(known)
    given = traced(memory, memory.model.trace.talk, row)
    if given >= 0:
        return given
    contact = memory.contacts[row]
    wanted = memory.journeys[contact.journey].need
    if contact.pool >= 0:
        code = memory.model.talk[contact.channel, wanted, contact.pool]
        drawn = duration(memory, code, contact.customer, contact.number, _TALK)
    else:
        code = memory.model.time_spent[contact.channel, wanted]
        drawn = duration(memory, code, contact.customer, contact.number, _TIME_SPENT)
    return scaled(drawn, memory.contacts[row].handling_factor)


@inlined
def wrap_up(memory: WorldMemory, row: int) -> int:
    """Return how long the agent goes on after the customer left, ticks."""
    known = memory.contacts[row].drawn_wrap_up
    if known != UNKNOWN:
        return int(known)
    given = traced(memory, memory.model.trace.wrap_up, row)
    if given >= 0:
        return given
    contact = memory.contacts[row]
    wanted = memory.journeys[contact.journey].need
    code = memory.model.wrap_up[contact.channel, wanted, contact.pool]
    return duration(memory, code, contact.customer, contact.number, _WRAP_UP)


@inlined
def resolves(memory: WorldMemory, row: int) -> bool:
    """Return whether a service meets the need."""
    known = memory.contacts[row].drawn_resolved
    if known != UNKNOWN:
        return bool(known == 1)
    trace = memory.model.trace
    given = resolved_by_trace(traced(memory, trace.resolved, row), traced(memory, trace.next, row))
    if given >= 0:
        return given == 1
    contact = memory.contacts[row]
    wanted = memory.journeys[contact.journey].need
    if contact.pool >= 0:
        share = memory.model.resolution[contact.channel, wanted, contact.pool]
    else:
        share = memory.model.contained_resolution[contact.channel, wanted]
    return chance(memory, share, contact.customer, contact.number, _RESOLUTION)


@inlined
def gets_stuck(memory: WorldMemory, row: int) -> bool:
    """Return whether a contact ends stuck in self-service."""
    known = memory.contacts[row].drawn_resolved
    if known != UNKNOWN:
        return bool(known == GOT_STUCK)
    if traced(memory, memory.model.trace.resolved, row) == 1:
        return False
    contact = memory.contacts[row]
    wanted = memory.journeys[contact.journey].need
    share = memory.model.stuck[contact.channel, wanted]
    return chance(memory, share, contact.customer, contact.number, _STUCK)
