"""Simulating a scenario for sums alone: nothing is stored of single journeys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

import pyarrow as pa

from journeysim.engine.engine_choice import EngineChoice, chosen_engine
from journeysim.engine.extension import Extension
from journeysim.engine.replication import prepare
from journeysim.runs.executors import usual_jobs
from journeysim.runs.grid import Model, Simulation, grid_of
from journeysim.runs.runner import Runner
from journeysim.runs.sinks import Tallied, Tally, TallySink
from journeysim.runs.tallies import IntervalTable
from journeysim.runs.threads import Threads
from journeysim.scenario.scenario import Scenario
from journeysim.types import Progress, ReportShare


def simulate_tallies(
    scenario: Scenario,
    tally: Callable[[], Tally[Tallied]],
    *,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    engine: EngineChoice = "auto",
    extension: Extension | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Tallied]:
    """Simulate a scenario and return the sums of each replication, in their order.

    Memory holds a batch of journeys per replication that is under way.

    Parameters
    ----------
    tally
        Makes what sums up one replication.
    replications, seed, engine, extension, jobs, progress
        As for `journeysim.simulate`.

    Examples
    --------
    >>> from journeysim.runs.tallies import IntervalTable
    >>> intervals = simulate_tallies(scenario, IntervalTable, replications=100)  # doctest: +SKIP
    """
    wanted = scenario.world.replications if replications is None else replications
    numbers = range(wanted) if isinstance(wanted, int) else sorted(set(wanted))
    prepared = prepare(scenario)
    chosen = chosen_engine(engine, prepared.model, len(numbers), extension)
    world_seed = scenario.world.seed if seed is None else seed
    maker = _Tallying(Simulation(prepared, world_seed, chosen, extension), tally)
    found: dict[int, Tallied] = {}
    at_once = 1 if extension else max(1, min(jobs or usual_jobs(chosen), len(numbers)))
    runner = Runner(grid_of(numbers), maker, keep=found.__setitem__, progress=progress)
    runner.run(Threads(at_once))
    return [found[number] for number in numbers]


def simulate_intervals(
    scenario: Scenario,
    *,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    engine: EngineChoice = "auto",
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[pa.Table]:
    """Simulate a scenario and return only its intervals table, of each replication.

    Parameters
    ----------
    replications, seed, engine, jobs, progress
        As for `journeysim.simulate`.
    """
    return simulate_tallies(
        scenario,
        IntervalTable,
        replications=replications,
        seed=seed,
        engine=engine,
        jobs=jobs,
        progress=progress,
    )


@dataclass(frozen=True, slots=True)
class _Tallying(Generic[Tallied]):
    """Sums up one replication per cell."""

    simulation: Simulation
    tally: Callable[[], Tally[Tallied]]

    @property
    def models(self) -> list[Model]:
        """What has to be compiled."""
        return self.simulation.models

    def make(self, number: int, report: ReportShare) -> Tallied:
        """Make a replication and return its sums."""
        return self.simulation.into(lambda _: TallySink(self.tally()), number, report)
