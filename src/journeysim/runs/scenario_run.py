"""Making the replications that a run of one scenario still lacks."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeysim.engine.engine_choice import EngineChoice, chosen_engine
from journeysim.engine.extension import Extension
from journeysim.engine.replication import Prepared
from journeysim.errors import RunError
from journeysim.measures.service.tallied_sums import TalliedSums
from journeysim.runs.executors import usual_jobs
from journeysim.runs.grid import Model, Simulation, grid_of
from journeysim.runs.resume import RunRecord
from journeysim.runs.runner import Runner
from journeysim.runs.sinks import KeptReplication, RunSink
from journeysim.runs.threads import Threads
from journeysim.runs.twin_check import AGREED, TwinCheck, twin_folder
from journeysim.scenario.scenario import Scenario
from journeysim.tables.provenance import Status
from journeysim.tables.run import Keep, Run, finished_replications
from journeysim.types import Progress, ReportShare


@dataclass(slots=True, kw_only=True)
class ScenarioRun:
    """A run of one scenario: what is wanted, and how it is to be made.

    Attributes
    ----------
    scenario, prepared, seed, replications
        What is simulated.
    directory
        Where it is written; None for memory.
    engine, extension, jobs, progress, keep, tally
        As for `journeysim.simulate`.
    """

    scenario: Scenario
    prepared: Prepared
    seed: int
    replications: Sequence[int]
    directory: Path | None = None
    engine: EngineChoice = "auto"
    extension: Extension | None = None
    progress: Progress | None = None
    jobs: int | None = None
    keep: Keep = "all"
    tally: Sequence[tuple[str, ...]] = ()
    _kept: dict[int, KeptReplication] = field(default_factory=dict)
    _tallies: TalliedSums | None = None

    def run(self) -> Run:
        """Make the missing replications; where there is a directory, nobody else may write it.

        Raises
        ------
        RunError
            If it cannot be made so.
        """
        self._check()
        model, count = self.prepared.model, len(self.replications)
        if self.keep != "all":
            self._tallies = TalliedSums(self.scenario.world, self.tally)
        record = RunRecord(
            scenario=self.scenario,
            prepared=self.prepared,
            seed=self.seed,
            extension=self.extension,
            keep=self.keep,
            replications=self.replications,
            directory=self.directory,
            engine=chosen_engine(self.engine, model, count, self.extension),
        )
        with record.opened() as before, twin_folder(self._compares, self.directory) as twins:
            self._make_missing(record, before, twins)
        return self._result(record.document("complete"))

    def _check(self) -> None:
        """Refuse what contradicts itself."""
        if self.keep == "none" and self.directory is not None:
            raise RunError("a run that keeps nothing is written nowhere; leave out `out`")
        if self.keep != "all" and self._compares:
            raise RunError("both engines are compared by their tables; keep all of them")

    @property
    def _compares(self) -> bool:
        return self.engine == "both"

    def _make_missing(
        self, record: RunRecord, before: Mapping[str, Any], twins: Path | None
    ) -> None:
        """Make what is missing, and compare it with its twins if both engines are asked for."""
        missing = frozenset(self.replications) - set(record.finished)
        if before and not missing:
            record.engine = before["engine"]
            record.twin = None if self._compares else before.get("twin")
        numbers = [n for n in self.replications if self._compares or n in missing]
        simulation = Simulation(self.prepared, self.seed, record.engine, self.extension)
        sink = RunSink(self.directory, self.keep, self._tallies)
        twin = None
        if self._compares:
            twin = TwinCheck(simulation, self.directory, twins, missing)
        maker = _ReplicationMaker(simulation, sink, missing, twin)

        def keep(number: int, kept: KeptReplication) -> None:
            if number in missing:
                record.seconds[str(number)] = kept.seconds
                self._kept[number] = kept

        grid = grid_of(numbers, total=len(self.replications))
        status: Status = "failed"
        try:
            jobs = self._jobs_for(record, len(numbers))
            Runner(grid, maker, keep=keep, progress=self.progress).run(Threads(jobs))
            if twin is not None:
                record.twin = AGREED
            status = "complete"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            if twin is not None and twin.found:
                record.twin = twin.found
            record.write(status)

    def _jobs_for(self, record: RunRecord, replications: int) -> int:
        jobs = self.jobs
        if jobs is None:
            jobs = 1 if self._compares else usual_jobs(record.engine)
        # An extension may remember things from one call to the next.
        return 1 if self.extension else max(1, min(jobs, replications))

    def _result(self, record: Mapping[str, Any]) -> Run:
        held = {n: kept.tables for n, kept in self._kept.items() if kept.tables is not None}
        # Sums of some replications say nothing of a run that holds more.
        here = self.directory is None or finished_replications(self.directory) == sorted(self._kept)
        tallies = self._tallies if here else None
        if tallies is not None:
            for number in sorted(self._kept):
                tallies.keep(number, self._kept[number].sums)
        return Run(record, self.prepared.scenario_toml, self.directory, held, tallies)


@dataclass(frozen=True, slots=True)
class _ReplicationMaker:
    """Makes one replication per cell.

    Attributes
    ----------
    missing
        Numbers of those that are not there yet; the others are only compared.
    twin
        Compares each with what the other engine makes.
    """

    simulation: Simulation
    sink: RunSink
    missing: frozenset[int]
    twin: TwinCheck | None

    @property
    def models(self) -> list[Model]:
        """What has to be compiled."""
        return self.simulation.models

    def make(self, number: int, report: ReportShare) -> KeptReplication:
        """Make a replication, unless it is there, and compare it with its twin."""
        kept = KeptReplication()
        try:
            if number in self.missing:
                begun = time.perf_counter()
                kept = self.sink.take(self.simulation, number, report)
                kept.seconds = round(time.perf_counter() - begun, 3)
            if self.twin is not None:
                self.twin.check(number, kept.tables, report)
        except Exception as error:
            error.add_note(f"This happened in replication {number}.")
            raise
        return kept
