"""Logs from outside: three kinds of files, other names, journeys cut by batches, clear errors."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from journeysim.errors import JourneysimError, MeasureError, RunError
from journeysim.measures.experience import LogMap, log_pieces, scored_batches
from journeysim.units import MINUTE

LOG = """\
cust,ch,result,wait_s,talk_s,when,segment
a,web,stuck,,120,2024-01-01T10:00:00,gold
a,phone,ABN,95,,2024-01-01T10:05:00,gold
a,phone,served_resolved,30,240,2024-01-01T10:20:00,gold
b,chat,Served Resolved,12,300.5,2024-01-01T11:00:00,basic
"""
COLUMNS = {
    "customer": "cust",
    "channel": "ch",
    "outcome": "result",
    "wait": "wait_s",
    "talk": "talk_s",
    "entered": "when",
}
MAP = LogMap(columns=COLUMNS, words={"ABN": "abandoned"})


def scored(source, log: LogMap = MAP, **options) -> pa.Table:
    measures = options.pop("measures", None)
    batches = scored_batches(log_pieces(source, log, **options), measures=measures)
    return pa.Table.from_batches(list(batches)).combine_chunks()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    place = tmp_path / "log.csv"
    place.write_text(LOG, encoding="utf-8")
    return place


def test_a_log_has_the_scores_of_its_journeys(csv):
    found = scored(csv)
    assert found.column("customer").to_pylist() == ["a", "b"]
    assert found.column("segment").to_pylist() == ["gold", "basic"]
    assert found.column("first_channel").to_pylist() == ["web", "chat"]
    assert found.column("contacts").to_pylist() == [3, 1]
    assert found.column("switches").to_pylist() == [1, 0]
    assert found.column("retries").to_pylist() == [1, 0]
    waits = found.column("total_wait").cast(pa.int64()).to_pylist()
    assert waits == [125_000_000, 12_000_000]
    handled = found.column("total_handling").cast(pa.int64()).to_pylist()
    assert handled == [240_000_000, 300_500_000]  # Time on the web is no work of agents.
    assert found.column("tried_online_first").to_pylist() == [1.0, 0.0]


@pytest.mark.parametrize("kind", ["parquet", "arrow", "stream.arrows", "tsv", "csv.gz", "table"])
def test_every_kind_of_file_gives_the_same(csv, kind):
    table = pa.csv.read_csv(csv)
    place = csv.with_name(f"other.{kind}")
    if kind == "parquet":
        pa.parquet.write_table(table, place)
    elif kind == "arrow":
        with pa.ipc.new_file(str(place), table.schema) as writer:
            writer.write_table(table)
    elif kind == "stream.arrows":
        with pa.ipc.new_stream(str(place), table.schema) as writer:
            writer.write_table(table)
    elif kind == "tsv":
        place.write_text(LOG.replace(",", "\t"), encoding="utf-8")
    elif kind == "csv.gz":
        with pa.output_stream(str(place), compression="gzip") as stream:
            stream.write(LOG.encode())
    assert scored(table if kind == "table" else place).equals(scored(csv))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_journey_may_be_cut_by_batches(csv, size):
    table = pa.csv.read_csv(csv)
    cut = pa.Table.from_batches(table.to_batches(max_chunksize=size))
    assert scored(cut).equals(scored(csv))


def test_journeys_that_do_not_stand_together_are_refused_or_sorted(csv):
    table = pa.csv.read_csv(csv)
    mixed = table.take([0, 3, 1, 2])
    with pytest.raises(MeasureError, match=r"do not stand together in the log; sort it .* --sort"):
        scored(mixed)
    assert scored(mixed, sort=True).equals(scored(csv))
    backwards = table.take([2, 1, 0, 3])
    with pytest.raises(MeasureError, match="in order of time"):
        scored(backwards)
    assert scored(backwards, sort=True).equals(scored(csv))


def test_a_log_of_lists(csv):
    first = [
        {"ch": "web", "result": "stuck", "wait_s": 0.0, "talk_s": 120.0},
        {"ch": "phone", "result": "ABN", "wait_s": 95.0, "talk_s": 0.0},
        {"ch": "phone", "result": "served_resolved", "wait_s": 30.0, "talk_s": 240.0},
    ]
    second = [{"ch": "chat", "result": "served_resolved", "wait_s": 12.0, "talk_s": 300.5}]
    table = pa.table({"cust": ["a", "b"], "contacts": [first, second]})
    names = {own: other for own, other in COLUMNS.items() if own != "entered"}
    found = scored(table, LogMap(columns=names, words=MAP.words))
    for name in ("contacts", "total_wait", "total_handling", "peak_end", "effort"):
        assert found.column(name).equals(scored(csv).column(name)), name


def test_bare_times_have_the_unit_that_is_said(csv):
    minutes = LogMap(columns=COLUMNS, words=MAP.words, unit=MINUTE)
    found = scored(csv, minutes, measures=["total_wait"]).column("total_wait")
    assert found.cast(pa.int64()).to_pylist() == [125 * MINUTE, 12 * MINUTE]


def test_a_wait_can_come_from_the_clock():
    moments = pa.timestamp("s")
    table = pa.table(
        {
            "journey": [1, 1],
            "channel": ["phone", "phone"],
            "entered": pa.array([0, 300], moments),
            "started": pa.array([None, 330], moments),
            "ended": pa.array([90, 450], moments),
        }
    )
    found = scored(table, LogMap(), measures=["total_wait", "total_handling"])
    assert found.column("total_wait").cast(pa.int64()).to_pylist() == [120_000_000]
    assert found.column("total_handling").cast(pa.int64()).to_pylist() == [120_000_000]


def test_web_measures_are_there_where_the_log_has_their_columns():
    table = pa.table(
        {
            "journey": [1, 1, 2, 2],
            "channel": ["banner", "web", "web", "mail"],
            "dwell": [5.0, 60.0, 30.0, None],
            "clicks": [1, 7, 4, None],
            "bought": [False, True, False, False],
            "banners": [1, 0, 2, 1],
            "basket_open": [False, False, True, True],
            "mail_opened": [False, False, False, True],
            "mail_clicked": [0, 0, 0, 0],
        }
    )
    found = scored(table, LogMap()).to_pydict()
    assert [each.total_seconds() for each in found["dwell_time"]] == [65.0, 30.0]
    assert found["clicks_before_leaving"] == [None, 4.0]
    assert found["banners_before_buying"] == [1.0, None]
    assert found["basket_left"] == [False, True]
    assert found["mail_opened"] == [False, True]
    assert found["mail_clicked"] == [False, False]
    assert "peak_end" not in found


WRONG = [
    ("journey,wait\n1,long\n", {}, "column 'wait': it holds texts; it must be a time, not string"),
    ("wait\n1\n", {}, "no column 'journey' or 'customer'; map it: --map journey=THEIRS"),
    ("journey,outcome\n1,went well\n", {}, "no outcome 'went well'; say which it is"),
    (
        "journey,wait\n1,2\n",
        {"wait": "waited"},
        "--map wait=waited: the log has no column 'waited'",
    ),
    ("journey,wait\n,2\n,3\n", {}, "2 rows have no journey"),
]


@pytest.mark.parametrize(("text", "columns", "message"), WRONG)
def test_what_is_wrong_with_a_log_is_said(tmp_path, text, columns, message):
    place = tmp_path / "log.csv"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(JourneysimError) as caught:
        scored(place, LogMap(columns=columns))
    assert message in str(caught.value)


def test_files_that_are_none_are_refused(tmp_path):
    with pytest.raises(RunError, match="there is no such file"):
        scored(tmp_path / "none.csv")
    for name, message in (
        ("log.xlsx", "a log is a file in CSV"),
        ("log.parquet", "cannot be read"),
    ):
        (tmp_path / name).write_text("no table", encoding="utf-8")
        with pytest.raises(RunError, match=message):
            scored(tmp_path / name)


def test_a_word_that_is_no_outcome_is_refused():
    with pytest.raises(MeasureError, match="no outcome 'abandonned'; did you mean 'abandoned'"):
        LogMap(words={"ABN": "abandonned"})
