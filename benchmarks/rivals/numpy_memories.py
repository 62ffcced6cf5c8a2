"""Measures beyond the nine, for whole columns at a time; anger one place after the other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from journeysim.units import MINUTE

from .table_pieces import Piece
from .weight_tables import FAILED, UNMET, Formulas, Numbers

REMEMBERED: Final = (
    "mean_valence",
    "lowest_valence",
    "valence_trend",
    "likelihood_to_recommend",
    "promoter",
    "detractor",
)
CARRIED: Final = ("anger", "lost_for_good")
_NEED_UNMET: Final = [*FAILED, *UNMET]


def remembered(
    f: Formulas,
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    position: NDArray[np.int64],
    valence: Numbers,
    lasted: NDArray[np.int64],
    peak_end: Numbers,
) -> dict[str, Numbers]:
    """Return what remains of valence beside peak and end."""
    weighed, time = np.add.reduceat(valence * lasted, starts), np.add.reduceat(lasted, starts)
    plain = np.add.reduceat(valence, starts) / counts
    from_middle = position - np.repeat((counts - 1) / 2, counts)
    slope = np.add.reduceat(from_middle * valence, starts)
    mean = f["recommend.base"] + f["recommend.slope"] * peak_end
    spread = f["recommend.spread"]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "mean_valence": np.where(time > 0, weighed / time, plain),
            "lowest_valence": np.minimum.reduceat(valence, starts),
            "valence_trend": np.where(
                counts > 1, slope / (counts * (counts * counts - 1.0) / 12), np.nan
            ),
            "likelihood_to_recommend": np.sum(
                [ndtr((mean - (answer - 0.5)) / spread) for answer in range(1, 11)], axis=0
            ),
            "promoter": ndtr((mean - 8.5) / spread),
            "detractor": ndtr((6.5 - mean) / spread),
        }


def carried(
    piece: Piece,
    f: Formulas,
    position: NDArray[np.int64],
    changed: NDArray[np.bool_],
    past: Numbers,
) -> dict[str, NDArray[Any]]:
    """Return the anger at the end: what is added and taken away is known before, the limits not."""
    channel, outcome = piece.array("channel"), piece.array("outcome")
    starts, counts = piece.offsets[:-1], np.diff(piece.offsets)
    talked = f.agent[channel] & f.served[outcome]
    told = np.cumsum(talked)
    told -= np.repeat(told[starts] - talked[starts], counts)
    unmet = ~piece.array("resolved") & np.isin(outcome, _NEED_UNMET)
    warm = np.where(f.agent[channel], f["warmth.human"], f["warmth.machine"])
    added = (
        f["anger.wait"] * np.maximum(past, 0.0)
        + f["anger.hop"] * changed
        + f["anger.repeat_story"] * (talked & (told > 1))
        + f["anger.unresolved"] * unmet
    ) - f["anger.warmth"] * warm * f.served[outcome]
    entered = piece.array("entered")
    gap = np.maximum(np.diff(entered, prepend=entered[0]), 0)
    left = np.exp(-gap / (f["anger.tau"] * MINUTE))
    # Longest first: the journeys that have a contact at a place are then the first ones.
    order = np.argsort(-counts, kind="stable")
    rows, reaching = starts[order], np.bincount(counts)[::-1].cumsum()[::-1]
    anger = np.zeros(len(counts))
    for place in range(int(position.max()) + 1):
        active = rows[: reaching[place + 1]] + place
        anger[: len(active)] = np.clip(
            anger[: len(active)] * left[active] + added[active], 0.0, 1.0
        )
    found = np.empty_like(anger)
    found[order] = anger
    logit = f["lost.base"] + f["lost.anger"] * found
    return {"anger": found, "lost_for_good": 1.0 / (1.0 + np.exp(-logit))}
