"""The pure functions between scores and text."""

import pytest

from journeysim.cli.run_directories import run_name
from journeysim.cli.text_layout import Table, table_lines, wrapped
from journeysim.units import DAY, HOUR, MINUTE, SECOND
from journeysim.wording.clock import moment, span
from journeysim.wording.numbers import listed
from journeysim.wording.scores import aligned, scale_of, score_text
from journeysim.wording.story import story


def score(value, half_width=None, unit="count", measure="offered"):
    return {"measure": measure, "value": value, "half_width": half_width, "unit": unit}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (score(0.1234, 0.004, "share"), "12.3 ± 0.4"),
        (score(0.56, 0.162, "share"), "56 ± 16"),
        (score(41.23, 0.5, "s"), "41.2 ± 0.5"),
        (score(431.2, 12.0, "s"), "7.2 ± 0.2"),
        (score(1614.2, 284.0), "1614 ± 284"),
        (score(1.0891, 0.021, "count", "contacts_per_journey"), "1.09 ± 0.02"),
        (score(14.0149, 0.634, "currency"), "14.01 ± 0.63"),
        (score(3.0), "3.0"),
        (score(None), "-"),
        (score(-0.0001, 0.0), "0.0 ± 0.0"),
    ],
)
def test_figures_show_the_digits_that_their_interval_leaves(row, text):
    assert score_text(row, scale_of([row])) == text


def test_signs_stand_below_each_other():
    assert aligned(["1.0 ± 10.0", "-", "5.0 ± 1.0"]) == ["1.0 ± 10.0", "-       ", "5.0 ±  1.0"]


def test_no_line_of_a_table_is_too_wide():
    headers = ["channel", *(f"column\n{number} unit" for number in range(12))]
    table = Table("", headers, [["a name of many words " * 3, *["1234 ± 567"] * 12]] * 3)
    lines = [line for head, body in table_lines(table, 80) for line in (*head, *body)]
    assert max(map(len, lines)) <= 80
    assert sum(line.count("1234 ± 567") for line in lines) == 36


def test_numbers_stay_with_their_units():
    lines = wrapped("waits 3 m 12 s and then 40.0 % " * 8, 40)
    assert not any(line.endswith((" m", " 3", "12", "40.0")) for line in lines)


def test_words_for_times():
    assert moment(10 * HOUR + 2 * MINUTE + 13 * SECOND, "sunday") == "Sun 10:02:13"
    assert moment(8 * DAY, "sunday") == "day 9, Mon 00:00:00"
    assert span(DAY + 12 * HOUR) == "1 day 12 hours"
    assert listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("file", "variant", "name"),
    [
        ("a/bank.toml", None, "bank"),
        ("bank.toml", "two_fewer", "bank-two_fewer"),
        ("x y.toml", "a/../b", "x_y-a_.._b"),
        ("...toml", None, "scenario"),
    ],
)
def test_run_names_are_safe_directories(file, variant, name):
    from pathlib import Path

    assert run_name(Path(file), variant) == name


def contact(**changes):
    return {
        "channel": "phone",
        "cause": "fresh",
        "entered": 10 * HOUR,
        "ended": 10 * HOUR + 192 * SECOND,
        "wait": 192 * SECOND,
        "talk": None,
        "outcome": "abandoned",
        "resolved": False,
        "pool": None,
        "announced_wait": None,
        **changes,
    }


def test_a_story_goes_contact_by_contact():
    again = contact(
        cause="retry",
        entered=11 * HOUR,
        ended=11 * HOUR + 130 * SECOND,
        wait=0,
        outcome="served_resolved",
        resolved=True,
        pool="bank",
    )
    journey = {
        "contacts": 2,
        "wait": 192 * SECOND,
        "arrived": 10 * HOUR,
        "ended": 11 * HOUR + 130 * SECOND,
        "outcome": "resolved",
    }
    lines = story(journey, [contact(), again], starts_on="sunday")
    assert [(line.when, line.text) for line in lines] == [
        ("Sun 10:00:00", "calls phone; waits 3 m 12 s, hangs up."),
        (
            "Sun 11:00:00",
            "56 m 48 s later tries phone again; is served at once by bank, which meets the need.",
        ),
        ("Sun 11:02:10", "Resolved after 1 h 02 m: 2 contacts, 3 m 12 s in queues."),
    ]


@pytest.mark.parametrize(
    "outcome",
    [
        *("served_resolved", "served_unresolved", "abandoned", "balked", "blocked", "closed"),
        *("contained", "stuck", "transferred", "superseded", "waiting", "in_service"),
    ],
)
@pytest.mark.parametrize("cause", ["retry", "switch", "recontact", "transfer", "chase"])
def test_every_outcome_and_cause_has_words(outcome, cause):
    open_yet = outcome in ("waiting", "in_service")
    second = contact(cause=cause, outcome=outcome, ended=None if open_yet else 12 * HOUR)
    ways = ("resolved", "given_up", "lost", "exhausted", "open")
    for way in ways:
        journey = {
            "contacts": 2,
            "wait": 0,
            "arrived": 0,
            "ended": None if way == "open" else DAY,
            "outcome": way,
        }
        lines = story(journey, [contact(), second], starts_on="monday")
        assert len(lines) == 3
        assert all(line.text.endswith(".") for line in lines)
