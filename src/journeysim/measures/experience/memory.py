"""What remains of the valence of contacts once the journey is over."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import borrowing
from journeysim.measures.experience.elementary_functions import normals

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]


class Memories(NamedTuple):
    """Per journey, shape (block,); NaN for a journey without contacts."""

    mean_valence: Numbers
    lowest_valence: Numbers
    valence_trend: Numbers


@borrowing
def remember(offsets: Whole, valence: Numbers, wait: Whole, handling: Whole, out: Memories) -> None:
    """Write mean, minimum and trend of each journey of a block.

    The mean weighs contacts by wait and handling, alike where there was neither; the trend is the
    slope of least squares per contact, NaN for a single one.
    """
    base = np.uint64(offsets[0])
    for journey in range(offsets.shape[0] - 1):
        start, end = np.uint64(offsets[journey]) - base, np.uint64(offsets[journey + 1]) - base
        size = np.int64(end - start)
        lowest, total, weighed, slope, lasted = math.inf, 0.0, 0.0, 0.0, 0.0
        middle = 0.5 * (size - 1)
        for row in range(start, end):
            v = valence[row]
            duration = float(max(wait[row], 0) + handling[row])
            total += v
            weighed += v * duration
            lasted += duration
            lowest = min(lowest, v)
            slope += (np.int64(row - start) - middle) * v
        if size == 0:
            out.mean_valence[journey] = math.nan
        else:
            out.mean_valence[journey] = weighed / lasted if lasted > 0.0 else total / size
        out.lowest_valence[journey] = lowest if size else math.nan
        squares = size * (size * size - 1.0) / 12.0
        out.valence_trend[journey] = slope / squares if size > 1 else math.nan


@borrowing
def recommendations(
    experience: Numbers,
    base: float,
    slope: float,
    spread: float,
    mean: Numbers,
    share: Numbers,
    likelihood: Numbers,
    promoter: Numbers,
    detractor: Numbers,
) -> None:
    """Write the expected answer of 0 to 10 and the probabilities of 9 or 10, and of 0 to 6.

    The answer is clip(round(base + slope R + noise), 0, 10) with normal noise of the given
    spread: the probability of j or more is that of the noise lifting it past j - 1/2.
    """
    size = experience.shape[0]
    for journey in range(size):
        mean[journey] = (base + slope * experience[journey]) / spread
        likelihood[journey] = 0.0
    # One answer after the other, for many journeys at a time.
    for answer in range(1, 11):
        for journey in range(size):
            detractor[journey] = mean[journey] - (answer - 0.5) / spread
        normals(detractor[:size], share[:size])
        for journey in range(size):
            likelihood[journey] += share[journey]
        if answer == 9:
            for journey in range(size):
                promoter[journey] = share[journey]
    for journey in range(size):
        share[journey] = 6.5 / spread - mean[journey]
    normals(share[:size], detractor[:size])


@borrowing
def churn_logits(
    experience: Numbers,
    effort: Numbers,
    abandoned: NDArray[np.int32],
    met: NDArray[np.int32],
    weights: tuple[float, float, float, float, float],
    out: Numbers,
) -> None:
    """Write b0 - b_R R + b_E E + b_A [abandoned] + b_U [unresolved]."""
    start, of_experience, of_effort, of_abandoned, of_unresolved = weights
    for journey in range(out.shape[0]):
        found = start - of_experience * experience[journey] + of_effort * effort[journey]
        found += of_abandoned * abandoned[journey]
        out[journey] = found + of_unresolved * (1.0 - met[journey])


@borrowing
def satisfactions(
    experience: Numbers,
    met: NDArray[np.int32],
    effort_share: Numbers,
    weights: tuple[float, float, float],
    out: Numbers,
) -> None:
    """Write satisfaction, 1 to 5: the middle is 3, all that can be good or bad moves it by 2."""
    of_emotion, of_outcome, of_effort = weights
    whole = of_emotion + of_outcome + of_effort
    for journey in range(out.shape[0]):
        found = of_emotion * experience[journey] + of_outcome * (2.0 * met[journey] - 1.0)
        found += of_effort * (1.0 - 2.0 * effort_share[journey])
        level = 3.0 + 2.0 * found / whole
        out[journey] = min(max(level, 1.0), 5.0) if level == level else level  # noqa: PLR0124
