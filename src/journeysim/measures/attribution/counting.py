"""One pass over the contacts of journeys: whole numbers from which every credit follows.

Whole numbers add up the same in any order, so neither threads nor blocks can change a credit.
Each function stands alone: machine code on disk is renewed by the file it comes from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled

#: Rows of contacts, shape (journeys,). Unsigned, so that no index is looked at for its sign.
Rows = NDArray[np.uint64]
#: Codes of touchpoints, shape (contacts,).
Touched = NDArray[np.unsignedinteger[Any]]
#: 1 where a journey met its goal, 0 where not, more where it does not count; shape (journeys,).
Goals = NDArray[np.uint8]
Counted = NDArray[np.int64]


@compiled
def count_journeys(
    begins: Rows,
    ends: Rows,
    touched: Touched,
    goals: Goals,
    bits: NDArray[np.uint64],
    *,
    steps: Counted,
    contacts: Counted,
    sets: Counted,
) -> None:
    """Add journeys to counts of steps, of contacts by length, and of sets of touchpoints.

    Parameters
    ----------
    begins, ends
        First row of each journey in `touched`, and the row behind its last.
    bits
        Bit of each touchpoint in a set, shape (touchpoints,); all 0 where sets are not counted.
    steps
        Added to: by goal, from (0 the start, else touchpoint + 1), to (touchpoint, or the end),
        shape (2, touchpoints + 1, touchpoints + 1).
    contacts
        Added to: contacts of journeys that met their goal, by length of the journey, shape
        (longest + 1, touchpoints). Longer journeys are left out here.
    sets
        Added to: journeys by goal and set of touchpoints, shape (2, 2 ** touchpoints).
    """
    end = steps.shape[2] - 1
    longest = np.uint64(contacts.shape[0] - 1)
    for journey in range(len(goals)):
        goal = goals[journey]
        begin, behind = begins[journey], ends[journey]
        if goal > 1 or begin == behind:
            continue
        taken = steps[goal]
        length = behind - begin
        counted = np.int64(goal) if length <= longest else np.int64(0)
        shared = contacts[min(length, longest)]
        before = 0
        present = np.uint64(0)
        for row in range(begin, behind):
            here = touched[row]
            taken[before, here] += 1
            shared[here] += counted
            present |= bits[here]
            before = here + 1
        taken[before, end] += 1
        sets[goal, present] += 1


@compiled
def count_distinct(
    begins: Rows, ends: Rows, touched: Touched, goals: Goals, *, distinct: Counted
) -> None:
    """Add journeys that met their goal, by how many touchpoints they had and by which.

    Parameters
    ----------
    distinct
        Added to: by number of different touchpoints, and touchpoint, shape (touchpoints + 1,
        touchpoints).
    """
    seen_in = np.full(distinct.shape[1], -1, np.int64)
    seen = np.empty(distinct.shape[1], np.int64)
    for journey in range(len(goals)):
        if goals[journey] != 1:
            continue
        found = 0
        for row in range(begins[journey], ends[journey]):
            here = touched[row]
            if seen_in[here] != journey:
                seen_in[here] = journey
                seen[found] = here
                found += 1
        for place in range(found):
            distinct[found, seen[place]] += 1


@compiled
def count_tuples(
    begins: Rows, ends: Rows, touched: Touched, goals: Goals, *, shift: int, flow: Counted
) -> None:
    """Add journeys to counts of steps out of the last few touchpoints.

    A state is a number with one digit per touchpoint remembered, the latest last; a digit is
    touchpoint + 1, or 0 before the start, in base touchpoints + 1.

    Parameters
    ----------
    shift
        Base to the power of one touchpoint less than are remembered.
    flow
        Added to: by state, and to (touchpoint, then the end without and with the goal), shape
        (base ** remembered, touchpoints + 2).
    """
    base = flow.shape[1] - 1
    end = base - 1
    for journey in range(len(goals)):
        goal = goals[journey]
        if goal > 1 or begins[journey] == ends[journey]:
            continue
        remembered = 0
        for row in range(begins[journey], ends[journey]):
            here = np.int64(touched[row])
            flow[remembered, here] += 1
            remembered = (remembered % shift) * base + here + 1
        flow[remembered, end + goal] += 1
