"""Queues of the compiled engine: lanes as linked rows, and who of those who wait is best."""

from __future__ import annotations

from journeysim.engine.compiled.layout import WorldMemory
from journeysim.jit import compiled, inlined


@inlined
def join_queue(memory: WorldMemory, row: int, lane: int) -> None:
    """Put a contact into its lane: behind all who entered before it, by customer at one tick."""
    contacts, queues = memory.contacts, memory.queues
    contact = contacts[row]
    ahead = queues[lane].tail
    while ahead >= 0 and contacts[ahead].entered == contact.entered:
        other = contacts[ahead]
        if other.customer < contact.customer:
            break
        if other.customer == contact.customer and other.number < contact.number:
            break
        ahead = other.ahead
    behind = queues[lane].head if ahead < 0 else contacts[ahead].behind
    contact.lane, contact.ahead, contact.behind = lane, ahead, behind
    if ahead < 0:
        queues[lane].head = row
    else:
        contacts[ahead].behind = row
    if behind < 0:
        queues[lane].tail = row
    else:
        contacts[behind].ahead = row


@inlined
def leave_queue(memory: WorldMemory, row: int) -> None:
    """Take a contact out of its lane."""
    run = memory.run
    contacts, queues = memory.contacts, memory.queues
    contact = contacts[row]
    lane, ahead, behind = contact.lane, contact.ahead, contact.behind
    if ahead < 0:
        queues[lane].head = behind
    else:
        contacts[ahead].behind = behind
    if behind < 0:
        queues[lane].tail = ahead
    else:
        contacts[behind].ahead = ahead
    contact.waiting = 0
    memory.channels[contact.channel].queued -= 1
    run.waiting_contacts -= 1
    if memory.model.hangs_on[contact.channel]:
        # Nobody hangs on for a mail, so it uses up no patience.
        waited = run.now - contact.entered
        memory.journeys[contact.journey].waited += waited


@compiled
def comes_before(memory: WorldMemory, one: int, other: int) -> bool:
    """Return whether a waiting contact's place is before another's."""
    contacts, priority = memory.contacts, memory.lanes.priority
    head_start = memory.lanes.head_start
    a, b = contacts[one], contacts[other]
    priority_a, priority_b = priority[a.lane], priority[b.lane]
    if priority_a != priority_b:
        return bool(priority_a > priority_b)
    since_a = a.entered - head_start[a.lane]
    since_b = b.entered - head_start[b.lane]
    if since_a != since_b:
        return bool(since_a < since_b)
    if a.customer != b.customer:
        return bool(a.customer < b.customer)
    return bool(a.number < b.number)


@inlined
def best_waiting(memory: WorldMemory, pool: int) -> int:
    """Return the row of the contact that a pool takes next, or -1."""
    pools = memory.pools
    pool_level = memory.lanes.pool_level
    free = pools[pool].capacity - pools[pool].used
    now = memory.run.now
    best, level = -1, 0
    for entry in range(memory.lanes.pool_first[pool], memory.lanes.pool_last[pool]):
        if best >= 0 and pool_level[entry] > level:
            break
        head = memory.queues[memory.lanes.pool_lane[entry]].head
        if head < 0 or memory.lanes.pool_share[entry] > free:
            continue
        if now - memory.contacts[head].entered < memory.lanes.pool_after[entry]:
            continue
        if best < 0 or comes_before(memory, head, best):
            best, level = head, pool_level[entry]
    return best
