"""The one loop over the contacts of each journey: counts, costs, effort, peak and end."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.scoring.experience.lookups import (
    ABANDONED,
    ENDING,
    RESOLVED,
    TALKED,
    TRANSFERRED,
    UNSERVED,
    Lookups,
)
from journeysim.scoring.experience.rows import Counts, Rows
from journeysim.scoring.experience.valence import DEPTH, Prospect, value_of

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Keys = NDArray[np.uint32]

#: Bits of a field of packed counts, and contacts of a journey that surely fit into one.
FIELD = 12
LONGEST = (1 << FIELD) - 1
_MASK = np.uint64(LONGEST)


def _steps() -> NDArray[np.uint64]:
    """Return what a contact adds to the packed counts.

    By bits: 1 for another channel than before, 2 for an unserved contact before, 4 for a transfer
    before. Fields: changed; transferred; changed by a transfer; unserved in the same channel.
    """
    found = []
    for bits in range(8):
        changed, unserved, moved = bits & 1, bits >> 1 & 1, bits >> 2 & 1
        fields = (changed, moved, changed & moved, unserved & (1 - changed))
        found.append(sum(field << FIELD * place for place, field in enumerate(fields)))
    return np.array(found, dtype=np.uint64)


STEPS = _steps()


@compiled
def walk_block(
    offsets: Whole,
    rows: Rows,
    keys: Keys,
    look: Lookups,
    prospect: Prospect,
    weights: tuple[float, float],
    perceived: Numbers,
    valence: Numbers,
    out: Counts,
) -> None:
    """Go through the contacts of a block.

    Everything is added up without a branch, for what a contact is like cannot be foretold.

    Parameters
    ----------
    offsets
        Of the block, shape (journeys + 1,).
    keys, perceived, valence
        Of its contacts, from row ``offsets[0]`` on. `valence` has what wait and warmth are worth,
        and gets what the ending is worth on top.
    weights
        Of the peak and of the end.
    """
    of_peak, of_end = weights
    base = np.uint64(offsets[0])
    for journey in range(offsets.shape[0] - 1):
        start, end = np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])
        if end - start > np.uint64(DEPTH):
            deepen(start - base, end - base, keys, look, prospect, valence)
        wait, handling, cost, minutes = np.int64(0), np.int64(0), 0.0, 0.0
        before, all_signs, packed = np.uint32(0), np.uint32(0), np.uint64(0)
        node, largest, peak, last = np.uint32(0), 0.0, 0.0, math.nan
        shallow = start + np.uint64(DEPTH)
        channel_before = np.uint32(rows.channel[start]) if end > start else np.uint32(0)
        for row in range(start, end):
            place = row - base
            key = keys[place]
            sign = np.uint32(look.signs[key])
            channel = np.uint32(rows.channel[row])
            wait += max(rows.wait[row], np.int64(0))
            handling += max(rows.handling[row], np.int64(0)) & look.agents[channel]
            cost += look.cost[channel]
            minutes += perceived[place]
            step = (before >> np.uint32(2)) & np.uint32(6) | np.uint32(channel != channel_before)
            packed += STEPS[step]
            story = np.uint64((sign & all_signs & np.uint32(TALKED)) >> np.uint32(2))
            packed += story << np.uint64(48)
            node = node * np.uint32(4) + (sign & np.uint32(ENDING)) + np.uint32(1)
            node = node if row < shallow else np.uint32(0)
            last = valence[place] + prospect.tree[node]
            valence[place] = last
            peak = last if abs(last) >= largest else peak
            largest = max(largest, abs(last))
            all_signs |= sign
            before, channel_before = sign, channel
        out.contacts[journey] = end - start
        out.total_wait[journey] = wait
        out.total_handling[journey] = handling
        out.steps[journey] = packed
        out.signs[journey] = all_signs
        out.minutes[journey] = minutes
        out.cost_to_serve[journey] = cost
        out.peak_end[journey] = of_peak * peak + of_end * last


@compiled
def deepen(
    start: np.uint64,
    end: np.uint64,
    keys: Keys,
    look: Lookups,
    prospect: Prospect,
    valence: Numbers,
) -> None:
    """Add what endings are worth that are deeper in a journey than the tree of values."""
    shallow = start + np.uint64(DEPTH)
    expected = prospect.expectation
    for row in range(start, end):
        delta = prospect.outcomes[look.signs[keys[row]] & np.uint8(ENDING)] - expected
        expected += prospect.adaptation * delta
        if row >= shallow:
            value = value_of(delta, prospect.loss_aversion, prospect.curvature)
            valence[row] += prospect.weight * value


@compiled
def unpack_steps(counts: Counts, size: int) -> None:
    """Write the counts of a block from packed fields and from the signs of all contacts."""
    field = np.uint64(FIELD)
    for journey in range(size):
        packed = counts.steps[journey]
        changed = np.int32(packed & _MASK)
        moved = np.int32(packed >> field & _MASK)
        both = np.int32(packed >> np.uint64(2) * field & _MASK)
        counts.switches[journey] = changed
        counts.hops[journey] = changed - both
        counts.transfers[journey] = moved
        later = max(counts.contacts[journey] - np.int32(1), np.int32(0))
        counts.repeats[journey] = later - changed - moved + both
        counts.retries[journey] = np.int32(packed >> np.uint64(3) * field & _MASK)
        counts.stories[journey] = np.int32(packed >> np.uint64(4) * field)
        signs = counts.signs[journey]
        counts.met[journey] = np.int32(signs & np.uint32(RESOLVED) != 0)
        counts.abandoned[journey] = np.int32(signs & np.uint32(ABANDONED) != 0)


@compiled
def recount_long(offsets: Whole, rows: Rows, keys: Keys, look: Lookups, counts: Counts) -> None:
    """Count anew the journeys of a block whose contacts do not fit into packed fields."""
    base = offsets[0]
    for journey in range(offsets.shape[0] - 1):
        start, end = offsets[journey], offsets[journey + 1]
        if end - start <= LONGEST:
            continue
        switches, moves, both, retries, stories = 0, 0, 0, 0, 0
        talked = False
        for row in range(start, end):
            sign = look.signs[keys[row - base]]
            if row > start:
                before = look.signs[keys[row - base - 1]]
                changed = rows.channel[row] != rows.channel[row - 1]
                moved = before & TRANSFERRED != 0
                switches += changed
                moves += moved
                both += changed and moved
                retries += (not changed) and before & UNSERVED != 0
            stories += talked and sign & TALKED != 0
            talked = talked or sign & TALKED != 0
        counts.switches[journey] = switches
        counts.hops[journey] = switches - both
        counts.transfers[journey] = moves
        counts.repeats[journey] = end - start - 1 - switches - moves + both
        counts.retries[journey] = retries
        counts.stories[journey] = stories
