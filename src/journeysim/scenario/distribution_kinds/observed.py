"""A distribution that was observed: its values, or its quantiles."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from journeysim.scenario.distribution_kinds.distribution_kind import (
    DistributionKind,
    DistributionRow,
)
from journeysim.scenario.flat import flat_model as flat
from journeysim.scenario.schema.fields import Duration, Share


class Empirical(DistributionKind):
    """Drawn from `values` (each equally likely), or from `quantiles`, straight between them.

    `quantiles` are pairs of probability and value, from 0 to 1, both rising.
    `file` names a CSV or Excel file whose `column` holds the values, in `unit`.
    """

    times: ClassVar = ("values",)
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

    def mean_ticks(self) -> float:
        """Return the mean of the values, or of the straight pieces between quantiles."""
        if self.values is not None:
            return sum(self.values) / len(self.values)
        pairs = self.quantiles or []
        return sum((b - a) * (x + y) / 2 for (a, x), (b, y) in itertools.pairwise(pairs))

    def row(self, code_of: Callable[[DistributionKind], int]) -> DistributionRow:
        """Return the values, sorted, or the quantiles with their probabilities."""
        if self.quantiles is not None:
            return (
                flat.QUANTILES,
                (),
                tuple((float(value), share) for share, value in self.quantiles),
            )
        return flat.VALUES, (), tuple((float(value), 1.0) for value in sorted(self.values or []))
