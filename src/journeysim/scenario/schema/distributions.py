"""Distributions of durations, as a scenario writes them.

All draw non-negative durations; times are ticks here, shapes are pure numbers.
"""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from journeysim.scenario.schema.fields import Duration, Part, Positive, Share


class Deterministic(Part):
    """Always the same value."""

    distribution: Literal["deterministic"] = "deterministic"
    value: Duration


class Exponential(Part):
    """Memoryless, known by its mean."""

    distribution: Literal["exponential"]
    mean: Duration


class Uniform(Part):
    """Equally likely between `low` and `high`."""

    distribution: Literal["uniform"]
    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low must not exceed high")
        return self


class Triangular(Part):
    """Rises from `low` to `mode`, falls to `high`: a guess by three numbers."""

    distribution: Literal["triangular"]
    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError("low, mode and high must rise")
        return self


class Lognormal(Part):
    """Known by `mean` and `cv` (standard deviation / mean), or `median` and `sigma` of the log."""

    distribution: Literal["lognormal"]
    mean: Duration | None = None
    cv: Positive | None = None
    median: Duration | None = None
    sigma: Positive | None = None

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        pairs = (self.mean, self.cv), (self.median, self.sigma)
        if [None not in pair for pair in pairs].count(True) != 1 or sum(
            value is not None for pair in pairs for value in pair
        ) != 2:
            raise ValueError("give either mean and cv, or median and sigma")
        return self

    def log_parameters(self) -> tuple[float, float]:
        """Return mean and standard deviation of the logarithm (of ticks)."""
        if self.mean is not None and self.cv is not None:
            variance = math.log1p(self.cv**2)
            return _log(self.mean) - variance / 2, math.sqrt(variance)
        assert self.median is not None
        assert self.sigma is not None
        return _log(self.median), self.sigma


class Weibull(Part):
    """Known by `shape` and either `scale` or `mean`; a shape below 1 has a high early hazard."""

    distribution: Literal["weibull"]
    shape: Positive
    scale: Duration | None = None
    mean: Duration | None = None

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.scale is None) == (self.mean is None):
            raise ValueError("give either scale or mean")
        return self

    def scale_ticks(self) -> float:
        """Return the scale, ticks."""
        if self.scale is not None:
            return float(self.scale)
        assert self.mean is not None
        return self.mean / math.gamma(1 + 1 / self.shape)


class Gamma(Part):
    """Known by `mean` and `cv`, or by `shape` and `scale`."""

    distribution: Literal["gamma"]
    mean: Duration | None = None
    cv: Positive | None = None
    shape: Positive | None = None
    scale: Duration | None = None

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        first = self.mean is not None and self.cv is not None
        second = self.shape is not None and self.scale is not None
        given = sum(value is not None for value in (self.mean, self.cv, self.shape, self.scale))
        if first == second or given != 2:
            raise ValueError("give either mean and cv, or shape and scale")
        return self

    def parameters(self) -> tuple[float, float]:
        """Return shape and scale (ticks)."""
        if self.mean is not None and self.cv is not None:
            shape = 1.0 / self.cv**2
            return shape, self.mean / shape
        assert self.shape is not None
        assert self.scale is not None
        return self.shape, float(self.scale)


class Erlang(Part):
    """The sum of `stages` equal exponential stages; `mean` is that of the sum."""

    distribution: Literal["erlang"]
    stages: Annotated[int, Field(ge=1, le=500, strict=True)]
    mean: Duration


class LogLogistic(Part):
    """Known by `median` and `shape`; its hazard rises, then falls."""

    distribution: Literal["log_logistic"]
    median: Duration
    shape: Positive


class Hyperexponential(Part):
    """One of several exponentials, chosen by `shares`."""

    distribution: Literal["hyperexponential"]
    shares: Annotated[list[Share], Field(min_length=1)]
    means: Annotated[list[Duration], Field(min_length=1)]

    @model_validator(mode="after")
    def _matched(self) -> Self:
        _check_shares(self.shares, len(self.means), "means")
        return self


class Empirical(Part):
    """Drawn from `values` (each equally likely), or from `quantiles`, straight between them.

    `quantiles` are pairs of probability and value, from 0 to 1, both rising.
    `file` names a CSV or Excel file whose `column` holds the values, in `unit`.
    """

    distribution: Literal["empirical"]
    values: Annotated[list[Duration], Field(min_length=1)] | None = None
    quantiles: Annotated[list[tuple[Share, Duration]], Field(min_length=2)] | None = None
    file: str | None = None
    column: str | None = None
    sheet: str | None = None
    unit: Duration = Field(default=1_000_000, gt=0)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.values, self.quantiles, self.file)) != 1:
            raise ValueError("give one of values, quantiles, or file with column")
        if (self.file is None) != (self.column is None):
            raise ValueError("file and column belong together")
        if self.quantiles is not None:
            shares = [share for share, _ in self.quantiles]
            times = [value for _, value in self.quantiles]
            if shares[0] != 0.0 or shares[-1] != 1.0:
                raise ValueError("quantiles must begin at probability 0 and end at 1")
            if any(a > b for a, b in itertools.pairwise(shares)) or any(
                a > b for a, b in itertools.pairwise(times)
            ):
                raise ValueError("quantiles must rise in probability and in value")
        return self


class Mixture(Part):
    """One of several distributions, chosen by `shares`."""

    distribution: Literal["mixture"]
    shares: Annotated[list[Share], Field(min_length=1)]
    parts: Annotated[list[Distribution], Field(min_length=1)]

    @model_validator(mode="after")
    def _matched(self) -> Self:
        _check_shares(self.shares, len(self.parts), "parts")
        return self


class ZeroOr(Part):
    """Zero with probability `zero` (an instant hang-up), else drawn from `otherwise`."""

    distribution: Literal["zero_or"]
    zero: Share
    otherwise: Distribution


def _check_shares(shares: list[float], parts: int, name: str) -> None:
    if len(shares) != parts:
        raise ValueError(f"there are {len(shares)} shares for {parts} {name}")
    if abs(sum(shares) - 1.0) > 1e-6:
        raise ValueError(f"shares add up to {sum(shares):.4g}; they must add up to 1")


def _log(ticks: int) -> float:
    # A median of zero ticks is a legal, if odd, scale: everything rounds to zero.
    return math.log(ticks) if ticks > 0 else -50.0


def _constant(value: Any) -> Any:
    """Let a bare duration stand for a constant."""
    if isinstance(value, str) or (value == 0 and not isinstance(value, bool)):
        return {"distribution": "deterministic", "value": value}
    return value


#: Names under which a scenario may ask for a distribution.
DISTRIBUTIONS = (
    "deterministic",
    "exponential",
    "uniform",
    "triangular",
    "lognormal",
    "weibull",
    "gamma",
    "erlang",
    "log_logistic",
    "hyperexponential",
    "empirical",
    "mixture",
    "zero_or",
)


def _discriminate(value: Any) -> str | None:
    kind = (
        value.get("distribution")
        if isinstance(value, dict)
        else getattr(value, "distribution", None)
    )
    return kind if isinstance(kind, str) else None


Distribution = Annotated[
    Annotated[Deterministic, Tag("deterministic")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Weibull, Tag("weibull")]
    | Annotated[Gamma, Tag("gamma")]
    | Annotated[Erlang, Tag("erlang")]
    | Annotated[LogLogistic, Tag("log_logistic")]
    | Annotated[Hyperexponential, Tag("hyperexponential")]
    | Annotated[Empirical, Tag("empirical")]
    | Annotated[Mixture, Tag("mixture")]
    | Annotated[ZeroOr, Tag("zero_or")],
    Discriminator(_discriminate),
    BeforeValidator(_constant),
]

Mixture.model_rebuild()
ZeroOr.model_rebuild()
