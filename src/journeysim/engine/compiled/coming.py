"""Customers coming into the compiled engine: a block of arrivals per segment at a time.

Stream i of `streams` is segment i; the one after the last is the trace.
"""

from __future__ import annotations

from journeysim.engine import draws
from journeysim.engine.arrivals import begin_day, interval_factors, next_arrivals
from journeysim.engine.compiled.chances import duration
from journeysim.engine.compiled.state import World
from journeysim.jit import compiled
from journeysim.units import DAY

# Columns of `streams`. The first three are the `place` of `engine.arrivals`.
NEXT_TICK = 3
NEXT_CUSTOMER = 4
DAY_NUMBER = 5
FILLED = 6  # arrivals in the block
TAKEN = 7  # of them, taken
STREAM_FIELDS = 8

BLOCK = 1024
#: Tick of a stream that has run dry: after every world's end.
NEVER = 2**62
_ARRIVAL = draws.ARRIVAL
_INDEX_BITS = draws.INDEX_BITS


@compiled
def begin_streams(world: World) -> None:
    """Bring every stream to its first customer."""
    segments = world.model.demand.gaps.size
    for segment in range(segments):
        stream = world.state.streams[segment]
        stream[DAY_NUMBER] = -1
        stream[NEXT_TICK] = 0
        stream[NEXT_CUSTOMER] = world.model.demand.identity[segment] - 1
        advance(world, segment)
    stream = world.state.streams[segments]
    stream[TAKEN] = -1
    advance(world, segments)


@compiled
def advance(world: World, stream: int) -> None:
    """Bring a stream to its next customer; after the horizon nobody comes."""
    row = world.state.streams[stream]
    segments = world.model.demand.gaps.size
    if stream == segments:
        row[TAKEN] += 1
        trace = world.model.trace
        row[NEXT_TICK] = NEVER
        if row[TAKEN] < trace.arrival.size:
            row[NEXT_TICK] = trace.arrival[row[TAKEN]]
            row[NEXT_CUSTOMER] = trace.customer[row[TAKEN]]
    elif world.model.demand.gaps[stream] >= 0:
        row[NEXT_CUSTOMER] += 1
        code = world.model.demand.gaps[stream]
        row[NEXT_TICK] += duration(world, code, row[NEXT_CUSTOMER], 0, _ARRIVAL)
    else:
        _advance_day_by_day(world, stream)
    if row[NEXT_TICK] >= world.model.horizon:
        row[NEXT_TICK] = NEVER


@compiled
def _advance_day_by_day(world: World, stream: int) -> None:
    state, model = world.state, world.model
    row = state.streams[stream]
    row[TAKEN] += 1
    while row[TAKEN] >= row[FILLED]:
        # A block that was not full ended its day.
        if row[DAY_NUMBER] < 0 or row[FILLED] < BLOCK:
            row[DAY_NUMBER] += 1
            day = row[DAY_NUMBER]
            if day * DAY >= model.horizon:
                row[NEXT_TICK] = NEVER
                return
            weekday = (model.weekday + day) % 7
            seed, replication = world.seed, world.replication
            factors = interval_factors(model.demand, day, seed, replication)
            state.day_factors[stream, :] = factors
            begin_day(
                model.demand,
                stream,
                day,
                weekday,
                seed,
                replication,
                row,
                state.stream_rates[stream],
            )
        row[FILLED] = next_arrivals(
            model.demand,
            stream,
            row[DAY_NUMBER],
            (model.weekday + row[DAY_NUMBER]) % 7,
            world.seed,
            world.replication,
            state.day_factors[stream],
            row,
            state.stream_rates[stream],
            state.stream_ticks[stream],
        )
        row[TAKEN] = 0
        first = model.demand.identity[stream] | (row[DAY_NUMBER] << _INDEX_BITS)
        # `place[2]` is the index after the block's last customer.
        row[NEXT_CUSTOMER] = first + row[2] - row[FILLED] - 1
    row[NEXT_TICK] = state.stream_ticks[stream, row[TAKEN]]
    row[NEXT_CUSTOMER] += 1
