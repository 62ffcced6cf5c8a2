"""The variance of an answer, divided into chance and inputs.

Parameters are drawn K times, and R replications made with each draw. With Y_kr the result of a
replication, Y_kr = mu + A_k + E_kr, where A_k is what the parameters of draw k do and E_kr is
chance. This is the random-effects model of the analysis of variance; with MS_between and MS_within
its mean squares, chance has the variance MS_within, and the inputs (MS_between - MS_within) / R
(Searle, Casella and McCulloch 1992, Variance Components, chapter 3; for simulations Ankenman and
Nelson 2012, "A quick assessment of input uncertainty", Proc. Winter Simulation Conference, and
Sun, Apley and Staum 2011, Operations Research 59(4):998-1007).

A ratio or quantile is estimated once per draw, with the jackknife variance of its replications.
With means that is MS_within / R exactly, so one estimator serves all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import student_quantile

Dominates = Literal["inputs", "chance"]


@dataclass(frozen=True, slots=True)
class TwoKinds:
    """An answer with both kinds of uncertainty; arrays of shape (groups,), NaN where unknown.

    Attributes
    ----------
    value
        Mean over the draws.
    chance_half_width
        Half the width of the interval that chance alone gives the mean of K x R replications.
    input_half_width
        Half the width of the band in which the expected answer lies as the inputs vary: the
        normal quantile times the standard deviation due to the inputs.
    total_half_width
        Of both together.
    input_variance
        Due to the inputs; 0 where chance explains all.
    chance_variance
        Of the mean of the R replications of one draw, due to chance.
    ratio_lower, ratio_upper
        Interval of the ratio of the input variance to the chance variance of the mean.
    """

    value: Numbers
    chance_half_width: Numbers
    input_half_width: Numbers
    total_half_width: Numbers
    input_variance: Numbers
    chance_variance: Numbers
    ratio_lower: Numbers
    ratio_upper: Numbers

    def dominates(self, group: int) -> Dominates | None:
        """Return which kind makes the answer more uncertain, by the estimates; None for neither."""
        inputs, chance = self.input_half_width[group], self.chance_half_width[group]
        if np.isnan(inputs + chance) or inputs == chance == 0.0:
            return None
        return "inputs" if inputs > chance else "chance"

    def sure(self, group: int) -> bool | None:
        """Return whether the interval of their ratio leaves no doubt which is the larger."""
        if self.dominates(group) is None:
            return None
        return bool(self.ratio_lower[group] > 1.0 or self.ratio_upper[group] < 1.0)


def two_kinds(
    estimates: Numbers, variances: Numbers, *, replications: int, level: float
) -> TwoKinds:
    """Part the variance of an answer.

    Parameters
    ----------
    estimates
        Of each draw, over its replications, shape (draws, groups).
    variances
        Of each of them, by chance alone, shape (draws, groups).
    replications
        Per draw, at least 2.
    """
    draws = len(estimates)
    inside = draws * (replications - 1)
    within = variances.mean(axis=0)
    between = estimates.var(axis=0, ddof=1)
    inputs = np.maximum(between - within, 0.0)
    normal = student_quantile(level, 10**9)
    chance = student_quantile(level, inside) * np.sqrt(within / draws)
    lower, upper = _ratio(between, within, draws=draws, inside=inside, level=level)
    return TwoKinds(
        value=estimates.mean(axis=0),
        chance_half_width=chance,
        input_half_width=normal * np.sqrt(inputs),
        total_half_width=np.hypot(chance, normal * np.sqrt(inputs)),
        input_variance=inputs,
        chance_variance=within,
        ratio_lower=lower,
        ratio_upper=upper,
    )


def _ratio(
    between: Numbers, within: Numbers, *, draws: int, inside: int, level: float
) -> tuple[Numbers, Numbers]:
    """Return the interval of input variance over the chance variance of the mean of all draws.

    (between / within) / (1 + ratio of a single draw) has the F distribution with K - 1 and
    K (R - 1) degrees of freedom; the mean of K draws has K times less chance in it.
    """
    from scipy.special import fdtri

    tail = (1.0 - level) / 2
    found = np.full(between.shape, np.nan)
    np.divide(between, within, out=found, where=within > 0)
    # No chance at all: whatever varies is the inputs' doing.
    found[(within == 0) & (between > 0)] = np.inf
    low = found / fdtri(draws - 1, inside, 1.0 - tail) - 1.0
    high = found / fdtri(draws - 1, inside, tail) - 1.0
    return draws * np.maximum(low, 0.0), draws * np.maximum(high, 0.0)
