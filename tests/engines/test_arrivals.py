"""Arrivals: Poisson within a piece, whatever the pieces, and busy days that are busy for all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from journeysim.engine.random.arrival_times import arrivals_of_day, day_factor, interval_factors
from journeysim.engine.random.draws import segment_identity
from journeysim.scenario.flat.flat_model import FlatDemand
from journeysim.scenario.flat.flatten import flatten
from journeysim.scenario.scenario import Scenario
from journeysim.units import DAY, HOUR

DAYS = 600
#: By chance 4 standard errors come once in 16,000 comparisons; fixed seeds cannot flicker.
LIMIT = 4.0


def demand_of(*arrivals: dict[str, Any], **demand: Any) -> FlatDemand:
    document = {
        "time": {"horizon": "1d"},
        "demand": demand,
        "segments": {f"s{index}": each for index, each in enumerate(arrivals)},
        "channels": {"web": {"kind": "self_service", "time_spent": "1s"}},
    }
    world = Scenario.from_document(document).world
    return flatten(world, identity=segment_identity).demand


def every_hour(**values: Any) -> dict[str, Any]:
    return {"arrivals": {"from": "00:00", "every": "1h", **values}}


def day_of(demand: FlatDemand, replication: int, segment: int = 0, day: int = 0) -> np.ndarray:
    factors = interval_factors(demand, day, 11, replication)
    return arrivals_of_day(demand, segment, day, 0, 11, replication, factors)


def test_after_hours_without_anybody_a_million_come_in_the_third_hour() -> None:
    ticks = day_of(demand_of(every_hour(rates=["0/h", "0/h", "1e6/h"])), 0)
    assert abs(len(ticks) - 10**6) < LIMIT * 1000
    assert ticks[0] >= 2 * HOUR
    assert ticks[-1] < 3 * HOUR
    assert np.all(np.diff(ticks) >= 0)


@pytest.mark.statistical
def test_counts_of_every_piece_are_poisson_and_independent() -> None:
    means = [5.0, 0.0, 20.0, 0.5, 80.0]
    demand = demand_of(every_hour(counts=means))
    counts = np.array(
        [np.histogram(day_of(demand, day), bins=5, range=(0, 5 * HOUR))[0] for day in range(DAYS)]
    )
    for piece, mean in enumerate(means):
        own = counts[:, piece]
        if mean == 0.0:
            assert not own.any()
            continue
        assert abs(own.mean() - mean) < LIMIT * math.sqrt(mean / DAYS)
        # The variance of a Poisson sample's variance is (2 m^2 + m) / n.
        error = math.sqrt((2 * mean**2 + mean) / DAYS)
        assert abs(own.var(ddof=1) - mean) < LIMIT * error
    for one, other in ((0, 2), (2, 3), (3, 4), (2, 4)):
        correlation = np.corrcoef(counts[:, one], counts[:, other])[0, 1]
        assert abs(correlation) < LIMIT / math.sqrt(DAYS)


@pytest.mark.statistical
def test_arrivals_are_uniform_inside_a_piece() -> None:
    demand = demand_of(every_hour(counts=[1.0, 40.0, 3.0]))
    ticks = np.concatenate([day_of(demand, day) for day in range(200)])
    for piece in (1, 2):
        inside = ticks[(ticks >= piece * HOUR) & (ticks < (piece + 1) * HOUR)]
        assert stats.kstest((inside - piece * HOUR) / HOUR, "uniform").pvalue > 1e-4


@pytest.mark.statistical
def test_gaps_within_a_piece_are_exponential() -> None:
    demand = demand_of({"arrivals": {"rate": "100/h"}})
    gaps = np.concatenate([np.diff(day_of(demand, day)) for day in range(10)]) / HOUR
    assert stats.kstest(gaps, stats.expon(scale=0.01).cdf).pvalue > 1e-4


@pytest.mark.statistical
def test_a_linear_rate_brings_its_area_and_the_right_mean_time() -> None:
    # From 3 to 15 per hour over two hours: 18 arrivals, at 1.2222 hours on average.
    table = {"from": "00:00", "every": "2h", "rates": ["3/h", "15/h"], "shape": "linear"}
    demand = demand_of({"arrivals": table})
    days = [day_of(demand, day) / HOUR for day in range(DAYS)]
    counts, hours = np.array([len(day) for day in days]), np.concatenate(days)
    assert abs(counts.mean() - 18.0) < LIMIT * math.sqrt(18.0 / DAYS)
    # The density is (3 + 6 t) / 18: E t = 11 / 9, E t^2 = 16 / 9.
    error = math.sqrt(16 / 9 - (11 / 9) ** 2) / math.sqrt(len(hours))
    assert abs(hours.mean() - 11 / 9) < LIMIT * error
    cumulative = (3 * hours + 3 * hours**2) / 18
    assert stats.kstest(cumulative, "uniform").pvalue > 1e-4


@pytest.mark.statistical
def test_a_day_factor_gives_counts_the_variance_m_and_cv_m_squared() -> None:
    mean, cv = 100.0, 0.3
    segment = every_hour(counts=[mean])
    demand = demand_of(segment, segment, day_factor={"cv": cv})
    counts = np.array([[len(day_of(demand, day, s)) for s in (0, 1)] for day in range(DAYS)])
    variance = mean + (cv * mean) ** 2
    for own in counts.T:
        assert abs(own.mean() - mean) < LIMIT * math.sqrt(variance / DAYS)
        fourth = np.mean((own - mean) ** 4)
        error = math.sqrt((fourth - variance**2) / DAYS)
        assert abs(own.var(ddof=1) - variance) < LIMIT * error
    # Both segments share the busy days: their covariance is (cv m)^2.
    products = np.prod(counts - counts.mean(axis=0), axis=1)
    error = products.std() / math.sqrt(DAYS)
    assert abs(products.mean() - (cv * mean) ** 2) < LIMIT * error


@pytest.mark.statistical
def test_a_segment_with_a_day_factor_of_its_own_is_busy_on_days_of_its_own() -> None:
    segment = every_hour(counts=[100.0])
    own = {**segment, "day_factor": {"cv": 0.5}}
    demand = demand_of(segment, own, {**own}, day_factor={"cv": 0.3})
    factors = np.array(
        [[day_factor(demand, s, 0, 11, day) for s in range(3)] for day in range(DAYS)]
    )
    for values, cv in zip(factors.T, (0.3, 0.5, 0.5), strict=True):
        assert abs(values.mean() - 1.0) < LIMIT * cv / math.sqrt(DAYS)
        assert stats.kstest(values, stats.gamma(a=1 / cv**2, scale=cv**2).cdf).pvalue > 1e-4
    for one, other in ((0, 1), (0, 2), (1, 2)):
        correlation = np.corrcoef(factors[:, one], factors[:, other])[0, 1]
        assert abs(correlation) < LIMIT / math.sqrt(DAYS)


@pytest.mark.statistical
@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_interval_factors_have_mean_1_and_the_cv_and_correlation_asked_for(
    correlation: float,
) -> None:
    cv = 0.4
    factor = {"cv": cv, "correlation": correlation, "every": "30m"}
    demand = demand_of(every_hour(counts=[1.0]), interval_factor=factor)
    days = np.array([interval_factors(demand, day, 11, 0) for day in range(2000)])
    assert days.shape == (2000, 48)
    # Days are independent of each other, so they give the standard errors.
    for found, wanted in (
        (days.mean(axis=1), 1.0),
        (((days - 1.0) ** 2).mean(axis=1), cv**2),
        (((days[:, 1:] - 1.0) * (days[:, :-1] - 1.0)).mean(axis=1), correlation * cv**2),
    ):
        error = found.std(ddof=1) / math.sqrt(len(found))
        assert abs(found.mean() - wanted) < LIMIT * error
    across = (days[1:, 0] - 1.0) * (days[:-1, -1] - 1.0)
    assert abs(across.mean()) < LIMIT * across.std() / math.sqrt(len(across))


@pytest.mark.statistical
def test_an_interval_factor_makes_counts_of_its_intervals_vary_together() -> None:
    # Two segments in half hours of 25 expected each; the factor is everybody's.
    table = {"arrivals": {"from": "00:00", "every": "30m", "counts": [25.0, 25.0]}}
    demand = demand_of(table, table, interval_factor={"cv": 0.4, "every": "30m"})
    counts = np.array(
        [
            [np.histogram(day_of(demand, day, s), bins=2, range=(0, HOUR))[0] for s in (0, 1)]
            for day in range(DAYS)
        ]
    )
    own = counts[:, 0, 0]
    assert abs(own.mean() - 25.0) < LIMIT * math.sqrt((25 + 10**2) / DAYS)
    centred = counts - counts.mean(axis=0)
    for products, wanted in (
        (centred[:, 0, 0] * centred[:, 1, 0], 10.0**2),
        (centred[:, 0, 0] * centred[:, 0, 1], 0.0),
        (centred[:, 0, 0] ** 2, 25.0 + 10.0**2),
    ):
        assert abs(products.mean() - wanted) < LIMIT * products.std() / math.sqrt(DAYS)


def test_more_volume_keeps_everybodys_luck_and_only_brings_them_earlier() -> None:
    usual = day_of(demand_of(every_hour(counts=[20.0, 0.0, 30.0])), 4)
    more = day_of(demand_of(every_hour(counts=[22.0, 0.0, 33.0])), 4)
    assert len(more) > len(usual)
    assert np.all(more[: len(usual)] <= usual)
    assert np.any(more[: len(usual)] < usual)


def test_days_are_different_days_and_lie_one_after_another() -> None:
    demand = demand_of(every_hour(counts=[20.0]))
    days = [day_of(demand, 0, day=day) for day in range(3)]
    for day, ticks in enumerate(days):
        assert np.all((ticks >= day * DAY) & (ticks < day * DAY + HOUR))
    assert len({tuple(ticks % DAY) for ticks in days}) == 3
