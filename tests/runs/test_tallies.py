"""Sums that are made while a world is simulated are those of its tables."""

from __future__ import annotations

import numpy as np
import pytest

import journeysim as js
from journeysim.engine import emission
from journeysim.measures.experience.weights import weights_of
from journeysim.runs.tallied_run import simulate_intervals, simulate_tallies
from journeysim.runs.tallies import JourneyMeans, OutcomeCounts, outcome_counts
from journeysim.units import SECOND
from tests.comparison.line import line

MEASURES = ("contacts", "total_wait", "peak_end", "cost_to_serve")
HOW = {"replications": 3, "seed": 5, "engine": "reference"}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emission, "BATCH_ROWS", 17)


@pytest.mark.usefixtures("small_batches")
def test_journeys_are_scored_as_they_come() -> None:
    # Who comes in the warm-up is not scored.
    scenario = line().change("time.warm_up", "20m")
    weights = weights_of(scenario.world)
    found = simulate_tallies(scenario, lambda: JourneyMeans(MEASURES, weights), **HOW)
    run = js.simulate(scenario, **HOW)
    for sums, replication in zip(found, run, strict=True):
        scores = js.score_journeys(replication, measures=MEASURES, weights=weights)
        scored = scores.filter(scores["scored"])
        assert sums.contacts == replication.contacts.num_rows > 3 * 17
        assert sums.journeys == scored.num_rows < scores.num_rows
        for name, total, count in zip(MEASURES, sums.totals, sums.counts, strict=True):
            values = scored[name].to_numpy()
            if values.dtype.kind == "m":
                values = values / np.timedelta64(1, "us")
            assert count == len(values)
            np.testing.assert_allclose(total, values.sum(), rtol=1e-12, err_msg=name)
    assert found[0].totals[1] > SECOND


@pytest.mark.usefixtures("small_batches")
def test_ends_of_journeys_are_counted_as_they_come() -> None:
    run = js.simulate(line(), **HOW)
    found = simulate_tallies(line(), OutcomeCounts, **HOW)
    assert [each.tolist() for each in found] == [
        outcome_counts(each.journeys).tolist() for each in run
    ]


def test_intervals_alone_are_those_of_the_run() -> None:
    run = js.simulate(line(), **HOW)
    for table, replication in zip(simulate_intervals(line(), **HOW), run, strict=True):
        assert table.equals(replication.intervals)


def test_some_replications_come_in_their_order() -> None:
    few = {**HOW, "replications": [4, 1]}
    run = js.simulate(line(), **few)
    found = simulate_tallies(line(), OutcomeCounts, **few)
    assert [each.tolist() for each in found] == [
        outcome_counts(run.replication(number).journeys).tolist() for number in (1, 4)
    ]
