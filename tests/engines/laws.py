"""Every kind of distribution, with what is known of it from elsewhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from scipy import stats

from journeysim.scenario.flat.distribution_rows import DistributionTable
from journeysim.scenario.flat.flat_model import FlatDistributions
from journeysim.scenario.schema.distributions import Distribution

Law = dict[str, Any]


def _law(name: str, **parameters: Any) -> Law:
    return {"distribution": name, **parameters}


_LOG_VARIANCE = math.log(1.0 + 0.8**2)
_GAMMA_SHAPE = 1.0 / 0.5**2

#: Laws in seconds, each with the same law of scipy.
CONTINUOUS: dict[str, tuple[Law, Any]] = {
    "exponential": (_law("exponential", mean="180s"), stats.expon(scale=180)),
    "uniform": (_law("uniform", low="10s", high="70s"), stats.uniform(10, 60)),
    "triangular": (
        _law("triangular", low="10s", mode="20s", high="60s"),
        stats.triang(c=0.2, loc=10, scale=50),
    ),
    "lognormal": (
        _law("lognormal", mean="100s", cv=0.8),
        stats.lognorm(s=math.sqrt(_LOG_VARIANCE), scale=100 * math.exp(-_LOG_VARIANCE / 2)),
    ),
    "lognormal by median": (
        _law("lognormal", median="100s", sigma=0.5),
        stats.lognorm(s=0.5, scale=100),
    ),
    "weibull": (
        _law("weibull", shape=0.7, scale="100s"),
        stats.weibull_min(c=0.7, scale=100),
    ),
    "weibull by mean": (
        _law("weibull", shape=2.0, mean="100s"),
        stats.weibull_min(c=2.0, scale=100 / math.gamma(1.5)),
    ),
    "gamma": (
        _law("gamma", mean="100s", cv=0.5),
        stats.gamma(a=_GAMMA_SHAPE, scale=100 / _GAMMA_SHAPE),
    ),
    "gamma of small shape": (
        _law("gamma", shape=0.4, scale="100s"),
        stats.gamma(a=0.4, scale=100),
    ),
    "erlang": (_law("erlang", stages=3, mean="90s"), stats.gamma(a=3, scale=30)),
    "log_logistic": (
        _law("log_logistic", median="100s", shape=3.0),
        stats.fisk(c=3.0, scale=100),
    ),
    "quantiles": (
        _law("empirical", quantiles=[[0.0, "0s"], [0.5, "20s"], [1.0, "100s"]]),
        stats.rv_histogram((np.array([1.0, 1.0]), np.array([0.0, 20.0, 100.0])), density=False),
    ),
}
#: Laws that are no scipy law: mean and standard deviation in seconds.
MOMENTS: dict[str, tuple[Law, float, float]] = {
    "deterministic": (_law("deterministic", value="42s"), 42.0, 0.0),
    "hyperexponential": (
        _law("hyperexponential", shares=[0.25, 0.75], means=["10s", "100s"]),
        77.5,
        math.sqrt(2 * (0.25 * 10**2 + 0.75 * 100**2) - 77.5**2),
    ),
    "values": (
        _law("empirical", values=["1s", "2s", "6s"]),
        3.0,
        math.sqrt((1 + 4 + 36) / 3 - 9),
    ),
    "mixture": (
        _law("mixture", shares=[0.5, 0.5], parts=["10s", _law("exponential", mean="30s")]),
        20.0,
        math.sqrt((10**2 + 2 * 30**2) / 2 - 20**2),
    ),
    "zero_or": (
        _law("zero_or", zero=0.4, otherwise=_law("uniform", low="10s", high="20s")),
        9.0,
        math.sqrt(0.6 * (15**2 + 100 / 12) - 9**2),
    ),
    "mixture in a mixture": (
        _law(
            "mixture",
            shares=[0.2, 0.8],
            parts=["50s", _law("zero_or", zero=0.5, otherwise="10s")],
        ),
        14.0,
        math.sqrt(0.2 * 50**2 + 0.4 * 10**2 - 14**2),
    ),
}
ALL_LAWS: dict[str, Law] = {name: law for name, (law, _) in CONTINUOUS.items()}
ALL_LAWS |= {name: law for name, (law, _, _) in MOMENTS.items()}


def flat_law(law: Law) -> tuple[FlatDistributions, int]:
    """Return the arrays of a law, and its code in them."""
    table = DistributionTable()
    code = table.code(TypeAdapter(Distribution).validate_python(law))
    return table.arrays(), code
