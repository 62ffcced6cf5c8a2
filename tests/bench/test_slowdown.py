"""Comparing times: the test of Mann and Whitney, its interval, and what is called slower."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

from journeysim.bench.slowdown_test import can_tell, compared, decided, rank_sum_shares

STEADY = [1.00, 1.01, 0.99, 1.02, 0.98]


@pytest.mark.parametrize(("before", "now"), [(3, 4), (5, 5), (2, 6), (6, 2), (1, 1)])
def test_chances_of_rank_sums_are_those_of_all_orders(before, now):
    least = now * (now - 1) // 2
    sums = Counter(sum(c) - least for c in itertools.combinations(range(before + now), now))
    all_orders = math.comb(before + now, now)
    expected = [sums[rank] / all_orders for rank in range(before * now + 1)]
    np.testing.assert_allclose(rank_sum_shares(before, now), expected, rtol=1e-12)


def test_times_a_tenth_longer_are_slower_and_equal_ones_are_not():
    longer = compared("kernel", STEADY, [1.15 * each for each in STEADY])
    again = compared("other", STEADY, [1.01 * each for each in STEADY])
    slower, same = decided([longer, again])
    assert slower.slower
    # All 25 pairs are in the wrong order, of 252 orders one; twice for two comparisons.
    assert slower.p == pytest.approx(2 / 252)
    assert slower.ratio == pytest.approx(1.15, rel=0.01)
    assert slower.lower < 1.15 < slower.upper
    assert not same.slower
    assert same.lower < 1.01 < same.upper


def test_growth_within_the_tolerance_is_not_slower():
    grown = [1.04 * each for each in [1.0, 1.0001, 0.9999, 1.0002, 0.9998]]
    found = compared("kernel", [1.0, 1.0001, 0.9999, 1.0002, 0.9998], grown)
    assert found.lower > 1.03
    assert not decided([found])[0].slower


def test_faster_is_not_slower():
    found = decided([compared("kernel", STEADY, [0.5 * each for each in STEADY])])[0]
    assert found.upper < 0.6
    assert not found.slower


def test_many_comparisons_of_equal_times_raise_few_alarms():
    luck = np.random.default_rng(3)
    alarms = 0
    for _ in range(300):
        family = [
            compared(
                str(number),
                np.exp(luck.normal(0, 0.1, 5)).tolist(),
                np.exp(luck.normal(0, 0.1, 5)).tolist(),
                tolerance=0.0,
            )
            for number in range(4)
        ]
        alarms += any(each.slower for each in decided(family))
    # At most 5 % of families; 4 standard errors of 300 families are 5 %.
    assert alarms <= 300 * 0.10
    assert alarms > 0


def test_intervals_cover():
    luck = np.random.default_rng(5)
    covered = 0
    for _ in range(400):
        before, now = np.exp(luck.normal(0, 0.2, 6)), 1.3 * np.exp(luck.normal(0, 0.2, 6))
        found = compared("kernel", before.tolist(), now.tolist())
        covered += found.lower <= 1.3 <= found.upper
    assert covered >= 400 * (0.95 - 4 * math.sqrt(0.95 * 0.05 / 400))


def test_too_few_turns_can_never_tell():
    assert not can_tell(2, 2, 1)
    assert can_tell(4, 4, 3)
    assert not can_tell(4, 4, 4)
    assert compared("kernel", [1.0], [2.0]).upper == math.inf
