"""How good or bad each contact was for the customer, and the anger carried between contacts."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import borrowing
from journeysim.measures.experience.contact_columns import Rows
from journeysim.measures.experience.elementary_functions import exponential, power
from journeysim.measures.experience.lookups import (
    ENDING,
    ENDINGS,
    FAILED,
    HUMANISED,
    TALKED,
    UNMET,
    Lookups,
)
from journeysim.measures.experience.weights import Weights

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
#: Contacts of which every sequence of endings has its place in the tree.
DEPTH = 8


class Prospect(NamedTuple):
    """What turns endings into valence.

    `outcomes` has the outcome of each ending; `tree` the weighed value of a contact by all
    endings so far: the root is 0, and ending e below node n is node 4 n + e + 1. Behind the last
    node stands a 0 for whatever is deeper.
    """

    outcomes: Numbers
    loss_aversion: float
    curvature: float
    adaptation: float
    expectation: float
    weight: float
    tree: Numbers


class Anger(NamedTuple):
    """Weights of anger; `tau` in ticks, or 0 without decay."""

    tau: float
    wait: float
    hop: float
    repeat_story: float
    unresolved: float


@borrowing
def value_of(delta: float, loss_aversion: float, curvature: float) -> float:
    """Return the value of an outcome that differs from what was expected by delta."""
    if delta >= 0.0:
        return power(delta, curvature)
    return -loss_aversion * power(-delta, curvature)


@borrowing
def grow_tree(prospect: Prospect, expected: Numbers) -> None:
    """Fill the tree of values; `expected` is as large, and holds expectations below each node."""
    expected[0] = prospect.expectation
    for node in range(1, expected.shape[0] - 1):
        above = expected[(node - 1) // 4]
        outcome = prospect.outcomes[(node - 1) % 4]
        value = value_of(outcome - above, prospect.loss_aversion, prospect.curvature)
        prospect.tree[node] = prospect.weight * value
        expected[node] = above + prospect.adaptation * (outcome - above)


@lru_cache(maxsize=32)
def prospect_of(weights: Weights) -> Prospect:
    """Return the tree for some weights."""
    return _prospect(
        tuple(weights[f"outcome.{ending}"] for ending in ENDINGS),
        weights["valence.loss_aversion"],
        weights["valence.curvature"],
        weights["valence.adaptation"],
        weights["valence.expectation"],
        weights["valence.resolution"],
    )


@lru_cache(maxsize=8)
def _prospect(outcomes: tuple[float, ...], *weights: float) -> Prospect:
    tree = np.zeros((4 ** (DEPTH + 1) - 1) // 3 + 1)
    loss_aversion, curvature, adaptation, expectation, weight = weights
    made = Prospect(
        outcomes=np.array(outcomes),
        loss_aversion=loss_aversion,
        curvature=curvature,
        adaptation=adaptation,
        expectation=expectation,
        weight=weight,
        tree=tree,
    )
    grow_tree(made, np.zeros_like(tree))
    return made


@borrowing
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
    """Write the anger that each contact of a block begins with, and that each journey ends with.

    a <- clip(a e^(-t / tau) + wait max(0, past) + hop + repeated story + unresolved - soothing).
    """
    base = np.uint64(offsets[0])
    decays = weights.tau > 0.0 and rows.entered.shape[0] > 0
    for journey in range(offsets.shape[0] - 1):
        start, end = np.uint64(offsets[journey]), np.uint64(offsets[journey + 1])
        anger = 0.0
        all_signs = np.uint16(0)
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
            if sign & all_signs & np.uint16(TALKED):
                anger += weights.repeat_story
            ending = sign & np.uint16(ENDING)
            if ending in (UNMET, FAILED):
                anger += weights.unresolved
            anger = min(max(anger - look.soothing[key], 0.0), 1.0)
            all_signs |= sign
        left[journey] = anger


@borrowing
def take_anger(
    signs: NDArray[np.uint16], brought: Numbers, weight: float, valence: Numbers
) -> None:
    """Take anger from the valence of contacts with a humanised bot."""
    for row in range(valence.shape[0]):
        if signs[row] & np.uint16(HUMANISED):
            valence[row] -= weight * brought[row]
