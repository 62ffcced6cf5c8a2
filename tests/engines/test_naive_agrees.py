"""The reference engine and the naive one, written apart, must tell the same story to the tick."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings

from tests.engines.running import run_reference
from tests.naive.engine import run_naively
from tests.random_worlds import thrown_cases
from tests.strategies import Case, cases


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_naive_engine_agrees_with_the_reference(case: Case) -> None:
    model, names = case.model()
    contacts, journeys = run_reference(model, names)
    naive_contacts, naive_journeys = run_naively(model)
    np.testing.assert_array_equal(contacts, naive_contacts)
    np.testing.assert_array_equal(journeys, naive_journeys)


def test_naive_engine_agrees_on_worlds_thrown_by_dice() -> None:
    for seed, case in enumerate(thrown_cases(600)):
        model, names = case.model()
        for rows, naive in zip(run_reference(model, names), run_naively(model), strict=True):
            np.testing.assert_array_equal(rows, naive, err_msg=f"dice {seed}")
