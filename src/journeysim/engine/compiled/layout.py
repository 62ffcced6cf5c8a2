"""One small array that says where all others are: how compiled functions see a world.

A hundred arrays handed from function to function cost more than what the functions do, and minutes
of compiling. So the world is an array of addresses and shapes, and a function asks for what
it needs: ``whole2(world, AT.contacts)`` is the table of live contacts. Such a view costs a few
instructions; nothing counts references, so `arrays.Memory` keeps every array alive.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from journeysim.jit import compiled
from journeysim.scenario.flat.flat_model import Number, Whole

#: The address of the array of addresses. Handing on the array itself would count references to
#: it at every call, which cost a quarter of all time.
World = int

#: Words of an array: its address and up to four lengths.
WORDS = 5


class Places(NamedTuple):
    """Numbers of the arrays of a world. Those of `FlatModel` have its names."""

    settings: int
    # What changes; see `engine.compiled.state`.
    scalars: int
    contacts: int
    contact_factors: int
    journeys: int
    journey_factors: int
    heap_keys: int
    heap_slots: int
    events: int
    queues: int
    pools: int
    channels: int
    busy: int
    engaged: int
    overrun: int
    streams: int
    stream_rates: int
    stream_ticks: int
    day_factors: int
    fresh: int
    luck: int
    sure_talk: int
    sure_time_spent: int
    sure_wrap_up: int
    sure_resolution: int
    first_patience: int
    first_laws: int
    contacts_out: int
    journeys_out: int
    # Of the fast path; see `engine.compiled.single_queue`.
    places: int
    place_shifts: int
    releases: int
    ends: int
    ends_in_order: int
    digits: int
    # Lanes; see `engine.compiled.lanes`.
    lane: int
    lane_priority: int
    lane_head_start: int
    channel_first: int
    channel_last: int
    channel_lanes: int
    pool_first: int
    pool_last: int
    pool_lane: int
    pool_level: int
    pool_share: int
    pool_after: int
    # The model.
    need_shares: int
    first_shares: int
    patience: int
    patience_rule: int
    budget: int
    kind: int
    lines: int
    send_away: int
    balk_rule: int
    balk_first: int
    balk_last: int
    balk_bound: int
    balk_share: int
    announce: int
    talk: int
    wrap_up: int
    resolution: int
    time_spent: int
    stuck: int
    contained_resolution: int
    route_first: int
    route_last: int
    route_pool: int
    route_after: int
    level: int
    units: int
    share: int
    shift_tick: int
    shift_pool: int
    shift_agents: int
    opening_tick: int
    opening_channel: int
    opening_open: int
    after: int
    after_first: int
    after_last: int
    step_share: int
    step_to: int
    step_delay: int
    step_transfer: int
    step_handling: int
    step_patience: int
    chase: int
    chase_shares: int
    # Its distributions.
    law_kind: int
    law_parameters: int
    law_first: int
    law_last: int
    law_values: int
    law_weights: int
    # Its demand.
    identity: int
    gaps: int
    piece_first: int
    piece_last: int
    piece_start: int
    piece_end: int
    rate_start: int
    rate_end: int
    day_cv: int
    day_stream: int
    interval_variation: int
    # Its trace.
    trace_customer: int
    trace_arrival: int
    trace_segment: int
    trace_need: int
    trace_channel: int
    trace_patience: int
    trace_talk: int
    trace_wrap_up: int
    trace_resolved: int
    trace_next: int
    trace_delay: int


AT = Places(*range(len(Places._fields)))
WORDS_IN_ALL = len(AT) * WORDS


def _pointer(kind: Any, address: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    pointer: Any = types.CPointer
    return pointer(kind)(address), generate


def _whole_pointer(_context: Any, address: Any) -> Any:
    """Read an address as a pointer to int64."""
    return _pointer(types.int64, address)


def _number_pointer(_context: Any, address: Any) -> Any:
    """Read an address as a pointer to float64."""
    return _pointer(types.float64, address)


def _constant_word(_context: Any, world: Any, place: Any) -> Any:
    """Read a word of the array of addresses, which stays as it is while compiled code runs.

    Told so, the compiler reads an address once and not again after every store.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer: Any = types.CPointer
        pointer_type = context.get_value_type(pointer(types.int64))
        words = builder.inttoptr(arguments[0], pointer_type)
        loaded = builder.load(builder.gep(words, [arguments[1]]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    return types.int64(world, place), generate


_word: Any = intrinsic(_constant_word)
_as_whole: Any = intrinsic(_whole_pointer)
_as_number: Any = intrinsic(_number_pointer)
carray: Any = numba.carray  # type: ignore[attr-defined]


@compiled
def get(array: Whole, index: int) -> int:
    """Return a number of an array; the index must be at least 0, which is not looked at.

    In a walk through a heap each look would wait for the one before.
    """
    return int(array[np.uint64(index)])


@compiled
def whole1(world: World, place: int) -> Whole:
    """Return an array of whole numbers with one index."""
    word = place * WORDS
    view: Whole = carray(_as_whole(_word(world, word)), (_word(world, word + 1),))
    return view


@compiled
def whole2(world: World, place: int) -> Whole:
    """Return an array of whole numbers with two indices."""
    word = place * WORDS
    view: Whole = carray(
        _as_whole(_word(world, word)), (_word(world, word + 1), _word(world, word + 2))
    )
    return view


@compiled
def row_of(world: World, place: int, row: int) -> Whole:
    """Return a row of an array with two indices; it must be at least 0, which is not looked at."""
    view: Whole = whole2(world, place)[np.uint64(row)]
    return view


@compiled
def whole3(world: World, place: int) -> Whole:
    """Return an array of whole numbers with three indices."""
    word = place * WORDS
    shape = (_word(world, word + 1), _word(world, word + 2), _word(world, word + 3))
    view: Whole = carray(_as_whole(_word(world, word)), shape)
    return view


@compiled
def whole4(world: World, place: int) -> Whole:
    """Return an array of whole numbers with four indices."""
    word = place * WORDS
    shape = (
        _word(world, word + 1),
        _word(world, word + 2),
        _word(world, word + 3),
        _word(world, word + 4),
    )
    view: Whole = carray(_as_whole(_word(world, word)), shape)
    return view


@compiled
def number1(world: World, place: int) -> Number:
    """Return an array of real numbers with one index."""
    word = place * WORDS
    view: Number = carray(_as_number(_word(world, word)), (_word(world, word + 1),))
    return view


@compiled
def number2(world: World, place: int) -> Number:
    """Return an array of real numbers with two indices."""
    word = place * WORDS
    view: Number = carray(
        _as_number(_word(world, word)), (_word(world, word + 1), _word(world, word + 2))
    )
    return view


@compiled
def number3(world: World, place: int) -> Number:
    """Return an array of real numbers with three indices."""
    word = place * WORDS
    shape = (_word(world, word + 1), _word(world, word + 2), _word(world, word + 3))
    view: Number = carray(_as_number(_word(world, word)), shape)
    return view
