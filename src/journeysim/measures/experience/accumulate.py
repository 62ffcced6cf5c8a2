"""Running through the contacts of a block: counts, costs, effort, peak and end.

Journeys are short and of any length, so a loop over the contacts of each would be mispredicted once
per journey. Loops here run over all contacts of a block. What a journey begins with is put in by
arithmetic, not by a branch, and what it has come to is written after each of its contacts, so that
what stands there in the end is that of the last. Sums start anew with every journey, so that they
do not depend on where blocks begin.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import borrowing
from journeysim.measures.experience.contact_columns import BlockCounts, Counted, Rows
from journeysim.measures.experience.elementary_functions import fused, power
from journeysim.measures.experience.lookups import ENDING, TALKED, TRANSFERRED, UNSERVED
from journeysim.measures.experience.pass_records import Extras, Outputs
from journeysim.measures.experience.prefetch import TIMES_OF_A_LINE, fetch_judged, fetch_times
from journeysim.measures.experience.valence import DEPTH, Prospect

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
#: Journeys that begin with a contact: hardly ever more than one.
Firsts = NDArray[np.uint16]
Signs = NDArray[np.uint16]
Packed = NDArray[np.uint64]

#: Bits of a field of packed counts, and contacts of a journey that surely fit into one.
FIELD = 9
LONGEST = (1 << FIELD) - 1
_MASK = np.uint64(LONGEST)
_ONE = np.uint64(1)
#: Places of the fields: channel changed, transferred, both, unserved in the same channel, talked
#: with an agent, need met, abandoned.
_MOVED, _BOTH, _RETRY, _TALKED, _MET, _GONE = (np.uint64(FIELD * place) for place in range(1, 7))
#: Places of bits in a sign: talked, unserved, transferred, abandoned, resolved, agents.
_SIGN_TALKED, _SIGN_UNSERVED, _SIGN_MOVED, _SIGN_GONE, _SIGN_MET, _SIGN_AGENTS = (
    np.uint64(place) for place in (2, 3, 4, 5, 7, 9)
)
#: Place of the sign of a number.
_SIGN = np.uint64(63)


@borrowing
def begin_journeys(offsets: Whole, contacts: Counted, firsts: Firsts) -> None:
    """Write how many contacts journeys have, and how many journeys begin with each contact."""
    base = offsets[0]
    for row in range(offsets[-1] - base + 1):
        firsts[row] = 0
    for journey in range(contacts.shape[0]):
        firsts[np.uint64(offsets[journey] - base)] += np.uint16(1)
    for journey in range(contacts.shape[0]):
        contacts[journey] = np.int32(offsets[journey + 1] - offsets[journey])


@borrowing
def take_signs(keys: NDArray[np.uint32], known: Signs, signs: Signs) -> None:
    """Write the sign of each contact of a block."""
    for row in range(keys.shape[0]):
        signs[row] = known[keys[row]]


@borrowing
def take_steps(
    channel: NDArray[np.unsignedinteger], firsts: Firsts, signs: Signs, steps: Packed
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
        later = np.uint64(firsts[row] == 0)
        before = np.uint64(signs[row - 1])
        changed = np.uint64(channel[row] != channel[row - 1]) & later
        moved = before >> _SIGN_MOVED & later
        retry = before >> _SIGN_UNSERVED & later & (changed ^ _ONE)
        steps[row] |= changed | moved << _MOVED | (changed & moved) << _BOTH | retry << _RETRY


@borrowing
def take_agents(signs: Signs, handling: Whole, by_agents: Whole) -> None:
    """Write the handling of each contact of a block where agents serve, else 0."""
    for row in range(signs.shape[0]):
        by_agents[row] = handling[row] & -np.int64(np.uint64(signs[row]) >> _SIGN_AGENTS & _ONE)


@borrowing
def walk_whole(
    firsts: Firsts, wait: Whole, handling: Whole, steps: Packed, counts: BlockCounts
) -> None:
    """Sum up waits, handling and packed counts of each journey."""
    waited, handled, counted = np.int64(0), np.int64(0), np.uint64(0)
    journey = np.int64(-1)
    for row in range(steps.shape[0]):
        begun = np.int64(firsts[row])
        later = np.int64(begun == 0)
        journey += begun
        waited = waited * later + max(wait[row], np.int64(0))
        handled = handled * later + handling[row]
        counted = counted * np.uint64(later) + steps[row]
        counts.total_wait[np.uint64(journey)] = waited
        counts.total_handling[np.uint64(journey)] = handled
        counts.counted[np.uint64(journey)] = counted


@borrowing
def walk_felt(
    firsts: Firsts,
    signs: Signs,
    channel: NDArray[np.unsignedinteger],
    cost: Numbers,
    perceived: Numbers,
    tree: Numbers,
    valence: Numbers,
    counts: BlockCounts,
    rows: Rows,
    extras: Extras,
    out: Outputs,
    places: tuple[int, int],
) -> None:
    """Sum up perceived minutes and costs of each journey, and find its peak and its end.

    To the valence is added what endings are worth, by their place in the tree of all endings of
    the journey so far. The peak is the valence furthest from 0, of equals the later. Sizes of
    numbers compare like the whole numbers that their bits are; the sign moves to the lowest bit.

    This is the longest of all loops over contacts, and reads little: meanwhile what is needed next
    comes from memory. `places` are the first journey of the block and the first row of the next.
    """
    at, ahead = places
    peaks = counts.peaks.view(np.uint64)
    minutes, costs, node = np.int64(0), np.int64(0), np.uint32(0)
    peak, journey = np.uint64(0), np.int64(-1)
    beyond = np.uint32(tree.shape[0] - 1)
    for row in range(valence.shape[0]):
        if row % TIMES_OF_A_LINE == 0:
            fetch_times(rows, ahead + row)
            fetch_judged(extras, out, int(at + journey))
        begun = np.int64(firsts[row])
        # All bits are kept within a journey, and none where one begins.
        later = -np.int64(begun == 0)
        journey += begun
        place = np.uint64(journey)
        minute = perceived[row] + np.int64(minutes & later).view(np.float64)
        spent = cost[channel[row]] + np.int64(costs & later).view(np.float64)
        minutes, costs = np.float64(minute).view(np.int64), np.float64(spent).view(np.int64)
        ending = np.uint32(signs[row] & np.uint16(ENDING))
        node = min((node & np.uint32(later)) * np.uint32(4) + ending + np.uint32(1), beyond)
        value = valence[row] + tree[node]
        valence[row] = value
        bits = np.float64(value).view(np.uint64)
        here = bits << _ONE | bits >> _SIGN
        peak &= np.uint64(later)
        peak = here if here | _ONE >= peak else peak
        counts.minutes[place] = minute
        counts.cost_to_serve[place] = spent
        counts.ends[place] = value
        peaks[place] = peak >> _ONE | peak << _SIGN


@borrowing
def deepen(
    offsets: Whole,
    signs: Signs,
    prospect: Prospect,
    longer: NDArray[np.uint32],
    places: NDArray[np.uint32],
    deltas: Numbers,
    valence: Numbers,
) -> None:
    """Add what endings are worth that are deeper in a journey than the tree.

    `places` and `deltas` are room for as many as there are contacts, `longer` for all journeys.
    """
    base, count, deep = offsets[0], np.uint64(0), np.uint64(0)
    kept = 1.0 - prospect.adaptation
    for journey in range(offsets.shape[0] - 1):
        longer[deep] = journey
        deep += np.uint64(offsets[journey + 1] - offsets[journey] > DEPTH)
    for each in range(deep):
        journey = longer[each]
        expected = prospect.expectation
        start, end = np.uint64(offsets[journey] - base), np.uint64(offsets[journey + 1] - base)
        for row in range(start, end):
            outcome = prospect.outcomes[signs[row] & np.uint16(ENDING)]
            places[count] = row
            deltas[count] = outcome - expected
            # x + adaptation (outcome - x), in one step from contact to contact.
            expected = fused(kept, expected, prospect.adaptation * outcome)
            count += np.uint64(row >= start + np.uint64(DEPTH))
    found = deltas[:count]
    for place in range(count):
        size = power(abs(found[place]), prospect.curvature)
        found[place] = size * (1.0 if found[place] >= 0.0 else -prospect.loss_aversion)
    for place in range(count):
        valence[places[place]] += prospect.weight * found[place]


@borrowing
def _unpack(packed: Packed, field: np.uint64, found: Counted) -> None:
    for journey in range(found.shape[0]):
        found[journey] = np.int32(packed[journey] >> field & _MASK)


@borrowing
def sum_up(counts: BlockCounts, weights: tuple[float, float]) -> None:
    """Write what the packed counts, the peaks and the ends of the journeys of a block say."""
    counted, contacts = counts.counted, counts.contacts
    switches, hops, transfers = counts.switches, counts.hops, counts.transfers
    _unpack(counted, np.uint64(0), switches)
    _unpack(counted, _MOVED, transfers)
    _unpack(counted, _BOTH, hops)
    _unpack(counted, _RETRY, counts.retries)
    _unpack(counted, _TALKED, counts.stories)
    for journey in range(contacts.shape[0]):
        # What still stands in `hops` are switches by transfer.
        further = max(contacts[journey] - np.int32(1), np.int32(0))
        both = hops[journey]
        counts.repeats[journey] = further - switches[journey] - transfers[journey] + both
    for journey in range(contacts.shape[0]):
        hops[journey] = switches[journey] - hops[journey]
    for journey in range(contacts.shape[0]):
        counts.stories[journey] = max(counts.stories[journey] - np.int32(1), np.int32(0))
    for journey in range(contacts.shape[0]):
        counts.met[journey] = np.int32(counted[journey] >> _MET & _MASK != 0)
    for journey in range(contacts.shape[0]):
        counts.abandoned[journey] = np.int32(counted[journey] >> _GONE & _MASK != 0)
    of_peak, of_end = weights
    for journey in range(contacts.shape[0]):
        counts.peak_end[journey] = of_peak * counts.peaks[journey] + of_end * counts.ends[journey]


@borrowing
def begin_empty(counts: BlockCounts) -> None:
    """Write 0, and NaN as the experience, for journeys without contacts, which nobody walks."""
    empty = 0
    for journey in range(counts.contacts.shape[0]):
        empty += counts.contacts[journey] == 0
    if empty == 0:
        return
    for journey in range(counts.contacts.shape[0]):
        if counts.contacts[journey] == 0:
            counts.total_wait[journey] = 0
            counts.total_handling[journey] = 0
            counts.counted[journey] = 0
            counts.minutes[journey] = 0.0
            counts.cost_to_serve[journey] = 0.0
            counts.peaks[journey] = math.nan
            counts.ends[journey] = math.nan


@borrowing
def recount_long(offsets: Whole, rows: Rows, signs: Signs, counts: BlockCounts) -> None:
    """Count anew the journeys of a block whose contacts do not fit into packed fields."""
    longest = np.int32(0)
    for journey in range(counts.contacts.shape[0]):
        longest = max(longest, counts.contacts[journey])
    if longest <= LONGEST:
        return
    base = offsets[0]
    for journey in range(offsets.shape[0] - 1):
        start, end = offsets[journey], offsets[journey + 1]
        if end - start <= LONGEST:
            continue
        switches, moves, both, retries, talks, met, gone = 0, 0, 0, 0, 0, False, False
        for row in range(start, end):
            sign = np.uint64(signs[row - base])
            if row > start:
                before = signs[row - base - 1]
                changed = rows.channel[row] != rows.channel[row - 1]
                moved = before & TRANSFERRED != 0
                switches += changed
                moves += moved
                both += changed and moved
                retries += (not changed) and before & UNSERVED != 0
            talks += sign & np.uint64(TALKED) != 0
            met = met or sign >> _SIGN_MET & _ONE != 0
            gone = gone or sign >> _SIGN_GONE & _ONE != 0
        counts.switches[journey] = switches
        counts.hops[journey] = switches - both
        counts.transfers[journey] = moves
        counts.repeats[journey] = end - start - 1 - switches - moves + both
        counts.retries[journey] = retries
        counts.stories[journey] = max(talks - 1, 0)
        counts.met[journey] = np.int32(met)
        counts.abandoned[journey] = np.int32(gone)
