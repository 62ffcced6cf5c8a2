"""What becomes of a contact, decided when it enters."""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import NEVER
from journeysim.engine.compiled.contact_draws import gets_stuck, patience, resolves, talk, wrap_up
from journeysim.engine.compiled.layout import AT, World, row_of, whole1
from journeysim.engine.compiled.single_queue.end_phases import ENDING, LEAVING
from journeysim.engine.compiled.single_queue.pool_clock import next_start, out_of_order, take
from journeysim.engine.compiled.state import (
    CHANNEL,
    CUSTOMER,
    END,
    ENDED,
    J_WAITED,
    JOURNEY,
    OPEN,
    OUTCOME,
    POOL,
    RESOLVED,
    STARTED,
    TALK,
    WAIT,
    WAITING,
    WRAP_UP,
)
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import QUEUE, SELF_SERVICE
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
def decide(world: World, row: int, tick: int, phase: int) -> tuple[int, int]:
    """Fill in what becomes of a contact that enters now.

    Returns
    -------
    When it ends, and in which phase of that tick; or OUTLIVES, or TIED.
    """
    contact = row_of(world, AT.contacts, row)
    channel = contact[CHANNEL]
    if row_of(world, AT.channels, channel)[OPEN] == 0:
        contact[OUTCOME] = _CLOSED
        contact[ENDED] = tick
        return tick, phase
    if whole1(world, AT.kind)[channel] == SELF_SERVICE:
        return _alone(world, row, tick)
    pool = whole1(world, AT.route_pool)[whole1(world, AT.route_first)[channel]]
    end = whole1(world, AT.settings)[END]
    start = next_start(world, pool, tick)
    if start > tick and out_of_order(world, pool, tick, contact[CUSTOMER]):
        return TIED, phase
    if start > tick and whole1(world, AT.kind)[channel] == QUEUE:
        bound = patience(world, row)
        if 0 <= bound <= end - tick and tick + bound < start:
            contact[OUTCOME] = _ABANDONED
            contact[ENDED] = tick + bound
            contact[WAIT] = bound
            _has_waited(world, row)
            return tick + bound, LEAVING
    if start == NEVER:
        contact[WAITING] = 1
        return OUTLIVES, ENDING
    contact[POOL] = pool
    contact[STARTED] = start
    contact[WAIT] = start - tick
    _has_waited(world, row)
    return _served(world, row, pool, start)


@inlined
def _has_waited(world: World, row: int) -> None:
    """Let a wait use up patience; nobody hangs on for a mail."""
    contact = row_of(world, AT.contacts, row)
    if whole1(world, AT.kind)[contact[CHANNEL]] == QUEUE:
        row_of(world, AT.journeys, contact[JOURNEY])[J_WAITED] += contact[WAIT]


@inlined
def _served(world: World, row: int, pool: int, start: int) -> tuple[int, int]:
    """Fill in a service by an agent."""
    contact = row_of(world, AT.contacts, row)
    end = whole1(world, AT.settings)[END]
    length = talk(world, row)
    if length > end - start:
        take(world, pool, start, NEVER)
        return OUTLIVES, ENDING
    resolved = resolves(world, row)
    _close(world, row, length, _SERVED_RESOLVED if resolved else _SERVED_UNRESOLVED, resolved)
    over = start + length
    after = wrap_up(world, row)
    contact[WRAP_UP] = after
    take(world, pool, start, over + after if after <= end - over else NEVER)
    # The end of a service without length would have to be put in among events of its own tick.
    return (over, ENDING) if length > 0 else (TIED, ENDING)


@compiled
def _alone(world: World, row: int, tick: int) -> tuple[int, int]:
    """Fill in a contact with a machine."""
    contact = row_of(world, AT.contacts, row)
    contact[STARTED] = tick
    length = talk(world, row)
    if length > whole1(world, AT.settings)[END] - tick:
        return OUTLIVES, ENDING
    if gets_stuck(world, row):
        _close(world, row, length, _STUCK, False)
    else:
        _close(world, row, length, _CONTAINED, resolves(world, row))
    return (tick + length, ENDING) if length > 0 else (TIED, ENDING)


@inlined
def _close(world: World, row: int, length: int, outcome: int, resolved: bool) -> None:  # noqa: FBT001
    contact = row_of(world, AT.contacts, row)
    contact[ENDED] = contact[STARTED] + length
    contact[TALK] = length
    contact[OUTCOME] = outcome
    contact[RESOLVED] = int(resolved)
