"""The golden values of the formulas, to the digits printed and to 1e-12 of a recomputation.

Sources of the figures: docs/scoring.md.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from journeysim.measures.experience import JourneyColumns, Weights, score_columns
from journeysim.measures.experience.elementary_functions import (
    exponential,
    logistic,
    normals,
    power,
)
from journeysim.measures.experience.memory import Memories, remember
from journeysim.measures.experience.summaries import net_promoter_score
from journeysim.measures.experience.valence import value_of
from tests.measures.experience.journeys import MINUTE, columns
from tests.naive.experience import Contact

DEFAULTS = Weights.default()


def one(journey: list[Contact], *names: str, weights: Weights = DEFAULTS, **of_journey) -> list:
    said = {name: [value] for name, value in of_journey.items()}
    found = score_columns(columns([journey], **said), measures=list(names), weights=weights)
    return [found[name][0] for name in names]


@pytest.mark.parametrize(
    ("minutes", "printed"),
    [(0.5, 0.837), (1, 1.562), (2, 2.915), (4, 5.440), (8, 10.151), (16, 18.943)],
)
def test_perceived_waits(minutes, printed):
    [seconds] = one([Contact(wait=round(minutes * MINUTE))], "perceived_wait")
    assert round(seconds / 60, 3) == printed
    assert seconds / 60 == pytest.approx(1.5622 * minutes**0.9, rel=1e-12)


def test_a_wait_of_four_minutes_feels_36_percent_longer():
    [seconds] = one([Contact(wait=4 * MINUTE)], "perceived_wait")
    assert seconds / 240 == pytest.approx(1.36, abs=1e-4)


def test_an_announced_wait_is_not_over_estimated():
    [seconds] = one([Contact(wait=4 * MINUTE, announced=MINUTE)], "perceived_wait")
    assert seconds / 60 == pytest.approx(4**0.9, rel=1e-12)


@pytest.mark.parametrize(
    ("delta", "printed"), [(-1.0, -1.955), (-0.5, -1.0623), (0.5, 0.5434), (1.0, 1.0)]
)
def test_losses_loom_larger_than_gains(delta, printed):
    found = value_of(delta, DEFAULTS["valence.loss_aversion"], DEFAULTS["valence.curvature"])
    assert round(found, 4) == printed
    exact = delta**0.88 if delta > 0 else -1.955 * (-delta) ** 0.88
    assert found == pytest.approx(exact, rel=1e-12)


def journey_of_valences(valences: list[float], minutes: list[int]) -> dict[str, float]:
    """Score contacts of given valence: what the pass makes of it once it is there."""
    v = np.array(valences)
    offsets = np.array([0, len(v)])
    ticks = np.array(minutes) * MINUTE
    found = Memories(*(np.zeros(1) for _ in range(3)))
    remember(offsets, v, ticks, np.zeros_like(ticks), found)
    return {name: float(getattr(found, name)[0]) for name in Memories._fields}


def test_mean_and_minimum_of_the_golden_journey():
    found = journey_of_valences([0.2, -0.9, 0.1, 0.3, 0.8], [1, 6, 2, 2, 1])
    assert found["mean_valence"] == pytest.approx(-0.3, rel=1e-12)
    assert found["lowest_valence"] == -0.9
    # Slope of least squares over 1 to 5: (-2)(.2) + (-1)(-.9) + 0 + .3 + 2(.8), over 10.
    assert found["valence_trend"] == pytest.approx(0.24, rel=1e-12)


def test_peak_and_end_of_the_golden_journey():
    """Outcomes alone make the valences: no curve, no adaptation, no warmth, no wait."""
    flat = Weights.default().changed(
        {
            "valence.curvature": 1.0,
            "valence.loss_aversion": 1.0,
            "valence.adaptation": 0.0,
            "valence.warmth": 0.0,
            "valence.speed": 0.0,
            "outcome.met": 0.8,
            "outcome.open": 0.2,
            "outcome.unmet": 0.3,
            "outcome.failed": -0.9,
        }
    )
    journey = [
        Contact(outcome="transferred", resolved=False),
        Contact(outcome="abandoned", resolved=False),
        Contact(outcome="served_unresolved", resolved=False),
        Contact(),
    ]
    assert one(journey, "peak_end", weights=flat) == [pytest.approx(-0.05, rel=1e-12)]


def test_of_equal_peaks_the_later_counts():
    even = Weights.default().changed(
        {
            "valence.curvature": 1.0,
            "valence.loss_aversion": 1.0,
            "valence.adaptation": 0.0,
            "valence.warmth": 0.0,
            "valence.speed": 0.0,
            "memory.peak": 1.0,
            "memory.end": 0.0,
        }
    )
    worse_first = [Contact(outcome="abandoned", resolved=False), Contact()]
    assert one(worse_first, "peak_end", weights=even) == [1.0]
    assert one(worse_first[::-1], "peak_end", weights=even) == [-1.0]


@pytest.mark.parametrize(("anger", "printed"), [(0.0, 0.018), (0.5, 0.119), (1.0, 0.5)])
def test_lost_for_good(anger, printed):
    found = logistic(DEFAULTS["lost.base"] + DEFAULTS["lost.anger"] * anger)
    assert round(found, 3) == printed
    assert found == pytest.approx(1 / (1 + math.exp(4 - 4 * anger)), rel=1e-12)


@pytest.mark.parametrize(
    ("retention", "discount", "printed"), [(0.8, 0.10, 2.6667), (0.9, 0.12, 4.0909)]
)
def test_lifetime_value_and_its_elasticity(retention, discount, printed):
    def lifetime(r: float) -> float:
        weights = DEFAULTS.changed({"value.retention": r, "value.discount": discount})
        risk, churn = one([Contact()], "value_at_risk", "churn_probability", weights=weights)
        return risk / churn / 100.0

    assert round(lifetime(retention), 4) == printed
    assert lifetime(retention) == pytest.approx(retention / (1 + discount - retention), rel=1e-12)
    step = 1e-6
    ratio = (lifetime(retention + step) / lifetime(retention - step) - 1) / (2 * step)
    elasticity = (1 + discount) / (1 + discount - retention)
    assert ratio * retention == pytest.approx(elasticity, rel=1e-4)
    assert round(elasticity, 3) in (3.667, 5.091)


def test_churn_of_a_neutral_journey_is_the_base():
    """Met at once, with no wait, no warmth and no gain by it: only the base is left."""
    neutral = DEFAULTS.changed(
        {"valence.resolution": 0.0, "valence.warmth": 0.0, "valence.speed": 0.0}
    )
    [churn] = one([Contact()], "churn_probability", weights=neutral)
    assert churn == pytest.approx(0.05, rel=1e-12)


def test_proactive_contact_moves_churn_as_in_the_field_experiment():
    """From 6 to 10 % is a shift of the logit by 0.55."""
    shift = math.log(0.10 / 0.90) - math.log(0.06 / 0.94)
    assert round(shift, 2) == 0.55
    weights = DEFAULTS.changed({"churn.proactive": shift, "churn.base": 0.06})
    weights = weights.changed(
        {"valence.resolution": 0.0, "valence.warmth": 0.0, "valence.speed": 0.0}
    )
    assert one([Contact()], "churn_probability", weights=weights) == [pytest.approx(0.06)]
    moved = one([Contact()], "churn_probability", weights=weights, proactive=True)
    assert moved == [pytest.approx(0.10, rel=1e-12)]


def test_trust_and_switching_cost_keep_customers():
    base, trusting, bound = (
        one([Contact()], "churn_probability", **said)[0]
        for said in ({}, {"trust": 1.0}, {"switching_cost": 1.0})
    )
    odds = base / (1 - base)
    assert trusting / (1 - trusting) == pytest.approx(odds * math.exp(-0.5), rel=1e-12)
    assert bound / (1 - bound) == pytest.approx(odds * math.exp(-1.0), rel=1e-12)


def test_customer_effort_scales():
    """Two repeats are the scale of effort: 63 % of the way."""
    abandoned = Contact(outcome="abandoned", resolved=False)
    effort, ces, ease = one([abandoned, abandoned, abandoned], "effort", "customer_effort", "ease")
    assert effort == 2.0
    assert ces == pytest.approx(1 + 4 * (1 - math.exp(-1)), rel=1e-12)
    assert ease == pytest.approx(7 - 6 * (1 - math.exp(-1)), rel=1e-12)


def test_answers_on_recommending_are_those_of_many_customers():
    rng = np.random.default_rng(2)
    [remembered, mean, promoter, detractor] = one(
        [Contact(wait=5 * MINUTE)], "peak_end", "likelihood_to_recommend", "promoter", "detractor"
    )
    noise = rng.normal(0, 1.5, 400_000)
    answers = np.clip(np.round(5 + 4 * remembered + noise), 0, 10)
    error = answers.std() / np.sqrt(len(answers))
    # Fixed seeds cannot flicker; by chance 4 standard errors come 1 in 16,000.
    assert abs(answers.mean() - mean) < 4 * error
    for share, where in ((promoter, answers >= 9), (detractor, answers <= 6)):
        spread = np.sqrt(share * (1 - share) / len(answers))
        assert abs(where.mean() - share) < 4 * spread


def test_net_promoter_score_and_its_standard_error():
    found = net_promoter_score(np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.0, 0.0]))
    p, d, n = 0.5, 0.25, 4
    assert found.score == 25.0
    assert found.error == pytest.approx(100 * math.sqrt((p + d - (p - d) ** 2) / n), rel=1e-12)


@pytest.mark.parametrize("x", [1e-9, 0.3, 0.5, 1.0, 1.7, 60.0, 1e7])
@pytest.mark.parametrize("exponent", [0.5, 0.88, 0.9, 1.0])
def test_powers_are_exact_to_a_few_units_of_the_last_place(x, exponent):
    assert power(x, exponent) == pytest.approx(x**exponent, rel=1e-14)
    assert power(0.0, exponent) == power(-x, exponent) == 0.0


def test_exponential_and_normal_are_exact_to_a_few_units_of_the_last_place():
    for x in np.linspace(-600, 600, 1001):
        assert exponential(float(x)) == pytest.approx(math.exp(x), rel=1e-14)
    assert exponential(-5000.0) < 1e-300
    found = np.zeros(2)
    normals(np.array([1.959963984540054, -40.0]), found)
    assert found[0] == pytest.approx(0.975, rel=1e-12)
    assert found[1] == pytest.approx(0.0, abs=1e-14)


def test_columns_are_not_written_to():
    given = columns([[Contact(wait=MINUTE)]])
    before = {name: column.copy() for name, column in given.contacts.items()}
    score_columns(given)
    assert isinstance(given, JourneyColumns)
    for name, column in given.contacts.items():
        np.testing.assert_array_equal(column, before[name])
