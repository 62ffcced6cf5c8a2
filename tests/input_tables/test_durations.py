"""Durations and numbers as people write them; what cannot be told is asked about."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import numpy as np
import pytest

from journeysim.errors import LogError
from journeysim.input_tables.column import UNKNOWN
from journeysim.input_tables.durations import durations_of, unit_in_name
from journeysim.input_tables.numbers import numbers_of
from journeysim.units import HOUR, MILLISECOND, MINUTE, SECOND
from tests.input_tables.tables import column_of


@pytest.mark.parametrize(
    ("cells", "seconds"),
    [
        (["192"], 192),
        ([192], 192),
        (["3:12"], 192),
        (["00:03:12"], 192),
        (["0:03:12.500"], 192.5),
        (["192,5"], 192.5),
        (["192.5"], 192.5),
        ([timedelta(seconds=192)], 192),
        ([time(0, 3, 12)], 192),
        (["75:00"], 4500),
    ],
)
def test_forms_of_a_duration(cells: list[Any], seconds: float):
    assert durations_of(column_of([*cells, None])).tolist() == [seconds * SECOND, UNKNOWN]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("wait_min", MINUTE),
        ("talk_ms", MILLISECOND),
        ("Talk (s)", SECOND),
        ("HandleTimeSeconds", SECOND),
        ("wait hours", HOUR),
        ("wait", None),
        ("items", None),
        ("admin", None),
    ],
)
def test_units_in_names_of_columns(name: str, unit: int | None):
    assert unit_in_name(name) == unit


def test_a_unit_that_is_given_beats_the_name():
    assert durations_of(column_of([2], "wait_min"))[0] == 2 * MINUTE
    assert durations_of(column_of([2], "wait_min"), unit=SECOND)[0] == 2 * SECOND


def test_milliseconds_taken_for_seconds_stop_with_the_remedy_that_works():
    column = column_of([180_000, 240_000, 0, 250_000])
    with pytest.raises(LogError, match="--unit 1ms"):
        durations_of(column)
    assert durations_of(column, unit=MILLISECOND)[0] == 180 * SECOND


def test_a_negative_duration_is_told_from_a_missing_one():
    assert durations_of(column_of(["-5", None])).tolist() == [-5 * SECOND - 1, UNKNOWN]
    assert durations_of(column_of([-0.000001]))[0] == -2


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (["soon", "3"], "row 2, column 'c': 'soon' is not a duration"),
        (["3:12", "soon"], "row 3, column 'c': 'soon' is not a duration like the others"),
        (["3:72"], "row 2.*minutes and seconds end at 59"),
        (["1:72:00"], "row 2.*minutes and seconds end at 59"),
    ],
)
def test_what_is_no_duration_is_refused_with_row_and_value(cells: list[str], text: str):
    with pytest.raises(LogError, match=text):
        durations_of(column_of(cells))


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["1.5", "2"], [1.5, 2.0]),
        (["1,5", "2"], [1.5, 2.0]),
        (["1.012,5", "2"], [1012.5, 2.0]),
        (["1,012.5", "2"], [1012.5, 2.0]),
        (["1,012,000"], [1_012_000.0]),
        (["1.012", "0.3"], [1.012, 0.3]),
        (["1e3"], [1000.0]),
    ],
)
def test_numbers(cells: list[str], wanted: list[float]):
    assert np.array_equal(numbers_of(column_of(cells), what="a number"), wanted)


@pytest.mark.parametrize("text", ["1.012", "1,012"])
def test_thousands_are_asked_about_where_the_column_does_not_say(text: str):
    column = column_of([text, "2"])
    with pytest.raises(LogError, match=f"row 2.*{text}.*--decimal"):
        numbers_of(column, what="a number")
    sign = text[1]
    assert numbers_of(column, decimal=sign, what="a number")[0] == 1.012  # type: ignore[arg-type]
    other = "." if sign == "," else ","
    assert numbers_of(column, decimal=other, what="a number")[0] == 1012.0  # type: ignore[arg-type]
