"""The columns of contacts as kernels read them, their keys, and sums over them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import borrowing
from journeysim.measures.experience.flags import Bytes, Flags, Times, add_times, take_flags
from journeysim.measures.experience.lookups import Lookups

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Codes = NDArray[np.unsignedinteger[Any]]
Counted = NDArray[np.int32]


class Rows(NamedTuple):
    """Columns of contacts that the pass reads; those that may be lacking then have shape (0,).

    Times are ticks, negative where missing; `talk` is all of the handling where there is no
    `wrap_up`; `trouble` is effort by steps and obstacles of policy.
    """

    channel: Codes
    outcome: Codes
    resolved: Flags
    wait: Whole
    talk: Times
    wrap_up: Times
    pool: Codes
    announced: Times
    entered: Whole
    trouble: Numbers


class BlockCounts(NamedTuple):
    """Of the journeys of a block, shape (block,).

    `counted` is as packed by `take_steps`; `hops` are switches that the customer made; `minutes`
    of perceived wait; `peaks` and `ends` are valences; `met` and `abandoned` are 0 or 1.
    """

    contacts: Counted
    total_wait: Whole
    total_handling: Whole
    counted: NDArray[np.uint64]
    switches: Counted
    retries: Counted
    repeats: Counted
    hops: Counted
    transfers: Counted
    stories: Counted
    met: Counted
    abandoned: Counted
    minutes: Numbers
    effort: Numbers
    cost_to_serve: Numbers
    peaks: Numbers
    ends: Numbers
    peak_end: Numbers


@borrowing
def take_keys(
    rows: Rows, look: Lookups, first: int, flags: Bytes, keys: NDArray[np.uint32]
) -> None:
    """Write the key of each contact of a block, from row `first` on."""
    size = keys.shape[0]
    channel = rows.channel[first : first + size]
    outcome = rows.outcome[first : first + size]
    outcomes = np.uint32(look.outcomes)
    for row in range(size):
        key = np.uint32(channel[row]) * outcomes + np.uint32(outcome[row])
        keys[row] = key << np.uint32(1)
    if rows.resolved.held.shape[0] or rows.resolved.bits.shape[0]:
        take_flags(rows.resolved, first, size, flags)
        for row in range(size):
            keys[row] |= np.uint32(flags[row])


@borrowing
def take_handling(rows: Rows, first: int, flags: Bytes, handling: Whole) -> None:
    """Write talk and wrap-up of each contact of a block, whoever serves."""
    for row in range(handling.shape[0]):
        handling[row] = 0
    add_times(rows.talk, first, flags, handling)
    if rows.wrap_up.ticks.shape[0]:
        add_times(rows.wrap_up, first, flags, handling)


@borrowing
def add_time_costs(
    offsets: Whole, rows: Rows, handling: Whole, rates: Numbers, costs: Numbers
) -> None:
    """Add the cost of handling by the pools that handled, per tick, to each journey of a block."""
    base = np.uint64(offsets[0])
    for journey in range(offsets.shape[0] - 1):
        cost = 0.0
        for row in range(np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])):
            cost += rates[rows.pool[row]] * handling[row - base]
        costs[journey] += cost


@borrowing
def weigh_efforts(counts: BlockCounts, weights: tuple[float, float, float, float, float]) -> None:
    """Write effort from what was counted and perceived."""
    repeat, hop, transfer, story, minute = weights
    effort = counts.effort
    for journey in range(effort.shape[0]):
        found = repeat * counts.repeats[journey] + hop * counts.hops[journey]
        found += transfer * counts.transfers[journey] + story * counts.stories[journey]
        effort[journey] = found + minute * counts.minutes[journey]


@borrowing
def add_sums(offsets: Whole, amounts: Numbers, sums: Numbers) -> None:
    """Add the amounts of its contacts to each journey."""
    for journey in range(offsets.shape[0] - 1):
        total = 0.0
        for row in range(np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])):
            total += amounts[row]
        sums[journey] += total
