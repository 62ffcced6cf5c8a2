"""The columns of contacts as kernels read them, their keys, and sums over them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.scoring.experience.lookups import Lookups

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Codes = NDArray[np.unsignedinteger[Any]]


class Rows(NamedTuple):
    """Columns of contacts that the pass reads; those that may be lacking then have shape (0,).

    `resolved` is 0 or 1; times are ticks, negative where missing; `talk` is all of the handling
    where there is no `wrap_up`; `trouble` is effort by steps and obstacles of policy.
    """

    channel: Codes
    outcome: Codes
    resolved: NDArray[np.uint8]
    wait: Whole
    talk: Whole
    wrap_up: Whole
    pool: Codes
    announced: Whole
    entered: Whole
    trouble: Numbers


class Counts(NamedTuple):
    """Per journey, shape (block,).

    `hops` are switches that the customer made; `minutes` of perceived wait; `met` and `abandoned`
    are 0 or 1.
    """

    contacts: NDArray[np.int32]
    total_wait: Whole
    total_handling: Whole
    switches: NDArray[np.int32]
    retries: NDArray[np.int32]
    repeats: NDArray[np.int32]
    hops: NDArray[np.int32]
    transfers: NDArray[np.int32]
    stories: NDArray[np.int32]
    minutes: Numbers
    effort: Numbers
    cost_to_serve: Numbers
    peak_end: Numbers
    met: NDArray[np.int32]
    abandoned: NDArray[np.int32]


class Running(NamedTuple):
    """Of the contacts of a block: what is known of each, and sums so far, shape (contacts,).

    `waited`, `handled` and `counted` are sums from the beginning of the block, with a 0 before the
    first contact; `minutes`, `costs` and `peaks` are those of the journey so far. `firsts` has one
    place more.
    """

    firsts: NDArray[np.uint8]
    signs: NDArray[np.uint8]
    steps: NDArray[np.uint64]
    handling: Whole
    waited: Whole
    handled: Whole
    counted: NDArray[np.uint64]
    minutes: Numbers
    costs: Numbers
    peaks: Numbers


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
def add_time_costs(offsets: Whole, rows: Rows, rates: Numbers, costs: Numbers) -> None:
    """Add the cost of handling by the pools that handled, per tick, to each journey."""
    has_wrap_up = rows.wrap_up.shape[0] > 0
    for journey in range(offsets.shape[0] - 1):
        cost = 0.0
        for row in range(np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])):
            handling = max(rows.talk[row], np.int64(0))
            if has_wrap_up:
                handling += max(rows.wrap_up[row], np.int64(0))
            cost += rates[rows.pool[row]] * handling
        costs[journey] += cost


@compiled
def weigh_efforts(counts: Counts, weights: tuple[float, float, float, float, float]) -> None:
    """Write effort from what was counted and perceived."""
    repeat, hop, transfer, story, minute = weights
    for journey in range(counts.effort.shape[0]):
        effort = repeat * counts.repeats[journey] + hop * counts.hops[journey]
        effort += transfer * counts.transfers[journey] + story * counts.stories[journey]
        counts.effort[journey] = effort + minute * counts.minutes[journey]


@compiled
def add_sums(offsets: Whole, amounts: Numbers, sums: Numbers) -> None:
    """Add the amounts of its contacts to each journey."""
    for journey in range(offsets.shape[0] - 1):
        total = 0.0
        for row in range(np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])):
            total += amounts[row]
        sums[journey] += total
