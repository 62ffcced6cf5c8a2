"""Summaries: exact quantiles in passes, intervals, groups, and the emotion curve."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeysim.errors import MeasureError
from journeysim.measures.experience import (
    Weights,
    contact_valence,
    emotion_curve,
    score_journeys,
    summary,
)
from journeysim.measures.experience.exact_quantiles import quantiles
from tests.measures.experience.journeys import columns
from tests.naive.experience import MINUTE, Contact

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0, 1.0, -2.5])


@settings(deadline=None)
@given(
    st.lists(st.tuples(numbers, st.integers(0, 2)), max_size=60),
    st.lists(st.floats(0.01, 1.0), min_size=1, max_size=3),
    st.integers(1, 20),
)
def test_quantiles_are_those_of_the_sorted_values(drawn, shares, cut):
    values = np.array([value for value, _ in drawn], dtype=np.float64)
    groups = np.array([group for _, group in drawn], dtype=np.int64)

    def parts():
        for start in range(0, len(values), cut):
            yield values[start : start + cut], groups[start : start + cut]

    found = quantiles(parts, np.bincount(groups, minlength=3), shares)
    for group in range(3):
        own = np.sort(values[groups == group])
        for place, share in enumerate(shares):
            if len(own) == 0:
                assert math.isnan(found[group, place])
            else:
                assert found[group, place] == own[max(math.ceil(share * len(own)) - 1, 0)]


def scores_of(waits: list[int], segments: list[str], scored: list[bool] | None = None) -> pa.Table:
    journeys = [[Contact(wait=wait * MINUTE)] for wait in waits]
    known = tuple(sorted(set(segments)))
    given_columns = columns(
        journeys,
        segment=np.array([known.index(each) for each in segments], np.uint8),
        scored=np.array(scored or [True] * len(waits)),
    )
    named = {**given_columns.words, "journey.segment": known}
    return score_journeys(
        type(given_columns)(
            given_columns.offsets, given_columns.contacts, given_columns.journeys, named
        )
    )


def rows(table: pa.Table, measure: str) -> dict:
    return {row.get("segment"): row for row in table.to_pylist() if row["measure"] == measure}


def test_means_and_quantiles_by_segment():
    scores = scores_of([1, 2, 3, 10], ["a", "a", "a", "b"])
    found = rows(summary([scores], by=["segment"]), "total_wait")
    assert found["a"]["mean"] == 120.0
    assert found["a"]["p50"] == 120.0
    assert found["a"]["p90"] == found["a"]["p99"] == 180.0
    assert found["b"]["journeys"] == 1
    # Over journeys: 1.96 standard errors of three values 60 s apart.
    assert found["a"]["half_width"] == pytest.approx(1.959964 * 60 / math.sqrt(3), rel=1e-6)


def test_intervals_over_replications_are_those_of_student():
    tables = [scores_of([wait], ["a"]) for wait in (1, 2, 3)]
    found = rows(summary(tables), "total_wait")[None]
    assert found["mean"] == 120.0
    assert found["half_width"] == pytest.approx(4.302653 * 60 / math.sqrt(3), rel=1e-6)


def test_journeys_of_the_warm_up_do_not_count():
    scores = scores_of([1, 100], ["a", "a"], [True, False])
    found = rows(summary([scores]), "total_wait")[None]
    assert (found["journeys"], found["mean"], found["p99"]) == (1, 60.0, 60.0)


def test_the_net_promoter_score_has_the_error_of_a_survey():
    scores = scores_of([0, 20, 40, 5], ["a"] * 4)
    p = np.mean(scores.column("promoter").to_numpy())
    d = np.mean(scores.column("detractor").to_numpy())
    found = rows(summary([scores]), "net_promoter_score")[None]
    assert found["mean"] == pytest.approx(100 * (p - d), rel=1e-12)
    error = 100 * math.sqrt((p + d - (p - d) ** 2) / 4)
    assert found["half_width"] == pytest.approx(1.959964 * error, rel=1e-6)


def test_unknown_groups_and_measures_are_refused():
    scores = scores_of([1], ["a"])
    with pytest.raises(MeasureError, match="no breakdown by 'segmant'; did you mean 'segment'"):
        summary([scores], by=["segmant"])
    with pytest.raises(MeasureError, match="have no need to break down by"):
        summary([scores], by=["need"])
    with pytest.raises(MeasureError, match="no 'peak_ent'; did you mean 'peak_end'"):
        summary([scores], measures=["peak_ent"])


def curve_rows(table: pa.Table, kind: str) -> dict:
    return {row[kind]: row for row in table.to_pylist() if row["by"] == kind}


def test_the_curve_is_the_valence_of_contacts():
    failed = Contact(outcome="abandoned", resolved=False)
    first = columns([[failed, Contact()], [Contact("chat")], [failed, failed, Contact("chat")]])
    second = columns([[Contact(wait=30 * MINUTE)]])
    curve = emotion_curve([[first], [second]])
    v, w = contact_valence(first), contact_valence(second)
    by_position = curve_rows(curve, "position")
    assert by_position[1]["contacts"] == 4
    assert by_position[1]["mean"] == pytest.approx((v[0] + v[2] + v[3] + w[0]) / 4, rel=1e-12)
    assert by_position[3]["mean"] == pytest.approx(v[5], rel=1e-12)
    assert by_position[2]["p10"] == pytest.approx(min(v[1], v[4]), abs=0.002)
    assert by_position[2]["p90"] == pytest.approx(max(v[1], v[4]), abs=0.002)
    assert 4 not in by_position
    by_touchpoint = curve_rows(curve, "touchpoint")
    assert by_touchpoint["chat"]["contacts"] == 2
    assert by_touchpoint["chat"]["mean"] == pytest.approx((v[2] + v[5]) / 2, rel=1e-12)
    assert by_touchpoint["phone"]["half_width"] is not None
    assert by_touchpoint["chat"]["half_width"] is None


def test_pieces_of_a_replication_are_put_together():
    whole = columns([[Contact()], [Contact("chat"), Contact("web")], [Contact("email")]])
    cut = [whole.slice(0, 1), whole.slice(1, 3)]
    assert emotion_curve([cut]).equals(emotion_curve([[whole]]))


def test_the_curve_moves_with_the_weights():
    given_columns = [[columns([[Contact(outcome="abandoned", resolved=False)]])]]
    mild = Weights.default().changed({"valence.loss_aversion": 1.0})
    usual = curve_rows(emotion_curve(given_columns), "position")[1]["mean"]
    assert curve_rows(emotion_curve(given_columns, weights=mild), "position")[1]["mean"] > usual
