"""The places of a pool on the fast path, and when the next one falls free.

A pool has a clock of its own, which may run ahead of the customers who come: nobody else can take
what it has to give. Changes of the schedule and places that fall free are let happen, in order of
time, until a place is free. At a fall in staff who is being served is finished; the places that
fall free first are the ones that go.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.arrival_streams import NEVER
from journeysim.engine.compiled.event_heap import CHILDREN, LAST, ROOT
from journeysim.engine.compiled.layout import AT, World, get, row_of, whole1, whole2
from journeysim.engine.compiled.state import END, INTERVAL
from journeysim.jit import compiled, inlined
from journeysim.scenario.flat.flat_model import FlatModel, Whole

# Columns of `places`, one row per pool.
CLOCK = 0
TAKEN = 1  # places that are taken
AGENTS = 2
CAPACITY = 3  # units
UNITS = 4  # of an agent
SHARE = 5  # units of a contact
SHIFT = 6  # row of the next change of agents, in `place_shifts`
LAST_SHIFT = 7
HEAP = 8  # where its heap stands in `releases`: the place of its top
RELEASES = 9  # in the heap, the vacant top included
VACANT = 10  # 1 if the top of the heap is vacant
CELL = 11  # interval of the clock
CELL_END = 12  # its end; the last has none
WAITED_AT = 13  # when the last contact that had to wait entered
WAITED_WHO = 14  # its customer
PLACE_FIELDS = 15

# Columns of `place_shifts`.
SHIFT_TICK = 0
SHIFT_AGENTS = 1


def places_of(model: FlatModel) -> dict[str, Whole]:
    """Return the arrays of places at the beginning of a world."""
    pools = model.units.size
    places = np.zeros((pools, PLACE_FIELDS), np.int64)
    order = np.lexsort((model.shift_tick, model.shift_pool))
    shifts = np.stack([model.shift_tick[order], model.shift_agents[order]], axis=1)
    places[:, SHIFT] = np.searchsorted(model.shift_pool[order], np.arange(pools), "left")
    places[:, LAST_SHIFT] = np.searchsorted(model.shift_pool[order], np.arange(pools), "right")
    places[:, UNITS] = model.units
    room = 0
    for channel in range(model.kind.size):
        for entry in range(model.route_first[channel], model.route_last[channel]):
            pool = model.route_pool[entry]
            places[pool, SHARE] = model.share[pool, channel]
            most = model.shift_agents[model.shift_pool == pool].max(initial=0)
            places[pool, HEAP] = room + ROOT
            most_places = int(most * model.units[pool] // model.share[pool, channel]) + 1
            # Its top stands before a multiple of four, as in `compiled.heap`.
            room += ROOT + most_places + CHILDREN - (ROOT + most_places) % CHILDREN
    places[:, CELL_END] = model.interval
    places[:, WAITED_AT] = -1
    return {"places": places, "place_shifts": shifts, "releases": np.full(room + CHILDREN, LAST)}


@inlined
def next_start(world: World, pool: int, tick: int) -> int:
    """Return when a contact that enters at `tick` could be served; NEVER if not in this world."""
    row = row_of(world, AT.places, pool)
    end = whole1(world, AT.settings)[END]
    while True:
        # Nothing is due before a clock that runs ahead; so a place that just fell free there is
        # taken without a look at what comes next.
        if row[CLOCK] > tick and _has_room(row):
            return int(row[CLOCK])
        first = _next_event(world, row)
        if first > tick:
            if _has_room(row):
                return tick
            if first > end:
                return NEVER
        _happen(world, pool, row, first)


@inlined
def _has_room(row: NDArray[np.int64]) -> bool:
    return bool((row[TAKEN] + 1) * row[SHARE] <= row[CAPACITY])


@inlined
def out_of_order(world: World, pool: int, tick: int, customer: int) -> bool:
    """Note that a contact has to wait; return whether it goes before one that is already placed.

    In a queue the order at one tick is by customer. Who enters again without delay may come after
    customers who arrive at that very tick and belong behind.
    """
    row = row_of(world, AT.places, pool)
    if row[WAITED_AT] == tick and customer < row[WAITED_WHO]:
        return True
    row[WAITED_AT], row[WAITED_WHO] = tick, customer
    return False


@inlined
def take(world: World, pool: int, start: int, release: int) -> None:
    """Take a place from `start` on; it falls free at `release`, which may be after the end."""
    row = row_of(world, AT.places, pool)
    _pass(world, pool, row, start)
    row[TAKEN] += 1
    if release <= whole1(world, AT.settings)[END]:
        _push(world, row, release)


@compiled
def finish(world: World) -> None:
    """Bring all pools to the end of the world."""
    end = whole1(world, AT.settings)[END]
    places = whole2(world, AT.places)
    for pool in range(places.shape[0]):
        row = places[pool]
        while True:
            first = _next_event(world, row)
            if first > end:
                break
            _happen(world, pool, row, first)
        _pass(world, pool, row, end)


@inlined
def _next_event(world: World, row: NDArray[np.int64]) -> int:
    """Return when the pool's next change of agents or free place is due."""
    first = NEVER
    if row[SHIFT] < row[LAST_SHIFT]:
        first = row_of(world, AT.place_shifts, row[SHIFT])[SHIFT_TICK]
    if row[RELEASES] == row[VACANT]:
        return int(first)
    heap, top = whole1(world, AT.releases), row[HEAP]
    if row[VACANT] == 0:
        return int(min(first, heap[top]))
    # Who comes next mostly fills the gap at the top, so it is not closed to look below.
    a, b = get(heap, top + 1), get(heap, top + 2)
    c, d = get(heap, top + 3), get(heap, top + 4)
    one, other = min(a, b), min(c, d)
    return int(min(first, one, other))


@inlined
def _happen(world: World, pool: int, row: NDArray[np.int64], tick: int) -> None:
    """Let the pool's next event happen; at one tick a change of agents comes first."""
    _pass(world, pool, row, tick)
    shifts = whole2(world, AT.place_shifts)
    if row[SHIFT] < row[LAST_SHIFT] and shifts[row[SHIFT], SHIFT_TICK] == tick:
        row[AGENTS] = shifts[row[SHIFT], SHIFT_AGENTS]
        row[CAPACITY] = row[AGENTS] * row[UNITS]
        row[SHIFT] += 1
        return
    row[TAKEN] -= 1
    if row[VACANT] == 1:
        _close_gap(world, row)
    row[VACANT] = 1


@inlined
def _close_gap(world: World, row: NDArray[np.int64]) -> None:
    """Fill the vacant top of a heap with its last time."""
    heap, top = whole1(world, AT.releases), row[HEAP]
    row[RELEASES] -= 1
    last = top + row[RELEASES]
    tick = heap[last]
    heap[last] = LAST
    if last > top:
        _sink(heap, top, last, tick)


@inlined
def _pass(world: World, pool: int, row: NDArray[np.int64], tick: int) -> None:
    """Let time pass in a pool, and add it to the intervals."""
    since = row[CLOCK]
    row[CLOCK] = tick
    if tick == since or row[TAKEN] == 0:
        return
    used = row[TAKEN] * row[SHARE]
    engaged = row[TAKEN]
    if engaged > row[AGENTS]:
        engaged = min(engaged, max(row[AGENTS], -(-used // row[UNITS])))
    overrun = max(0, used - row[CAPACITY])
    busy = row_of(world, AT.busy, pool)
    last, length = busy.size - 1, whole1(world, AT.settings)[INTERVAL]
    if since >= row[CELL_END]:
        row[CELL] = min(since // length, last)
        row[CELL_END] = NEVER if row[CELL] == last else (row[CELL] + 1) * length
    while True:
        cell, until = row[CELL], min(tick, row[CELL_END])
        busy[cell] += (until - since) * used
        row_of(world, AT.engaged, pool)[cell] += (until - since) * engaged
        row_of(world, AT.overrun, pool)[cell] += (until - since) * overrun
        if until == tick:
            return
        since = until
        row[CELL] += 1
        row[CELL_END] = NEVER if row[CELL] == last else (row[CELL] + 1) * length


@inlined
def _push(world: World, row: NDArray[np.int64], tick: int) -> None:
    """Put the time at which a place falls free into the heap, if possible at its vacant top."""
    heap, top = whole1(world, AT.releases), row[HEAP]
    if row[VACANT] == 1:
        row[VACANT] = 0
        _sink(heap, top, top + row[RELEASES], tick)
        return
    row[RELEASES] += 1
    _rise(heap, top, ROOT + row[RELEASES] - 1, tick)


@inlined
def _sink(heap: Whole, top: int, last: int, tick: int) -> None:
    """Put a time in at the vacant top of a heap, or where it belongs below it.

    `last` is the place behind the last one in use. The heap is shaped like that of `compiled.heap`.
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
