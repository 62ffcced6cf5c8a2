"""Simulated figures against exact ones, at fixed seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.theory import day_cases, several_queues, single_queues, what_if
from tests.theory.cases import EXACT
from tests.theory.estimates import Case, Estimate, estimates, intercept

CASES = {
    case.name: case
    for case in (*single_queues.cases(), *several_queues.cases(), *day_cases.cases())
}


def _differs(found: list[Estimate]) -> bool:
    # By chance one figure in 40,000; then one longer run with another seed decides.
    return any(estimate.verdict == "differs" for estimate in found)


def _wrong(found: list[Estimate]) -> str:
    return "\n".join(str(estimate) for estimate in found if estimate.verdict != "agrees")


@pytest.mark.statistical
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_simulated_figures_agree_with_theory(case: Case):
    assert case.replications >= 30
    found = estimates(case, replications=case.replications, seed=11)
    if _differs(found):
        more = 4 * case.replications
        found = estimates(case, replications=more, seed=12)
    assert not _wrong(found), _wrong(found)


@pytest.mark.statistical
def test_few_paired_differences_cover_the_exact_ones():
    found = what_if.differences(replications=40, seed=11, tolerance=0.08)
    assert not _wrong(found), _wrong(found)


@pytest.mark.slow
@pytest.mark.statistical
def test_paired_differences_cover_the_exact_ones():
    # Differences are a tenth of the figures, so 1 % of them is left to validation/.
    found = what_if.differences(replications=260, seed=11, tolerance=0.025)
    if _differs(found):
        found = what_if.differences(replications=1040, seed=12, tolerance=0.025)
    assert not _wrong(found), _wrong(found)


def test_every_case_that_a_scenario_can_express_is_run():
    assert {*CASES, what_if.NAME} == set(EXACT)


def test_a_regression_on_controls_keeps_the_mean_and_loses_the_noise():
    generator = np.random.default_rng(5)
    luck = generator.normal(size=400)
    values = 3.0 + 2.0 * luck + 0.1 * generator.normal(size=400)
    plain = intercept(values, np.empty((400, 0)))
    controlled = intercept(values, luck[:, None])
    assert plain == pytest.approx((values.mean(), values.std(ddof=1) / 20))
    assert abs(controlled[0] - 3.0) < 4 * controlled[1]
    assert controlled[1] == pytest.approx(0.1 / 20, rel=0.1)


def test_a_figure_that_cannot_vary_has_to_be_exact():
    same = {"case": "x", "figure": "y", "error": 0.0, "widest": 0.0}
    assert Estimate(exact=0.5, simulated=0.5, **same).z == 0.0
    assert Estimate(exact=0.5, simulated=0.6, **same).z == math.inf
