"""Would a comparison with the naive engine notice a small misreading of the rules?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from journeysim.model.flat import FlatModel
from tests.engines.running import Rows
from tests.naive.engine import run_naively
from tests.naive.faults import FAULTS, run_with_fault
from tests.strategies import Case, cases

World = tuple[FlatModel, tuple[Rows, Rows]]


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """Return random worlds, each with what happens in it."""
    found: list[World] = []

    @settings(
        max_examples=600,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(cases())
    def collect(case: Case) -> None:
        model, _ = case.model()
        found.append((model, run_naively(model)))

    collect()
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_changes_what_happens(fault: str, worlds: list[World]) -> None:
    run = run_with_fault(fault)
    for model, (contacts, journeys) in worlds:
        try:
            others, more = run(model)
        except AssertionError:
            return
        if not (np.array_equal(contacts, others) and np.array_equal(journeys, more)):
            return
    pytest.fail(f"nobody would notice: {fault}")
