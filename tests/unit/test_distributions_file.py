import math

import pytest
from pydantic import TypeAdapter, ValidationError

from journeysim.scenario.changes.amounts import changed_amount
from journeysim.scenario.schema.distributions import DISTRIBUTIONS, Distribution
from journeysim.units import MINUTE, SECOND

DISTRIBUTION = TypeAdapter(Distribution)

MEANS = [
    ("5m", 5 * MINUTE),
    (0, 0),
    ({"distribution": "deterministic", "value": "5m"}, 5 * MINUTE),
    ({"distribution": "exponential", "mean": "5m"}, 5 * MINUTE),
    ({"distribution": "uniform", "low": "1m", "high": "3m"}, 2 * MINUTE),
    ({"distribution": "triangular", "low": "0s", "mode": "1m", "high": "5m"}, 2 * MINUTE),
    ({"distribution": "lognormal", "mean": "192s", "cv": 1.18}, 192 * SECOND),
    ({"distribution": "lognormal", "median": "1m", "sigma": 1.0}, MINUTE * math.exp(0.5)),
    ({"distribution": "weibull", "shape": 2.0, "scale": "1m"}, MINUTE * math.sqrt(math.pi) / 2),
    ({"distribution": "weibull", "shape": 0.5, "mean": "1m"}, MINUTE),
    ({"distribution": "gamma", "mean": "4m", "cv": 0.8}, 4 * MINUTE),
    ({"distribution": "gamma", "shape": 3.0, "scale": "1m"}, 3 * MINUTE),
    ({"distribution": "erlang", "stages": 3, "mean": "10m"}, 10 * MINUTE),
    ({"distribution": "log_logistic", "median": "1m", "shape": 2.0}, MINUTE * math.pi / 2),
    ({"distribution": "log_logistic", "median": "1m", "shape": 1.0}, math.inf),
    (
        {"distribution": "hyperexponential", "shares": [0.25, 0.75], "means": ["4m", "8m"]},
        7 * MINUTE,
    ),
    ({"distribution": "empirical", "values": ["1m", "2m", "6m"]}, 3 * MINUTE),
    (
        {"distribution": "empirical", "quantiles": [[0, "0s"], [0.5, "2m"], [1, "10m"]]},
        3.5 * MINUTE,
    ),
    (
        {
            "distribution": "mixture",
            "shares": [0.5, 0.5],
            "parts": ["5m", {"distribution": "exponential", "mean": "3m"}],
        },
        4 * MINUTE,
    ),
    ({"distribution": "zero_or", "zero": 0.25, "otherwise": "4m"}, 3 * MINUTE),
]


@pytest.mark.parametrize(("written", "mean"), MEANS)
def test_each_way_to_write_a_distribution_has_its_mean(written, mean):
    assert DISTRIBUTION.validate_python(written).mean_ticks() == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize(("written", "mean"), MEANS)
def test_scaling_a_distribution_scales_all_its_times(written, mean):
    scaled = changed_amount(written, "*=", 2, ("channels", "phone", "talk"))
    assert DISTRIBUTION.validate_python(scaled).mean_ticks() == pytest.approx(2 * mean, rel=1e-9)


def test_every_distribution_is_written_in_some_test():
    written = {given["distribution"] for given, _ in MEANS if isinstance(given, dict)}
    assert written == set(DISTRIBUTIONS)


REFUSED = [
    ({"distribution": "uniform", "low": "3m", "high": "1m"}, "low must not exceed high"),
    (
        {"distribution": "triangular", "low": "0s", "mode": "9m", "high": "5m"},
        "low, mode and high must rise",
    ),
    (
        {"distribution": "lognormal", "mean": "1m"},
        "give either mean and cv, or median and sigma",
    ),
    (
        {"distribution": "lognormal", "mean": "1m", "cv": 1.0, "sigma": 1.0},
        "give either mean and cv, or median and sigma",
    ),
    (
        {"distribution": "weibull", "shape": 1.0, "scale": "1m", "mean": "1m"},
        "give either scale or mean",
    ),
    ({"distribution": "gamma", "mean": "1m", "shape": 1.0}, "give either mean and cv, or shape"),
    (
        {"distribution": "hyperexponential", "shares": [0.5, 0.4], "means": ["1m", "2m"]},
        "shares add up to 0.9; they must add up to 1",
    ),
    (
        {"distribution": "mixture", "shares": [1.0], "parts": ["1m", "2m"]},
        "there are 1 shares for 2 parts",
    ),
    ({"distribution": "empirical"}, "give one of values, quantiles, or file with column"),
    (
        {"distribution": "empirical", "quantiles": [[0.1, "0s"], [1, "1m"]]},
        "quantiles must begin at probability 0 and end at 1",
    ),
    (
        {"distribution": "empirical", "quantiles": [[0, "5m"], [1, "1m"]]},
        "quantiles must rise in probability and in value",
    ),
]


@pytest.mark.parametrize(("written", "problem"), REFUSED)
def test_a_contradictory_distribution_is_refused(written, problem):
    with pytest.raises(ValidationError, match=problem):
        DISTRIBUTION.validate_python(written)
