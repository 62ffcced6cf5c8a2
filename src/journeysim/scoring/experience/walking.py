"""Running through the contacts of a block: counts, costs, effort, peak and end.

Journeys are short and of any length, so a loop over the contacts of each would be mispredicted once
per journey. Loops here run over all contacts of a block; what a journey begins with is put in by
arithmetic, not by a branch. Whole numbers are summed up from the beginning of the block, and the
sum of a journey is a difference; numbers start anew with every journey, so that they do not depend
on where blocks begin.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.scoring.experience.curves import power
from journeysim.scoring.experience.lookups import ENDING, TALKED, TRANSFERRED, UNSERVED, Lookups
from journeysim.scoring.experience.rows import Counts, Rows, Running
from journeysim.scoring.experience.valence import DEPTH, Prospect

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Signs = NDArray[np.uint8]

#: Bits of a field of packed counts, and contacts of a journey that surely fit into one.
FIELD = 9
LONGEST = (1 << FIELD) - 1
_MASK = np.uint64(LONGEST)
_ONE = np.uint64(1)
#: Places of the fields: channel changed, transferred, both, unserved in the same channel, talked
#: with an agent, need met, abandoned.
_MOVED, _BOTH, _RETRY, _TALKED, _MET, _GONE = (np.uint64(FIELD * place) for place in range(1, 7))
#: Places of bits in a sign: talked, unserved, transferred, abandoned, resolved.
_SIGN_TALKED, _SIGN_UNSERVED, _SIGN_MOVED, _SIGN_GONE, _SIGN_MET = (
    np.uint64(place) for place in (2, 3, 4, 5, 7)
)
_WITHOUT_SIGN = np.int64(0x7FFFFFFFFFFFFFFF)


@compiled
def take_signs(offsets: Whole, keys: NDArray[np.uint32], look: Lookups, run: Running) -> None:
    """Write the sign of each contact of a block, and 1 for the first contacts of journeys."""
    firsts, base = run.firsts, offsets[0]
    firsts[: keys.shape[0] + 1] = 0
    for journey in range(offsets.shape[0] - 1):
        firsts[offsets[journey] - base] = 1
    for row in range(keys.shape[0]):
        run.signs[row] = look.signs[keys[row]]


@compiled
def take_steps(
    channel: NDArray[np.unsignedinteger], firsts: Signs, signs: Signs, steps: NDArray[np.uint64]
) -> None:
    """Write what each contact of a block adds to the packed counts of its journey."""
    for row in range(channel.shape[0]):
        sign = np.uint64(signs[row])
        steps[row] = (
            (sign >> _SIGN_TALKED & _ONE) << _TALKED
            | (sign >> _SIGN_MET & _ONE) << _MET
            | (sign >> _SIGN_GONE & _ONE) << _GONE
        )
    for row in range(1, channel.shape[0]):
        later = np.uint64(firsts[row]) ^ _ONE
        before = np.uint64(signs[row - 1])
        changed = np.uint64(channel[row] != channel[row - 1]) & later
        moved = before >> _SIGN_MOVED & later
        retry = before >> _SIGN_UNSERVED & later & (changed ^ _ONE)
        steps[row] |= changed | moved << _MOVED | (changed & moved) << _BOTH | retry << _RETRY


@compiled
def take_handling(rows: Rows, look: Lookups, first: int, handling: Whole) -> None:
    """Write talk and wrap-up of each contact of a block where agents serve, else 0."""
    size = handling.shape[0]
    talk, wrap_up = rows.talk[first : first + size], rows.wrap_up
    channel = rows.channel[first : first + size]
    for row in range(size):
        handling[row] = max(talk[row], np.int64(0))
    if wrap_up.shape[0]:
        later = wrap_up[first : first + size]
        for row in range(size):
            handling[row] += max(later[row], np.int64(0))
    for row in range(size):
        handling[row] &= look.agents[channel[row]]


@compiled
def run_whole(wait: Whole, run: Running, size: int) -> None:
    """Sum up waits, handling and packed counts, from the beginning of the block."""
    waited, handled, counted = np.int64(0), np.int64(0), np.uint64(0)
    for row in range(size):
        waited += max(wait[row], np.int64(0))
        handled += run.handling[row]
        counted += run.steps[row]
        run.waited[row + 1] = waited
        run.handled[row + 1] = handled
        run.counted[row + 1] = counted


@compiled
def run_endings(firsts: Signs, signs: Signs, prospect: Prospect, valence: Numbers) -> None:
    """Add what endings are worth, by their place in the tree of all endings so far."""
    node = np.uint32(0)
    beyond = np.uint32(prospect.tree.shape[0] - 1)
    for row in range(valence.shape[0]):
        # Nothing of the node is left where a journey begins.
        node &= np.uint32(firsts[row]) - np.uint32(1)
        node = (node << np.uint32(2)) + np.uint32(signs[row] & np.uint8(ENDING)) + np.uint32(1)
        node = min(node, beyond)
        valence[row] += prospect.tree[node]


@compiled
def deepen(
    offsets: Whole,
    signs: Signs,
    prospect: Prospect,
    places: NDArray[np.uint32],
    deltas: Numbers,
    valence: Numbers,
) -> None:
    """Add what endings are worth that are deeper in a journey than the tree.

    `places` and `deltas` are room for as many as there are contacts.
    """
    base, count = offsets[0], 0
    for journey in range(offsets.shape[0] - 1):
        if offsets[journey + 1] - offsets[journey] <= DEPTH:
            continue
        expected = prospect.expectation
        for row in range(offsets[journey] - base, offsets[journey + 1] - base):
            delta = prospect.outcomes[signs[row] & np.uint8(ENDING)] - expected
            expected += prospect.adaptation * delta
            places[count] = row
            deltas[count] = delta
            count += row >= offsets[journey] - base + DEPTH
    found = deltas[:count]
    for place in range(count):
        size = power(abs(found[place]), prospect.curvature)
        found[place] = size * (1.0 if found[place] >= 0.0 else -prospect.loss_aversion)
    for place in range(count):
        valence[places[place]] += prospect.weight * found[place]


@compiled
def run_costs(
    channel: NDArray[np.unsignedinteger],
    firsts: Signs,
    cost: Numbers,
    perceived: Numbers,
    run: Running,
) -> None:
    """Sum up the cost of contacts and perceived minutes within each journey."""
    minutes, costs = 0.0, 0.0
    for row in range(channel.shape[0]):
        later = 1.0 - firsts[row]
        minutes = minutes * later + perceived[row]
        costs = costs * later + cost[channel[row]]
        run.minutes[row] = minutes
        run.costs[row] = costs


@compiled
def run_peaks(firsts: Signs, valence: Numbers, peaks: Numbers) -> None:
    """Write the valence furthest from 0 so far in each journey; of equals the later.

    Sizes of numbers compare like the whole numbers that their bits are without the sign.
    """
    bits, found = valence.view(np.int64), peaks.view(np.int64)
    peak, largest = np.int64(0), np.int64(0)
    for row in range(bits.shape[0]):
        here = bits[row]
        size = here & _WITHOUT_SIGN
        largest &= np.int64(firsts[row]) - np.int64(1)
        smaller = (size - largest) >> np.int64(63)
        peak = (peak & smaller) | (here & ~smaller)
        largest = (largest & smaller) | (size & ~smaller)
        found[row] = peak


@compiled
def sum_up(offsets: Whole, run: Running, out: Counts, at: int) -> None:
    """Write what each journey of a block came to, from place `at` on."""
    base = offsets[0]
    for journey in range(offsets.shape[0] - 1):
        place = np.uint64(at + journey)
        start, end = offsets[journey] - base, offsets[journey + 1] - base
        contacts = np.int32(end - start)
        packed = run.counted[end] - run.counted[start]
        changed = np.int32(packed & _MASK)
        moved = np.int32(packed >> _MOVED & _MASK)
        both = np.int32(packed >> _BOTH & _MASK)
        out.contacts[place] = contacts
        out.total_wait[place] = run.waited[end] - run.waited[start]
        out.total_handling[place] = run.handled[end] - run.handled[start]
        out.switches[place] = changed
        out.hops[place] = changed - both
        out.transfers[place] = moved
        out.repeats[place] = max(contacts - np.int32(1), np.int32(0)) - changed - moved + both
        out.retries[place] = np.int32(packed >> _RETRY & _MASK)
        talked = np.int32(packed >> _TALKED & _MASK)
        out.stories[place] = max(talked - np.int32(1), np.int32(0))
        out.met[place] = np.int32(packed >> _MET & _MASK != 0)
        out.abandoned[place] = np.int32(packed >> _GONE & _MASK != 0)


@compiled
def end_up(
    offsets: Whole,
    run: Running,
    valence: Numbers,
    weights: tuple[float, float],
    out: Counts,
    at: int,
) -> None:
    """Write cost, minutes, and peak and end of each journey of a block, from place `at` on."""
    of_peak, of_end = weights
    base = offsets[0]
    for journey in range(offsets.shape[0] - 1):
        # Before the first row stands nobody's, which an empty journey would read.
        last = max(offsets[journey + 1] - base, 1) - 1
        out.minutes[at + journey] = run.minutes[last]
        out.cost_to_serve[at + journey] = run.costs[last]
        out.peak_end[at + journey] = of_peak * run.peaks[last] + of_end * valence[last]
    for journey in range(offsets.shape[0] - 1):
        if offsets[journey + 1] == offsets[journey]:
            out.minutes[at + journey] = 0.0
            out.cost_to_serve[at + journey] = 0.0
            out.peak_end[at + journey] = math.nan


@compiled
def recount_long(offsets: Whole, rows: Rows, run: Running, counts: Counts, at: int) -> None:
    """Count anew the journeys of a block whose contacts do not fit into packed fields."""
    base = offsets[0]
    for journey in range(offsets.shape[0] - 1):
        start, end = offsets[journey], offsets[journey + 1]
        if end - start <= LONGEST:
            continue
        switches, moves, both, retries, talks, met, gone = 0, 0, 0, 0, 0, False, False
        for row in range(start, end):
            sign = np.uint64(run.signs[row - base])
            if row > start:
                before = run.signs[row - base - 1]
                changed = rows.channel[row] != rows.channel[row - 1]
                moved = before & TRANSFERRED != 0
                switches += changed
                moves += moved
                both += changed and moved
                retries += (not changed) and before & UNSERVED != 0
            talks += sign & np.uint64(TALKED) != 0
            met = met or sign >> _SIGN_MET & _ONE != 0
            gone = gone or sign >> _SIGN_GONE & _ONE != 0
        counts.switches[at + journey] = switches
        counts.hops[at + journey] = switches - both
        counts.transfers[at + journey] = moves
        counts.repeats[at + journey] = end - start - 1 - switches - moves + both
        counts.retries[at + journey] = retries
        counts.stories[at + journey] = max(talks - 1, 0)
        counts.met[at + journey] = np.int32(met)
        counts.abandoned[at + journey] = np.int32(gone)
