"""Customers who come once and are done: on the fast path they need no rows.

Most make one contact, whose luck is drawn already. What becomes of them follows from that and from
the places of one pool, and goes straight among the ends.
"""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import (
    DRAWN_AHEAD,
    NEVER,
    NEXT_CUSTOMER,
    NEXT_TICK,
    TAKEN,
)
from journeysim.engine.compiled.first_contact_draws import (
    F_CHANNEL,
    F_NEED,
    F_PATIENCE,
    F_RESOLVED,
    F_TALK,
    F_WRAP_UP,
)
from journeysim.engine.compiled.layout import AT, World, row_of, whole1, whole3, whole4
from journeysim.engine.compiled.single_queue.end_phases import ENDING, LEAVING
from journeysim.engine.compiled.single_queue.finished_journeys import note
from journeysim.engine.compiled.single_queue.pool_clock import next_start, out_of_order, take
from journeysim.engine.compiled.state import END, OPEN, UNKNOWN
from journeysim.engine.compiled.state_rows import next_number
from journeysim.jit import inlined, number
from journeysim.scenario.flat.flat_model import AFTER_ABANDONED, QUEUE, SELF_SERVICE
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, NextStep

_ABANDONED = number(ContactOutcome.ABANDONED)
_SERVED_RESOLVED = number(ContactOutcome.SERVED_RESOLVED)
_RESOLVED = number(JourneyOutcome.RESOLVED)
_GIVEN_UP = number(JourneyOutcome.GIVEN_UP)
_THEN_RESOLVED = number(NextStep.RESOLVED)
_THEN_GIVEN_UP = number(NextStep.GIVEN_UP)


@inlined
def pass_through(world: World, stream: int) -> bool:
    """Let a stream's next customer come, and go for good; return False if more may become of it.

    Then nothing has happened but that the pool's clock may have gone on, which it would do anyway.
    """
    coming = row_of(world, AT.streams, stream)
    if coming[DRAWN_AHEAD] == 0:
        return False
    customer, tick = coming[NEXT_CUSTOMER], coming[NEXT_TICK]
    luck, at = whole3(world, AT.fresh)[stream], coming[TAKEN]
    need, channel = luck[F_NEED, at], luck[F_CHANNEL, at]
    length, after = luck[F_TALK, at], luck[F_WRAP_UP, at]
    kind = whole1(world, AT.kind)[channel]
    if kind == SELF_SERVICE or row_of(world, AT.channels, channel)[OPEN] == 0:
        return False
    # Talk and wrap-up are known: one pool serves a channel. Of a budget something may be used up.
    bound = luck[F_PATIENCE, at] if kind == QUEUE else -1
    if bound == UNKNOWN:
        return False
    pool = whole1(world, AT.route_pool)[whole1(world, AT.route_first)[channel]]
    end = whole1(world, AT.settings)[END]
    start = next_start(world, pool, tick)
    if start == NEVER or (start > tick and out_of_order(world, pool, tick, customer)):
        return False
    if 0 <= bound <= end - tick and tick + bound < start:
        if whole4(world, AT.after)[stream, channel, AFTER_ABANDONED, need] >= 0:
            return False
        codes = (_ABANDONED, _THEN_GIVEN_UP, _GIVEN_UP)
        left, journey = tick + bound, next_number(world)
        note(
            world, left, LEAVING, customer, journey, tick, -1, -1, codes, channel, need, -1, stream
        )
        return True
    if luck[F_RESOLVED, at] != 1 or length == 0 or length > end - start:
        return False
    over = start + length
    take(world, pool, start, over + after if after <= end - over else NEVER)
    codes = (_SERVED_RESOLVED, _THEN_RESOLVED, _RESOLVED)
    journey = next_number(world)
    note(
        world,
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
