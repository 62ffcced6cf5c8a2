"""A run as a log of other tools, read back by other readers."""

from __future__ import annotations

import csv
import itertools
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

import journeysim as js
from journeysim.cli.program import exit_code
from journeysim.errors import RunError
from journeysim.exports import event_blocks as events
from journeysim.tables.run import Run

SCENARIO = """
[time]
horizon = "1d"
run_out = "2h"
starts_on = "thursday"
[segments.some]
arrivals = { from = "09:00", every = "1h", counts = [20, 20] }
[needs."<&>"]
first = { web = 1.0 }
[channels.web]
kind = "self_service"
time_spent = "2m"
stuck = 0.5
[channels.web.after.stuck]
phone = 1.0
[channels.phone]
kind = "queue"
talk = "4m"
patience = "2m"
[pools.desk]
serves = ["phone"]
agents = 1
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("export")
    (place / "small.toml").write_text(SCENARIO, encoding="utf-8")
    return js.simulate(place / "small.toml", replications=3, engine="reference", out=place / "run")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch):
    """Blocks that end inside a replication, so that their seams are tested."""
    monkeypatch.setattr(events, "BLOCK", 7)


def journeys_by_case(run: Run) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for replication in run:
        for row in replication.contacts.select(["journey", "channel"]).to_pylist():
            found.setdefault(f"{replication.number}-{row['journey']}", []).append(row["channel"])
    return found


def test_csv_holds_every_contact(run: Run, tmp_path: Path):
    frame = pd.read_csv(js.export(run, "csv", out=tmp_path / "a.csv"), parse_dates=["start", "end"])
    assert len(frame) == run.contacts.num_rows
    assert frame.groupby("case")["activity"].apply(list).to_dict() == journeys_by_case(run)
    # Replications follow each other by whole weeks, from the weekday of the scenario on.
    assert set(frame["start"].dt.day_name()) == {"Thursday"}
    waits = pc.sum(run.contacts["wait"].cast("int64")).as_py() / 1e6
    assert frame["wait"].sum() == pytest.approx(waits)


def test_replications_are_a_week_apart(run: Run):
    firsts = [events.first_moment(run, number) for number in range(3)]
    assert {later - sooner for sooner, later in itertools.pairwise(firsts)} == {
        7 * 86_400 * 1_000_000
    }


def test_parquet_holds_the_same(run: Run, tmp_path: Path):
    table = parquet.read_table(js.export(run, "parquet", out=tmp_path / "a.parquet"))
    assert table.num_rows == run.contacts.num_rows
    assert pc.all(pc.greater_equal(table["end"], table["start"])).as_py()


def test_xes_has_a_trace_per_journey(run: Run, tmp_path: Path):
    log = ET.parse(js.export(run, "xes", out=tmp_path / "a.xes")).getroot()
    space = {"x": "http://www.xes-standard.org/"}
    found = {}
    for trace in log.findall("x:trace", space):
        values = {s.get("key"): s.get("value") for s in trace.findall("x:string", space)}
        assert values["need"] == "<&>"
        steps, last = [], ""
        for event in trace.findall("x:event", space):
            words = {s.get("key"): s.get("value") for s in event.findall("x:string", space)}
            date = event.find("x:date", space)
            assert date is not None
            assert str(date.get("value")) >= last
            last = str(date.get("value"))
            if words["lifecycle:transition"] == "start":
                steps.append(str(words["concept:name"]))
        found[str(values["concept:name"])] = steps
    assert found == journeys_by_case(run)


def test_ocel_relations_lead_somewhere(run: Run, tmp_path: Path):
    log = json.loads(js.export(run, "ocel", out=tmp_path / "a.json").read_text(encoding="utf-8"))
    objects = {item["id"]: item["type"] for item in log["objects"]}
    assert len(objects) == len(log["objects"])
    assert {kind["name"] for kind in log["objectTypes"]} == set(objects.values())
    assert {kind["name"] for kind in log["eventTypes"]} == {"web", "phone"}
    assert len({event["id"] for event in log["events"]}) == run.contacts.num_rows
    for event in log["events"]:
        kinds = [objects[relation["objectId"]] for relation in event["relationships"]]
        assert kinds[:2] == ["journey", "customer"]
    assert sum(kind == "journey" for kind in objects.values()) == run.journeys.num_rows


def test_cjml_has_an_actual_journey_each(run: Run, tmp_path: Path):
    root = ET.parse(js.export(run, "cjml", out=tmp_path / "a.xml")).getroot()
    assert (root.tag, root.get("version")) == ("CJML", "2.0")
    found = {}
    for journey in root.findall("actualJourney"):
        actors = {actor.get("actorID") for actor in journey.iter() if actor.get("actorID")}
        used = {refers.get("actorIDref") for refers in journey.iter("refersTo")}
        assert used == actors
        name = journey.findtext("journeyID")
        assert name is not None
        found[name] = [str(channel.text) for channel in journey.iter("channelName")]
    assert found == journeys_by_case(run)


def test_paths_count_conversions(run: Run, tmp_path: Path):
    place = js.export(run, "paths", out=tmp_path / "a.csv")
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    resolved = pc.sum(pc.equal(run.journeys["outcome"].cast("string"), "resolved")).as_py()
    assert sum(int(row["conversion"]) for row in rows) == resolved
    assert {row["case"]: row["path"].split(" > ") for row in rows} == journeys_by_case(run)


def test_an_independent_reader_of_process_logs(run: Run, tmp_path: Path):
    pm4py = pytest.importorskip("pm4py", reason="pm4py reads XES and OCEL; it is not installed")
    frame = pm4py.read_xes(str(js.export(run, "xes", out=tmp_path / "a.xes")))
    assert frame["case:concept:name"].nunique() == run.journeys.num_rows
    log = pm4py.read_ocel2_json(str(js.export(run, "ocel", out=tmp_path / "a.jsonocel")))
    assert len(log.events) == run.contacts.num_rows


def test_the_command(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "log.xes"
    assert exit_code(["export", str(run.directory), "--to", "xes", "-o", str(out)]) == 0
    assert exit_code(["export", str(run.directory), "--to", "xes", "-o", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    assert exit_code(["export", str(tmp_path), "--to", "csv"]) == 3
    assert not list(tmp_path.glob("*.part"))


def test_no_such_format(run: Run):
    with pytest.raises(RunError, match="did you mean 'xes'"):
        js.export(run, "xe")
