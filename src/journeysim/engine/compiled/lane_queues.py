"""Queues of the compiled engine: lanes as linked rows, and who of those who wait is best."""

from __future__ import annotations

from journeysim.engine.compiled.layout import AT, World, row_of, whole1, whole2
from journeysim.engine.compiled.state import (
    AHEAD,
    BEHIND,
    CAPACITY,
    CHANNEL,
    CUSTOMER,
    ENTERED,
    HEAD,
    J_WAITED,
    JOURNEY,
    LANE,
    NOW,
    NUMBER,
    QUEUED,
    TAIL,
    USED,
    WAITING,
    WAITING_CONTACTS,
)
from journeysim.jit import compiled, inlined
from journeysim.scenario.flat.flat_model import DEFERRED


@inlined
def join_queue(world: World, row: int, lane: int) -> None:
    """Put a contact into its lane: behind all who entered before it, by customer at one tick."""
    contacts, queues = whole2(world, AT.contacts), whole2(world, AT.queues)
    contact = contacts[row]
    ahead = queues[lane, TAIL]
    while ahead >= 0 and contacts[ahead, ENTERED] == contact[ENTERED]:
        other = contacts[ahead]
        if other[CUSTOMER] < contact[CUSTOMER]:
            break
        if other[CUSTOMER] == contact[CUSTOMER] and other[NUMBER] < contact[NUMBER]:
            break
        ahead = other[AHEAD]
    behind = queues[lane, HEAD] if ahead < 0 else contacts[ahead, BEHIND]
    contact[LANE], contact[AHEAD], contact[BEHIND] = lane, ahead, behind
    if ahead < 0:
        queues[lane, HEAD] = row
    else:
        contacts[ahead, BEHIND] = row
    if behind < 0:
        queues[lane, TAIL] = row
    else:
        contacts[behind, AHEAD] = row


@inlined
def leave_queue(world: World, row: int) -> None:
    """Take a contact out of its lane."""
    scalars = whole1(world, AT.scalars)
    contacts, queues = whole2(world, AT.contacts), whole2(world, AT.queues)
    contact = contacts[row]
    lane, ahead, behind = contact[LANE], contact[AHEAD], contact[BEHIND]
    if ahead < 0:
        queues[lane, HEAD] = behind
    else:
        contacts[ahead, BEHIND] = behind
    if behind < 0:
        queues[lane, TAIL] = ahead
    else:
        contacts[behind, AHEAD] = ahead
    contact[WAITING] = 0
    row_of(world, AT.channels, contact[CHANNEL])[QUEUED] -= 1
    scalars[WAITING_CONTACTS] -= 1
    if whole1(world, AT.kind)[contact[CHANNEL]] != DEFERRED:
        # Nobody hangs on for a mail, so it uses up no patience.
        waited = scalars[NOW] - contact[ENTERED]
        row_of(world, AT.journeys, contact[JOURNEY])[J_WAITED] += waited


@compiled
def comes_before(world: World, one: int, other: int) -> bool:
    """Return whether a waiting contact's place is before another's."""
    contacts, priority = whole2(world, AT.contacts), whole1(world, AT.lane_priority)
    head_start = whole1(world, AT.lane_head_start)
    a, b = contacts[one], contacts[other]
    priority_a, priority_b = priority[a[LANE]], priority[b[LANE]]
    if priority_a != priority_b:
        return bool(priority_a > priority_b)
    since_a = a[ENTERED] - head_start[a[LANE]]
    since_b = b[ENTERED] - head_start[b[LANE]]
    if since_a != since_b:
        return bool(since_a < since_b)
    if a[CUSTOMER] != b[CUSTOMER]:
        return bool(a[CUSTOMER] < b[CUSTOMER])
    return bool(a[NUMBER] < b[NUMBER])


@inlined
def best_waiting(world: World, pool: int) -> int:
    """Return the row of the contact that a pool takes next, or -1."""
    pools = whole2(world, AT.pools)
    pool_level = whole1(world, AT.pool_level)
    free = pools[pool, CAPACITY] - pools[pool, USED]
    now = whole1(world, AT.scalars)[NOW]
    best, level = -1, 0
    for entry in range(whole1(world, AT.pool_first)[pool], whole1(world, AT.pool_last)[pool]):
        if best >= 0 and pool_level[entry] > level:
            break
        head = row_of(world, AT.queues, whole1(world, AT.pool_lane)[entry])[HEAD]
        if head < 0 or whole1(world, AT.pool_share)[entry] > free:
            continue
        if now - row_of(world, AT.contacts, head)[ENTERED] < whole1(world, AT.pool_after)[entry]:
            continue
        if best < 0 or comes_before(world, head, best):
            best, level = head, pool_level[entry]
    return best
