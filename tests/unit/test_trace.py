import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from journeysim import score, simulate
from journeysim.errors import ScenarioError
from journeysim.scenario.reading.trace_files import read_trace
from journeysim.scenario.scenario import Scenario
from journeysim.units import MINUTE, SECOND
from tests.unit.documents import full, smallest

CSV = """arrival,segment,need,channel,patience_1,talk_1,wrap_up_1,resolved_1,next_1,delay_1
60,regular,,phone,5m,180.5,,0,web,10s
0.1,,billing,,,,20,1,,
07:00,regular,,,,,,true,give_up,
60,regular,,phone,5m,180.5,,0,web,10s
"""


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text(CSV)
    return path


def test_a_trace_is_normalised_and_keeps_its_rows(csv):
    table = read_trace(csv)
    assert table.schema.types[:2] == [pa.int64(), pa.string()]
    assert table.schema.field("resolved_1").type == pa.int8()
    seven = 7 * 3600 * SECOND
    assert table.to_pydict() == {
        "arrival": [MINUTE, 100_000, seven, MINUTE],
        "segment": ["regular", None, "regular", "regular"],
        "need": [None, "billing", None, None],
        "channel": ["phone", None, None, "phone"],
        "patience_1": [5 * MINUTE, None, None, 5 * MINUTE],
        "talk_1": [180_500_000, None, None, 180_500_000],
        "wrap_up_1": [None, 20 * SECOND, None, None],
        "resolved_1": [0, 1, 1, 0],
        "next_1": ["web", None, "give_up", "web"],
        "delay_1": [10 * SECOND, None, None, 10 * SECOND],
    }


def test_bare_numbers_count_the_unit(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text("arrival\n1.5\n")
    assert read_trace(path, unit=MINUTE).column("arrival").to_pylist() == [90 * SECOND]


def test_every_kind_of_file_says_the_same(tmp_path):
    table = pa.table({"arrival": [0.5, 2.0], "segment": ["a", None], "talk_1": [None, 3]})
    pa.parquet.write_table(table, tmp_path / "day.parquet")
    pa.feather.write_feather(table, tmp_path / "day.feather")
    with pa.ipc.new_stream(tmp_path / "day.arrow", table.schema) as stream:
        stream.write_table(table)
    book = openpyxl.Workbook()
    for row in [["arrival", "segment", "talk_1"], [0.5, "a", None], [2, None, 3]]:
        book.active.append(row)
    book.save(tmp_path / "day.xlsx")
    (tmp_path / "day.csv").write_text("arrival,segment,talk_1\n0.5,a,\n2,,3\n")
    expected = {
        "arrival": [500_000, 2_000_000],
        "segment": ["a", None],
        "talk_1": [None, 3_000_000],
    }
    for ending in ("parquet", "feather", "arrow", "xlsx", "csv"):
        assert read_trace(tmp_path / f"day.{ending}").to_pydict() == expected, ending


def test_arrow_durations_need_no_unit(tmp_path):
    talk = pa.array([datetime.timedelta(seconds=90)], pa.duration("ns"))
    pa.parquet.write_table(pa.table({"arrival": [0], "talk_1": talk}), tmp_path / "day.parquet")
    table = read_trace(tmp_path / "day.parquet", unit=MINUTE)
    assert table.column("talk_1").to_pylist() == [90 * SECOND]


def test_a_file_that_has_changed_is_read_again(csv):
    assert read_trace(csv).num_rows == 4
    csv.write_text("arrival\n1\n")
    assert read_trace(csv).num_rows == 1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            "arrival,tlak_1,segmnt\n1,2,3\n",
            [
                "tlak_1: unknown column; did you mean 'talk_1'?",
                "segmnt: unknown column; did you mean 'segment'?",
            ],
        ),
        ("segment\na\n", ["arrival: the column is missing"]),
        ("arrival,talk_0\n1,2\n", ["talk_0: unknown column; did you mean 'talk_1'?"]),
        (
            "arrival,resolved_1,talk_1\n,2,-5\nx,0,1 parsec\n",
            [
                "row 2, arrival: must not be empty",
                (
                    "row 3, arrival: 'x' is not a duration; write it with a unit, e.g. '90s' or "
                    "'2m 30s'"
                ),
                "row 2, resolved_1: must be 0 or 1, got '2'",
                "row 2, talk_1: must not be negative, got '-5'",
                (
                    "row 3, talk_1: '1 parsec' is not a duration; write it with a unit, e.g. '90s' "
                    "or '2m 30s'"
                ),
            ],
        ),
    ],
)
def test_what_a_trace_cannot_hold_is_named_by_row_and_column(tmp_path, content, found):
    path = tmp_path / "day.csv"
    path.write_text(content)
    with pytest.raises(ScenarioError) as caught:
        read_trace(path)
    assert [str(problem) for problem in caught.value.problems] == found


def test_a_file_full_of_mistakes_is_described_by_its_first(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text("arrival\n" + "x\n" * 100)
    with pytest.raises(ScenarioError) as caught:
        read_trace(path)
    assert len(caught.value.problems) == 21
    assert str(caught.value.problems[-1]) == "and 80 more"


def traced(tmp_path, content, document=None):
    (tmp_path / "day.csv").write_text(content)
    document = smallest() if document is None else document
    document["trace"] = {"file": "day.csv"}
    return Scenario.from_document(document, directory=tmp_path)


def test_a_scenario_keeps_its_trace_as_an_absolute_path(tmp_path):
    scenario = traced(tmp_path, "arrival\n5\n")
    assert scenario.document["trace"]["file"] == str(tmp_path / "day.csv")
    assert str(tmp_path / "day.csv") in scenario.to_toml()


def test_a_trace_replaces_arrivals(tmp_path):
    document = smallest()
    del document["segments"]["regular"]["arrivals"]
    assert traced(tmp_path, "arrival\n5\n", document).world.segments["regular"].arrivals is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("arrival,segment\n1,regulr\n", "no segment 'regulr'; did you mean 'regular'?"),
        ("arrival,need\n1,some\n", "no need 'some'; known: any"),
        ("arrival,channel\n1,phne\n", "no channel 'phne'; did you mean 'phone'?"),
        ("arrival,next_2\n1,loss\n", "no channel 'loss'; did you mean 'lost'?"),
        ("arrival\n1\n2d\n", "customer 1 arrives at 2d, not before the horizon 1d"),
        ("arrivl\n1\n", "arrivl: unknown column; did you mean 'arrival'?"),
    ],
)
def test_a_trace_names_only_what_the_scenario_has(tmp_path, content, problem):
    with pytest.raises(ScenarioError) as caught:
        traced(tmp_path, content)
    assert problem in [found.text for found in caught.value.problems]
    assert {found.path for found in caught.value.problems} == {"trace.file"}


def test_with_several_segments_each_row_must_name_one(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        traced(tmp_path, "arrival,segment\n1,regular\n2,\n", full())
    assert [str(problem) for problem in caught.value.problems] == [
        "trace.file: customer 1 has no segment, and there are several"
    ]


def test_a_missing_trace_file_is_named(tmp_path):
    document = smallest()
    document["trace"] = {"file": "day.csv"}
    with pytest.raises(ScenarioError, match=r"trace\.file: there is no file '.*day\.csv'"):
        Scenario.from_document(document, directory=tmp_path)


def test_a_trace_may_say_the_first_channel_in_place_of_the_segment(tmp_path: Path) -> None:
    trace = tmp_path / "day.csv"
    document = {
        "segments": {"all": {}},
        "channels": {name: {"kind": "queue", "talk": "1m"} for name in ("phone", "chat")},
        "pools": {"agents": {"agents": 1, "serves": ["phone", "chat"]}},
        "trace": {"file": str(trace)},
    }
    trace.write_text("arrival,channel\n1,phone\n2,chat\n")
    run = simulate(Scenario.from_document(document), replications=1)
    assert run.contacts["channel"].to_pylist() == ["phone", "chat"]
    assert score(run, measures=["offered"])["value"].to_pylist() == [1.0, 1.0]
    trace.write_text("arrival,channel\n1,phone\n2,\n")
    with pytest.raises(ScenarioError, match=r"customer 1 has no channel, and segments\.all\.first"):
        Scenario.from_document(document)
