"""Differences, Holm, the best and precision, against hand computations and plain definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from journeysim.comparison.comparisons_with_best import comparisons_with_the_best
from journeysim.comparison.multiplicity import holm, joint_level
from journeysim.comparison.paired_differences import half_widths, p_values, paired_differences
from journeysim.comparison.precision import LookAhead
from journeysim.measures.estimates import Jackknife, jackknifed_ratio
from tests.naive import comparison as naive

pairs = st.tuples(st.integers(0, 30), st.integers(1, 30))
runs = st.integers(3, 8).flatmap(
    lambda many: st.tuples(*[st.lists(pairs, min_size=many, max_size=many)] * 2)
)


def estimate(sums) -> Jackknife:
    numerators, denominators = np.array(sums, dtype=float).T
    return jackknifed_ratio(numerators[:, None], denominators[:, None])


def test_the_paired_interval_of_a_mean_is_the_textbook_one():
    # Differences 3, 1, 2: mean 2, deviation 1, error 1 / sqrt(3); t(0.975, 2) = 4.30265.
    baseline = [(10, 1), (20, 1), (60, 1)]
    variant = [(13, 1), (21, 1), (62, 1)]
    found = paired_differences(estimate(baseline), estimate(variant))
    assert found.difference[0] == pytest.approx(2.0)
    assert found.error[0] == pytest.approx(1 / math.sqrt(3))
    assert half_widths(found.error, replications=3, level=0.95)[0] == pytest.approx(
        2.48414, abs=1e-5
    )
    # Variances of 10, 20, 60 and of 13, 21, 62 are 700 and 691; that of 3, 1, 2 is 1.
    assert found.variance_reduction[0] == pytest.approx(700 + 691)


def test_the_p_value_is_that_of_the_tables():
    # t = 4.30265 with 2 degrees is 5 % on both sides.
    found = p_values(np.array([4.302652729911275]), np.array([1.0]), replications=3)
    assert found[0] == pytest.approx(0.05)


@given(runs)
def test_paired_ratios_agree_with_the_plain_jackknife(sums):
    baseline, variant = sums
    difference, error = naive.difference_and_error(baseline, variant)
    found = paired_differences(estimate(baseline), estimate(variant))
    assert_allclose(found.difference[0], difference, atol=1e-12)
    assert_allclose(found.error[0], error, rtol=1e-6, atol=1e-10)
    wide = half_widths(found.error, replications=len(baseline), level=0.9)[0]
    expected = naive.interval(baseline, variant, 0.9)
    assert_allclose([difference - wide, difference + wide], expected, rtol=1e-6, atol=1e-8)
    if error > 1e-9:
        expected = naive.variance_reduction(baseline, variant)
        assert_allclose(found.variance_reduction[0], expected, rtol=1e-5)


@given(runs)
def test_baseline_and_variant_swapped_negate_the_difference(sums):
    one, other = map(estimate, sums)
    there, back = paired_differences(one, other), paired_differences(other, one)
    assert_array_equal(there.difference, -back.difference)
    assert_array_equal(there.error, back.error)
    assert_array_equal(there.variance_reduction, back.variance_reduction)


@given(runs)
def test_a_scenario_does_not_differ_from_itself(sums):
    one = estimate(sums[0])
    found = paired_differences(one, one)
    assert found.difference[0] == 0.0
    assert found.error[0] == 0.0
    assert math.isnan(p_values(found.difference, found.error, replications=4)[0])
    assert math.isnan(found.variance_reduction[0])


def test_a_difference_that_never_scatters_has_no_rounding_for_an_interval():
    baseline = [(94.1, 1)] * 7
    variant = [(77.3, 1)] * 7
    found = paired_differences(estimate(baseline), estimate(variant))
    assert found.error[0] == 0.0


def test_holm_by_hand():
    # Smallest first: 0.01 x 4, 0.02 x 3, 0.03 x 2, and 0.9 x 1; never falling.
    found = holm(np.array([0.03, 0.01, np.nan, 0.9, 0.02]))
    assert_allclose(found, [0.06, 0.04, np.nan, 0.9, 0.06])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_agrees_with_stepping_down(values):
    assert_allclose(holm(np.array(values)), naive.holm(values), atol=1e-12)


def test_ten_intervals_at_once_are_of_99_5_percent_each():
    assert joint_level(0.95, 10) == pytest.approx(0.995)
    assert joint_level(0.95, 0) == pytest.approx(0.95)


@given(
    st.tuples(st.integers(3, 6), st.integers(2, 5)).flatmap(
        lambda size: st.lists(
            st.lists(pairs, min_size=size[0], max_size=size[0]), min_size=size[1], max_size=size[1]
        )
    ),
    st.booleans(),
)
def test_comparisons_with_the_best_agree_with_the_plain_definition(scenarios, more):
    found = comparisons_with_the_best(
        [estimate(sums) for sums in scenarios], more_is_better=more, level=0.9
    )
    expected = naive.from_the_best(scenarios, 0.9, more_is_better=more)
    # Whether a rival may be best hangs on a sign, which rounding must not decide.
    assume(all(high == 0 or high > 1e-9 for _, high in expected))
    assert_allclose(found.lower, [low for low, _ in expected], atol=1e-8)
    assert_allclose(found.upper, [high for _, high in expected], atol=1e-8)


def test_the_best_is_known_where_nothing_overlaps():
    noise = (0.0, 0.1, -0.1, 0.05)
    scenarios = [[(value + n, 1) for n in noise] for value in (1.0, 5.0, 3.0)]
    scenarios[1][0] = (5.2, 1)
    found = comparisons_with_the_best(
        [estimate(sums) for sums in scenarios], more_is_better=True, level=0.95
    )
    assert found.lower[1] == 0.0
    assert found.upper[1] > 0.0
    assert found.upper[0] == found.upper[2] == 0.0
    less = comparisons_with_the_best(
        [estimate(sums) for sums in scenarios], more_is_better=False, level=0.95
    )
    assert less.lower[0] == 0.0
    assert less.upper[1] == less.upper[2] == 0.0


@pytest.mark.statistical
def test_all_intervals_from_the_best_hold_together_as_often_as_they_say():
    dice = np.random.default_rng(7)
    means = np.array([1.0, 1.0, 0.8, 0.2])
    apart = [means[i] - max(np.delete(means, i)) for i in range(4)]
    held = 0
    for _ in range(400):
        day = dice.normal(size=(10, 1))
        values = means + day + 0.5 * dice.normal(size=(10, 4))
        sums = [estimate([(value, 1.0) for value in column]) for column in values.T]
        found = comparisons_with_the_best(sums, more_is_better=True, level=0.9)
        held += all(
            low <= true <= high
            for low, true, high in zip(found.lower, apart, found.upper, strict=True)
        )
    # At least 360; 4.2 standard errors below that would be 335.
    assert held >= 335


@given(
    st.lists(st.sampled_from([0.5, 1.5]), min_size=10, max_size=60)
    | st.integers(90, 140).map(lambda n: [1.5] * n + [0.5] * 60)
)
def test_replications_stop_as_hoad_robinson_and_davies_say(half_widths):
    look_ahead = LookAhead()
    stopped = None
    for n in range(10, len(half_widths) + 1):
        if look_ahead.enough(n, small=half_widths[n - 1] <= 1.0):
            stopped = n
            break
    assert stopped == naive.replications_needed(half_widths, 1.0)
