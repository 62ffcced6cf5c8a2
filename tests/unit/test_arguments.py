"""Every argument is checked before anything is done with it, and the error says what would do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import journeysim as js
from tests.unit.documents import smallest

SCENARIO = js.Scenario.from_document(smallest(), name="small")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"engine": "fast"}, "engine: no 'fast'; known: auto, both, compiled, reference"),
        ({"engine": "compield"}, "did you mean 'compiled'"),
        ({"engine": None}, "engine: no None; known: auto"),
        ({"replications": "5"}, r"replications must be a whole number .*, got '5' \(str\)"),
        ({"replications": 0}, "replications must be a whole number from 1 to 1000000, got 0"),
        ({"replications": -1}, "got -1"),
        ({"replications": 2.5}, r"got 2.5 \(float\)"),
        ({"replications": True}, "got True"),
        ({"replications": np.True_}, "got np.True_"),
        ({"replications": []}, "replications names none"),
        ({"replications": [0, 3, 3]}, "replications names 3 twice"),
        ({"replications": [0, -1]}, "got -1"),
        ({"replications": [0, "1"]}, "got '1'"),
        ({"replications": {0: 1}}, "got {0: 1}"),
        ({"seed": -1}, r"seed must be a whole number from 0 to 2\*\*63 - 1, got -1"),
        ({"seed": 2**63}, "seed must be"),
        ({"seed": "7"}, "seed must be"),
        ({"seed": 7.0}, "seed must be"),
        ({"jobs": 0}, "jobs must be a whole number of at least 1, got 0"),
        ({"jobs": "all"}, "jobs must be"),
        ({"progress": "bar"}, "progress must be a function"),
        ({"extension": js.Extension}, "extension must be a journeysim.Extension"),
        ({"out": "s3://bucket/run"}, "out: s3://bucket/run is not on this machine"),
        ({"out": Path("s3://bucket/run")}, "out: s3://bucket/run is not on this machine"),
        ({"out": "gs://name:key@bucket/run?x=y"}, "out: gs://bucket/run is not on this machine"),
        ({"out": ""}, "out is empty"),
        ({"out": 7}, "out must be a path, got 7"),
    ],
    ids=str,
)
def test_what_cannot_be_simulated_is_refused_at_once(
    given: dict[str, Any], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(js.ArgumentError, match=said):
        js.simulate(SCENARIO, **given)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        (np.int64(2), [0, 1]),
        ([2, 0], [0, 2]),
        (np.array([1, 0]), [0, 1]),
        (iter((4,)), [4]),
        (range(1, 3), [1, 2]),
    ],
    ids=["numpy", "list", "array", "iterator", "range"],
)
def test_replications_are_a_number_or_numbers(given: Any, numbers: list[int]) -> None:
    assert js.simulate(SCENARIO, replications=given, engine="reference").replications == numbers


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"by": 3}, js.ArgumentError, "by must be a name or a sequence of names"),
        ({"by": [3]}, js.ArgumentError, "by must hold names"),
        ({"by": "chanel"}, js.MeasureError, "did you mean 'channel'"),
        ({"measures": "abandonmet"}, js.MeasureError, "did you mean 'abandonment'"),
        ({"measures": 3}, js.JourneysimError, "no measure 3"),
        ({"level": "0.9"}, js.ArgumentError, "level must be between 0 and 1"),
        ({"level": None}, js.ArgumentError, "level must be between 0 and 1"),
        ({"level": 95}, js.MeasureError, "level must be between 0 and 1, such as 0.95, got 95"),
        ({"level": float("nan")}, js.MeasureError, "got nan"),
        ({"treshold": "30s"}, js.MeasureError, "did you mean 'threshold'"),
    ],
    ids=repr,
)
def test_what_cannot_be_scored_is_refused(
    given: dict[str, Any], kind: type[Exception], said: str
) -> None:
    run = js.simulate(SCENARIO, replications=2, engine="reference")
    with pytest.raises(kind, match=said):
        js.score(run, **given)


def test_one_name_is_one_measure_and_one_breakdown() -> None:
    run = js.simulate(SCENARIO, replications=2, engine="reference")
    scores = js.score(run, measures="abandonment", by="channel")
    assert set(scores.column("measure").to_pylist()) == {"abandonment"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"replications": "5"}, "replications must be"),
        ({"max_replications": 1.5}, "max_replications must be"),
        ({"input_draws": "many"}, "input_draws must be"),
        ({"draw_replications": None}, "draw_replications must be"),
        ({"engine": "fast"}, "engine: no 'fast'"),
        ({"precision": 3}, "precision must be a name or a sequence"),
        ({"out": "s3://bucket/answer"}, "is not on this machine"),
        ({"seed": -1}, "seed must be"),
        ({"jobs": 0}, "jobs must be"),
        ({"by": 3}, "by must be"),
    ],
    ids=repr,
)
def test_what_cannot_be_compared_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(js.ArgumentError, match=said):
        js.compare(SCENARIO, set=["pools.agents.agents+=1"], **given)


def test_a_measure_of_journeys_has_a_known_unit_and_tuples_of_names() -> None:
    known: dict[str, Any] = {
        "name": "calls",
        "unit": "count",
        "meaning": "Calls.",
        "formula": "calls",
        "needs": ("channel",),
    }
    js.JourneyMeasure(**known)
    with pytest.raises(js.MeasureError, match="no unit 'contacts'; did you mean 'count'"):
        js.JourneyMeasure(**known | {"unit": "contacts"})
    with pytest.raises(js.MeasureError, match="needs must be a tuple of names, got 'channel'"):
        js.JourneyMeasure(**known | {"needs": "channel"})


@pytest.mark.parametrize(
    "call",
    [
        lambda run, place: js.export(run, "csv", out=place),
        lambda run, place: js.write_report(run, out=place),
        lambda run, place: js.open_run(place),
        lambda run, place: js.open_comparison(place),
        lambda run, place: js.load_scenario(place),
    ],
)
def test_a_place_that_is_not_on_this_machine_is_refused_everywhere(
    call: Callable[[js.Run, str], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = js.simulate(SCENARIO, replications=1, engine="reference")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(js.ArgumentError, match="s3://bucket/x is not on this machine"):
        call(run, "s3://bucket/x")
    assert list(tmp_path.iterdir()) == []


def test_every_error_of_the_library_is_one_class() -> None:
    errors = [getattr(js, name) for name in dir(js) if name.endswith("Error")]
    assert len(errors) >= 9
    assert all(issubclass(error, js.JourneysimError) for error in errors)
    assert issubclass(js.ArgumentError, ValueError)
    assert issubclass(js.FrameError, ImportError)


@pytest.mark.parametrize(
    "call",
    [
        lambda run: js.touchpoints(SCENARIO, goal=3),
        lambda run: js.touchpoints(run, order="2"),
        lambda run: js.touchpoints(run, simulated=3),
        lambda run: js.touchpoints(3),
        lambda run: js.score(3),
        lambda run: js.score(run, threshold=object()),
        lambda run: js.score(run, target="most"),
        lambda run: js.score_journeys(run, measures="effrt"),
        lambda run: js.score_journeys(run, measures=3),
        lambda run: js.score_journeys(run, jobs=0),
        lambda run: js.score_journeys(3),
        lambda run: js.emotion_curve(3),
        lambda run: js.emotion_curve(run, level=3),
        lambda run: js.emotion_curve(run, positions=0),
        lambda run: js.export(run, 3),
        lambda run: js.export(3, "csv"),
        lambda run: js.write_report(3),
        lambda run: js.write_report(run, out=None),
        lambda run: js.calibrate(3),
        lambda run: js.calibrate("s3://bucket/log.csv"),
        lambda run: js.calibrate("log.csv", every=0),
        lambda run: js.backtest(3, "log.csv"),
        lambda run: js.open_run(3),
        lambda run: js.open_comparison(3),
        lambda run: js.open_experiment(3),
        lambda run: js.experiment(3),
        lambda run: js.compare(SCENARIO, 3),
        lambda run: js.compare(SCENARIO, None),
        lambda run: js.compare(SCENARIO, set=3),
        lambda run: js.compare(SCENARIO, run),
        lambda run: js.compare(run, SCENARIO),
        lambda run: js.compare(run, run),
        lambda run: js.simulate(run, seed=1),
        lambda run: js.simulate(SCENARIO, tally=3),
        lambda run: run.table("contact"),
        lambda run: run.replication("0"),
        lambda run: SCENARIO.set(3),
        lambda run: SCENARIO.variant(3),
        lambda run: js.credit_touchpoints(3),
        lambda run: js.register_journey_measure(3),
        lambda run: js.load_scenario(SCENARIO),
    ],
)
def test_whatever_is_given_the_error_is_one_of_the_library(
    call: Callable[[Any], object], made: js.Run
) -> None:
    with pytest.raises(js.JourneysimError):
        call(made)


@pytest.fixture(scope="module")
def made() -> js.Run:
    return js.simulate(SCENARIO, replications=2, engine="reference")


def test_runs_of_changed_scenarios_are_named_after_their_changes(made: js.Run) -> None:
    other = js.simulate(
        SCENARIO.change("pools.agents.agents", 4), replications=2, engine="reference"
    )
    assert js.compare(made, other).variants == ["pools.agents.agents=4"]
