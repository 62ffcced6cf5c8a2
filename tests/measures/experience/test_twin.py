"""The fused pass gives what the formulas give, journey by journey, however it is cut up."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeysim.measures.experience import Weights, score_columns, scoring_pass
from journeysim.measures.experience import fused_pass as fused_module
from journeysim.measures.experience.accumulate import LONGEST
from journeysim.measures.experience.built_in import FUSED
from journeysim.measures.experience.valence import DEPTH
from journeysim.measures.experience.weights import ChannelFacts
from tests.measures.experience.journeys import MINUTE, columns, journeys
from tests.naive.experience import Contact, scores

NAMES = [measure.name for measure in FUSED]
RATES = {"desk": 30.0, "back": 12.5}


def weights_with(**changes: float) -> Weights:
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return replace(Weights.default().changed(paths), pool_costs=RATES)


def numbers(weights: Weights) -> dict[str, float]:
    return {path: evidence.value for path, evidence in weights.known.items()}


def check(found, place, journey, weights, **options) -> None:
    wanted = scores(journey, numbers(weights), value=100.0, rates=RATES, **options)
    for name, expected in wanted.items():
        got = found[name][place]
        if isinstance(expected, int):
            assert got == expected, name
        else:
            assert got == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), name


@settings(deadline=None)
@given(st.lists(journeys(), min_size=1, max_size=6))
def test_every_measure_is_that_of_its_formula(drawn):
    weights = weights_with()
    found = score_columns(columns(drawn), measures=NAMES, weights=weights)
    for place, journey in enumerate(drawn):
        check(found, place, journey, weights)


@settings(deadline=None)
@given(
    journeys(),
    st.fixed_dictionaries(
        {
            "wait__k": st.floats(0.5, 2.0),
            "wait__beta": st.floats(0.5, 1.0),
            "wait__slope": st.floats(0.0, 1.0),
            "wait__accept": st.floats(0.5, 10.0),
            "valence__curvature": st.floats(0.5, 1.0),
            "valence__loss_aversion": st.floats(1.0, 3.0),
            "valence__adaptation": st.floats(0.0, 1.0),
            "valence__expectation": st.floats(-1.0, 1.0),
            "valence__anger": st.floats(0.0, 1.0),
            "memory__peak": st.floats(0.0, 1.0),
            "anger__tau": st.floats(1.0, 1e5),
            "effort__wait": st.floats(0.0, 0.2),
            "churn__effort": st.floats(0.0, 1.0),
            "recommend__spread": st.floats(0.3, 3.0),
        }
    ),
)
def test_every_weight_is_used_as_in_its_formula(journey, changes):
    weights = replace(weights_with(**changes), channels={"bot": ChannelFacts(humanised=True)})
    # Times are kept to the tick.
    found = score_columns(columns([journey]), measures=NAMES, weights=weights)
    check(found, 0, journey, weights, humanised=("bot",))


@settings(max_examples=25, deadline=None)
@given(st.lists(journeys(longest=4), min_size=1, max_size=40), st.integers(1, 7))
def test_scores_depend_neither_on_pieces_nor_on_threads(drawn, piece):
    given_columns = columns(drawn)
    whole = score_columns(given_columns, measures=NAMES)
    before = scoring_pass.PIECE
    scoring_pass.PIECE = piece
    try:
        cut = score_columns(given_columns, measures=NAMES, jobs=3)
    finally:
        scoring_pass.PIECE = before
    for name in NAMES:
        np.testing.assert_array_equal(cut[name], whole[name])


def test_scores_do_not_depend_on_where_blocks_begin():
    rng = np.random.default_rng(4)
    sizes = rng.integers(1, 9, 2 * fused_module.BLOCK + 77)
    outcomes = ["abandoned", "served_resolved", "served_unresolved", "transferred"]
    drawn = [
        [
            Contact(
                ["phone", "web", "chat"][rng.integers(3)],
                outcome := outcomes[rng.integers(4)],
                outcome == "served_resolved",
                wait=int(rng.integers(0, 20 * MINUTE)),
            )
            for _ in range(size)
        ]
        for size in sizes
    ]
    whole = score_columns(columns(drawn), measures=NAMES)
    shifted = score_columns(columns(drawn[5:]), measures=NAMES)
    for name in NAMES:
        np.testing.assert_array_equal(shifted[name], whole[name][5:])


@settings(deadline=None)
@given(st.lists(journeys(longest=3), min_size=2, max_size=8), st.data())
def test_a_slice_of_columns_has_the_scores_of_its_journeys(drawn, data):
    first = data.draw(st.integers(0, len(drawn) - 1))
    last = data.draw(st.integers(first, len(drawn)))
    whole = score_columns(columns(drawn), measures=NAMES)
    part = score_columns(columns(drawn).slice(first, last), measures=NAMES)
    for name in NAMES:
        np.testing.assert_array_equal(part[name], whole[name][first:last])


@pytest.mark.parametrize("size", [DEPTH, DEPTH + 1, 3 * DEPTH, LONGEST + 1])
def test_long_journeys_are_scored_like_short_ones(size):
    rng = np.random.default_rng(size)
    outcomes = ["abandoned", "served_unresolved", "transferred", "stuck", "balked"]
    journey = [
        Contact(["phone", "chat"][rng.integers(2)], outcomes[rng.integers(5)], resolved=False)
        for _ in range(size)
    ]
    weights = weights_with()
    found = score_columns(columns([[Contact()], journey, [Contact()]]), measures=NAMES)
    wanted = scores(journey, numbers(weights), value=100.0)
    for name in ("switches", "retries", "effort", "peak_end", "lowest_valence", "valence_trend"):
        assert found[name][1] == pytest.approx(wanted[name], rel=1e-11), name


def test_a_journey_without_contacts_has_counts_and_nothing_else():
    found = score_columns(columns([[Contact()], [], [Contact()]]), measures=NAMES)
    assert found["contacts"].tolist() == [1, 0, 1]
    assert found["total_wait"][1] == found["effort"][1] == 0
    for name in ("peak_end", "mean_valence", "lowest_valence", "churn_probability", "satisfaction"):
        assert math.isnan(found[name][1]), name
        assert not math.isnan(found[name][2]), name
    assert math.isnan(found["likelihood_to_recommend"][1])


def test_an_output_can_be_used_again():
    given_columns = columns([[Contact()], [Contact(outcome="abandoned", resolved=False)]])
    first = score_columns(given_columns, measures=["peak_end", "contacts"])
    again = score_columns(given_columns, measures=["peak_end", "contacts"], out=first)
    assert again["peak_end"] is first["peak_end"]
    other = score_columns(given_columns.slice(0, 1), measures=["peak_end"], out=first)
    assert other["peak_end"] is not first["peak_end"]


@pytest.mark.parametrize("name", NAMES)
def test_a_measure_alone_is_what_it_is_among_all(name):
    rng = np.random.default_rng(1)
    drawn = [
        [
            Contact("phone", "abandoned", resolved=False, wait=int(rng.integers(0, 9 * MINUTE)))
            for _ in range(rng.integers(1, 5))
        ]
        for _ in range(50)
    ]
    alone = score_columns(columns(drawn), measures=[name])[name]
    np.testing.assert_array_equal(alone, score_columns(columns(drawn), measures=NAMES)[name])
