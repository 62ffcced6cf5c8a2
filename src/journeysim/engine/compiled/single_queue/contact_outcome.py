"""What becomes of a contact, decided when it enters."""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import NEVER
from journeysim.engine.compiled.contact_draws import gets_stuck, patience, resolves, talk, wrap_up
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.compiled.single_queue.end_phases import ENDING, LEAVING
from journeysim.engine.compiled.single_queue.pool_clock import next_start, out_of_order, take
from journeysim.jit import compiled, inlined, number
from journeysim.tables.columns import ContactOutcome

#: In place of the end of a contact: it outlives the world, or a tie makes the order uncertain.
OUTLIVES = -1
TIED = -2

_ABANDONED = number(ContactOutcome.ABANDONED)
_CLOSED = number(ContactOutcome.CLOSED)
_CONTAINED = number(ContactOutcome.CONTAINED)
_SERVED_RESOLVED = number(ContactOutcome.SERVED_RESOLVED)
_SERVED_UNRESOLVED = number(ContactOutcome.SERVED_UNRESOLVED)
_STUCK = number(ContactOutcome.STUCK)


@inlined
def decide(memory: WorldMemory, row: int, tick: int, phase: int) -> tuple[int, int]:
    """Fill in what becomes of a contact that enters now.

    Returns
    -------
    When it ends, and in which phase of that tick; or OUTLIVES, or TIED.
    """
    contact = memory.contacts[row]
    channel = contact.channel
    if memory.channels[channel].open == 0:
        contact.outcome = _CLOSED
        contact.ended = tick
        return tick, phase
    if not memory.model.by_agents[channel]:
        return _alone(memory, row, tick)
    pool = memory.model.route_pool[memory.model.route_first[channel]]
    end = memory.model.end
    start = next_start(memory, pool, tick)
    if start > tick and out_of_order(memory, pool, tick, contact.customer):
        return TIED, phase
    if start > tick and memory.model.hangs_on[channel]:
        bound = patience(memory, row)
        if 0 <= bound <= end - tick and tick + bound < start:
            contact.outcome = _ABANDONED
            contact.ended = tick + bound
            contact.wait = bound
            _has_waited(memory, row)
            return tick + bound, LEAVING
    if start == NEVER:
        contact.waiting = 1
        return OUTLIVES, ENDING
    contact.pool = pool
    contact.started = start
    contact.wait = start - tick
    _has_waited(memory, row)
    return _served(memory, row, pool, start)


@inlined
def _has_waited(memory: WorldMemory, row: int) -> None:
    """Let a wait use up patience; nobody hangs on for a mail."""
    contact = memory.contacts[row]
    if memory.model.hangs_on[contact.channel]:
        memory.journeys[contact.journey].waited += contact.wait


@inlined
def _served(memory: WorldMemory, row: int, pool: int, start: int) -> tuple[int, int]:
    """Fill in a service by an agent."""
    contact = memory.contacts[row]
    end = memory.model.end
    length = talk(memory, row)
    if length > end - start:
        take(memory, pool, start, NEVER)
        return OUTLIVES, ENDING
    resolved = resolves(memory, row)
    _close(memory, row, length, _SERVED_RESOLVED if resolved else _SERVED_UNRESOLVED, resolved)
    over = start + length
    after = wrap_up(memory, row)
    contact.wrap_up = after
    take(memory, pool, start, over + after if after <= end - over else NEVER)
    # The end of a service without length would have to be put in among events of its own tick.
    return (over, ENDING) if length > 0 else (TIED, ENDING)


@compiled
def _alone(memory: WorldMemory, row: int, tick: int) -> tuple[int, int]:
    """Fill in a contact with a machine."""
    contact = memory.contacts[row]
    contact.started = tick
    length = talk(memory, row)
    if length > memory.model.end - tick:
        return OUTLIVES, ENDING
    if gets_stuck(memory, row):
        _close(memory, row, length, _STUCK, False)
    else:
        _close(memory, row, length, _CONTAINED, resolves(memory, row))
    return (tick + length, ENDING) if length > 0 else (TIED, ENDING)


@inlined
def _close(memory: WorldMemory, row: int, length: int, outcome: int, resolved: bool) -> None:  # noqa: FBT001
    contact = memory.contacts[row]
    contact.ended = contact.started + length
    contact.talk = length
    contact.outcome = outcome
    contact.resolved = int(resolved)
