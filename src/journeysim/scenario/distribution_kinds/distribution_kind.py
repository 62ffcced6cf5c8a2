"""What every kind of distribution of durations must tell."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from journeysim.scenario.schema.fields import Part

#: A row of the table of distributions: the code of its kind (see
#: `journeysim.scenario.flat.flat_model`), up to three parameters, and pairs of value and weight.
DistributionRow = tuple[int, tuple[float, ...], tuple[tuple[float, float], ...]]


class DistributionKind(Part):
    """A distribution of durations; all draw non-negative ones.

    Times are ticks, shapes are pure numbers.
    """

    #: The keys that hold times: scaling a distribution scales them and leaves the others alone.
    times: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def mean_ticks(self) -> float:
        """Return the mean, ticks; infinite where there is none."""

    @abstractmethod
    def row(self, code_of: Callable[[DistributionKind], int]) -> DistributionRow:
        """Return the row from which the engines draw.

        Parameters
        ----------
        code_of
            Gives the code of a distribution that is a part of this one.
        """

    def alternatives(self) -> list[tuple[float, DistributionKind]]:
        """Return the distributions of which one is drawn, with their probabilities."""
        return [(1.0, self)]


def plain_row(kind: int, *parameters: float) -> DistributionRow:
    """Return the row of a distribution that a few numbers describe."""
    return kind, tuple(float(value) for value in parameters), ()


def running_totals(shares: Sequence[float]) -> list[float]:
    """Return the totals of shares up to each, which end at exactly 1."""
    totals = list(itertools.accumulate(shares))
    return [total / totals[-1] for total in totals[:-1]] + [1.0]


def check_shares(shares: list[float], parts: int, name: str) -> None:
    """Raise ValueError unless there is a share for each part and they add up to 1."""
    if len(shares) != parts:
        raise ValueError(f"there are {len(shares)} shares for {parts} {name}")
    if abs(sum(shares) - 1.0) > 1e-6:
        raise ValueError(f"shares add up to {sum(shares):.4g}; they must add up to 1")
