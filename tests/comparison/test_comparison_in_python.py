"""A comparison as Python programs use it: shown, asked for one difference, handed on."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import polars as pl
import pytest

import journeysim as js
from tests.unit.documents import smallest


@pytest.fixture(scope="module")
def answer() -> js.Comparison:
    scenario = js.load_scenario(smallest(), name="line")
    variants = {"two": "pools.agents.agents-=1", "four": {"pools.agents.agents": 4}}
    return js.compare(scenario, variants, replications=3, engine="reference")


def test_a_difference_has_its_name_and_its_type(answer: js.Comparison) -> None:
    found = answer.difference("phone.service_level", variant="two")
    rows = [
        row
        for row in answer.differences.to_pylist()
        if (row["measure"], row["variant"]) == ("service_level", "two")
    ]
    assert (found.estimate, found.lower, found.upper, found.p) == tuple(
        rows[0][key] for key in ("difference", "lower", "upper", "p")
    )
    assert found.of == {"channel": "phone"}
    assert (found.unit, found.level, found.variant, found.better) == ("share", 0.95, "two", "more")
    assert found.baseline is not None
    assert found.value is not None
    assert found.estimate == pytest.approx(found.value - found.baseline, abs=1e-12)
    assert answer.difference("service_level", variant="two") == found
    with pytest.raises(FrozenInstanceError):
        found.estimate = 0.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "variant", "kind", "said"),
    [
        ("phone.service_level", None, js.CompareError, "2 variants, name one: 'two', 'four'"),
        ("phone.service_level", "tow", js.CompareError, "did you mean 'two'"),
        ("phone.servce_level", "two", js.MeasureError, "did you mean 'service_level'"),
        ("fone.service_level", "two", js.MeasureError, "did you mean 'phone'"),
        ("phone.", "two", js.MeasureError, "names nothing"),
    ],
)
def test_a_difference_that_is_not_there_is_refused(
    answer: js.Comparison, name: str, variant: str | None, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        answer.difference(name, variant=variant)


def test_a_comparison_is_shown_in_a_few_lines(answer: js.Comparison) -> None:
    lines = repr(answer).splitlines()
    assert lines[0] == "Comparison of line with 2: two, four; 3 pairs"
    assert len(lines) <= 10
    assert max(map(len, lines)) <= 100
    page = answer._repr_html_()
    assert all(sentence.split(",")[0] in page for sentence in answer.sentences)
    assert "phone.service_level %" in page


def test_a_comparison_goes_to_pandas_and_polars(answer: js.Comparison) -> None:
    rows = answer.differences.num_rows
    assert len(answer.to_pandas()) == answer.to_polars().height == pl.DataFrame(answer).height
    assert len(answer.to_pandas()) == rows
    assert len(answer.to_pandas("scores")) == answer.scores.num_rows
    with pytest.raises(js.ArgumentError, match="table: no 'score'; did you mean 'scores'"):
        answer.to_pandas("score")  # type: ignore[arg-type]
    with pytest.raises(js.CompareError, match="the inputs were not drawn"):
        answer.to_polars("input_uncertainty")


def test_completion_shows_what_people_use(answer: js.Comparison) -> None:
    shown = {name for name in dir(answer) if not name.startswith("_")}
    assert not shown & {"told_journeys", "told_contacts", "write_into"}
    assert {"difference", "sentences", "differences", "to_polars", "plot", "write"} <= shown


def test_a_comparison_travels(answer: js.Comparison) -> None:
    assert pickle.loads(pickle.dumps(answer)).differences.equals(answer.differences)
