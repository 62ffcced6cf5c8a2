"""The clock of a pool on the single-queue path: when somebody can next be served.

A pool has a clock of its own, which may run ahead of the customers who come: nobody else can take
what it has to give. Changes of the schedule and places that fall free are let happen, in order of
time, until a place is free. At a fall in staff who is being served is finished; the places that
fall free first are the ones that go.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.arrival_streams import NEVER
from journeysim.engine.compiled.event_heap import CHILDREN, LAST, ROOT, get
from journeysim.engine.compiled.layout import ClockShift, PoolClock, WorldMemory
from journeysim.engine.pool_times import add_times, engaged_agents, units_over
from journeysim.engine.records import table
from journeysim.jit import compiled, inlined
from journeysim.scenario.flat.flat_model import FlatModel, Whole


def begin_clocks(memory: WorldMemory, model: FlatModel) -> None:
    """Put in the clocks of all pools at the beginning of a world."""
    pools = model.units.size
    clocks, shifts = table(PoolClock, pools), table(ClockShift, model.shift_tick.size)
    order = np.lexsort((model.shift_tick, model.shift_pool))
    shifts["tick"][:] = model.shift_tick[order]
    shifts["agents"][:] = model.shift_agents[order]
    clocks["shift"][:] = np.searchsorted(model.shift_pool[order], np.arange(pools), "left")
    clocks["last_shift"][:] = np.searchsorted(model.shift_pool[order], np.arange(pools), "right")
    clocks["units"][:] = model.units
    room = 0
    for channel in range(model.lines.size):
        for entry in range(model.route_first[channel], model.route_last[channel]):
            pool = model.route_pool[entry]
            clocks[pool].share = model.share[pool, channel]
            most = model.shift_agents[model.shift_pool == pool].max(initial=0)
            clocks[pool].heap = room + ROOT
            at_once = int(most * model.units[pool] // model.share[pool, channel]) + 1
            # Its top stands before a multiple of four, as in `event_heap`.
            room += ROOT + at_once + CHILDREN - (ROOT + at_once) % CHILDREN
    clocks["cell_end"][:] = model.interval
    clocks["waited_at"][:] = -1
    memory.pool_clocks, memory.clock_shifts = clocks, shifts
    memory.releases = np.full(room + CHILDREN, LAST)


@inlined
def next_start(memory: WorldMemory, pool: int, tick: int) -> int:
    """Return when a contact that enters at `tick` could be served; NEVER if not in this world."""
    row = memory.pool_clocks[pool]
    end = memory.model.end
    while True:
        # Nothing is due before a clock that runs ahead; so a place that just fell free there is
        # taken without a look at what comes next.
        if row.now > tick and _has_room(row):
            return int(row.now)
        first = _next_event(memory, row)
        if first > tick:
            if _has_room(row):
                return tick
            if first > end:
                return NEVER
        _happen(memory, pool, row, first)


@inlined
def _has_room(row: PoolClock) -> bool:
    return bool((row.serving + 1) * row.share <= row.capacity)


@inlined
def out_of_order(memory: WorldMemory, pool: int, tick: int, customer: int) -> bool:
    """Note that a contact has to wait; return whether it goes before one that is already placed.

    In a queue the order at one tick is by customer. Who enters again without delay may come after
    customers who arrive at that very tick and belong behind.
    """
    row = memory.pool_clocks[pool]
    if row.waited_at == tick and customer < row.waited_customer:
        return True
    row.waited_at, row.waited_customer = tick, customer
    return False


@inlined
def take(memory: WorldMemory, pool: int, start: int, release: int) -> None:
    """Take a place from `start` on; it falls free at `release`, which may be after the end."""
    row = memory.pool_clocks[pool]
    _pass(memory, pool, row, start)
    row.serving += 1
    if release <= memory.model.end:
        _push(memory, row, release)


@compiled
def finish(memory: WorldMemory) -> None:
    """Bring all pools to the end of the world."""
    end = memory.model.end
    clocks = memory.pool_clocks
    for pool in range(clocks.size):
        row = clocks[pool]
        while True:
            first = _next_event(memory, row)
            if first > end:
                break
            _happen(memory, pool, row, first)
        _pass(memory, pool, row, end)


@inlined
def _next_event(memory: WorldMemory, row: PoolClock) -> int:
    """Return when the pool's next change of agents or free place is due."""
    first = NEVER
    if row.shift < row.last_shift:
        first = memory.clock_shifts[row.shift].tick
    if row.releases == row.vacant:
        return int(first)
    heap, top = memory.releases, row.heap
    if row.vacant == 0:
        return int(min(first, heap[top]))
    # Who comes next mostly fills the gap at the top, so it is not closed to look below.
    a, b = get(heap, top + 1), get(heap, top + 2)
    c, d = get(heap, top + 3), get(heap, top + 4)
    one, other = min(a, b), min(c, d)
    return int(min(first, one, other))


@inlined
def _happen(memory: WorldMemory, pool: int, row: PoolClock, tick: int) -> None:
    """Let the pool's next event happen; at one tick a change of agents comes first."""
    _pass(memory, pool, row, tick)
    shifts = memory.clock_shifts
    if row.shift < row.last_shift and shifts[row.shift].tick == tick:
        row.agents = shifts[row.shift].agents
        row.capacity = row.agents * row.units
        row.shift += 1
        return
    row.serving -= 1
    if row.vacant == 1:
        _close_gap(memory, row)
    row.vacant = 1


@inlined
def _close_gap(memory: WorldMemory, row: PoolClock) -> None:
    """Fill the vacant top of a heap with its last time."""
    heap, top = memory.releases, row.heap
    row.releases -= 1
    last = top + row.releases
    tick = heap[last]
    heap[last] = LAST
    if last > top:
        _sink(heap, top, last, tick)


@inlined
def _pass(memory: WorldMemory, pool: int, row: PoolClock, tick: int) -> None:
    """Let time pass in a pool, and add it to the intervals."""
    since = row.now
    row.now = tick
    if tick == since or row.serving == 0:
        return
    used = row.serving * row.share
    row.cell, row.cell_end = add_times(
        memory.busy[pool],
        memory.engaged[pool],
        memory.overrun[pool],
        (
            used,
            engaged_agents(row.serving, row.agents, used, row.units),
            units_over(used, row.capacity),
        ),
        since,
        tick,
        row.cell,
        row.cell_end,
        memory.model.interval,
    )


@inlined
def _push(memory: WorldMemory, row: PoolClock, tick: int) -> None:
    """Put the time at which a place falls free into the heap, if possible at its vacant top."""
    heap, top = memory.releases, row.heap
    if row.vacant == 1:
        row.vacant = 0
        _sink(heap, top, top + row.releases, tick)
        return
    row.releases += 1
    _rise(heap, top, ROOT + row.releases - 1, tick)


@inlined
def _sink(heap: Whole, top: int, last: int, tick: int) -> None:
    """Put a time in at the vacant top of a heap, or where it belongs below it.

    `last` is the place behind the last one in use. The heap is shaped like that of `event_heap`.
    """
    base = top - ROOT
    place, child = ROOT, CHILDREN
    while base + child < last:
        at = base + child
        a, b, c, d = get(heap, at), get(heap, at + 1), get(heap, at + 2), get(heap, at + 3)
        one, other = min(a, b), min(c, d)
        least = min(one, other)
        if tick <= least:
            break
        first, second, is_second = int(b < a), 2 + int(d < c), int(other < one)
        heap[np.uint64(base + place)] = least
        place = child + first + (second - first) * is_second
        child = CHILDREN * (place - 2)
    heap[np.uint64(base + place)] = tick


@inlined
def _rise(heap: Whole, top: int, place: int, tick: int) -> None:
    """Put a time in at a leaf, or where it belongs above it."""
    base = top - ROOT
    while place > ROOT:
        parent = (place >> 2) + 2
        above = get(heap, base + parent)
        if above <= tick:
            break
        heap[np.uint64(base + place)] = above
        place = parent
    heap[np.uint64(base + place)] = tick
