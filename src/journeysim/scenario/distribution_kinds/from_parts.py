"""Distributions that draw from one of several others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from journeysim.scenario.distribution_kinds.by_formula import Deterministic
from journeysim.scenario.distribution_kinds.distribution_kind import (
    DistributionKind,
    DistributionRow,
    check_shares,
    running_totals,
)
from journeysim.scenario.flat import flat_model as flat
from journeysim.scenario.schema.fields import Duration, Share

if TYPE_CHECKING:
    # Any kind, or a bare duration: `journeysim.scenario.schema.distributions` knows them all.
    Distribution = DistributionKind

CodeOf = Callable[[DistributionKind], int]


class Hyperexponential(DistributionKind):
    """One of several exponentials, chosen by `shares`."""

    times: ClassVar = ("means",)
    distribution: Literal["hyperexponential"]
    shares: Annotated[list[Share], Field(min_length=1)]
    means: Annotated[list[Duration], Field(min_length=1)]

    @model_validator(mode="after")
    def _matched(self) -> Self:
        check_shares(self.shares, len(self.means), "means")
        return self

    def mean_ticks(self) -> float:
        """Return the mean of the means."""
        return sum(share * mean for share, mean in zip(self.shares, self.means, strict=True))

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return the means with the running totals of their shares."""
        totals = running_totals(self.shares)
        return flat.HYPEREXPONENTIAL, (), tuple(zip(map(float, self.means), totals, strict=True))


class _OneOf(DistributionKind):
    """What draws from one of several distributions, which may do so themselves."""

    def mean_ticks(self) -> float:
        """Return the mean of the means."""
        return sum(share * part.mean_ticks() for share, part in self.parts_with_shares())

    @abstractmethod
    def parts_with_shares(self) -> list[tuple[float, DistributionKind]]:
        """Return the parts with their probabilities."""

    def alternatives(self) -> list[tuple[float, DistributionKind]]:
        """Return the parts, those of a part that is a mixture itself in its place."""
        return [
            (share * inner, deeper)
            for share, part in self.parts_with_shares()
            for inner, deeper in part.alternatives()
        ]

    def row(self, code_of: CodeOf) -> DistributionRow:
        """Return the codes of the parts with the running totals of their shares."""
        parts = self.alternatives()
        totals = running_totals([share for share, _ in parts])
        codes = [float(code_of(part)) for _, part in parts]
        return flat.MIXTURE, (), tuple(zip(codes, totals, strict=True))


class Mixture(_OneOf):
    """One of several distributions, chosen by `shares`."""

    distribution: Literal["mixture"]
    shares: Annotated[list[Share], Field(min_length=1)]
    parts: Annotated[list[Distribution], Field(min_length=1)]

    @model_validator(mode="after")
    def _matched(self) -> Self:
        check_shares(self.shares, len(self.parts), "parts")
        return self

    def parts_with_shares(self) -> list[tuple[float, DistributionKind]]:
        """Return the parts with their probabilities."""
        return list(zip(self.shares, self.parts, strict=True))


class ZeroOr(_OneOf):
    """Zero with probability `zero` (an instant hang-up), else drawn from `otherwise`."""

    distribution: Literal["zero_or"]
    zero: Share
    otherwise: Distribution

    def parts_with_shares(self) -> list[tuple[float, DistributionKind]]:
        """Return nothing at all and the rest, with their probabilities."""
        return [(self.zero, Deterministic(value=0)), (1.0 - self.zero, self.otherwise)]
