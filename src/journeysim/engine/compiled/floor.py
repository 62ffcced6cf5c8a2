"""The floor of the compiled engine: queues and agents, waiting and being served."""

from __future__ import annotations

from journeysim.engine import order
from journeysim.engine.compiled.arrival_streams import NEVER
from journeysim.engine.compiled.contact_draws import chance, duration, patience, talk
from journeysim.engine.compiled.event_heap import (
    CHASE_TIMER,
    END_ALONE,
    END_OF_SERVICE,
    OVERFLOW,
    PATIENCE_OVER,
    push,
)
from journeysim.engine.compiled.lane_queues import best_waiting, join_queue, leave_queue
from journeysim.engine.compiled.layout import AT, World, number1, row_of, whole1, whole2, whole3
from journeysim.engine.compiled.state import (
    AGENTS,
    ANNOUNCED,
    CAPACITY,
    CELL,
    CELL_END,
    CHANNEL,
    CONTACTS,
    CUSTOMER,
    END,
    ENDED,
    ENTERED,
    INTERVAL,
    J_NEED,
    J_SEGMENT,
    JOURNEY,
    NOW,
    NUMBER,
    OPEN,
    OUTCOME,
    POOL,
    PRESENT,
    QUEUED,
    SINCE,
    STARTED,
    USED,
    WAIT,
    WAITING,
    WAITING_CONTACTS,
)
from journeysim.engine.random import draws
from journeysim.engine.rules import announced_wait, balking_probability
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import DEFERRED, SELF_SERVICE
from journeysim.tables.columns import ContactOutcome

_END = number(order.END)
_TIMER = number(order.TIMER)
_ABANDONMENT = number(order.ABANDONMENT)
_BALK = number(draws.BALK)
_CHASE_AFTER = number(draws.CHASE_AFTER)
_BALKED = number(ContactOutcome.BALKED)
_BLOCKED = number(ContactOutcome.BLOCKED)
_CLOSED = number(ContactOutcome.CLOSED)


@inlined
def enter(world: World, row: int) -> None:
    """Come to a channel: closed? no line left? a free place? balk? join."""
    contact = row_of(world, AT.contacts, row)
    channel = contact[CHANNEL]
    place = row_of(world, AT.channels, channel)
    if place[OPEN] == 0:
        leave(world, row, _CLOSED)
        return
    if whole1(world, AT.kind)[channel] == SELF_SERVICE:
        contact[STARTED] = contact[ENTERED]
        _serve(world, row, END_ALONE, whole1(world, AT.units).size)
        return
    if 0 <= whole1(world, AT.lines)[channel] <= place[PRESENT]:
        leave(world, row, _BLOCKED)
        return
    pool = free_pool(world, row)
    if pool >= 0:
        place[PRESENT] += 1
        start(world, row, pool)
        return
    if whole1(world, AT.announce)[channel] >= 0:
        contact[ANNOUNCED] = announcement(world, channel)
    probability = balking_probability(
        whole1(world, AT.balk_rule)[channel],
        whole1(world, AT.balk_bound),
        number1(world, AT.balk_share),
        whole1(world, AT.balk_first)[channel],
        whole1(world, AT.balk_last)[channel],
        place[QUEUED],
        contact[ANNOUNCED],
    )
    if chance(world, probability, contact[CUSTOMER], contact[NUMBER], _BALK):
        leave(world, row, _BALKED)
        return
    place[PRESENT] += 1
    join(world, row)


@inlined
def leave(world: World, row: int, outcome: int) -> None:
    """Go without service."""
    contact = row_of(world, AT.contacts, row)
    now = whole1(world, AT.scalars)[NOW]
    contact[OUTCOME] = outcome
    contact[ENDED] = now
    contact[WAIT] = now - contact[ENTERED]


@inlined
def free_pool(world: World, row: int) -> int:
    """Return the pool that serves an arriving contact at once, or -1."""
    pools = whole2(world, AT.pools)
    contact = row_of(world, AT.contacts, row)
    channel = contact[CHANNEL]
    need = row_of(world, AT.journeys, contact[JOURNEY])[J_NEED]
    for entry in range(
        whole1(world, AT.route_first)[channel], whole1(world, AT.route_last)[channel]
    ):
        pool = whole1(world, AT.route_pool)[entry]
        if (
            whole1(world, AT.route_after)[entry] == 0
            and whole3(world, AT.level)[pool, channel, need] >= 0
            and pools[pool, USED] + row_of(world, AT.share, pool)[channel] <= pools[pool, CAPACITY]
        ):
            return int(pool)
    return -1


@compiled
def announcement(world: World, channel: int) -> int:
    """Return the wait that is announced on joining a channel, ticks."""
    places = 0
    for entry in range(
        whole1(world, AT.route_first)[channel], whole1(world, AT.route_last)[channel]
    ):
        pool = whole1(world, AT.route_pool)[entry]
        places += row_of(world, AT.pools, pool)[CAPACITY] // row_of(world, AT.share, pool)[channel]
    return announced_wait(
        row_of(world, AT.channels, channel)[QUEUED], whole1(world, AT.announce)[channel], places
    )


@compiled
def join(world: World, row: int) -> None:
    """Wait: for an agent, against patience, until others may help or a mail is too silent."""
    chase = whole1(world, AT.chase)
    contact = row_of(world, AT.contacts, row)
    journey = row_of(world, AT.journeys, contact[JOURNEY])
    channel, customer, number = contact[CHANNEL], contact[CUSTOMER], contact[NUMBER]
    need, now, end = journey[J_NEED], contact[ENTERED], whole1(world, AT.settings)[END]
    join_queue(world, row, whole3(world, AT.lane)[journey[J_SEGMENT], channel, need])
    row_of(world, AT.channels, channel)[QUEUED] += 1
    whole1(world, AT.scalars)[WAITING_CONTACTS] += 1
    contact[WAITING] = 1
    if whole1(world, AT.kind)[channel] != DEFERRED:
        bound = patience(world, row)
        # Beyond the world's end nothing happens; a sum there could pass 2^63.
        if 0 <= bound <= end - now:
            tick = now + bound
            push(world, end, tick, _ABANDONMENT, customer, number, 0, row, PATIENCE_OVER)
    for entry in range(
        whole1(world, AT.route_first)[channel], whole1(world, AT.route_last)[channel]
    ):
        pool, after = whole1(world, AT.route_pool)[entry], whole1(world, AT.route_after)[entry]
        if 0 < after <= end - now and whole3(world, AT.level)[pool, channel, need] >= 0:
            push(world, end, now + after, _TIMER, customer, number, pool, row, OVERFLOW)
    if chase[channel] >= 0:
        silence = duration(world, chase[channel], customer, number, _CHASE_AFTER)
        if silence <= end - now:
            pools = whole1(world, AT.units).size
            push(world, end, now + silence, _TIMER, customer, number, pools, row, CHASE_TIMER)


@compiled
def drop(world: World, row: int, outcome: int) -> None:
    """Take a contact out of its queue for good."""
    leave_queue(world, row)
    row_of(world, AT.channels, row_of(world, AT.contacts, row)[CHANNEL])[PRESENT] -= 1
    leave(world, row, outcome)


@inlined
def fill(world: World, pool: int) -> None:
    """Let the free places of a pool take whoever they may take now."""
    while True:
        row = best_waiting(world, pool)
        if row < 0:
            return
        leave_queue(world, row)
        start(world, row, pool)


@inlined
def start(world: World, row: int, pool: int) -> None:
    """Begin the service of a contact."""
    pools = whole2(world, AT.pools)
    contact = row_of(world, AT.contacts, row)
    now = whole1(world, AT.scalars)[NOW]
    contact[POOL] = pool
    contact[STARTED] = now
    contact[WAIT] = now - contact[ENTERED]
    record(world, pool)
    pools[pool, USED] += row_of(world, AT.share, pool)[contact[CHANNEL]]
    pools[pool, CONTACTS] += 1
    _serve(world, row, END_OF_SERVICE, pool)


@inlined
def _serve(world: World, row: int, what: int, pool: int) -> None:
    end = whole1(world, AT.settings)[END]
    contact = row_of(world, AT.contacts, row)
    length = talk(world, row)
    if length <= end - contact[STARTED]:
        tick = contact[STARTED] + length
        push(world, end, tick, _END, contact[CUSTOMER], contact[NUMBER], pool, row, what)


@inlined
def release(world: World, pool: int, channel: int) -> None:
    """Get a place back, and fill it."""
    pools = whole2(world, AT.pools)
    record(world, pool)
    pools[pool, USED] -= row_of(world, AT.share, pool)[channel]
    pools[pool, CONTACTS] -= 1
    fill(world, pool)


@compiled
def staff(world: World, pool: int, agents: int) -> None:
    """Change how many agents are at work; those who come take waiting contacts at once."""
    pools = whole2(world, AT.pools)
    record(world, pool)
    pools[pool, AGENTS] = agents
    pools[pool, CAPACITY] = agents * whole1(world, AT.units)[pool]
    fill(world, pool)


@inlined
def record(world: World, pool: int) -> None:
    """Add a pool's time since its last change to the intervals it falls into."""
    busy = whole2(world, AT.busy)
    row = row_of(world, AT.pools, pool)
    since, now, used = row[SINCE], whole1(world, AT.scalars)[NOW], row[USED]
    row[SINCE] = now
    if now == since or used == 0:
        return
    units = whole1(world, AT.units)[pool]
    engaged = min(row[CONTACTS], max(row[AGENTS], -(-used // units)))
    overrun = max(0, used - row[CAPACITY])
    interval = whole1(world, AT.settings)[INTERVAL]
    last = busy.shape[1] - 1
    if since >= row[CELL_END]:
        row[CELL] = min(since // interval, last)
        row[CELL_END] = NEVER if row[CELL] == last else (row[CELL] + 1) * interval
    while since < now:
        place, until = row[CELL], min(now, row[CELL_END])
        span = until - since
        busy[pool, place] += span * used
        row_of(world, AT.engaged, pool)[place] += span * engaged
        row_of(world, AT.overrun, pool)[place] += span * overrun
        since = until
        if since < now:
            row[CELL] += 1
            row[CELL_END] = NEVER if row[CELL] == last else (row[CELL] + 1) * interval
