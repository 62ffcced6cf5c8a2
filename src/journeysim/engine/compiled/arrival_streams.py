"""Customers coming into the compiled engine: a block of arrivals per segment at a time.

Stream i of `streams` is segment i; the one after the last is the trace.
"""

from __future__ import annotations

from journeysim.engine.compiled.contact_draws import duration
from journeysim.engine.compiled.first_contact_draws import draw_fresh
from journeysim.engine.compiled.layout import AT, World, number1, number2, row_of, whole1, whole2
from journeysim.engine.compiled.state import HORIZON, INTERVAL_EVERY, REPLICATION, SEED, WEEKDAY
from journeysim.engine.random import draws
from journeysim.engine.random.arrival_times import begin_day, interval_factors, next_arrivals
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import FlatDemand
from journeysim.units import DAY

# Columns of `streams`. The first three are the `place` of `engine.random.arrival_times`.
NEXT_TICK = 3
NEXT_CUSTOMER = 4
DAY_NUMBER = 5
FILLED = 6  # arrivals in the block
TAKEN = 7  # of them, taken
DRAWN_AHEAD = 8  # 1 if `fresh` holds the luck of its customers
STREAM_FIELDS = 9

BLOCK = 1024
#: Tick of a stream that has run dry: after every world's end.
NEVER = 2**62
_ARRIVAL = number(draws.ARRIVAL)
_INDEX_BITS = draws.INDEX_BITS


@compiled
def begin_streams(world: World) -> None:
    """Bring every stream to its first customer."""
    streams = whole2(world, AT.streams)
    segments = whole1(world, AT.gaps).size
    for segment in range(segments):
        stream = streams[segment]
        stream[DAY_NUMBER] = -1
        stream[NEXT_TICK] = 0
        stream[NEXT_CUSTOMER] = whole1(world, AT.identity)[segment] - 1
        advance(world, segment)
    stream = streams[segments]
    stream[TAKEN] = -1
    advance(world, segments)


@inlined
def advance(world: World, stream: int) -> None:
    """Bring a stream to its next customer; after the horizon nobody comes."""
    gaps = whole1(world, AT.gaps)
    row = row_of(world, AT.streams, stream)
    segments = gaps.size
    if stream == segments:
        row[TAKEN] += 1
        arrivals = whole1(world, AT.trace_arrival)
        row[NEXT_TICK] = NEVER
        if row[TAKEN] < arrivals.size:
            row[NEXT_TICK] = arrivals[row[TAKEN]]
            row[NEXT_CUSTOMER] = whole1(world, AT.trace_customer)[row[TAKEN]]
    elif gaps[stream] >= 0:
        row[NEXT_CUSTOMER] += 1
        code = gaps[stream]
        row[NEXT_TICK] += duration(world, code, row[NEXT_CUSTOMER], 0, _ARRIVAL)
    else:
        row[TAKEN] += 1
        if row[TAKEN] < row[FILLED] or _next_block(world, stream):
            row[NEXT_TICK] = row_of(world, AT.stream_ticks, stream)[row[TAKEN]]
            row[NEXT_CUSTOMER] += 1
        else:
            row[NEXT_TICK] = NEVER
    if row[NEXT_TICK] >= whole1(world, AT.settings)[HORIZON]:
        row[NEXT_TICK] = NEVER


@compiled
def _next_block(world: World, stream: int) -> bool:
    """Find the next arrivals of a stream, day by day, and draw their luck; False if none come."""
    settings = whole1(world, AT.settings)
    day_factors = number2(world, AT.day_factors)
    stream_rates = number2(world, AT.stream_rates)
    stream_ticks = whole2(world, AT.stream_ticks)
    demand = _demand(world)
    row = row_of(world, AT.streams, stream)
    while row[TAKEN] >= row[FILLED]:
        # A block that was not full ended its day.
        if row[DAY_NUMBER] < 0 or row[FILLED] < BLOCK:
            row[DAY_NUMBER] += 1
            day = row[DAY_NUMBER]
            if day * DAY >= settings[HORIZON]:
                return False
            weekday = (settings[WEEKDAY] + day) % 7
            seed, replication = (
                settings[SEED],
                settings[REPLICATION],
            )
            factors = interval_factors(demand, day, seed, replication)
            day_factors[stream, :] = factors
            begin_day(
                demand,
                stream,
                day,
                weekday,
                seed,
                replication,
                row,
                stream_rates[stream],
            )
        row[FILLED] = next_arrivals(
            demand,
            stream,
            row[DAY_NUMBER],
            (settings[WEEKDAY] + row[DAY_NUMBER]) % 7,
            settings[SEED],
            settings[REPLICATION],
            day_factors[stream],
            row,
            stream_rates[stream],
            stream_ticks[stream],
        )
        row[TAKEN] = 0
        first = whole1(world, AT.identity)[stream] | (row[DAY_NUMBER] << _INDEX_BITS)
        # `place[2]` is the index after the block's last customer.
        row[NEXT_CUSTOMER] = first + row[2] - row[FILLED] - 1
        row[DRAWN_AHEAD] = 1
        draw_fresh(world, stream, row[NEXT_CUSTOMER] + 1, row[FILLED])
    return True


@compiled
def _demand(world: World) -> FlatDemand:
    """Return the model's demand, as the shared functions take it."""
    interval_variation = number1(world, AT.interval_variation)
    return FlatDemand(
        whole1(world, AT.identity),
        whole1(world, AT.gaps),
        whole2(world, AT.piece_first),
        whole2(world, AT.piece_last),
        whole1(world, AT.piece_start),
        whole1(world, AT.piece_end),
        number1(world, AT.rate_start),
        number1(world, AT.rate_end),
        number1(world, AT.day_cv),
        whole1(world, AT.day_stream),
        interval_variation[0],
        interval_variation[1],
        whole1(world, AT.settings)[INTERVAL_EVERY],
    )
