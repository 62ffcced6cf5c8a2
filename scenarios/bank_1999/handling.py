"""Service times, as a share of short ones and a lognormal for the whole ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import kstest, lognorm

from scenarios.bank_1999.bootstrap import Estimate, ratio
from scenarios.bank_1999.log import SHORT, is_cut

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Service times of a need: a share of short ones, and a lognormal for the whole ones.

    `cut` is the share of services that were cut off.
    `distance` is Kolmogorov-Smirnov to this mixture,
    `distance_lognormal` to one lognormal of the same mean and cv.
    """

    talk: Estimate
    short: float
    cut: float
    whole_mean: float
    whole_cv: float
    served: int
    distance: float
    distance_lognormal: float


def lognormal(mean: float, cv: float) -> rv_frozen:
    """Return the lognormal with this mean and coefficient of variation."""
    return lognorm(np.sqrt(np.log1p(cv**2)), scale=mean / np.sqrt(1 + cv**2))


def estimate_handling(requests: pd.DataFrame) -> Handling:
    """Estimate handling from all services; those of SHORT seconds or less did use an agent."""
    served = requests[~requests["abandoned"]]
    seconds = served["service_s"].to_numpy(dtype=float)
    codes, days = served["day"].cat.codes, len(served["day"].cat.categories)
    whole = seconds[seconds > SHORT]
    short, cv = float((seconds <= SHORT).mean()), float(whole.std(ddof=1) / whole.mean())
    body = lognormal(whole.mean(), cv)
    one = lognormal(seconds.mean(), seconds.std(ddof=1) / seconds.mean())

    def mixture(times: np.ndarray) -> np.ndarray:
        return short * np.clip(times / SHORT, 0, 1) + (1 - short) * body.cdf(times)

    return Handling(
        talk=ratio(np.bincount(codes, seconds, days), np.bincount(codes, minlength=days)),
        short=short,
        cut=float(is_cut(served).mean()),
        whole_mean=float(whole.mean()),
        whole_cv=cv,
        served=len(served),
        distance=float(kstest(seconds, mixture).statistic),
        distance_lognormal=float(kstest(seconds, one.cdf).statistic),
    )
