"""Customers coming into the compiled engine: a block of arrivals per segment at a time.

Stream i of `streams` is segment i; the one after the last is the trace.
"""

from __future__ import annotations

from journeysim.engine.compiled.contact_draws import duration
from journeysim.engine.compiled.first_contact_draws import draw_first_contacts
from journeysim.engine.compiled.layout import WorldMemory
from journeysim.engine.random import draws
from journeysim.engine.random.arrival_times import begin_day, interval_factors, next_arrivals
from journeysim.jit import compiled, inlined, number
from journeysim.units import DAY

BLOCK = 1024
#: Tick of a stream that has run dry: after every world's end.
NEVER = 2**62
_ARRIVAL = number(draws.ARRIVAL)
_INDEX_BITS = draws.INDEX_BITS


@compiled
def begin_streams(memory: WorldMemory) -> None:
    """Bring every stream to its first customer."""
    streams = memory.streams
    segments = memory.model.demand.gaps.size
    for segment in range(segments):
        stream = streams[segment]
        stream.day = -1
        stream.next_tick = 0
        stream.next_customer = memory.model.demand.identity[segment] - 1
        advance(memory, segment)
    stream = streams[segments]
    stream.taken = -1
    advance(memory, segments)


@inlined
def advance(memory: WorldMemory, stream: int) -> None:
    """Bring a stream to its next customer; after the horizon nobody comes."""
    gaps = memory.model.demand.gaps
    row = memory.streams[stream]
    segments = gaps.size
    if stream == segments:
        row.taken += 1
        arrivals = memory.model.trace.arrival
        row.next_tick = NEVER
        if row.taken < arrivals.size:
            row.next_tick = arrivals[row.taken]
            row.next_customer = memory.model.trace.customer[row.taken]
    elif gaps[stream] >= 0:
        row.next_customer += 1
        code = gaps[stream]
        row.next_tick += duration(memory, code, row.next_customer, 0, _ARRIVAL)
    else:
        row.taken += 1
        if row.taken < row.filled or _next_block(memory, stream):
            row.next_tick = memory.stream_ticks[stream, row.taken]
            row.next_customer += 1
        else:
            row.next_tick = NEVER
    if row.next_tick >= memory.model.horizon:
        row.next_tick = NEVER


@compiled
def _next_block(memory: WorldMemory, stream: int) -> bool:
    """Find the next arrivals of a stream, day by day, and make their draws; False if none come."""
    run = memory.run
    demand, factors = memory.model.demand, memory.interval_factors[stream]
    place, rates = memory.stream_places[stream], memory.stream_rates[stream]
    row = memory.streams[stream]
    while row.taken >= row.filled:
        # A block that was not full ended its day.
        if row.day < 0 or row.filled < BLOCK:
            row.day += 1
            day = row.day
            if day * DAY >= memory.model.horizon:
                return False
            weekday = (memory.model.weekday + day) % 7
            factors[:] = interval_factors(demand, day, run.seed, run.replication)
            begin_day(demand, stream, day, weekday, run.seed, run.replication, place, rates)
        row.filled = next_arrivals(
            demand,
            stream,
            row.day,
            (memory.model.weekday + row.day) % 7,
            run.seed,
            run.replication,
            factors,
            place,
            rates,
            memory.stream_ticks[stream],
        )
        row.taken = 0
        first = memory.model.demand.identity[stream] | (row.day << _INDEX_BITS)
        # `place[2]` is the index after the block's last customer.
        row.next_customer = first + place[2] - row.filled - 1
        row.drawn_ahead = 1
        draw_first_contacts(memory, stream, row.next_customer + 1, row.filled)
    return True
