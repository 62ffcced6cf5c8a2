"""Whether something has become slower, beyond what times differ by anyway.

Times of turns are compared by the rank-sum test of Mann and Whitney, whose p is exact for few turns
without ties, with Holm's correction where several things are compared at once. The ratio is that of
Hodges and Lehmann: the median of all ratios of a time now to a time then; its interval goes with
the same test.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Chance of calling anything slower among all that are compared, if nothing is.
ALARM: Final = 0.05
#: Growth that nobody needs to hear of.
TOLERANCE: Final = 0.05
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesCompared:
    """Times now beside times then.

    Attributes
    ----------
    name
        What was timed.
    ratio, lower, upper
        Time now to time then, with a 95 % interval; the interval is the widest possible if there
        are too few turns for one.
    p
        Chance of times at least as unfavourable if it took at most the tolerated time, after
        Holm's correction.
    turns_before, turns_now
        How many times were compared.
    slower
        Whether p is at most the chance of a false alarm.
    """

    name: str
    ratio: float
    lower: float
    upper: float
    p: float
    turns_before: int
    turns_now: int
    slower: bool = False


def compared(
    name: str, before: Sequence[float], now: Sequence[float], *, tolerance: float = TOLERANCE
) -> TimesCompared:
    """Compare times of turns; `slower` is decided by `decided`, when all comparisons are known."""
    from scipy.stats import mannwhitneyu

    then, today = np.log(before), np.log(now)
    ratios = np.sort((today[:, None] - then[None, :]).ravel())
    shift = math.log1p(tolerance)
    p = float(mannwhitneyu(today - shift, then, alternative="greater").pvalue)
    left_out = _outside(len(before), len(now))
    lower, upper = -math.inf, math.inf
    if left_out is not None:
        lower, upper = ratios[left_out], ratios[-1 - left_out]
    return TimesCompared(
        name=name,
        ratio=math.exp(np.median(ratios)),
        lower=math.exp(lower),
        upper=math.exp(upper),
        p=p,
        turns_before=len(before),
        turns_now=len(now),
    )


def decided(comparisons: Sequence[TimesCompared], *, alarm: float = ALARM) -> list[TimesCompared]:
    """Return comparisons with p by Holm's correction, and whether each is slower."""
    rising = sorted(range(len(comparisons)), key=lambda place: comparisons[place].p)
    found, adjusted = list(comparisons), 0.0
    for rank, place in enumerate(rising):
        adjusted = max(adjusted, min(1.0, comparisons[place].p * (len(rising) - rank)))
        found[place] = replace(comparisons[place], p=adjusted, slower=adjusted <= alarm)
    return found


def can_tell(before: int, now: int, comparisons: int, *, alarm: float = ALARM) -> bool:
    """Return whether so many turns could ever call one of so many comparisons slower."""
    return comparisons <= alarm * math.comb(before + now, now)


def _outside(before: int, now: int) -> int | None:
    """Return how many ratios lie outside the interval on each side; None if one has no end."""
    share = rank_sum_shares(before, now)
    below = int(np.searchsorted(np.cumsum(share), (1 - LEVEL) / 2, side="right"))
    return below - 1 if below > 0 else None


def rank_sum_shares(before: int, now: int) -> NDArray[np.float64]:
    """Return the chance of each rank sum, less its least, if nothing has changed.

    By the recursion of Mann and Whitney (1947): either the largest of all is one of those now,
    and is above all `before` of the others, or it is not.
    """
    ways = np.zeros((now + 1, before * now + 1))
    ways[:, 0] = 1.0
    for others in range(1, before + 1):
        for rank in range(1, now + 1):
            ways[rank, others:] += ways[rank - 1, : before * now + 1 - others]
    return np.asarray(ways[now] / ways[now].sum())
