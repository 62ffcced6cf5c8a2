"""Estimates over replications, against computations by hand and by the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from journeysim.errors import MeasureError
from journeysim.measures.estimates import ratio_of_sums, student_quantile
from journeysim.measures.service.pooled_quantiles import PooledValues


def column(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)[:, None]


def test_the_value_is_the_ratio_of_sums_and_not_the_mean_of_ratios():
    estimates = ratio_of_sums(column(9, 10), column(10, 40), level=0.95)
    assert estimates.value[0] == 19 / 50
    assert estimates.value[0] != pytest.approx((9 / 10 + 10 / 40) / 2)


def test_the_jackknife_agrees_with_a_computation_by_hand():
    # Left out one by one: 3/9, 4/8, 5/7; mean 65/126, deviations -23/126, -2/126, 25/126;
    # variance 2/3 x (529 + 4 + 625)/126^2; Student's quantile with 2 degrees has a
    # closed form, (2p - 1) / sqrt(2p (1 - p)).
    estimates = ratio_of_sums(column(3, 2, 1), column(3, 4, 5), level=0.95)
    by_hand = 0.95 / np.sqrt(2 * 0.975 * 0.025) * np.sqrt(2 / 3 * (529 + 4 + 625)) / 126
    assert estimates.value[0] == 0.5
    assert_allclose(estimates.half_width[0], by_hand, rtol=1e-12)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=12), st.sampled_from([0.5, 0.9, 0.99]))
def test_with_denominators_of_one_the_interval_is_that_of_a_mean(numbers, level):
    estimates = ratio_of_sums(column(*numbers), np.ones((len(numbers), 1)), level=level)
    error = np.std(numbers, ddof=1) / np.sqrt(len(numbers))
    assert_allclose(estimates.value[0], np.mean(numbers), rtol=1e-12)
    half_width = stats.t.ppf(0.5 + level / 2, len(numbers) - 1) * error
    assert_allclose(estimates.half_width[0], half_width, rtol=1e-9, atol=1e-9)


def test_one_replication_has_a_value_and_no_interval():
    estimates = ratio_of_sums(column(3), column(4), level=0.95)
    assert estimates.value[0] == 0.75
    assert np.isnan(estimates.half_width[0])


def test_a_denominator_of_zero_gives_no_value():
    estimates = ratio_of_sums(column(0, 0), column(0, 0), level=0.95)
    assert np.isnan(estimates.value[0])
    assert np.isnan(estimates.half_width[0])


def test_one_replication_with_the_whole_denominator_gives_a_value_and_no_interval():
    estimates = ratio_of_sums(column(3, 0, 0), column(4, 0, 0), level=0.95)
    assert estimates.value[0] == 0.75
    assert np.isnan(estimates.half_width[0])


def test_student_quantile_is_that_of_the_tables():
    assert student_quantile(0.95, 9) == pytest.approx(2.2621571628, abs=1e-9)


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_a_level_outside_zero_to_one_is_refused(level):
    with pytest.raises(MeasureError, match="between 0 and 1"):
        student_quantile(level, 9)


def plain_quantile(values: list[int], share: float) -> float:
    """Return the smallest value that at least a share of the values do not exceed."""
    for value in sorted(values):
        if sum(other <= value for other in values) >= share * len(values) - 1e-9:
            return float(value)
    return np.nan


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3)), max_size=40),
    st.sampled_from([0.01, 0.5, 0.9, 0.99]),
)
def test_pooled_quantiles_and_their_jackknife_agree_with_the_definition(rows, share):
    values, groups, owners = (np.array([row[k] for row in rows], dtype=np.int64) for k in range(3))
    pooled = PooledValues(values, groups, owners, sizes=(3, 4))
    found = pooled.quantile(share, level=0.95)
    for group in range(3):
        mine = [(value, owner) for value, where, owner in rows if where == group]
        expected = plain_quantile([value for value, _ in mine], share)
        left_out = [
            plain_quantile([value for value, owner in mine if owner != without], share)
            for without in range(4)
        ]
        half_width = stats.t.ppf(0.975, 3) * np.sqrt(3 / 4 * 4 * np.var(left_out))
        assert_allclose(found.value[group], expected)
        assert_allclose(found.half_width[group], half_width, atol=1e-9)
        assert pooled.counts[group] == len(mine)
