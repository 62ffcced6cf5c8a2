"""Credit for the touchpoints of a log from outside, and what is said about logs without one."""

from __future__ import annotations

import pyarrow as pa
import pytest

import journeysim as js
from journeysim.measures.attribution import CREDITS
from tests.unit.test_attribution import table_of


def test_a_log_from_outside_becomes_a_table_with_intervals():
    log = [([0, 1], True), ([0], False), ([2, 2], True), ([], True)] * 100
    found = js.credit_touchpoints(table_of(log), touchpoints="path", outcome="won")
    rows = {(row["method"], row["touchpoint"]): row for row in found.to_pylist()}
    assert {method for method, _ in rows} == {each.name for each in CREDITS} | {"removal_effect"}
    assert rows["linear", "t0"]["share"] == pytest.approx(0.25)
    assert rows["linear", "t0"]["replications"] == 20
    # 200 journeys met the goal after some contact: 10 in each of the 20 parts, which are alike.
    assert rows["linear", "t2"]["credit"] == pytest.approx(5.0)
    assert rows["removal_effect", "t0"]["half_width"] == pytest.approx(0.0, abs=1e-12)
    uneven = js.credit_touchpoints(table_of(log[:200]), touchpoints="path", outcome="won")
    assert uneven.to_pylist()[0]["half_width"] > 0.0
    few = js.credit_touchpoints(table_of(log[:4]), touchpoints="path", outcome="won")
    assert few["half_width"].null_count == few.num_rows


def test_words_structs_and_plain_lists_say_the_same():
    plain = pa.table({"touchpoints": [["web", "chat"], ["chat"]], "outcome": ["bought", "left"]})
    structs = pa.table(
        {
            "steps": [[{"at": "web"}, {"at": "chat"}], [{"at": "chat"}]],
            "outcome": pa.array(["bought", "left"]).dictionary_encode(),
        }
    )
    one = js.credit_touchpoints(plain, goal="bought")
    other = js.credit_touchpoints(structs, touchpoints="steps.at", goal="bought")
    assert one.equals(other)
    assert one["share"][:2].to_pylist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"outcome": ["x"]}, "no column 'touchpoints'"),
        ({"touchpoints": [["a"]]}, "no column 'outcome'"),
        ({"touchpoints": ["a"], "outcome": ["x"]}, "a list of touchpoints"),
        ({"touchpoints": [[1]], "outcome": ["x"]}, "must be words"),
        ({"touchpoints": [["a", None]], "outcome": ["x"]}, "no touchpoint"),
        ({"touchpoints": [["a"], None], "outcome": ["x", "x"]}, "no list"),
        ({"touchpoints": [["a"]], "outcome": [1.5]}, "true and false"),
    ],
)
def test_logs_that_cannot_be_read_say_why(columns, told):
    with pytest.raises(js.MeasureError, match=told):
        js.credit_touchpoints(pa.table(columns))
