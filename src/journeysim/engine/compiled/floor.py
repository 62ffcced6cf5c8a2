"""The floor of the compiled engine: queues and agents, waiting and being served."""

from __future__ import annotations

from journeysim.engine import draws, order
from journeysim.engine.compiled.chances import chance, duration, patience, talk
from journeysim.engine.compiled.heap import (
    CHASE_TIMER,
    END_ALONE,
    END_OF_SERVICE,
    OVERFLOW,
    PATIENCE_OVER,
    push,
)
from journeysim.engine.compiled.state import (
    AGENTS,
    AHEAD,
    ANNOUNCED,
    BEHIND,
    CAPACITY,
    CHANNEL,
    CONTACTS,
    CUSTOMER,
    ENDED,
    ENTERED,
    HEAD,
    J_NEED,
    J_SEGMENT,
    J_WAITED,
    JOURNEY,
    LANE,
    NOW,
    NUMBER,
    OPEN,
    OUTCOME,
    POOL,
    PRESENT,
    QUEUED,
    SINCE,
    STARTED,
    TAIL,
    USED,
    WAIT,
    WAITING,
    WAITING_CONTACTS,
    World,
)
from journeysim.engine.rules import announced_wait, balking_probability
from journeysim.jit import compiled
from journeysim.journeys.columns import ContactOutcome
from journeysim.model.flat import DEFERRED, SELF_SERVICE

_END = order.END
_TIMER = order.TIMER
_ABANDONMENT = order.ABANDONMENT
_BALK = draws.BALK
_CHASE_AFTER = draws.CHASE_AFTER
_BALKED = int(ContactOutcome.BALKED)
_BLOCKED = int(ContactOutcome.BLOCKED)
_CLOSED = int(ContactOutcome.CLOSED)


@compiled
def enter(world: World, row: int) -> None:
    """Come to a channel: closed? no line left? a free place? balk? join."""
    state, model = world.state, world.model
    contact = state.contacts[row]
    channel = contact[CHANNEL]
    place = state.channels[channel]
    if place[OPEN] == 0:
        leave(world, row, _CLOSED)
        return
    if model.kind[channel] == SELF_SERVICE:
        contact[STARTED] = contact[ENTERED]
        _serve(world, row, END_ALONE, model.units.size)
        return
    if 0 <= model.lines[channel] <= place[PRESENT]:
        leave(world, row, _BLOCKED)
        return
    pool = free_pool(world, row)
    if pool >= 0:
        place[PRESENT] += 1
        start(world, row, pool)
        return
    if model.announce[channel] >= 0:
        contact[ANNOUNCED] = announcement(world, channel)
    probability = balking_probability(
        model.balk_rule[channel],
        model.balk_bound,
        model.balk_share,
        model.balk_first[channel],
        model.balk_last[channel],
        place[QUEUED],
        contact[ANNOUNCED],
    )
    if chance(world, probability, contact[CUSTOMER], contact[NUMBER], _BALK):
        leave(world, row, _BALKED)
        return
    place[PRESENT] += 1
    join(world, row)


@compiled
def leave(world: World, row: int, outcome: int) -> None:
    """Go without service."""
    contact = world.state.contacts[row]
    now = world.state.scalars[NOW]
    contact[OUTCOME] = outcome
    contact[ENDED] = now
    contact[WAIT] = now - contact[ENTERED]


@compiled
def free_pool(world: World, row: int) -> int:
    """Return the pool that serves an arriving contact at once, or -1."""
    state, model = world.state, world.model
    contact = state.contacts[row]
    channel = contact[CHANNEL]
    need = state.journeys[contact[JOURNEY], J_NEED]
    for entry in range(model.route_first[channel], model.route_last[channel]):
        pool = model.route_pool[entry]
        if (
            model.route_after[entry] == 0
            and model.level[pool, channel, need] >= 0
            and state.pools[pool, USED] + model.share[pool, channel] <= state.pools[pool, CAPACITY]
        ):
            return pool
    return -1


@compiled
def announcement(world: World, channel: int) -> int:
    """Return the wait that is announced on joining a channel, ticks."""
    state, model = world.state, world.model
    places = 0
    for entry in range(model.route_first[channel], model.route_last[channel]):
        pool = model.route_pool[entry]
        places += state.pools[pool, CAPACITY] // model.share[pool, channel]
    return announced_wait(state.channels[channel, QUEUED], model.announce[channel], places)


@compiled
def join(world: World, row: int) -> None:
    """Wait: for an agent, against patience, until others may help or a mail is too silent."""
    state, model = world.state, world.model
    contact = state.contacts[row]
    journey = state.journeys[contact[JOURNEY]]
    channel, customer, number = contact[CHANNEL], contact[CUSTOMER], contact[NUMBER]
    need, now, end = journey[J_NEED], contact[ENTERED], model.end
    _append(world, row, world.lanes.lane[journey[J_SEGMENT], channel, need])
    state.channels[channel, QUEUED] += 1
    state.scalars[WAITING_CONTACTS] += 1
    contact[WAITING] = 1
    if model.kind[channel] != DEFERRED:
        bound = patience(world, row)
        # Beyond the world's end nothing happens; a sum there could pass 2^63.
        if 0 <= bound <= end - now:
            tick = now + bound
            push(state, end, tick, _ABANDONMENT, customer, number, 0, row, PATIENCE_OVER)
    for entry in range(model.route_first[channel], model.route_last[channel]):
        pool, after = model.route_pool[entry], model.route_after[entry]
        if 0 < after <= end - now and model.level[pool, channel, need] >= 0:
            push(state, end, now + after, _TIMER, customer, number, pool, row, OVERFLOW)
    if model.chase[channel] >= 0:
        silence = duration(world, model.chase[channel], customer, number, _CHASE_AFTER)
        if silence <= end - now:
            pools = model.units.size
            push(state, end, now + silence, _TIMER, customer, number, pools, row, CHASE_TIMER)


@compiled
def _append(world: World, row: int, lane: int) -> None:
    """Put a contact into its lane: behind all who entered before it, by customer at one tick."""
    contacts, lanes = world.state.contacts, world.state.lanes
    contact = contacts[row]
    ahead = lanes[lane, TAIL]
    while ahead >= 0 and contacts[ahead, ENTERED] == contact[ENTERED]:
        other = contacts[ahead]
        if other[CUSTOMER] < contact[CUSTOMER]:
            break
        if other[CUSTOMER] == contact[CUSTOMER] and other[NUMBER] < contact[NUMBER]:
            break
        ahead = other[AHEAD]
    behind = lanes[lane, HEAD] if ahead < 0 else contacts[ahead, BEHIND]
    contact[LANE], contact[AHEAD], contact[BEHIND] = lane, ahead, behind
    if ahead < 0:
        lanes[lane, HEAD] = row
    else:
        contacts[ahead, BEHIND] = row
    if behind < 0:
        lanes[lane, TAIL] = row
    else:
        contacts[behind, AHEAD] = row


@compiled
def leave_queue(world: World, row: int) -> None:
    """Take a contact out of its lane."""
    state = world.state
    contacts, lanes = state.contacts, state.lanes
    contact = contacts[row]
    lane, ahead, behind = contact[LANE], contact[AHEAD], contact[BEHIND]
    if ahead < 0:
        lanes[lane, HEAD] = behind
    else:
        contacts[ahead, BEHIND] = behind
    if behind < 0:
        lanes[lane, TAIL] = ahead
    else:
        contacts[behind, AHEAD] = ahead
    contact[WAITING] = 0
    state.channels[contact[CHANNEL], QUEUED] -= 1
    state.scalars[WAITING_CONTACTS] -= 1
    waited = state.scalars[NOW] - contact[ENTERED]
    state.journeys[contact[JOURNEY], J_WAITED] += waited


@compiled
def drop(world: World, row: int, outcome: int) -> None:
    """Take a contact out of its queue for good."""
    leave_queue(world, row)
    world.state.channels[world.state.contacts[row, CHANNEL], PRESENT] -= 1
    leave(world, row, outcome)


@compiled
def comes_before(world: World, one: int, other: int) -> bool:
    """Return whether a waiting contact's place is before another's."""
    contacts, lanes = world.state.contacts, world.lanes
    a, b = contacts[one], contacts[other]
    priority_a, priority_b = lanes.priority[a[LANE]], lanes.priority[b[LANE]]
    if priority_a != priority_b:
        return priority_a > priority_b
    since_a = a[ENTERED] - lanes.head_start[a[LANE]]
    since_b = b[ENTERED] - lanes.head_start[b[LANE]]
    if since_a != since_b:
        return since_a < since_b
    if a[CUSTOMER] != b[CUSTOMER]:
        return a[CUSTOMER] < b[CUSTOMER]
    return a[NUMBER] < b[NUMBER]


@compiled
def best_waiting(world: World, pool: int) -> int:
    """Return the row of the contact that a pool takes next, or -1."""
    state, lanes = world.state, world.lanes
    free = state.pools[pool, CAPACITY] - state.pools[pool, USED]
    now = state.scalars[NOW]
    best, level = -1, 0
    for entry in range(lanes.pool_first[pool], lanes.pool_last[pool]):
        if best >= 0 and lanes.pool_level[entry] > level:
            break
        head = state.lanes[lanes.pool_lane[entry], HEAD]
        if head < 0 or lanes.pool_share[entry] > free:
            continue
        if now - state.contacts[head, ENTERED] < lanes.pool_after[entry]:
            continue
        if best < 0 or comes_before(world, head, best):
            best, level = head, lanes.pool_level[entry]
    return best


@compiled
def fill(world: World, pool: int) -> None:
    """Let the free places of a pool take whoever they may take now."""
    while True:
        row = best_waiting(world, pool)
        if row < 0:
            return
        leave_queue(world, row)
        start(world, row, pool)


@compiled
def start(world: World, row: int, pool: int) -> None:
    """Begin the service of a contact."""
    state = world.state
    contact = state.contacts[row]
    now = state.scalars[NOW]
    contact[POOL] = pool
    contact[STARTED] = now
    contact[WAIT] = now - contact[ENTERED]
    record(world, pool)
    state.pools[pool, USED] += world.model.share[pool, contact[CHANNEL]]
    state.pools[pool, CONTACTS] += 1
    _serve(world, row, END_OF_SERVICE, pool)


@compiled
def _serve(world: World, row: int, what: int, pool: int) -> None:
    state, end = world.state, world.model.end
    contact = state.contacts[row]
    length = talk(world, row)
    if length <= end - contact[STARTED]:
        tick = contact[STARTED] + length
        push(state, end, tick, _END, contact[CUSTOMER], contact[NUMBER], pool, row, what)


@compiled
def release(world: World, pool: int, channel: int) -> None:
    """Get a place back, and fill it."""
    record(world, pool)
    world.state.pools[pool, USED] -= world.model.share[pool, channel]
    world.state.pools[pool, CONTACTS] -= 1
    fill(world, pool)


@compiled
def staff(world: World, pool: int, agents: int) -> None:
    """Change how many agents are at work; those who come take waiting contacts at once."""
    record(world, pool)
    world.state.pools[pool, AGENTS] = agents
    world.state.pools[pool, CAPACITY] = agents * world.model.units[pool]
    fill(world, pool)


@compiled
def record(world: World, pool: int) -> None:
    """Add a pool's time since its last change to the intervals it falls into."""
    state = world.state
    row = state.pools[pool]
    since, now, used = row[SINCE], state.scalars[NOW], row[USED]
    row[SINCE] = now
    if now == since or used == 0:
        return
    units = world.model.units[pool]
    engaged = min(row[CONTACTS], max(row[AGENTS], -(-used // units)))
    overrun = max(0, used - row[CAPACITY])
    interval = world.model.interval
    last = state.busy.shape[1] - 1
    while since < now:
        place = min(since // interval, last)
        until = now if place == last else min(now, (place + 1) * interval)
        span = until - since
        state.busy[pool, place] += span * used
        state.engaged[pool, place] += span * engaged
        state.overrun[pool, place] += span * overrun
        since = until
