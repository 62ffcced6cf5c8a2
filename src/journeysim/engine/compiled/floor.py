"""The floor of the compiled engine: queues and agents, waiting and being served."""

from __future__ import annotations

from journeysim.engine import order
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
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.pool_times import add_times, engaged_agents, units_over
from journeysim.engine.random import draws
from journeysim.engine.rules import announced_wait, balking_probability
from journeysim.jit import compiled, inlined, number
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
def enter(memory: WorldMemory, row: int) -> None:
    """Come to a channel: closed? no line left? a free place? balk? join."""
    contact = memory.contacts[row]
    channel = contact.channel
    place = memory.channels[channel]
    if place.open == 0:
        leave(memory, row, _CLOSED)
        return
    if not memory.model.by_agents[channel]:
        contact.started = contact.entered
        _serve(memory, row, END_ALONE, memory.model.units.size)
        return
    if 0 <= memory.model.lines[channel] <= place.present:
        leave(memory, row, _BLOCKED)
        return
    pool = free_pool(memory, row)
    if pool >= 0:
        place.present += 1
        start(memory, row, pool)
        return
    if memory.model.announce[channel] >= 0:
        contact.announced = announcement(memory, channel)
    probability = balking_probability(
        memory.model.balk_rule[channel],
        memory.model.balk_bound,
        memory.model.balk_share,
        memory.model.balk_first[channel],
        memory.model.balk_last[channel],
        place.queued,
        contact.announced,
    )
    if chance(memory, probability, contact.customer, contact.number, _BALK):
        leave(memory, row, _BALKED)
        return
    place.present += 1
    join(memory, row)


@inlined
def leave(memory: WorldMemory, row: int, outcome: int) -> None:
    """Go without service."""
    contact = memory.contacts[row]
    now = memory.run.now
    contact.outcome = outcome
    contact.ended = now
    contact.wait = now - contact.entered


@inlined
def free_pool(memory: WorldMemory, row: int) -> int:
    """Return the pool that serves an arriving contact at once, or -1."""
    pools = memory.pools
    contact = memory.contacts[row]
    channel = contact.channel
    need = memory.journeys[contact.journey].need
    for entry in range(memory.model.route_first[channel], memory.model.route_last[channel]):
        pool = memory.model.route_pool[entry]
        if (
            memory.model.route_after[entry] == 0
            and memory.model.level[pool, channel, need] >= 0
            and pools[pool].used + memory.model.share[pool, channel] <= pools[pool].capacity
        ):
            return int(pool)
    return -1


@compiled
def announcement(memory: WorldMemory, channel: int) -> int:
    """Return the wait that is announced on joining a channel, ticks."""
    places = 0
    for entry in range(memory.model.route_first[channel], memory.model.route_last[channel]):
        pool = memory.model.route_pool[entry]
        places += memory.pools[pool].capacity // memory.model.share[pool, channel]
    return announced_wait(memory.channels[channel].queued, memory.model.announce[channel], places)


@compiled
def join(memory: WorldMemory, row: int) -> None:
    """Wait: for an agent, against patience, until others may help or a mail is too silent."""
    chase = memory.model.chase
    contact = memory.contacts[row]
    journey = memory.journeys[contact.journey]
    channel, customer, number = contact.channel, contact.customer, contact.number
    need, now, end = journey.need, contact.entered, memory.model.end
    join_queue(memory, row, memory.lanes.lane[journey.segment, channel, need])
    memory.channels[channel].queued += 1
    memory.run.waiting_contacts += 1
    contact.waiting = 1
    if memory.model.hangs_on[channel]:
        bound = patience(memory, row)
        # Beyond the world's end nothing happens; a sum there could pass 2^63.
        if 0 <= bound <= end - now:
            tick = now + bound
            push(memory, end, tick, _ABANDONMENT, customer, number, 0, row, PATIENCE_OVER)
    for entry in range(memory.model.route_first[channel], memory.model.route_last[channel]):
        pool, after = memory.model.route_pool[entry], memory.model.route_after[entry]
        if 0 < after <= end - now and memory.model.level[pool, channel, need] >= 0:
            push(memory, end, now + after, _TIMER, customer, number, pool, row, OVERFLOW)
    if chase[channel] >= 0:
        silence = duration(memory, chase[channel], customer, number, _CHASE_AFTER)
        if silence <= end - now:
            pools = memory.model.units.size
            push(memory, end, now + silence, _TIMER, customer, number, pools, row, CHASE_TIMER)


@compiled
def drop(memory: WorldMemory, row: int, outcome: int) -> None:
    """Take a contact out of its queue for good."""
    leave_queue(memory, row)
    memory.channels[memory.contacts[row].channel].present -= 1
    leave(memory, row, outcome)


@inlined
def fill(memory: WorldMemory, pool: int) -> None:
    """Let the free places of a pool take whoever they may take now."""
    while True:
        row = best_waiting(memory, pool)
        if row < 0:
            return
        leave_queue(memory, row)
        start(memory, row, pool)


@inlined
def start(memory: WorldMemory, row: int, pool: int) -> None:
    """Begin the service of a contact."""
    pools = memory.pools
    contact = memory.contacts[row]
    now = memory.run.now
    contact.pool = pool
    contact.started = now
    contact.wait = now - contact.entered
    record(memory, pool)
    pools[pool].used += memory.model.share[pool, contact.channel]
    pools[pool].contacts += 1
    _serve(memory, row, END_OF_SERVICE, pool)


@inlined
def _serve(memory: WorldMemory, row: int, what: int, pool: int) -> None:
    end = memory.model.end
    contact = memory.contacts[row]
    length = talk(memory, row)
    if length <= end - contact.started:
        tick = contact.started + length
        push(memory, end, tick, _END, contact.customer, contact.number, pool, row, what)


@inlined
def release(memory: WorldMemory, pool: int, channel: int) -> None:
    """Get a place back, and fill it."""
    pools = memory.pools
    record(memory, pool)
    pools[pool].used -= memory.model.share[pool, channel]
    pools[pool].contacts -= 1
    fill(memory, pool)


@compiled
def staff(memory: WorldMemory, pool: int, agents: int) -> None:
    """Change how many agents are at work; those who come take waiting contacts at once."""
    pools = memory.pools
    record(memory, pool)
    pools[pool].agents = agents
    pools[pool].capacity = agents * memory.model.units[pool]
    fill(memory, pool)


@inlined
def record(memory: WorldMemory, pool: int) -> None:
    """Add a pool's time since its last change to the intervals it falls into."""
    row = memory.pools[pool]
    since, now, used = row.since, memory.run.now, row.used
    row.since = now
    if now == since or used == 0:
        return
    engaged = engaged_agents(row.contacts, row.agents, used, memory.model.units[pool])
    row.cell, row.cell_end = add_times(
        memory.busy[pool],
        memory.engaged[pool],
        memory.overrun[pool],
        (used, engaged, units_over(used, row.capacity)),
        since,
        now,
        row.cell,
        row.cell_end,
        memory.model.interval,
    )
