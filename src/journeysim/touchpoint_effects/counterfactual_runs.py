"""The same customers in worlds with some touchpoints switched off, and how their journeys ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.extension import Extension
from journeysim.runs.tallied_run import simulate_tallies
from journeysim.runs.tallies import OutcomeCounts, outcome_counts
from journeysim.scenario.flat.flatten import names_of
from journeysim.scenario.scenario import Scenario
from journeysim.tables.run import Run
from journeysim.touchpoint_effects.switched_off import switched_off
from journeysim.types import Progress

#: Journeys that ended in each way, shape (replications, outcomes).
Outcomes = NDArray[np.int64]


def channels_of(scenario: Scenario, by: str) -> dict[str, tuple[str, ...]]:
    """Return the channels of each touchpoint; by ``channel`` each is its own."""
    names = names_of(scenario.world)
    named = names.channels if by == "channel" else names.touchpoints
    found: dict[str, tuple[str, ...]] = {}
    for channel, touchpoint in zip(names.channels, named, strict=True):
        found[touchpoint] = (*found.get(touchpoint, ()), channel)
    return found


def outcomes_of(run: Run) -> Outcomes:
    """Return how many scored journeys of each replication ended in each way."""
    return np.array([outcome_counts(replication.journeys) for replication in run], np.int64)


@dataclass
class Worlds:
    """Simulates worlds with touchpoints switched off, each set once.

    Attributes
    ----------
    scenario, run
        With everything switched on.
    touchpoints
        The channels of each.
    extension
        Own rules that the run was made with.
    jobs
        Replications at once.
    taken_from
        See `SwitchedOff`; filled as channels are closed.
    """

    scenario: Scenario
    run: Run
    touchpoints: Mapping[str, Sequence[str]]
    extension: Extension | None = None
    jobs: int | None = None
    taken_from: dict[str, str | None] = field(default_factory=dict)
    _done: int = 0
    _expected: int = 0
    _progress: Progress | None = None
    _known: dict[frozenset[str], Outcomes] = field(default_factory=dict)

    def expect(self, simulations: int, progress: Progress | None) -> None:
        """Tell somebody from now on how many worlds are simulated, of so many."""
        self._done, self._expected, self._progress = 0, simulations, progress

    def outcomes(self, off: Collection[str] = ()) -> Outcomes:
        """Return how journeys end with some touchpoints switched off."""
        key = frozenset(off)
        if key not in self._known:
            self._known[key] = self._without(key) if key else outcomes_of(self.run)
        return self._known[key]

    def _without(self, off: frozenset[str]) -> Outcomes:
        # In the order of the file, so that equal sets make equal scenarios.
        closed = [channels for name, channels in self.touchpoints.items() if name in off]
        changed = switched_off(self.scenario, closed)
        self.taken_from.update(changed.taken_from)
        return self.simulated(changed.scenario)

    def simulated(self, changed: Scenario) -> Outcomes:
        """Return how the same customers' journeys end in a changed scenario."""
        if self._progress is not None:
            self._progress(self._done, self._expected, 0.0)
        self._done += 1
        counted = simulate_tallies(
            changed,
            OutcomeCounts,
            replications=self.run.replications,
            seed=self.run.record["seed"],
            extension=self.extension,
            jobs=self.jobs,
        )
        return np.array(counted, np.int64)
