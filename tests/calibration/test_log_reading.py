"""Reading a log: every row is used or counted, and bad input gets one clear error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from journeysim.calibration.calendar import calendar_of, in_hours
from journeysim.calibration.column_map import ColumnMap, read_map
from journeysim.calibration.log_checks import checked, duplicates
from journeysim.calibration.log_reading import read_log
from journeysim.errors import LogError
from journeysim.units import MINUTE, SECOND
from tests.calibration.logs import steady_log, write_log


def test_every_row_is_used_or_counted(tmp_path: Path):
    file = write_log(
        tmp_path / "log.csv",
        [
            "2024-01-01 09:00:00,C1,A1,0,60,served",
            "2024-01-01 09:00:00,C1,A1,0,60,served",
            "2024-01-01 09:01:00,C2,A1,-5,60,served",
            "2024-01-01 09:02:00,C3,A1,0,-60,served",
            "2024-01-01 09:03:00,C4,A1,0,200000,served",
            "2024-01-01 09:04:00,C5,,30,,abandoned",
            "2024-01-01 09:05:00,C6,,,,abandoned",
            ",C7,A1,0,60,served",
            "2024-01-01 09:06:00,C8,,0,,left in the ivr",
            "2024-01-01 09:07:00,C9,,0,,",
        ],
    )
    log = checked(read_log(file).log)
    assert log.excluded == {
        "no time of entering": 1,
        "outcome left in the ivr: neither served nor abandoned": 1,
        "no outcome": 1,
        "negative wait": 1,
        "negative talk": 1,
        "talk of more than a day": 1,
        "abandoned without a wait on record": 1,
        "duplicate row": 1,
    }
    assert len(log) + sum(log.excluded.values()) == log.rows == 10


def test_strangers_in_the_same_second_are_no_duplicates(tmp_path: Path):
    rows = ["2024-01-01 09:00:00,,,5,0,abandoned"] * 3
    log = read_log(write_log(tmp_path / "log.csv", rows)).log
    assert not duplicates(log).any()


def test_forms_of_a_file_make_one_log(tmp_path: Path):
    file = steady_log(tmp_path / "log.csv", days=3)
    table = csv.read_csv(file)
    parquet.write_table(table, tmp_path / "log.parquet")
    with (
        pa.OSFile(str(tmp_path / "log.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)
    first = read_log(file).log
    for name in ("log.parquet", "log.arrow"):
        other = read_log(tmp_path / name).log
        for column in ("entered", "wait", "talk", "outcome", "customer", "agent"):
            assert np.array_equal(getattr(first, column), getattr(other, column))


def test_a_map_in_words_and_in_a_file_say_the_same(tmp_path: Path):
    file = write_log(
        tmp_path / "log.csv",
        ["2024-01-01 09:00:00,2,HANG,X", "2024-01-01 09:01:00,0,OK,Y"],
        "came,q,how,kind",
    )
    told = read_map(
        [
            *("entered=came", "wait=q", "outcome=how", "need=kind"),
            *("outcome.abandoned=HANG", "outcome.served=OK", "need.both=X,Y"),
        ]
    )
    (tmp_path / "map.toml").write_text(
        '[columns]\nentered = "came"\nwait = "q"\noutcome = "how"\nneed = "kind"\n'
        '[words.outcome]\nabandoned = ["HANG"]\nserved = ["OK"]\n'
        '[words.need]\nboth = ["X", "Y"]\n',
        encoding="utf-8",
    )
    first = read_log(file, told).log
    second = read_log(file, read_map([str(tmp_path / "map.toml")])).log
    assert first.words["need"] == second.words["need"] == ("both",)
    assert first.abandoned.tolist() == second.abandoned.tolist() == [True, False]
    assert first.wait.tolist() == [2 * SECOND, 0]


def test_waits_and_talk_come_from_the_clock(tmp_path: Path):
    file = write_log(
        tmp_path / "log.csv",
        ["2024-01-01 09:00:00,2024-01-01 09:00:30,2024-01-01 09:02:30,served"],
        "entered,started,ended,outcome",
    )
    log = read_log(file).log
    assert (log.wait[0], log.talk[0]) == (30 * SECOND, 120 * SECOND)


def test_days_first_and_two_digits_of_the_year(tmp_path: Path):
    file = write_log(tmp_path / "log.csv", ["9.3.10 8:05", "10.3.10 8:05"], "start")
    log = read_log(file).log
    assert str(np.datetime64(int(log.day[0]), "D")) == "2010-03-09"


def test_a_stopped_recording_takes_its_day_out(tmp_path: Path):
    file = steady_log(tmp_path / "log.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "2024-01-09 1" not in line]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    log = checked(read_log(file).log)
    calendar = calendar_of(log, every=30 * MINUTE, opening=None)
    left = in_hours(log, calendar).excluded["day on which the recording stopped"]
    assert [str(np.datetime64(day, "D")) for day in calendar.broken] == ["2024-01-09"]
    assert left == sum("2024-01-09" in line for line in kept)


@pytest.mark.parametrize(
    ("rows", "head", "given", "text"),
    [
        (["1"], "x", {}, "no column says when contacts came"),
        (["2024-01-01 09:00:00,soon"], "entered,wait", {}, "not a duration"),
        (["monday,1"], "entered,wait", {}, "not read as a time"),
        (["2024-01-01 09:00:00,eh"], "entered,outcome", {}, "what does the outcome 'eh' mean"),
        (["2024-01-01 09:00:00,1"], "entered,wait", {"talk": "service"}, "no column 'service'"),
        (["2024-01-01 09:00:00,1"], "entered,wait", {"patience": "wait"}, "no such part"),
    ],
)
def test_bad_input_gets_one_clear_error(
    tmp_path: Path, rows: list[str], head: str, given: dict[str, str], text: str
):
    file = write_log(tmp_path / "log.csv", rows, head)
    with pytest.raises(LogError, match=text):
        read_log(file, ColumnMap(columns=given))


def test_files_that_are_no_log(tmp_path: Path):
    with pytest.raises(LogError, match="no such file"):
        read_log(tmp_path / "none.csv")
    (tmp_path / "log.parquet").write_text("no parquet", encoding="utf-8")
    with pytest.raises(LogError, match="cannot be read as parquet"):
        read_log(tmp_path / "log.parquet")
    (tmp_path / "log.csv").write_text("entered,wait\n", encoding="utf-8")
    with pytest.raises(LogError, match="no rows"):
        read_log(tmp_path / "log.csv")
    (tmp_path / "map.toml").write_text("colums = 1\n", encoding="utf-8")
    with pytest.raises(LogError, match="did you mean 'columns'"):
        read_map([str(tmp_path / "map.toml")])
