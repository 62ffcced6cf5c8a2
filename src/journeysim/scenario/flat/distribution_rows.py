"""Distributions as rows of arrays; equal ones share a row."""

from __future__ import annotations

import numpy as np

from journeysim.scenario.distribution_kinds.distribution_kind import (
    DistributionKind,
    DistributionRow,
)
from journeysim.scenario.flat.flat_model import FlatDistributions
from journeysim.scenario.flat.ragged_arrays import numbers, ranges, whole


class DistributionTable:
    """Collects the distributions of a scenario and gives each a code."""

    def __init__(self) -> None:
        self.codes: dict[DistributionRow, int] = {}

    def code(self, distribution: DistributionKind | None) -> int:
        """Return the code of a distribution, or -1 for none."""
        if distribution is None:
            return -1
        row = distribution.row(self.code)
        return self.codes.setdefault(row, len(self.codes))

    def arrays(self) -> FlatDistributions:
        """Return all rows as arrays."""
        rows = list(self.codes)
        laid = ranges([pairs for _, _, pairs in rows])
        parameters = np.zeros((len(rows), 3))
        for code, (_, values, _) in enumerate(rows):
            parameters[code, : len(values)] = values
        return FlatDistributions(
            kind=whole(kind for kind, _, _ in rows),
            parameters=parameters,
            first=laid.first,
            last=laid.last,
            values=numbers(value for value, _ in laid.rows),
            weights=numbers(weight for _, weight in laid.rows),
        )
