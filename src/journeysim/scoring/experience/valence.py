"""How good or bad each contact was for the customer, and the anger carried between contacts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.scoring.experience.counting import Rows
from journeysim.scoring.experience.curves import exponential, power
from journeysim.scoring.experience.lookups import (
    ENDING,
    FAILED,
    HUMANISED,
    TALKED,
    UNMET,
    Lookups,
)
from journeysim.scoring.experience.weights import Weights

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
#: Contacts of which every sequence of endings has its place in the tree.
DEPTH = 6


class Prospect(NamedTuple):
    """What turns endings into valence.

    `outcomes` has the outcome of each ending; `tree` the value of a contact by all endings so far:
    the root is 0, and ending e below node n is node 4 n + e + 1.
    """

    outcomes: Numbers
    loss_aversion: float
    curvature: float
    adaptation: float
    expectation: float
    tree: Numbers


class Anger(NamedTuple):
    """Weights of anger; `tau` in ticks, or 0 without decay."""

    tau: float
    wait: float
    hop: float
    repeat_story: float
    unresolved: float


@compiled
def value_of(delta: float, loss_aversion: float, curvature: float) -> float:
    """Return the value of an outcome that differs from what was expected by delta."""
    if delta >= 0.0:
        return power(delta, curvature)
    return -loss_aversion * power(-delta, curvature)


@compiled
def grow_tree(prospect: Prospect, expected: Numbers) -> None:
    """Fill the tree of values; `expected` is as large, and holds expectations below each node."""
    expected[0] = prospect.expectation
    for node in range(1, expected.shape[0]):
        above = expected[(node - 1) // 4]
        outcome = prospect.outcomes[(node - 1) % 4]
        prospect.tree[node] = value_of(
            outcome - above, prospect.loss_aversion, prospect.curvature
        )
        expected[node] = above + prospect.adaptation * (outcome - above)


def prospect_of(weights: Weights) -> Prospect:
    """Return the tree for some weights."""
    outcomes = [weights[f"outcome.{ending}"] for ending in ("met", "open", "unmet", "failed")]
    made = Prospect(
        outcomes=np.array(outcomes),
        loss_aversion=weights["valence.loss_aversion"],
        curvature=weights["valence.curvature"],
        adaptation=weights["valence.adaptation"],
        expectation=weights["valence.expectation"],
        tree=np.zeros((4 ** (DEPTH + 1) - 1) // 3),
    )
    grow_tree(made, np.zeros_like(made.tree))
    return made


@compiled
def value_block(
    offsets: Whole,
    keys: NDArray[np.uint32],
    look: Lookups,
    prospect: Prospect,
    resolution: float,
    valence: Numbers,
) -> None:
    """Write the valence of the endings and the warmth of the contacts of a block."""
    base = np.uint64(offsets[0])
    four, one = np.uint32(4), np.uint32(1)
    for journey in range(offsets.shape[0] - 1):
        start = np.uint64(offsets[journey]) - base
        end = np.uint64(offsets[journey + 1]) - base
        node = np.uint32(0)
        shallow = min(end, start + np.uint64(DEPTH))
        for row in range(start, shallow):
            key = keys[row]
            node = node * four + np.uint32(look.signs[key] & np.uint8(ENDING)) + one
            valence[row] = resolution * prospect.tree[node] + look.warmth[key]
        if end > shallow:
            _value_rest(start, shallow, end, keys, look, prospect, resolution, valence)


@compiled
def _value_rest(
    start: int,
    shallow: int,
    end: int,
    keys: NDArray[np.uint32],
    look: Lookups,
    prospect: Prospect,
    resolution: float,
    valence: Numbers,
) -> None:
    """Go on where a journey is deeper than the tree."""
    expected = prospect.expectation
    for row in range(start, end):
        key = keys[row]
        delta = prospect.outcomes[look.signs[key] & np.uint8(ENDING)] - expected
        expected += prospect.adaptation * delta
        if row >= shallow:
            value = value_of(delta, prospect.loss_aversion, prospect.curvature)
            valence[row] = resolution * value + look.warmth[key]


@compiled
def anger_block(
    offsets: Whole,
    rows: Rows,
    keys: NDArray[np.uint32],
    look: Lookups,
    past: Numbers,
    weights: Anger,
    brought: Numbers,
    left: Numbers,
) -> None:
    """Write the anger that each contact begins with, and that each journey ends with.

    a <- clip(a e^(-t / tau) + wait max(0, past) + hop + repeated story + unresolved - soothing).
    """
    base = np.uint64(offsets[0])
    decays = weights.tau > 0.0 and rows.entered.shape[0] > 0
    for journey in range(offsets.shape[0] - 1):
        start, end = np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])
        anger = 0.0
        all_signs = np.uint8(0)
        for row in range(start, end):
            place = row - base
            key = keys[place]
            sign = look.signs[key]
            if row > start and anger > 0.0 and decays:
                gap = rows.entered[row] - rows.entered[row - np.uint64(1)]
                anger *= exponential(-max(gap, 0) / weights.tau)
            brought[place] = anger
            anger += weights.wait * max(0.0, past[place])
            if row > start and rows.channel[row] != rows.channel[row - np.uint64(1)]:
                anger += weights.hop
            if sign & all_signs & np.uint8(TALKED):
                anger += weights.repeat_story
            ending = sign & np.uint8(ENDING)
            if ending in (UNMET, FAILED):
                anger += weights.unresolved
            anger = min(max(anger - look.soothing[key], 0.0), 1.0)
            all_signs |= sign
        left[journey] = anger


@compiled
def take_anger(
    keys: NDArray[np.uint32], look: Lookups, brought: Numbers, weight: float, valence: Numbers
) -> None:
    """Take anger from the valence of contacts with a humanised bot."""
    for row in range(valence.shape[0]):
        if look.signs[keys[row]] & np.uint8(HUMANISED):
            valence[row] -= weight * brought[row]
