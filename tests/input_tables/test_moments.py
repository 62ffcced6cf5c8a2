"""Every form of a time that people hand in is read right, or asked about with the row."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from journeysim.errors import LogError
from journeysim.input_tables.moments import TimeForm, clock_times_of, moments_of
from journeysim.units import HOUR, MINUTE, SECOND
from tests.input_tables.tables import column_of, on_the_wall

THE_SIXTH = "2023-03-06 09:01:43"


@pytest.mark.parametrize(
    "text",
    [
        "2023-03-06 09:01:43",
        "2023-03-06T09:01:43",
        "2023/03/06 09:01:43",
        "2023-3-6 9:01:43",
        "06.03.2023 09:01:43",
        "6.3.23 9:01:43",
        "06.03.2023, 09:01:43",
        "06-Mar-2023 09:01:43",
        "6 March 2023 09:01:43",
        "Mar 6, 2023 9:01:43 AM",
        "Monday, March 6, 2023 09:01:43",
        "6. März 2023 09:01:43",
        "2023-03-06 09:01:43+01:00",
        "2023-03-06T09:01:43Z",
        "2023-03-06T09:01:43 +0100",
    ],
)
def test_forms_of_one_moment(text: str):
    assert on_the_wall(moments_of(column_of([text, None]), TimeForm())) == [THE_SIXTH, None]


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["03/04/2024 09:00", "25/04/2024 09:00"], "2024-04-03 09:00:00"),
        (["03/04/2024 09:00", "04/25/2024 09:00"], "2024-03-04 09:00:00"),
        (["03-04-2024 09:00", "25-04-2024 09:00"], "2024-04-03 09:00:00"),
    ],
)
def test_days_beyond_twelve_decide_for_the_whole_column(cells: list[str], first: str):
    assert on_the_wall(moments_of(column_of(cells), TimeForm()))[0] == first


def test_day_and_month_are_asked_about_where_no_row_decides():
    column = column_of(["03/04/2024 09:00", "05/06/2024 09:00"])
    with pytest.raises(
        LogError, match=r"calls.csv, row 2, column 'c': '03/04/2024 09:00' .*--dates"
    ):
        moments_of(column, TimeForm())
    by_day = moments_of(column, TimeForm(date_order="day-first"))
    by_month = moments_of(column, TimeForm(date_order="month-first"))
    assert on_the_wall(by_day)[0] == "2024-04-03 09:00:00"
    assert on_the_wall(by_month)[0] == "2024-03-04 09:00:00"


def test_a_column_with_both_orders_is_refused_with_the_row():
    column = column_of(["25/04/2024 09:00", "04/25/2024 09:00"])
    with pytest.raises(LogError, match=r"row 3.*month first where other rows have the day first"):
        moments_of(column, TimeForm())


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        ("12:05 AM", "00:05:00"),
        ("12:05 PM", "12:05:00"),
        ("1:05 pm", "13:05:00"),
        ("11:59:59 p.m.", "23:59:59"),
    ],
)
def test_mornings_and_afternoons(clock: str, wanted: str):
    found = on_the_wall(moments_of(column_of([f"06.03.2023 {clock}"]), TimeForm()))
    assert found == [f"2023-03-06 {wanted}"]


@pytest.mark.parametrize(
    "cells",
    [
        [1678093303],
        [1678093303000],
        ["1678093303"],
        [1678093303.0],
        [pa.scalar(1678093303, pa.int64()).as_py()],
    ],
)
def test_seconds_and_milliseconds_since_the_epoch(cells: list[Any]):
    assert on_the_wall(moments_of(column_of(cells), TimeForm())) == [THE_SIXTH]


def test_serials_of_excel_are_read_to_the_second():
    serial = 44991 + (9 * HOUR + MINUTE + 43 * SECOND) / (24 * HOUR)
    assert on_the_wall(moments_of(column_of([serial]), TimeForm())) == [THE_SIXTH]


def test_compact_dates():
    assert on_the_wall(moments_of(column_of([20230306]), TimeForm())) == ["2023-03-06 00:00:00"]


def test_dates_and_times_of_arrow_keep_their_meaning():
    moment = np.datetime64("2023-03-06T09:01:43", "us").item()
    assert on_the_wall(moments_of(column_of([moment]), TimeForm())) == [THE_SIXTH]
    assert on_the_wall(moments_of(column_of([date(2023, 3, 6)]), TimeForm())) == [
        "2023-03-06 00:00:00"
    ]


def test_a_change_to_summer_time_keeps_nine_at_nine():
    cells = ["2024-03-30T09:00:00+01:00", "2024-03-31T09:00:00+02:00"]
    nine = ["2024-03-30 09:00:00", "2024-03-31 09:00:00"]
    assert on_the_wall(moments_of(column_of(cells), TimeForm())) == nine
    in_utc = ["2024-03-30T08:00:00Z", "2024-03-31T07:00:00Z"]
    there = moments_of(column_of(in_utc), TimeForm(zone="Europe/Berlin"))
    assert on_the_wall(there) == nine
    counted = moments_of(column_of([1711785600, 1711868400]), TimeForm(zone="Europe/Berlin"))
    assert on_the_wall(counted) == nine


def test_an_unknown_zone_is_named():
    with pytest.raises(LogError, match="no such time zone"):
        moments_of(column_of(["2024-03-30T08:00:00Z"]), TimeForm(zone="Europe/Berlon"))


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (["2023-03-06 09:00", "soon"], r"row 3, column 'c': 'soon' which is not read as a time"),
        (["31.02.2023 09:00"], "row 2.*no day of the calendar"),
        (["06.03.2023 25:00"], "row 2.*no time of day"),
        (["06.03.2023 09:61"], "row 2.*no time of day"),
        (["6-Mrx-2023 09:00"], "row 2.*names no month"),
        ([17], "row 2.*not read as a time"),
    ],
)
def test_what_is_no_moment_is_refused_with_row_and_value(cells: list[Any], text: str):
    with pytest.raises(LogError, match=text):
        moments_of(column_of(cells), TimeForm())


def test_a_given_form_is_obeyed():
    form = TimeForm(time_format="%d|%m|%Y %H.%M")
    assert on_the_wall(moments_of(column_of(["06|03|2023 09.01"]), form)) == ["2023-03-06 09:01:00"]
    with pytest.raises(LogError, match=r"row 3.*does not have the form"):
        moments_of(column_of(["06|03|2023 09.01", "2023-03-06"]), form)


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        (["09:00-09:30", "09:30-10:00"], [540, 570]),
        (["08:00 - 08:30"], [480]),
        (["09:00:00"], [540]),
        (["9:00 AM", "1:30 PM"], [540, 810]),
        ([time(9), None], [540, None]),
        ([timedelta(hours=9)], [540]),
        ([0.375], [540]),
    ],
)
def test_times_of_day(cells: list[Any], minutes: list[int | None]):
    found = clock_times_of(column_of(cells))
    assert found is not None
    assert [None if tick < 0 else tick // MINUTE for tick in found.tolist()] == minutes


def test_whole_moments_are_no_times_of_day():
    assert clock_times_of(column_of([THE_SIXTH])) is None
