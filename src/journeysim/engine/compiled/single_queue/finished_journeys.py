"""Journeys that are over on the fast path, until their rows can be written.

Journeys are decided in order of their last entry, but written in order of their ends. So an end
is noted, and from time to time those that nothing can come before any more are put in order and
written. Of a journey with one contact, as most are, the note holds everything, and its rows are
free again at once; of others it holds the row.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.event_heap import RANK_BITS, RANKS
from journeysim.engine.compiled.layout import AT, World, row_of, whole1, whole2
from journeysim.engine.compiled.output_rows import emit, put_contact, put_journey
from journeysim.engine.compiled.state import (
    CHANNEL,
    CONTACTS_BEFORE,
    CONTACTS_OUT,
    CUSTOMER,
    ENDS,
    ENDS_DUE,
    ENDS_WRITTEN,
    ENTERED,
    J_CONTACTS,
    J_NEED,
    J_NUMBER,
    J_OUTCOME,
    J_SEGMENT,
    JOURNEY,
    NEXT_STEP,
    OUTCOME,
    POOL,
    STARTED,
    WARM_UP,
    WRAP_UP,
    WRITTEN_UNTIL,
)
from journeysim.engine.compiled.state_rows import free_contact, free_journey
from journeysim.engine.rules import FRESH
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import Whole
from journeysim.tables.columns import JourneyOutcome

# Columns of `ends`; what stands from E_NUMBER on is of journeys with one contact only.
E_KEY = 0  # tick * RANKS + phase
E_WHO = 1
E_PLACE = 2  # row of the journey, or -1
E_NUMBER = 3
E_ENTERED = 4
E_STARTED = 5
E_WRAP_UP = 6
E_CODES = 7
END_FIELDS = 8

_RESOLVED = number(JourneyOutcome.RESOLVED)

# Where codes stand in E_CODES, which then fits into what a processor fetches at once.
_NEXT_STEP_AT = 4
_JOURNEY_AT = 8
_CHANNEL_AT = 12
_NEED_AT = 20
_POOL_AT = 28
_SEGMENT_AT = 44
_FOUR_BITS = 15
_BYTE = 255
_TWO_BYTES = 65_535

#: Ends are put in order by two digits first.
_DIGIT_BITS = 11
_DIGITS = 1 << _DIGIT_BITS
_ROW_BITS = 40
_ROW = (1 << _ROW_BITS) - 1


def ends_of(rows: int) -> dict[str, Whole]:
    """Return the arrays for ends, with room for some."""
    return {
        "ends": np.zeros((rows, END_FIELDS), np.int64),
        "ends_in_order": np.zeros((2, rows), np.int64),
        "digits": np.zeros((2, _DIGITS), np.int64),
    }


@inlined
def note(
    world: World,
    tick: int,
    phase: int,
    customer: int,
    journey: int,
    entered: int,
    started: int,
    wrap_up: int,
    codes: tuple[int, int, int],
    channel: int,
    need: int,
    pool: int,
    segment: int,
) -> None:
    """Note the end of a journey with one contact; there must be room.

    Parameters
    ----------
    journey
        Its number.
    codes
        How the contact ended, what followed, and how the journey ended.
    """
    end = _next(world, tick, phase, customer, -1)
    outcome, next_step, journey_outcome = codes
    end[E_NUMBER], end[E_ENTERED] = journey, entered
    end[E_STARTED], end[E_WRAP_UP] = started, wrap_up
    end[E_CODES] = (
        outcome
        | (next_step << _NEXT_STEP_AT)
        | (journey_outcome << _JOURNEY_AT)
        | (channel << _CHANNEL_AT)
        | (need << _NEED_AT)
        | ((pool + 1) << _POOL_AT)
        | (segment << _SEGMENT_AT)
    )


@inlined
def note_row(world: World, row: int, tick: int, phase: int) -> None:
    """Note that a journey ended with the contact in a row; there must be room."""
    contact = row_of(world, AT.contacts, row)
    place = contact[JOURNEY]
    journey = row_of(world, AT.journeys, place)
    if journey[J_CONTACTS] > 1:
        _next(world, tick, phase, contact[CUSTOMER], place)
        return
    note(
        world,
        tick,
        phase,
        contact[CUSTOMER],
        journey[J_NUMBER],
        contact[ENTERED],
        contact[STARTED],
        contact[WRAP_UP],
        (contact[OUTCOME], contact[NEXT_STEP], journey[J_OUTCOME]),
        contact[CHANNEL],
        journey[J_NEED],
        contact[POOL],
        journey[J_SEGMENT],
    )
    free_contact(world, row)
    free_journey(world, place)


@inlined
def _next(world: World, tick: int, phase: int, customer: int, place: int) -> Whole:
    """Begin the note of an end: when, whose, and the row of the journey or -1."""
    scalars = whole1(world, AT.scalars)
    end: Whole = row_of(world, AT.ends, scalars[ENDS])
    scalars[ENDS] += 1
    end[E_KEY], end[E_WHO], end[E_PLACE] = tick * RANKS + phase, customer, place
    return end


@compiled
def write_ends(world: World, tick: int, batch: int) -> bool:
    """Write the journeys that ended before a tick, until a batch is full.

    Parameters
    ----------
    tick
        No journey may end before it that is not noted yet.
    batch
        Contacts that make a batch.

    Returns
    -------
    Whether all are written; if not, go on with the same tick once the batch is.
    """
    scalars = whole1(world, AT.scalars)
    if scalars[ENDS_DUE] == 0:
        _put_in_order(world, tick * RANKS)
    in_order = row_of(world, AT.ends_in_order, 0)
    at, due = scalars[ENDS_WRITTEN], scalars[ENDS_DUE]
    while at < due and scalars[CONTACTS_OUT] < batch:
        end = row_of(world, AT.ends, in_order[at])
        if end[E_PLACE] >= 0:
            emit(world, end[E_PLACE], row_of(world, AT.journeys, end[E_PLACE])[J_OUTCOME])
        else:
            _emit_short(world, end)
        at += 1
    scalars[ENDS_WRITTEN] = at
    if at < due:
        return False
    _forget(world, tick * RANKS)
    return True


@inlined
def _emit_short(world: World, end: Whole) -> None:
    """Write the rows of a journey with one contact."""
    scalars = whole1(world, AT.scalars)
    tick, codes = end[E_KEY] >> RANK_BITS, end[E_CODES]
    entered, started, wrap_up = end[E_ENTERED], end[E_STARTED], end[E_WRAP_UP]
    channel, need = (codes >> _CHANNEL_AT) & _BYTE, (codes >> _NEED_AT) & _BYTE
    pool, segment = ((codes >> _POOL_AT) & _TWO_BYTES) - 1, codes >> _SEGMENT_AT
    scored = int(entered >= whole1(world, AT.settings)[WARM_UP])
    wait = (tick if started < 0 else started) - entered
    talk = -1 if started < 0 else tick - started
    journey_outcome = (codes >> _JOURNEY_AT) & _FOUR_BITS
    resolved = int(journey_outcome == _RESOLVED)
    first_contact = scalars[CONTACTS_BEFORE] + scalars[CONTACTS_OUT]
    put_contact(
        world,
        end[E_WHO],
        end[E_NUMBER],
        0,
        segment,
        need,
        channel,
        pool,
        FRESH,
        entered,
        started,
        tick,
        wait,
        talk,
        wrap_up,
        codes & _FOUR_BITS,
        resolved,
        (codes >> _NEXT_STEP_AT) & _FOUR_BITS,
        -1,
        scored,
    )
    put_journey(
        world,
        end[E_WHO],
        end[E_NUMBER],
        segment,
        need,
        entered,
        tick,
        journey_outcome,
        1,
        first_contact,
        channel,
        channel,
        0,
        wait,
        talk + wrap_up if pool >= 0 else 0,
        scored,
    )


@compiled
def _put_in_order(world: World, limit: int) -> None:
    """Find the ends whose keys lie below a limit, and put them in order.

    All keys lie above the limit of the time before. Sorted by the first 22 bits of what they lie
    above it, digit by digit, hardly any is out of place.
    """
    scalars, digits = whole1(world, AT.scalars), whole2(world, AT.digits)
    ends, low = whole2(world, AT.ends), scalars[WRITTEN_UNTIL]
    one, other = row_of(world, AT.ends_in_order, 0), row_of(world, AT.ends_in_order, 1)
    shift = 0
    while (limit - low) >> shift >= _DIGITS * _DIGITS:
        shift += 1
    digits[:, :] = 0
    due = 0
    for row in range(scalars[ENDS]):
        key = ends[row, E_KEY]
        if key < limit:
            leading = (key - low) >> shift
            one[due] = (leading << _ROW_BITS) | row
            due += 1
            digits[0, leading & (_DIGITS - 1)] += 1
            digits[1, leading >> _DIGIT_BITS] += 1
    _by_digit(one[:due], other, digits[0], _ROW_BITS)
    _by_digit(other[:due], one, digits[1], _ROW_BITS + _DIGIT_BITS)
    for at in range(due):
        row = one[at] & _ROW
        place = at
        while place > 0 and _before(ends, row, one[place - 1]):
            one[place] = one[place - 1]
            place -= 1
        one[place] = row
    scalars[ENDS_DUE], scalars[ENDS_WRITTEN] = due, 0


@inlined
def _by_digit(given: Whole, sorted_: Whole, counts: Whole, bits: int) -> None:
    """Sort by one digit, of which `counts` says how often it occurs; ties stay as they are."""
    before = 0
    for value in range(counts.size):
        counts[value], before = before, before + counts[value]
    for at in range(given.size):
        digit = (given[at] >> bits) & (_DIGITS - 1)
        sorted_[np.uint64(counts[digit])] = given[at]
        counts[digit] += 1


@inlined
def _before(ends: Whole, one: int, other: int) -> bool:
    """Return whether an end comes before another: by tick, phase and customer."""
    if ends[one, E_KEY] != ends[other, E_KEY]:
        return bool(ends[one, E_KEY] < ends[other, E_KEY])
    return bool(ends[one, E_WHO] < ends[other, E_WHO])


@compiled
def _forget(world: World, limit: int) -> None:
    """Drop the ends that are written: those whose keys lie below a limit."""
    scalars, ends = whole1(world, AT.scalars), whole2(world, AT.ends)
    kept = 0
    for row in range(scalars[ENDS]):
        if ends[row, E_KEY] >= limit:
            ends[kept] = ends[row]
            kept += 1
    scalars[ENDS] = kept
    scalars[ENDS_DUE] = scalars[ENDS_WRITTEN] = 0
    scalars[WRITTEN_UNTIL] = limit
