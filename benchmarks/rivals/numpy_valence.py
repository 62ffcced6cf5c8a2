"""How good or bad each contact was, for whole columns at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .weight_tables import Formulas, Numbers

#: Contacts of a journey up to which powers of what is kept of an expectation stay exact enough.
_DEEPEST = 60


def valences(
    f: Formulas,
    starts: NDArray[np.int64],
    position: NDArray[np.int64],
    worth: Numbers,
    past: Numbers,
    announced: NDArray[np.bool_],
) -> Numbers:
    """Return the valence of outcomes and waits of each contact.

    Parameters
    ----------
    position
        Of each contact in its journey, from 0.
    worth
        Of its outcome.
    past
        How far the wait is past what is acceptable, in acceptable waits.
    """
    delta = worth - _expected(f, starts, position, worth)
    value = np.abs(delta) ** f["valence.curvature"]
    value *= np.where(delta >= 0.0, 1.0, -f["valence.loss_aversion"])
    slope = f["wait.slope"] * np.where(announced, f["wait.announced_slope"], 1.0)
    late = slope * np.maximum(past, 0.0) ** f["valence.curvature"]
    early = f["wait.early_slope"] * np.minimum(f["wait.early_cap"], np.maximum(-past, 0.0))
    found: Numbers = f["valence.resolution"] * value + f["valence.speed"] * (early - late)
    return found


def _expected(
    f: Formulas, starts: NDArray[np.int64], position: NDArray[np.int64], worth: Numbers
) -> Numbers:
    """Return what is expected of each contact.

    x <- x + g (outcome - x) is, written out, x_k = q^k (x_0 + g sum of outcome_i q^-(i + 1) over
    i < k) with q = 1 - g: a running sum, if no journey is long.
    """
    deepest = int(position.max())
    if deepest > _DEEPEST:
        return _expected_stepwise(f, starts, position, worth)
    power = f.kept ** np.arange(-1.0 - deepest, deepest + 1.0)
    scaled = worth * power[deepest - position]
    before = np.cumsum(scaled) - scaled
    before -= np.repeat(before[starts], np.diff(np.append(starts, len(worth))))
    gathered = f["valence.expectation"] + f["valence.adaptation"] * before
    found: Numbers = power[deepest + 1 + position] * gathered
    return found


def _expected_stepwise(
    f: Formulas, starts: NDArray[np.int64], position: NDArray[np.int64], worth: Numbers
) -> Numbers:
    """Return the same, one place of all journeys after the other."""
    expected = np.full(len(worth), f["valence.expectation"])
    for place in range(1, int(position.max()) + 1):
        rows = np.flatnonzero(position == place)
        before = expected[rows - 1]
        expected[rows] = before + f["valence.adaptation"] * (worth[rows - 1] - before)
    return expected
