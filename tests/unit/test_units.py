import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeysim.units import (
    DAY,
    HOUR,
    LONGEST,
    MINUTE,
    SECOND,
    format_clock,
    format_duration,
    parse_clock,
    parse_duration,
    parse_rate,
    readable,
)


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("90s", 90 * SECOND),
        ("2m 30s", 150 * SECOND),
        ("2m30s", 150 * SECOND),
        ("1.5h", 90 * MINUTE),
        (".5m", 30 * SECOND),
        ("7d", 7 * DAY),
        ("1 week", 7 * DAY),
        ("250ms", 250_000),
        ("1us", 1),
        ("0.1s", 100_000),
        ("0.4us", 0),
        ("0.5us", 1),
        (" 3 MIN ", 3 * MINUTE),
        ("0s", 0),
    ],
)
def test_duration_is_exact_ticks(text, ticks):
    assert parse_duration(text) == ticks


@pytest.mark.parametrize("text", ["", " ", "90", "s", "3 parsec", "-5s", "1h -5m", "5m!", "1e3s"])
def test_what_is_no_duration_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"is not a duration; write it with a unit, e\.g\. '90s'"):
        parse_duration(text)


def test_a_duration_beyond_the_longest_is_refused():
    assert parse_duration(f"{LONGEST}us") == LONGEST
    with pytest.raises(ValueError, match="is too long"):
        parse_duration(f"{LONGEST + 1}us")


@given(st.integers(0, LONGEST))
def test_a_formatted_duration_reads_back_as_itself(ticks):
    assert parse_duration(format_duration(ticks)) == ticks


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("00:00", 0),
        ("07:30", 7 * HOUR + 30 * MINUTE),
        ("7:30", 7 * HOUR + 30 * MINUTE),
        ("07:30:15", 7 * HOUR + 30 * MINUTE + 15 * SECOND),
        ("07:30:15.25", 7 * HOUR + 30 * MINUTE + 15 * SECOND + 250_000),
        ("24:00", DAY),
        ("90m", 90 * MINUTE),
    ],
)
def test_time_of_day_is_ticks_since_midnight(text, ticks):
    assert parse_clock(text) == ticks


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("24:01", "past the end of the day"),
        ("25h", "past the end of the day"),
        ("07:60", "is not a time of day"),
        ("07:30:60", "is not a time of day"),
        ("noon", "is not a duration"),
    ],
)
def test_what_is_no_time_of_day_is_refused(text, problem):
    with pytest.raises(ValueError, match=problem):
        parse_clock(text)


@given(st.integers(0, DAY))
def test_a_formatted_time_of_day_reads_back_as_itself(ticks):
    assert parse_clock(format_clock(ticks)) == ticks


@pytest.mark.parametrize(
    ("text", "per_day"),
    [("20/min", 28_800), ("4/h", 96), ("0.5/s", 43_200), ("100/d", 100), ("3 per hour", 72)],
)
def test_rate_is_arrivals_per_tick(text, per_day):
    assert parse_rate(text) * DAY == pytest.approx(per_day, rel=1e-12)


@pytest.mark.parametrize("text", ["20", "20/parsec", "/h", "-1/h", "h/20", "20//h"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a rate; write e\.g\. '20/min'"):
        parse_rate(text)


@pytest.mark.parametrize(
    ("ticks", "text"),
    [
        (41_200_000, "41.2 s"),
        (185 * SECOND, "3 m 05 s"),
        (26 * HOUR, "26 h 00 m"),
        (50 * HOUR, "2.1 d"),
        (-5 * SECOND, "-5.0 s"),
    ],
)
def test_readable_rounds_for_people(ticks, text):
    assert readable(ticks) == text
