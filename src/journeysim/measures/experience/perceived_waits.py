"""What waits feel like: longer than they are, and worse past what is acceptable."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import borrowing
from journeysim.measures.experience.elementary_functions import power
from journeysim.measures.experience.lookups import IN_LINE

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Codes = NDArray[np.unsignedinteger[Any]]
Bytes = NDArray[np.uint8]
_PER_MINUTE = 1.0 / 60_000_000.0


@borrowing
def perceive(wait: Whole, announced: Bytes, k: float, beta: float, perceived: Numbers) -> None:
    """Write perceived waits, minutes: k w^beta, and w^beta where the wait was announced.

    `announced` is 0 or 1, shape (0,) if no wait was.
    """
    if announced.shape[0]:
        for row in range(perceived.shape[0]):
            felt = power(wait[row] * _PER_MINUTE, beta)
            perceived[row] = felt if announced[row] else k * felt
    else:
        for row in range(perceived.shape[0]):
            perceived[row] = k * power(wait[row] * _PER_MINUTE, beta)


@borrowing
def excess(perceived: Numbers, channel: Codes, per_accept: Numbers, past: Numbers) -> None:
    """Write how far waits are past what is acceptable, in acceptable waits; below 0: early."""
    # A look-up would keep the other loop from running over several contacts.
    for row in range(perceived.shape[0]):
        past[row] = per_accept[channel[row]]
    for row in range(perceived.shape[0]):
        past[row] = perceived[row] * past[row] - 1.0


@borrowing
def value_waits(
    past: Numbers,
    announced: Bytes,
    warmth: Numbers,
    keys: NDArray[np.uint32],
    weights: tuple[float, float, float, float, float],
    places: NDArray[np.uint32],
    late: Numbers,
    valence: Numbers,
) -> None:
    """Write what wait and warmth are worth for the valence of contacts.

    -slope max(0, past)^curvature + early min(cap, max(0, -past)) + warmth; the slope is steeper
    where the wait was announced. Few waits are past what is acceptable: the power is taken of them
    alone. `places` and `late` are room for as many as there are contacts, and one more.
    """
    slope, curvature, early, cap, announced_slope = weights
    for row in range(valence.shape[0]):
        valence[row] = warmth[keys[row]]
    for row in range(valence.shape[0]):
        valence[row] += early * min(cap, max(0.0, -past[row]))
    count = np.uint64(0)
    for row in range(past.shape[0]):
        places[count] = row
        count += np.uint64(past[row] > 0.0)
    found = late[:count]
    for place in range(found.shape[0]):
        found[place] = past[places[place]]
    for place in range(found.shape[0]):
        found[place] = slope * power(found[place], curvature)
    if announced.shape[0]:
        for place in range(found.shape[0]):
            found[place] *= announced_slope if announced[places[place]] else 1.0
    for place in range(found.shape[0]):
        valence[places[place]] -= found[place]


@borrowing
def keep_in_line(signs: NDArray[np.uint16], perceived: Numbers) -> None:
    """Put 0 where people need not wait in line: nobody hangs on until a letter is answered."""
    for row in range(perceived.shape[0]):
        perceived[row] = perceived[row] if signs[row] & np.uint16(IN_LINE) else 0.0
