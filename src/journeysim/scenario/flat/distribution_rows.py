"""Distributions as rows of arrays; equal ones share a row."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from journeysim.scenario.flat.flat_model import (
    DETERMINISTIC,
    ERLANG,
    EXPONENTIAL,
    GAMMA,
    HYPEREXPONENTIAL,
    LOG_LOGISTIC,
    LOGNORMAL,
    MIXTURE,
    QUANTILES,
    TRIANGULAR,
    UNIFORM,
    VALUES,
    WEIBULL,
    FlatDistributions,
)
from journeysim.scenario.flat.ragged_arrays import numbers, ranges, whole
from journeysim.scenario.schema import distributions as written

LawRow = tuple[int, tuple[float, ...], tuple[tuple[float, float], ...]]


class DistributionTable:
    """Collects the distributions of a scenario and gives each a code."""

    def __init__(self) -> None:
        self.codes: dict[LawRow, int] = {}

    def code(self, distribution: Any | None) -> int:
        """Return the code of a distribution, or -1 for none."""
        if distribution is None:
            return -1
        return self._place(self._row(distribution))

    def _place(self, row: LawRow) -> int:
        return self.codes.setdefault(row, len(self.codes))

    def _row(self, law: Any) -> LawRow:
        if isinstance(law, written.Mixture | written.ZeroOr):
            parts = _flattened(law)
            totals = _closed([share for share, _ in parts])
            codes = [self._place(self._row(part)) for _, part in parts]
            return MIXTURE, (), tuple(zip(map(float, codes), totals, strict=True))
        if isinstance(law, written.Hyperexponential):
            totals = _closed(law.shares)
            return HYPEREXPONENTIAL, (), tuple(zip(map(float, law.means), totals, strict=True))
        if isinstance(law, written.Empirical):
            if law.quantiles is not None:
                return QUANTILES, (), tuple((float(value), share) for share, value in law.quantiles)
            return VALUES, (), tuple((float(value), 1.0) for value in sorted(law.values or []))
        return _simple(law)

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


def _simple(law: Any) -> LawRow:
    values: tuple[float, ...]
    match law:
        case written.Deterministic():
            kind, values = DETERMINISTIC, (law.value,)
        case written.Exponential():
            kind, values = EXPONENTIAL, (law.mean,)
        case written.Uniform():
            kind, values = UNIFORM, (law.low, law.high)
        case written.Triangular():
            kind, values = TRIANGULAR, (law.low, law.mode, law.high)
        case written.Lognormal():
            kind, values = LOGNORMAL, law.log_parameters()
        case written.Weibull():
            kind, values = WEIBULL, (law.shape, law.scale_ticks())
        case written.Gamma():
            kind, values = GAMMA, law.parameters()
        case written.Erlang():
            kind, values = ERLANG, (law.mean, law.stages)
        case written.LogLogistic():
            kind, values = LOG_LOGISTIC, (law.median, law.shape)
        case _:
            raise TypeError(f"no row for {law!r}")
    return kind, tuple(float(value) for value in values), ()


def _flattened(law: written.Mixture | written.ZeroOr) -> list[tuple[float, Any]]:
    """Return the parts of nested mixtures with their overall shares."""
    if isinstance(law, written.ZeroOr):
        pairs = [
            (law.zero, written.Deterministic(value=0)),
            (1.0 - law.zero, law.otherwise),
        ]
    else:
        pairs = list(zip(law.shares, law.parts, strict=True))
    flat: list[tuple[float, Any]] = []
    for share, part in pairs:
        if isinstance(part, written.Mixture | written.ZeroOr):
            flat += [(share * inner, deeper) for inner, deeper in _flattened(part)]
        else:
            flat.append((share, part))
    return flat


def _closed(shares: Sequence[float]) -> list[float]:
    """Return running totals that end at exactly 1."""
    totals = list(itertools.accumulate(shares))
    return [total / totals[-1] for total in totals[:-1]] + [1.0]
