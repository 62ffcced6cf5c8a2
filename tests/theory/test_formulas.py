"""The formulas here give the figures that others computed."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from scipy import stats

from tests.theory import chains, formulas, networks, time_varying, what_if
from tests.theory.cases import EXACT
from tests.theory.day_cases import PIECES

#: The digits of the figures.
DIGITS = 1e-9
THIRD = 0.3333333333


def check(found: Mapping[str, float], case: str, *, digits: float = DIGITS):
    known = {figure: value for figure, value in EXACT[case].items() if figure in found}
    assert known
    assert {figure: found[figure] for figure in known} == pytest.approx(known, rel=digits)


def test_mms_by_erlang_c():
    check(formulas.mms(1.8, 0.2, 11, threshold=THIRD), "erlangC_open")


def test_blocking_does_not_depend_on_the_shape_of_handling():
    blocked = formulas.erlang_b(20, 25)
    check({"p_block": blocked, "util": 20 * (1 - blocked) / 25}, "erlangB_open")


def test_patience_by_erlang_a():
    check(formulas.erlang_a(48, 1, 0.5, 50, threshold=THIRD), "erlangA_open")


def test_quantiles_of_the_wait_are_where_the_service_level_reaches_them():
    figures = EXACT["erlangA_open"]
    everyone = formulas.erlang_a(48, 1, 0.5, 50, threshold=figures["wait_q90_all"])
    served = formulas.erlang_a(48, 1, 0.5, 50, threshold=figures["wait_q90_served"])
    assert everyone["sl_wait"] == pytest.approx(0.9, rel=DIGITS)
    assert served["sl_answered"] == pytest.approx(0.9, rel=DIGITS)


def test_a_limit_on_lines():
    check(formulas.erlang_a(12, 1, 0.5, 10, threshold=0.2, lines=14), "mmsnM_open")


def test_patience_of_any_shape():
    constant = formulas.deterministic_patience(0.5)
    found = formulas.mms_patience(12, 1, 10, patience=constant, threshold=0.25, breaks=(0.5,))
    check(found, "mmsG_det_open")
    lognormal = formulas.lognormal_patience(0.4, 1.2)
    check(formulas.mms_patience(12, 1, 10, patience=lognormal, threshold=0.25), "mmsG_logn_open")


def test_exponential_patience_by_the_integral_is_erlang_a():
    patience = (lambda x: np.exp(-x / 2), lambda x: 2 * (1 - np.exp(-x / 2)))
    integral = formulas.mms_patience(48, 1, 50, patience=patience, threshold=THIRD)
    chain = formulas.erlang_a(48, 1, 0.5, 50, threshold=THIRD)
    assert integral == pytest.approx({figure: chain[figure] for figure in integral}, rel=DIGITS)


def test_handling_in_two_stages():
    check(chains.erlang_service(22, 20, 0.5), "mPHsM_open")


def test_handling_that_is_always_the_same():
    check(formulas.mds(9, 1, 10), "mDs_open")


def test_priorities():
    # The published tail comes from a numerical inversion that keeps 7 digits.
    check(formulas.priority_mms(3, 4, 1, 9, threshold=0.5), "prio_open", digits=1e-7)
    check(chains.two_classes((4, 7), 1, (0.4, 0.8), 10), "prio_ab_open")


def test_a_pool_that_helps():
    check(chains.n_model((5, 4), (1, 0.8, 1.2), (0.5, 0.3), (4, 5)), "nmodel_open")


def test_networks():
    routes = np.array([[0, 0.3], [0.2, 0.1]])
    check(
        networks.jackson(np.array([4.0, 1.0]), routes, np.array([1, 1.5]), [7, 3]), "jackson_open"
    )
    check(networks.switching((12, 1, 0.5, 10), (3, 1, 0.8, 4), share=0.6), "switch_open")


def test_customers_who_come_again():
    check(networks.retrial(4, 1, 6, 0.5), "retrial_open")
    # The published chain is cut earlier: it leaves out states of probability 2.6e-9.
    found = networks.redial(3, 1, 4, 0.5, again=(0.6, 0.8), back=(0.15, 0.2))
    check(found, "redial_open", digits=1e-7)


def test_staff_that_falls_by_the_finish_rule():
    rule = time_varying.FinishRule(pieces=PIECES, service=0.25, abandonment=0.2, threshold=0.5)
    check(time_varying.finish_rule(rule), "tv_finish_open")


def test_the_finish_rule_on_the_day_of_four_rules():
    pieces = ((3, 7, 6), (3, 7, 3), (3, 9, 8))
    rule = time_varying.FinishRule(pieces=pieces, service=1, abandonment=0.5, threshold=0.4)
    found = time_varying.finish_rule(rule)
    assert found["abandons"] == pytest.approx(13.924, abs=5e-4)
    assert found["sl_offered_2"] == pytest.approx(0.1330, abs=5e-5)


def test_unlimited_agents():
    sigma = math.sqrt(math.log1p(1.5**2))
    law = stats.lognorm(sigma, scale=2 * math.exp(-(sigma**2) / 2))
    found = {
        f"busy_at_{time}": time_varying.unlimited_agents(
            lambda t: 10 * (1 + 0.6 * np.sin(2 * np.pi * t / 8)), law.sf, time
        )
        for time in (1, 3, 6, 12, 24)
    }
    check(found, "mtginf_open")


def test_counts():
    per_piece = time_varying.counts_by_piece([0, 2, 4, 6, 7, 10], [4, 12, 7, 0, 9])
    found = {f"count_{piece}": count for piece, count in enumerate(per_piece, 1)}
    found["linear_mean_count"], found["linear_mean_time"] = time_varying.linear_piece(0, 2, 3, 15)
    check(found | {"gamma_day_var": 200 + (0.15 * 200) ** 2}, "nhpp_counts_open")


def test_differences_between_scenarios():
    before = what_if.exact(*what_if.BEFORE)
    found = {}
    for change, world in what_if.AFTER.items():
        after = what_if.exact(*world)
        found |= {f"{change}: {name}": after[name] - before[name] for name in before}
    check(found, "whatif_open", digits=1e-8)
