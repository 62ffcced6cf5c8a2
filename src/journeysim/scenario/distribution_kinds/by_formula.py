"""Distributions that a formula gives from a few numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from journeysim.scenario.distribution_kinds.distribution_kind import (
    DistributionKind,
    DistributionRow,
    plain_row,
)
from journeysim.scenario.flat import flat_model as flat
from journeysim.scenario.schema.fields import Duration, Positive

CodeOf = Callable[[DistributionKind], int]


class Deterministic(DistributionKind):
    """Always the same value."""

    times: ClassVar = ("value",)
    distribution: Literal["deterministic"] = "deterministic"
    value: Duration

    def mean_ticks(self) -> float:
        """Return the value itself."""
        return float(self.value)

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return the value."""
        return plain_row(flat.DETERMINISTIC, self.value)


class Exponential(DistributionKind):
    """Memoryless, known by its mean."""

    times: ClassVar = ("mean",)
    distribution: Literal["exponential"]
    mean: Duration

    def mean_ticks(self) -> float:
        """Return the mean as given."""
        return float(self.mean)

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return the mean."""
        return plain_row(flat.EXPONENTIAL, self.mean)


class Uniform(DistributionKind):
    """Equally likely between `low` and `high`."""

    times: ClassVar = ("low", "high")
    distribution: Literal["uniform"]
    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low must not exceed high")
        return self

    def mean_ticks(self) -> float:
        """Return the middle."""
        return (self.low + self.high) / 2

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return both ends."""
        return plain_row(flat.UNIFORM, self.low, self.high)


class Triangular(DistributionKind):
    """Rises from `low` to `mode`, falls to `high`: a guess by three numbers."""

    times: ClassVar = ("low", "mode", "high")
    distribution: Literal["triangular"]
    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError("low, mode and high must rise")
        return self

    def mean_ticks(self) -> float:
        """Return the mean of the three numbers."""
        return (self.low + self.mode + self.high) / 3

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return the three numbers."""
        return plain_row(flat.TRIANGULAR, self.low, self.mode, self.high)


class Lognormal(DistributionKind):
    """Known by `mean` and `cv` (standard deviation / mean), or `median` and `sigma` of the log."""

    times: ClassVar = ("mean", "median")
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

    def mean_ticks(self) -> float:
        """Return exp(mu + sigma^2 / 2)."""
        location, spread = self.log_parameters()
        return math.exp(min(location + spread**2 / 2, 700.0))

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return mean and standard deviation of the logarithm."""
        return plain_row(flat.LOGNORMAL, *self.log_parameters())


class Weibull(DistributionKind):
    """Known by `shape` and either `scale` or `mean`; a shape below 1 has a high early hazard."""

    times: ClassVar = ("scale", "mean")
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

    def mean_ticks(self) -> float:
        """Return the mean that was given, if one was: gamma overflows for tiny shapes."""
        if self.mean is not None:
            return float(self.mean)
        order = 1 + 1 / self.shape
        return self.scale_ticks() * math.gamma(order) if order < 170 else math.inf

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return shape and scale."""
        return plain_row(flat.WEIBULL, self.shape, self.scale_ticks())


class Gamma(DistributionKind):
    """Known by `mean` and `cv`, or by `shape` and `scale`."""

    times: ClassVar = ("mean", "scale")
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

    def mean_ticks(self) -> float:
        """Return shape x scale."""
        shape, scale = self.parameters()
        return shape * scale

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return shape and scale."""
        return plain_row(flat.GAMMA, *self.parameters())


class Erlang(DistributionKind):
    """The sum of `stages` equal exponential stages; `mean` is that of the sum."""

    times: ClassVar = ("mean",)
    distribution: Literal["erlang"]
    stages: Annotated[int, Field(ge=1, le=500, strict=True)]
    mean: Duration

    def mean_ticks(self) -> float:
        """Return the mean as given."""
        return float(self.mean)

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return mean and stages."""
        return plain_row(flat.ERLANG, self.mean, self.stages)


class LogLogistic(DistributionKind):
    """Known by `median` and `shape`; its hazard rises, then falls."""

    times: ClassVar = ("median",)
    distribution: Literal["log_logistic"]
    median: Duration
    shape: Positive

    def mean_ticks(self) -> float:
        """Return median x angle / sin(angle), the angle being pi / shape; none up to shape 1."""
        if self.shape <= 1:
            return math.inf
        angle = math.pi / self.shape
        return self.median * angle / math.sin(angle)

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return median and shape."""
        return plain_row(flat.LOG_LOGISTIC, self.median, self.shape)


def _log(ticks: int) -> float:
    # A median of zero ticks is a legal, if odd, scale: everything rounds to zero.
    return math.log(ticks) if ticks > 0 else -50.0
