"""Customers who come once and are done: on the single-queue path they need no rows.

Most make one contact, for which all is drawn already. What becomes of them follows from that and
from the clock of one pool, and goes straight among the ends.
"""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import NEVER
from journeysim.engine.compiled.layout import UNKNOWN, WorldMemory
from journeysim.engine.compiled.single_queue.end_phases import ENDING, LEAVING
from journeysim.engine.compiled.single_queue.finished_journeys import note
from journeysim.engine.compiled.single_queue.pool_clock import next_start, out_of_order, take
from journeysim.engine.compiled.state_rows import next_number
from journeysim.jit import inlined, number
from journeysim.scenario.flat.flat_model import AFTER_ABANDONED
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, NextStep

_ABANDONED = number(ContactOutcome.ABANDONED)
_SERVED_RESOLVED = number(ContactOutcome.SERVED_RESOLVED)
_RESOLVED = number(JourneyOutcome.RESOLVED)
_GIVEN_UP = number(JourneyOutcome.GIVEN_UP)
_THEN_RESOLVED = number(NextStep.RESOLVED)
_THEN_GIVEN_UP = number(NextStep.GIVEN_UP)


@inlined
def pass_through(memory: WorldMemory, stream: int) -> bool:
    """Let a stream's next customer come, and go for good; return False if more may become of it.

    Then nothing has happened but that the pool's clock may have gone on, which it would do anyway.
    """
    coming = memory.streams[stream]
    if coming.drawn_ahead == 0:
        return False
    customer, tick = coming.next_customer, coming.next_tick
    drawn, at = memory.first_contacts, coming.taken
    need, channel = drawn.need[stream, at], drawn.channel[stream, at]
    length, after = drawn.talk[stream, at], drawn.wrap_up[stream, at]
    if not memory.model.by_agents[channel] or memory.channels[channel].open == 0:
        return False
    # Talk and wrap-up are known: one pool serves a channel. Of a budget something may be used up.
    bound = drawn.patience[stream, at] if memory.model.hangs_on[channel] else -1
    if bound == UNKNOWN:
        return False
    pool = memory.model.route_pool[memory.model.route_first[channel]]
    end = memory.model.end
    start = next_start(memory, pool, tick)
    if start == NEVER or (start > tick and out_of_order(memory, pool, tick, customer)):
        return False
    if 0 <= bound <= end - tick and tick + bound < start:
        if memory.model.after[stream, channel, AFTER_ABANDONED, need] >= 0:
            return False
        codes = (_ABANDONED, _THEN_GIVEN_UP, _GIVEN_UP)
        left, journey = tick + bound, next_number(memory)
        note(
            memory, left, LEAVING, customer, journey, tick, -1, -1, codes, channel, need, -1, stream
        )
        return True
    if drawn.resolved[stream, at] != 1 or length == 0 or length > end - start:
        return False
    over = start + length
    take(memory, pool, start, over + after if after <= end - over else NEVER)
    codes = (_SERVED_RESOLVED, _THEN_RESOLVED, _RESOLVED)
    journey = next_number(memory)
    note(
        memory,
        over,
        ENDING,
        customer,
        journey,
        tick,
        start,
        after,
        codes,
        channel,
        need,
        pool,
        stream,
    )
    return True
