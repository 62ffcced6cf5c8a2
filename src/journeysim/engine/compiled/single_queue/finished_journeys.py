"""Journeys that are over on the single-queue path, until their rows can be written.

Journeys are decided in order of their last entry, but written in order of their ends. So an end
is noted, and from time to time those that nothing can come before any more are put in order and
written. Of a journey with one contact, as most are, the note holds everything, and its rows are
free again at once; of others it holds the row.
"""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.event_heap import RANK_BITS, RANKS
from journeysim.engine.compiled.layout import FinishedJourney, WorldMemory
from journeysim.engine.compiled.output_rows import emit, put_contact, put_journey
from journeysim.engine.compiled.state_rows import free_contact, free_journey
from journeysim.engine.records import Records, table
from journeysim.engine.rules import FRESH
from journeysim.jit import compiled, inlined, number
from journeysim.scenario.flat.flat_model import Whole
from journeysim.tables.columns import JourneyOutcome

_RESOLVED = number(JourneyOutcome.RESOLVED)

#: Ends are put in order by two digits first.
_DIGIT_BITS = 11
_DIGITS = 1 << _DIGIT_BITS
_ROW_BITS = 40
_ROW = (1 << _ROW_BITS) - 1


def begin_ends(memory: WorldMemory, rows: int) -> None:
    """Make room for some ends."""
    memory.finished = table(FinishedJourney, rows)
    memory.finished_order = np.zeros((2, rows), np.int64)
    memory.digits = np.zeros((2, _DIGITS), np.int64)


def double_ends(memory: WorldMemory) -> None:
    """Make room for twice as many ends."""
    old = memory.finished
    begin_ends(memory, 2 * old.size)
    memory.finished[: old.size] = old


@inlined
def note(
    memory: WorldMemory,
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
    end = _next(memory, tick, phase, customer, -1)
    end.number, end.entered = journey, entered
    end.started, end.wrap_up = started, wrap_up
    end.outcome, end.next_step, end.journey_outcome = codes
    end.channel, end.need = channel, need
    end.pool, end.segment = pool, segment


@inlined
def note_row(memory: WorldMemory, row: int, tick: int, phase: int) -> None:
    """Note that a journey ended with the contact in a row; there must be room."""
    contact = memory.contacts[row]
    journey_row = contact.journey
    journey = memory.journeys[journey_row]
    if journey.contacts > 1:
        _next(memory, tick, phase, contact.customer, journey_row)
        return
    note(
        memory,
        tick,
        phase,
        contact.customer,
        journey.number,
        contact.entered,
        contact.started,
        contact.wrap_up,
        (contact.outcome, contact.next_step, journey.outcome),
        contact.channel,
        journey.need,
        contact.pool,
        journey.segment,
    )
    free_contact(memory, row)
    free_journey(memory, journey_row)


@inlined
def _next(
    memory: WorldMemory, tick: int, phase: int, customer: int, journey_row: int
) -> FinishedJourney:
    """Begin the note of an end: when, whose, and the row of the journey or -1."""
    run = memory.run
    end = memory.finished[run.finished]
    run.finished += 1
    end.key, end.customer, end.row = tick * RANKS + phase, customer, journey_row
    return end


@compiled
def write_ends(memory: WorldMemory, tick: int, batch: int) -> bool:
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
    run = memory.run
    if run.finished_due == 0:
        _put_in_order(memory, tick * RANKS)
    in_order = memory.finished_order[0]
    at, due = run.finished_written, run.finished_due
    while at < due and run.contacts_out < batch:
        end = memory.finished[in_order[at]]
        if end.row >= 0:
            emit(memory, end.row, memory.journeys[end.row].outcome)
        else:
            _emit_short(memory, end)
        at += 1
    run.finished_written = at
    if at < due:
        return False
    _forget(memory, tick * RANKS)
    return True


@inlined
def _emit_short(memory: WorldMemory, end: FinishedJourney) -> None:
    """Write the rows of a journey with one contact."""
    run = memory.run
    tick, entered, started, wrap_up = end.key >> RANK_BITS, end.entered, end.started, end.wrap_up
    scored = int(entered >= memory.model.warm_up)
    wait = (tick if started < 0 else started) - entered
    talk = -1 if started < 0 else tick - started
    resolved = int(end.journey_outcome == _RESOLVED)
    first_contact = run.contacts_before + run.contacts_out
    put_contact(
        memory,
        end.customer,
        end.number,
        0,
        end.segment,
        end.need,
        end.channel,
        end.pool,
        FRESH,
        entered,
        started,
        tick,
        wait,
        talk,
        wrap_up,
        end.outcome,
        resolved,
        end.next_step,
        -1,
        scored,
    )
    put_journey(
        memory,
        end.customer,
        end.number,
        end.segment,
        end.need,
        entered,
        tick,
        end.journey_outcome,
        1,
        first_contact,
        end.channel,
        end.channel,
        0,
        wait,
        talk + wrap_up if end.pool >= 0 else 0,
        scored,
    )


@compiled
def _put_in_order(memory: WorldMemory, limit: int) -> None:
    """Find the ends whose keys lie below a limit, and put them in order.

    All keys lie above the limit of the time before. Sorted by the first 22 bits of what they lie
    above it, digit by digit, hardly any is out of place.
    """
    run, digits = memory.run, memory.digits
    ends, low = memory.finished, run.written_until
    one, other = memory.finished_order[0], memory.finished_order[1]
    shift = 0
    while (limit - low) >> shift >= _DIGITS * _DIGITS:
        shift += 1
    digits[:, :] = 0
    due = 0
    for row in range(run.finished):
        key = ends[row].key
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
        while place > 0 and _ended_before(ends, row, one[place - 1]):
            one[place] = one[place - 1]
            place -= 1
        one[place] = row
    run.finished_due, run.finished_written = due, 0


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
def _ended_before(ends: Records[FinishedJourney], one: int, other: int) -> bool:
    """Return whether an end comes before another: by tick, phase and customer."""
    if ends[one].key != ends[other].key:
        return bool(ends[one].key < ends[other].key)
    return bool(ends[one].customer < ends[other].customer)


@compiled
def _forget(memory: WorldMemory, limit: int) -> None:
    """Drop the ends that are written: those whose keys lie below a limit."""
    run, ends = memory.run, memory.finished
    kept = 0
    for row in range(run.finished):
        if ends[row].key >= limit:
            ends[kept] = ends[row]
            kept += 1
    run.finished = kept
    run.finished_due = run.finished_written = 0
    run.written_until = limit
