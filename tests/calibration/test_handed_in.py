"""Logs as people hand them in: read right, or refused with what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeysim.calibration import calibrate
from journeysim.calibration.column_map import ColumnMap, read_map
from journeysim.calibration.log_checks import checked
from journeysim.calibration.log_gate import refuse_misread
from journeysim.calibration.log_reading import Reading, read_log
from journeysim.calibration.outcome_words import OWN_WORDS, outcome_of
from journeysim.calibration.plain_names import plain_names
from journeysim.cli.program import exit_code
from journeysim.errors import LogError
from journeysim.units import DAY, HOUR, MINUTE, SECOND
from tests.calibration.logs import steady_log, write_log


def read(path: Path, text: str, given: ColumnMap | None = None) -> Reading:
    file = path / "log.csv"
    file.write_text(text, encoding="utf-8")
    return read_log(file, given)


def test_not_answered_is_not_answered(tmp_path: Path):
    reading = read(
        tmp_path,
        "entered,wait,talk,outcome,agent\n2023-03-06 09:01:00,0,277,Answered,A1\n"
        "2023-03-06 09:18:00,60,,Not answered,\n",
    )
    assert reading.log.abandoned.tolist() == [False, True]
    taken = [(word.word, word.meaning, word.rows) for word in reading.words]
    assert taken == [("Answered", "served", 1), ("Not answered", "abandoned", 1)]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Not answered", "abandoned"),
        ("Unanswered", "abandoned"),
        ("NO ANSWER", "abandoned"),
        ("no_answer", "abandoned"),
        ("Answered", "served"),
        ("Incomplete", None),
        ("Unresolved", None),
        ("Disconnected", None),
        ("Rehung", None),
        ("Untested", None),
        ("TRUE", None),
        ("Served", "served"),
        ("abandoned_queue", "abandoned"),
        ("left_vru", "left_out"),
        ("Abandoned in the IVR", "left_out"),
        ("Answered by nobody", None),
        ("Never answered", None),
    ],
)
def test_words_of_outcomes_are_whole_words_or_asked_about(word: str, meaning: str | None):
    assert outcome_of(word, {}) == meaning


def test_every_word_of_an_export_has_a_meaning():
    assert all(outcome_of(word, {}) for word in OWN_WORDS)


@pytest.mark.parametrize(
    ("heading", "yes", "abandoned"),
    [("Abandoned", "TRUE", True), ("Abandoned", "no", False), ("Answered", "Y", False)],
)
def test_yes_and_no_mean_what_their_heading_says(
    tmp_path: Path, heading: str, yes: str, abandoned: bool
):
    given = ColumnMap(columns={"outcome": heading})
    log = read(tmp_path, f"entered,wait,{heading}\n2023-03-06 09:00:00,3,{yes}\n", given).log
    assert log.abandoned.tolist() == [abandoned]


def test_an_interval_report_by_date_and_span(tmp_path: Path):
    log = read(
        tmp_path,
        "Date,Interval,Offered\n2023-03-06,09:00-09:30,12\n2023-03-06,09:30-10:00,15\n"
        "2023-03-07,09:00-09:30,11\n",
    ).log
    assert len(log) == 38
    assert sorted(set((log.clock // MINUTE).tolist())) == [540, 570]
    assert log.day[-1] - log.day[0] == 1


def test_date_and_time_in_two_columns(tmp_path: Path):
    log = read(
        tmp_path,
        "Date,Time,Agent,wait,talk\n2023-03-06,09:01:43,A1,0,277\n2023-03-06,09:18:54,A1,0,150\n",
    ).log
    assert log.clock.tolist() == [
        9 * HOUR + MINUTE + 43 * SECOND,
        9 * HOUR + 18 * MINUTE + 54 * SECOND,
    ]
    assert not checked(log).excluded


def test_a_service_past_midnight_ends_on_the_next_day(tmp_path: Path):
    log = read(
        tmp_path, "Date,entered,ended\n2023-03-06,23:59:00,00:02:00\n2023-03-07,00:01:00,00:03:00\n"
    ).log
    assert log.talk.tolist() == [3 * MINUTE, 2 * MINUTE]
    assert log.entered[0] // DAY + 1 == log.entered[1] // DAY


def test_rows_that_stand_twice_are_duplicates_abandoned_ones_too(tmp_path: Path):
    row, lost = "2023-03-06 09:01:00,0,277,served,A1,7", "2023-03-06 09:02:00,9,,abandoned,,8"
    other = "2023-03-06 09:03:00,0,50,served,A1,9"
    text = "\n".join(["entered,wait,talk,outcome,agent,case", row, row, lost, lost, other])
    log = checked(read(tmp_path, text + "\n").log)
    assert log.excluded == {"duplicate row": 2}
    assert len(log) == 3


def test_a_file_that_was_written_twice_repeats_its_unnamed_rows_as_well(tmp_path: Path):
    rows = [f"2023-03-06 09:{minute:02d}:00,C{minute},A1,0,60,served" for minute in range(30)]
    rows += ["2023-03-06 10:00:00,,,9,,abandoned"]
    log = checked(read_log(write_log(tmp_path / "log.csv", rows + rows)).log)
    assert log.excluded == {"duplicate row": 31}


def test_expectations_are_no_log(tmp_path: Path):
    rows = "entered,offered\n2023-03-06 09:00,0.3\n2023-03-06 09:30,0.4\n2023-03-06 10:00,1.012\n"
    with pytest.raises(LogError, match=r"row 2, column 'offered': '0.3' is no whole number"):
        read(tmp_path, rows + "2023-03-06 10:30,2.5\n")


def test_a_total_row_is_named_and_the_first_value_is_not_blamed(tmp_path: Path):
    log = read(tmp_path, "Entered;wait\n06.03.2023 09:01:43;5\nTotal;412\n").log
    assert len(log) == 1
    assert "the last row, 'Total;412', is a total" in log.notes[0]


def test_columns_of_common_systems_are_guessed(tmp_path: Path):
    reading = read(
        tmp_path,
        "Call Start,CLI,Queue Time,Handle Time,ACW,Disposition,Skill,Agent Name\n"
        "03/25/2023 09:01:43 AM,0049301234,0:05,4:37,0:20,Abandoned,Sales,\n",
    )
    assert reading.map.columns == {
        "entered": "Call Start",
        "wait": "Queue Time",
        "talk": "Handle Time",
        "wrap_up": "ACW",
        "outcome": "Disposition",
        "need": "Skill",
        "customer": "CLI",
        "agent": "Agent Name",
    }
    assert reading.log.wait.tolist() == [5 * SECOND]


def test_the_channel_of_an_asterisk_record_is_no_channel(tmp_path: Path):
    rows = [
        f"2023-03-06 09:{minute:02d}:00,{minute},SIP/trunk-{minute:08x},60,50,ANSWERED"
        for minute in range(30)
    ]
    head = "calldate,src,channel,duration,billsec,disposition"
    reading = read_log(write_log(tmp_path / "cdr.csv", rows, head))
    with pytest.raises(LogError, match="'channel' was taken for the channel and holds 30 words"):
        refuse_misread(reading, checked(reading.log))
    without = read_log(tmp_path / "cdr.csv", read_map(["channel="]))
    refuse_misread(without, checked(without.log))
    assert without.log.talk[0] == 50 * SECOND


def test_a_log_at_midnight_stops_and_goes_on_anyway(tmp_path: Path):
    rows = [f"2024-01-{day:02d},C{day},A1,5,60,served" for day in range(1, 29) for _ in range(9)]
    file = write_log(
        tmp_path / "log.csv",
        [f"{row},{n}" for n, row in enumerate(rows)],
        "entered,customer,agent,wait,talk,outcome,case",
    )
    with pytest.raises(LogError, match="every contact came at midnight") as caught:
        calibrate(file)
    assert "--anyway" in str(caught.value)
    assert exit_code(["calibrate", str(file), "--yes"]) == 2
    assert len(calibrate(file, anyway=True).log) == 28 * 9


def test_many_rows_left_out_stop_a_log(tmp_path: Path):
    file = steady_log(tmp_path / "log.csv", days=3)
    text = file.read_text(encoding="utf-8").splitlines()
    bad = [line.replace(",served", ",served").replace(",A", ",A", 1) for line in text[1:40]]
    spoiled = [",".join([*line.split(",")[:3], "-9", *line.split(",")[4:]]) for line in bad]
    file.write_text("\n".join([text[0], *spoiled, *text[40:]]) + "\n", encoding="utf-8")
    with pytest.raises(LogError, match=r"39 of .* rows would be left out: 39 negative wait"):
        calibrate(file)


def test_several_files_are_one_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = steady_log(tmp_path / "log.csv", days=4)
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    first, second = (
        write_log(tmp_path / "a.csv", rows[:300], head),
        write_log(tmp_path / "b.csv", rows[300:], head),
    )
    whole, both = calibrate(file), calibrate([first, second])
    assert whole.to_toml().replace("log.csv", "") == both.to_toml().replace("a.csv, b.csv", "")
    assert exit_code(["calibrate", str(first), str(second), "--yes"]) == 0
    assert "How a.csv, b.csv is read" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["A&B", "A-B"], ["a_b", "a_b_2"]),
        (["Größe A", "Grüße A"], ["grosse_a", "grusse_a"]),
        (["Жалоба", "Вопрос"], ["zhaloba", "vopros"]),
        (["日本", "!!", "??"], ["riben", "unnamed", "unnamed_2"]),
        (["x", "X", "x_2"], ["x", "x_2", "x_2_2"]),
    ],
)
def test_different_words_stay_different_names(words: list[str], names: list[str]):
    assert plain_names(words) == names


def test_needs_that_are_put_together_are_said(tmp_path: Path):
    file = steady_log(tmp_path / "log.csv", days=3)
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    needs = [f"{row},{'big' if n % 20 else f'rare {n % 16}'}" for n, row in enumerate(rows)]
    found = calibrate(write_log(file, needs, f"{head},need"))
    assert not [note for note in found.log.notes if "put together" in note]
    many = [f"{row},{'big' if n % 3 else f'rare {n % 17}'}" for n, row in enumerate(rows)]
    found = calibrate(write_log(file, many, f"{head},need"))
    (note,) = [note for note in found.log.notes if "put together" in note]
    assert "are put together as 'other'" in note


@pytest.mark.parametrize(
    ("dates", "what"),
    [
        ([f"2023-03-{day:02d}" for day in range(1, 20)], "daily"),
        ([f"2023-{month:02d}-01" for month in range(1, 13)], "monthly"),
    ],
)
def test_totals_of_days_and_months_are_refused(tmp_path: Path, dates: list[str], what: str):
    file = write_log(tmp_path / "log.csv", [f"{date},500" for date in dates], "Date,CallsOffered")
    with pytest.raises(LogError, match=f"{what} totals do not say at what time"):
        calibrate(file)
