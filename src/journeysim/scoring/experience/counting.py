"""What can be counted while going once through the contacts of each journey."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.scoring.experience.lookups import (
    ABANDONED,
    ENDING,
    MET,
    TALKED,
    TRANSFERRED,
    UNSERVED,
    Lookups,
)

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Codes = NDArray[np.unsignedinteger[Any]]


class Rows(NamedTuple):
    """Columns of contacts that the pass reads; those that may be lacking then have shape (0,).

    `resolved` is 0 or 1; times are ticks; `trouble` is effort by steps and obstacles of policy.
    """

    channel: Codes
    outcome: Codes
    resolved: NDArray[np.uint8]
    wait: Whole
    handling: Whole
    pool: Codes
    announced: Whole
    entered: Whole
    trouble: Numbers


class Counts(NamedTuple):
    """Per journey, shape (block,)."""

    contacts: NDArray[np.int32]
    total_wait: Whole
    total_handling: Whole
    switches: NDArray[np.int32]
    retries: NDArray[np.int32]
    effort: Numbers
    cost_to_serve: Numbers
    met: NDArray[np.uint8]
    abandoned: NDArray[np.uint8]


@compiled
def take_keys(rows: Rows, look: Lookups, first: int, keys: NDArray[np.uint32]) -> None:
    """Write the key of each contact of a block, from row `first` on."""
    size = keys.shape[0]
    channel = rows.channel[first : first + size]
    outcome = rows.outcome[first : first + size]
    outcomes = np.uint32(look.outcomes)
    if rows.resolved.shape[0]:
        resolved = rows.resolved[first : first + size]
        for row in range(size):
            key = np.uint32(channel[row]) * outcomes + np.uint32(outcome[row])
            keys[row] = (key << np.uint32(1)) + np.uint32(resolved[row])
    else:
        for row in range(size):
            key = np.uint32(channel[row]) * outcomes + np.uint32(outcome[row])
            keys[row] = key << np.uint32(1)


@compiled
def count_block(
    offsets: Whole,
    rows: Rows,
    keys: NDArray[np.uint32],
    look: Lookups,
    efforts: tuple[float, float, float, float],
    out: Counts,
) -> None:
    """Count the journeys of a block.

    Parameters
    ----------
    offsets
        Of the block, shape (journeys + 1,).
    keys
        Of its contacts, from row ``offsets[0]`` on.
    efforts
        Effort of a repeat, a switch, a transfer, and of telling an agent again.
    """
    repeat, switch, transfer, again = efforts
    base = np.uint64(offsets[0])
    talked, moves = np.uint8(TALKED), np.uint8(TRANSFERRED)
    for journey in range(offsets.shape[0] - 1):
        start, end = np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])
        wait, handling, cost = np.int64(0), np.int64(0), 0.0
        switches, hops, retries, repeats, transfers, stories = 0, 0, 0, 0, 0, 0
        before, all_signs, met = np.uint8(0), np.uint8(0), False
        channel_before = np.uint32(0)
        for row in range(start, end):
            channel = np.uint32(rows.channel[row])
            sign = look.signs[keys[row - base]]
            wait += max(rows.wait[row], np.int64(0))
            handling += max(rows.handling[row], np.int64(0))
            cost += look.cost[channel]
            moved = before & moves != 0
            changed = row > start and channel != channel_before
            again_here = row > start and channel == channel_before
            switches += changed
            hops += changed and not moved
            transfers += moved
            repeats += again_here and not moved
            retries += again_here and before & np.uint8(UNSERVED) != 0
            stories += sign & all_signs & talked != 0
            met |= sign & np.uint8(ENDING) == MET
            all_signs |= sign
            before = sign
            channel_before = channel
        out.contacts[journey] = np.int32(end - start)
        out.total_wait[journey] = wait
        out.total_handling[journey] = handling
        out.switches[journey] = switches
        out.retries[journey] = retries
        out.effort[journey] = repeat * repeats + switch * hops + transfer * transfers
        out.effort[journey] += again * stories
        out.cost_to_serve[journey] = cost
        out.met[journey] = met
        out.abandoned[journey] = all_signs & np.uint8(ABANDONED) != 0


@compiled
def add_time_costs(
    offsets: Whole, pool: Codes, handling: Whole, rates: Numbers, costs: Numbers
) -> None:
    """Add the cost of handling by the pools that handled, per tick, to each journey."""
    for journey in range(offsets.shape[0] - 1):
        cost = 0.0
        for row in range(np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])):
            cost += rates[pool[row]] * handling[row]
        costs[journey] += cost


@compiled
def add_sums(offsets: Whole, amounts: Numbers, base: int, factor: float, sums: Numbers) -> None:
    """Add the amounts of its contacts, times a factor, to each journey; row `base` is first."""
    for journey in range(offsets.shape[0] - 1):
        total = 0.0
        for row in range(
            np.uint64(offsets[journey] - base), np.uint64(offsets[journey + 1] - base)
        ):
            total += amounts[row]
        sums[journey] += factor * total
