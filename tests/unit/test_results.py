"""Runs and scores as Python programs use them: shown, scored, written, handed on."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import journeysim as js
from tests.unit.documents import smallest

DOCUMENT = {**smallest(), "title": "A line"}


@pytest.fixture(scope="module")
def run() -> js.Run:
    return js.simulate(js.load_scenario(DOCUMENT, name="line"), replications=2, engine="reference")


def files_of(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".lock")
    }


def test_a_run_is_shown_in_a_few_lines(run: js.Run, tmp_path: Path) -> None:
    lines = repr(run).splitlines()
    assert lines[0] == "Run of line: A line"
    assert "2 replications of 1d from Monday" in lines[1]
    assert f"{run.contacts.num_rows:,} rows" in repr(run)
    assert len(lines) <= 10
    assert max(map(len, lines)) <= 100
    assert "<table>" in run._repr_html_()
    assert str(tmp_path) in repr(run.write(tmp_path / "run")).replace("\n", "")


def test_a_run_knows_its_scenario(run: js.Run, tmp_path: Path) -> None:
    assert run.scenario.name == "line"
    assert run.scenario.world == js.load_scenario(DOCUMENT).world
    assert js.scenario_of(run) == run.scenario
    assert run.write(tmp_path / "run").scenario.world == run.scenario.world


def test_a_run_that_is_written_has_the_bytes_of_one_simulated_there(
    run: js.Run, tmp_path: Path
) -> None:
    js.simulate(run.scenario, replications=2, engine="reference", out=tmp_path / "simulated")
    written = run.write(tmp_path / "written")
    assert files_of(tmp_path / "written") == files_of(tmp_path / "simulated")
    assert written.directory == tmp_path / "written"
    assert written.record == {**run.record}
    again = written.write(tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "simulated")
    assert js.score(again).equals(run.score())


def test_a_run_is_never_written_over_something(run: js.Run, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    run.write(tmp_path / "run")
    for place in (tmp_path / "run", tmp_path / "run/run.json"):
        with pytest.raises(js.RunError, match="exists already"):
            run.write(place)
    with pytest.raises(js.ArgumentError, match="s3://bucket/run is not on this machine"):
        run.write("s3://bucket/run")
    nothing = js.simulate(run.scenario, replications=1, engine="reference", keep="none")
    with pytest.raises(js.RunError, match="nothing was kept"):
        nothing.write(tmp_path / "nothing")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_without_contacts_is_written_without_them(tmp_path: Path) -> None:
    how = {"replications": 1, "engine": "reference", "keep": "journeys"}
    js.simulate(DOCUMENT, out=tmp_path / "simulated", **how)
    js.simulate(DOCUMENT, **how).write(tmp_path / "written")
    assert files_of(tmp_path / "written") == files_of(tmp_path / "simulated")


def test_scores_are_a_table_and_each_has_its_name(run: js.Run) -> None:
    scores = run.score()
    assert scores.equals(js.score(run))
    level = scores.value("phone.service_level")
    assert (level.measure, level.unit, level.of) == ("service_level", "share", {"channel": "phone"})
    assert level.level == 0.95
    assert level.value is not None
    assert level.lower is not None
    assert level.lower < level.value
    assert scores.value("resolved").of == {}
    rows = scores.to_pylist()
    assert scores.num_rows == len(scores) == len(rows)
    assert scores["value"].to_pylist() == [row["value"] for row in rows]
    assert pickle.loads(pickle.dumps(scores)).equals(scores)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("phone.service_levl", "did you mean 'service_level'"),
        ("fone.service_level", "service_level is not of 'fone'; did you mean 'phone'"),
        ("", "names nothing"),
        ("a..b", "names nothing"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused(run: js.Run, name: str, said: str) -> None:
    with pytest.raises(js.MeasureError, match=said):
        run.score().value(name)
    with pytest.raises(js.ArgumentError, match="name must be"):
        run.score().value(3)  # type: ignore[arg-type]


def test_a_name_that_stands_for_several_says_which(run: js.Run) -> None:
    hours = run.score(by="interval", measures="offered")
    with pytest.raises(js.MeasureError, match="stands for 48 rows; name one"):
        hours.value("offered")


def test_scores_are_shown_in_a_few_lines(run: js.Run) -> None:
    assert len(repr(run.score()).splitlines()) <= 10
    assert "\n  ...\n" in repr(run.score())
    page = run.score()._repr_html_()
    assert "<th" in page
    assert "service_level" in page


def test_tables_go_to_pandas_polars_and_duckdb(run: js.Run) -> None:
    assert len(run.to_pandas("contacts")) == run.contacts.num_rows
    assert set(run.to_pandas()) == set(run.to_polars()) == {"journeys", "contacts", "intervals"}
    assert run.to_polars("journeys").height == run.journeys.num_rows
    assert pl.DataFrame(run).height == run.journeys.num_rows
    scores = run.score()
    assert len(scores.to_pandas()) == scores.to_polars().height == pl.DataFrame(scores).height
    counted = duckdb.sql("select count(*) from scores").fetchall()
    assert counted == [(len(scores),)]
    with pytest.raises(js.ArgumentError, match="table: no 'contact'; did you mean 'contacts'"):
        run.to_pandas("contact")  # type: ignore[arg-type]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_without_pandas_or_polars_it_is_said_what_to_install(
    run: js.Run, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(js.FrameError, match=f"pip install {library}"):
        getattr(run.score(), f"to_{library}")()


def test_completion_shows_what_people_use(run: js.Run) -> None:
    shown = {name for name in dir(run) if not name.startswith("_")}
    assert shown == {
        *("record", "scenario_toml", "directory", "keep", "replications", "replication", "table"),
        *("journeys", "contacts", "intervals", "scenario", "score", "plot", "write"),
        *("to_pandas", "to_polars"),
    }


def test_a_run_travels(run: js.Run) -> None:
    assert pickle.loads(pickle.dumps(run)).score().equals(run.score())
