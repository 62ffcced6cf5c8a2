"""Would a comparison with the naive engine notice a small misreading of the rules?"""

from __future__ import annotations

import numpy as np

from tests.naive.engine import run_naively
from tests.naive.faults import FAULTS, run_with_fault
from tests.random_worlds import thrown_cases

WORLDS = 400


def test_every_planted_fault_changes_what_happens() -> None:
    models = [case.model()[0] for case in thrown_cases(WORLDS)]
    sound = [run_naively(model) for model in models]

    def noticed(fault: str) -> bool:
        run = run_with_fault(fault)
        for model, (contacts, journeys) in zip(models, sound, strict=True):
            try:
                others, more = run(model)
            except AssertionError:
                return True
            if not (np.array_equal(contacts, others) and np.array_equal(journeys, more)):
                return True
        return False

    assert [fault for fault in FAULTS if not noticed(fault)] == []
