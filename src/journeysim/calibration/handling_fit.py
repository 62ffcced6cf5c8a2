"""Handling times: a formula where one fits, the log's own quantiles where none does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import digamma, polygamma

from journeysim.calibration.bootstrap import Estimate, ratio
from journeysim.calibration.scenario_values import in_seconds

Times = NDArray[np.float64]
#: The largest distance between the distribution functions at which a formula is taken. With many
#: contacts every formula can be told from the truth; this is how far off matters.
CLOSE: Final = 0.02
FAMILIES: Final = ("exponential", "gamma", "weibull", "lognormal")
#: Likelihoods are read from this many equally likely times, whatever the size of the log.
_SAMPLE: Final = 4000
_SHARES: Final = (
    *(0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08),
    *(round(0.1 + 0.05 * step, 2) for step in range(17)),
    *(0.925, 0.95, 0.965, 0.975, 0.985, 0.99, 0.995, 0.998, 1.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedHandling:
    """Handling of a need in a channel.

    Attributes
    ----------
    law
        The distribution, as a scenario writes it.
    family
        Its kind; ``quantiles`` where no formula is close.
    distance
        By family: Kolmogorov-Smirnov distance from the log.
    likelihood
        By family: log likelihood per contact, of times in seconds.
    mean
        Mean, seconds.
    short
        Share of ten seconds or less.
    """

    law: dict[str, object]
    family: str
    distance: dict[str, float]
    likelihood: dict[str, float]
    mean: Estimate
    short: float


def fit_handling(times: Times, days: NDArray[np.int64], rows: int) -> FittedHandling:
    """Fit handling times.

    Parameters
    ----------
    times
        Seconds, shape (contacts,); at least one.
    days
        Row of the day of each contact.
    rows
        How many days there are.
    """
    ordered = np.sort(times)
    sums = np.bincount(days, times, minlength=rows).astype(float)
    mean = ratio(sums, np.bincount(days, minlength=rows).astype(float), len(times))
    short = float((times <= 10).mean())
    if ordered[0] == ordered[-1]:
        law: dict[str, object] = {"distribution": "deterministic"}
        law["value"] = in_seconds(float(ordered[0]))
        return FittedHandling(
            law=law, family="constant", distance={}, likelihood={}, mean=mean, short=short
        )
    # Zeros have no logarithm; half of the clock's second stands for them.
    positive = np.maximum(ordered, 0.5)
    places = (np.arange(min(_SAMPLE, len(ordered))) + 0.5) / min(_SAMPLE, len(ordered))
    sample = positive[(places * len(positive)).astype(int)]
    distance, likelihood = {}, {}
    laws = {}
    for family in FAMILIES:
        frozen, law = _fit_family(family, sample, float(positive.mean()))
        laws[family] = law
        above = np.arange(1, len(sample) + 1) / len(sample)
        expected = frozen.cdf(sample)
        gaps = np.maximum(np.abs(above - expected), np.abs(above - 1 / len(sample) - expected))
        distance[family] = float(gaps.max())
        likelihood[family] = float(frozen.logpdf(sample).mean())
    best = max(FAMILIES, key=lambda name: likelihood[name])
    # A small sample cannot refute a formula that is this close to it.
    allowed = max(CLOSE, 1.36 / np.sqrt(len(times)))
    is_formula = distance[best] <= allowed
    quantiles: dict[str, object] = {"distribution": "empirical", "quantiles": quantiles_of(ordered)}
    return FittedHandling(
        law=laws[best] if is_formula else quantiles,
        family=best if is_formula else "quantiles",
        distance=distance,
        likelihood=likelihood,
        mean=mean,
        short=short,
    )


def quantiles_of(ordered: Times) -> list[list[object]]:
    """Return pairs of probability and time that keep the mean of the sorted times.

    Between two quantiles a scenario draws evenly, so the longest times would be drawn too long;
    the last point gives way until the mean is right.
    """
    shares = np.array([share for share in _SHARES if share in (0.0, 1.0) or len(ordered) > 50])
    places = np.minimum((shares * len(ordered)).astype(int), len(ordered) - 1)
    times = ordered[places].astype(float)
    times[1:-1] = ordered[places[1:-1]]
    widths = np.diff(shares)
    drawn = float(widths @ (times[1:] + times[:-1]) / 2)
    excess = drawn - float(ordered.mean())
    times[-1] = max(times[-1] - 2 * excess / widths[-1], times[-2])
    return [
        [float(share), in_seconds(float(time))] for share, time in zip(shares, times, strict=True)
    ]


def _fit_family(family: str, sample: Times, mean: float) -> tuple[Any, dict[str, object]]:
    """Return a distribution of maximum likelihood and how a scenario writes it."""
    logs = np.log(sample)
    if family == "exponential":
        law: dict[str, object] = {"distribution": "exponential", "mean": in_seconds(mean)}
        return stats.expon(scale=mean), law
    if family == "lognormal":
        median, sigma = float(np.exp(logs.mean())), max(float(logs.std()), 1e-6)
        law = {"distribution": "lognormal", "median": in_seconds(median), "sigma": round(sigma, 4)}
        return stats.lognorm(sigma, scale=median), law
    if family == "gamma":
        shape = _gamma_shape(float(np.log(sample.mean()) - logs.mean()))
        scale = float(sample.mean() / shape)
        law = {"distribution": "gamma", "shape": round(shape, 4), "scale": in_seconds(scale)}
        return stats.gamma(shape, scale=scale), law
    shape = _weibull_shape(sample, logs)
    # Over the longest, so that a large power cannot overflow.
    longest = float(sample[-1])
    scale = longest * float(((sample / longest) ** shape).mean() ** (1 / shape))
    law = {"distribution": "weibull", "shape": round(shape, 4), "scale": in_seconds(scale)}
    return stats.weibull_min(shape, scale=scale), law


def _gamma_shape(gap: float) -> float:
    """Return the shape whose log mean exceeds its mean log by `gap`, by Newton's method."""
    gap = max(gap, 1e-9)
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    for _ in range(20):
        slope = 1 / shape - float(polygamma(1, shape))
        shape -= (np.log(shape) - float(digamma(shape)) - gap) / slope
    return float(min(max(shape, 1e-3), 1e6))


def _weibull_shape(sample: Times, logs: Times) -> float:
    """Return the shape of maximum likelihood, by Newton's method on its one equation."""
    spread = max(float(logs.std()), 1e-6)
    shape = 1.28 / spread
    scaled = logs - logs.mean()
    for _ in range(50):
        weights = np.exp(shape * scaled)
        first, second = weights @ scaled / weights.sum(), weights @ scaled**2 / weights.sum()
        step = (first - 1 / shape) / (second - first**2 + 1 / shape**2)
        shape = max(shape - step, shape / 3)
    return float(min(shape, 1e3))
