"""Summaries over journeys: means, quantiles and shares by group, and the net promoter score."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
#: Breakdowns by name, and the columns of the scores that they go by.
DIMENSIONS = {"segment": "segment", "need": "need", "channel": "first_channel"}
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
#: Made of two measures, with the standard error of a survey of as many customers.
NPS = "net_promoter_score"


class NetPromoterScore(NamedTuple):
    """From -100 to 100, with its standard error."""

    score: float
    error: float


def net_promoter_score(promoter: Numbers, detractor: Numbers) -> NetPromoterScore:
    """Return the score of customers who answer so with these probabilities.

    100 (p - d), and the error 100 sqrt((p + d - (p - d)^2) / n) of one answer of each.
    """
    known = ~np.isnan(promoter)
    customers = int(known.sum())
    if customers == 0:
        return NetPromoterScore(np.nan, np.nan)
    p, d = float(promoter[known].mean()), float(detractor[known].mean())
    spread = max(p + d - (p - d) ** 2, 0.0)
    return NetPromoterScore(100.0 * (p - d), 100.0 * float(np.sqrt(spread / customers)))
