"""Sensitivity indices of functions of which they are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

import journeysim as js
from journeysim.experiments.plan_file import DesignPart
from journeysim.experiments.sensitivity import morris_sample, sensitivity, sobol_sample
from journeysim.measures.arrow_columns import Numbers
from tests.experiments.small import plan_of


def ishigami(sample: Numbers) -> Numbers:
    """sin x + 7 sin^2 y + 0.1 z^4 sin x, over the cube of side 2 pi around 0."""
    x, y, z = (2 * math.pi * (column - 0.5) for column in sample.T)
    return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


@pytest.mark.statistical
def test_sobol_indices_of_ishigami() -> None:
    """Ishigami and Homma 1990: the exact indices follow from the two parameters 7 and 0.1."""
    a, b = 7.0, 0.1
    v1 = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    v2 = a**2 / 8
    v13 = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    design = DesignPart(kind="sobol_indices", base=2048, seed=3)
    sample = sobol_sample(design, 3)
    found = sensitivity(design, sample, ishigami(sample), level=0.95)
    exact = np.array([v1, v2, 0.0]) / whole
    total = np.array([v1 + v13, v2, v13]) / whole
    np.testing.assert_allclose(found["first_order"], exact, atol=0.02)
    np.testing.assert_allclose(found["total"], total, atol=0.02)
    assert (found["first_order_half_width"] < 0.1).all()


def test_morris_effects_of_a_straight_line() -> None:
    design = DesignPart(kind="morris", trajectories=6, levels=4, seed=3)
    sample = morris_sample(design, 3)
    assert len(sample) == 6 * 4
    found = sensitivity(design, sample, 3 * sample[:, 0] - 2 * sample[:, 1], level=0.95)
    np.testing.assert_allclose(found["effect"], [3.0, -2.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(found["importance"], [3.0, 2.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(found["interaction"], 0.0, atol=1e-12)


def test_what_nothing_moves_has_no_effect_and_what_is_unknown_none_that_is_known() -> None:
    design = DesignPart(kind="morris", trajectories=2, seed=1)
    sample = morris_sample(design, 2)
    still = sensitivity(design, sample, np.ones(len(sample)), level=0.95)
    assert still["importance"].tolist() == [0.0, 0.0]
    unknown = sensitivity(design, sample, np.full(len(sample), np.nan), level=0.95)
    assert np.isnan(unknown["importance"]).all()


def test_a_factor_without_effect_is_found_in_a_world() -> None:
    design = {"kind": "morris", "trajectories": 3, "seed": 2}
    factors = {
        "talk": {"path": "channels.phone.talk", "change": "*=", "range": [0.6, 1.4]},
        "cost": {"path": "pools.agents.cost_per_hour", "range": [10, 90]},
    }
    parts = {"design": design, "factors": factors, "measures": ["abandonment", "cost_total"]}
    found = js.experiment(plan_of(**parts), engine="reference")
    assert found.sensitivity is not None
    rows = {(row["measure"], row["factor"]): row for row in found.sensitivity.to_pylist()}
    assert rows["abandonment", "cost"]["importance"] == 0.0
    assert rows["abandonment", "talk"]["importance"] > 0.1
    # 3 agents for 2 hours, and 80 more an hour from one end to the other.
    assert rows["cost_total", "cost"]["effect"] == pytest.approx(480.0)
