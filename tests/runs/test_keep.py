"""What is not asked for is not stored, and whoever misses it is told how to have it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

import journeysim as js
from journeysim.errors import MeasureError, RunError
from tests.cli.program import TINY, files_of, journeysim
from tests.comparison.line import line

QUANTILES = ("wait_p50", "wait_p90")


@pytest.fixture(scope="module")
def whole() -> js.Run:
    return js.simulate(line(), replications=3, engine="reference")


def test_figures_are_the_same_with_nothing_stored(whole: js.Run) -> None:
    run = js.simulate(line(), replications=3, engine="reference", keep="none")
    assert run.replications == [0, 1, 2]
    for by in (["channel"], ["pool"]):
        found, all_ = js.score(run, by=by), js.score(whole, by=by)
        has = pc.is_in(all_["measure"], found["measure"].combine_chunks())
        assert found.equals(all_.filter(has))
        # All but quantiles, whose values would have to be stored.
        left_out = set(all_["measure"].to_pylist()) - set(found["measure"].to_pylist())
        assert left_out
        assert all("p" in name and name[-2:].isdigit() for name in left_out)


def test_what_was_not_kept_is_an_error_with_a_remedy(whole: js.Run) -> None:
    run = js.simulate(line(), replications=1, engine="reference", keep="none")
    for name in ("journeys", "contacts", "intervals"):
        with pytest.raises(RunError, match=f"the {name} of this run were not kept.*--keep all"):
            run.table(name)
    quantile = next(name for name in js.score(whole)["measure"].to_pylist() if name[-2:] == "90")
    with pytest.raises(MeasureError, match=f"{quantile}.*needs contacts.*keep='all'"):
        js.score(run, measures=[quantile])
    with pytest.raises(MeasureError, match=r"by segment was not summed up.*channel, pool"):
        js.score(run, by=["segment"])
    with pytest.raises(MeasureError, match="other definitions need contacts"):
        js.score(run, threshold="30s")
    with pytest.raises(RunError, match="not kept"):
        js.score_journeys(run)


def test_other_breakdowns_can_be_asked_for(whole: js.Run) -> None:
    by = ["channel", "interval"]
    run = js.simulate(line(), replications=3, engine="reference", keep="none", tally=[by])
    measures = ["service_level", "abandonment"]
    assert js.score(run, by=by, measures=measures).equals(js.score(whole, by=by, measures=measures))


def test_journeys_are_kept_without_contacts(whole: js.Run, tmp_path: Path) -> None:
    how = {"replications": 3, "engine": "reference"}
    js.simulate(line(), out=tmp_path / "all", **how)
    js.simulate(line(), out=tmp_path / "some", keep="journeys", **how)
    every = files_of(tmp_path / "all")
    kept = {name: held for name, held in every.items() if not name.startswith("contacts")}
    assert files_of(tmp_path / "some") == kept
    run = js.open_run(tmp_path / "some")
    assert run.keep == "journeys"
    assert run.journeys.equals(whole.journeys)
    # Pools and the ends of journeys stand in what is kept.
    for measure, by in (("occupancy", ["pool"]), ("journeys_resolved", [])):
        found = js.score(run, by=by, measures=[measure])
        assert found.equals(js.score(whole, by=by, measures=[measure]))
    with pytest.raises(RunError, match="the contacts of this run were not kept"):
        js.score(run, measures=["service_level"])
    with pytest.raises(RunError, match="holds a run with --keep journeys"):
        js.simulate(line(), out=tmp_path / "some", **how)


def test_contradictions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="leave out `out`"):
        js.simulate(line(), keep="none", out=tmp_path / "run")
    with pytest.raises(RunError, match="compared by their tables"):
        js.simulate(line(), keep="none", engine="both")
    with pytest.raises(js.ArgumentError, match="no 'some'; known: all, journeys, none"):
        js.simulate(line(), keep="some")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("by", [(), ("--by", "interval"), ("--by", "segment")])
def test_the_command_prints_the_same_figures(tmp_path: Path, by: tuple[str, ...]) -> None:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    stored = journeysim(tmp_path, "run", "tiny.toml", "--no-out", "-q", *by)
    tallied = journeysim(tmp_path, "run", "tiny.toml", "--keep", "none", "-q", *by)
    assert tallied.returncode == 0, tallied.stderr
    assert tallied.stdout == stored.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny.toml"]
