"""Running replications of a scenario, in memory or into a run directory."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from journeysim.engine.choice import Engine, EngineChoice, chosen_engine
from journeysim.engine.draws import segment_identity
from journeysim.engine.emission import Emission
from journeysim.engine.extension import Extension
from journeysim.errors import Problem, RunError, ScenarioError
from journeysim.journeys.batches import Categories
from journeysim.journeys.provenance import (
    DEFINITIONS,
    LAYOUT,
    Status,
    host,
    now,
    scenario_hash,
    versions,
    write_record,
    write_whole,
)
from journeysim.journeys.runs import Replication, Run, finished_replications
from journeysim.journeys.writing import ReplicationWriter
from journeysim.model.flat import FlatModel, Names
from journeysim.model.flatten import flatten, names_of
from journeysim.model.scenario import Scenario
from journeysim.model.trace import read_trace

#: Called with finished replications, all replications, and the share of the current one.
Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario ready to run: flat arrays, words, and the files that describe it."""

    model: FlatModel
    names: Names
    scenario_toml: str
    trace: bytes

    @property
    def hash(self) -> str:
        """What identifies the scenario."""
        return scenario_hash(self.scenario_toml, self.trace)


def prepare(scenario: Scenario) -> Prepared:
    """Return a scenario as the arrays that engines read, and as the files of its run.

    Raises
    ------
    ScenarioError
        If two segments' names lead to the same customers.
    """
    world = scenario.world
    _check_identities(scenario)
    if world.trace is None:
        model = flatten(world, identity=segment_identity)
        return Prepared(model, names_of(world), scenario.to_toml(), b"")
    trace = read_trace(world.trace.file, world.trace.sheet, world.trace.unit)
    model = flatten(world, identity=segment_identity, trace=trace)
    # The run keeps its own copy of the trace, in ticks, so that it can be replayed anywhere.
    document = {**scenario.document, "trace": {"file": "trace.arrow", "unit": "1us"}}
    toml = Scenario(scenario.name, scenario.source, document, world).to_toml()
    return Prepared(model, names_of(world), toml, _arrow_bytes(trace))


def _check_identities(scenario: Scenario) -> None:
    """Refuse two segments whose names have the same hash: their customers would be the same."""
    seen: dict[int, str] = {}
    for name in scenario.world.segments:
        other = seen.setdefault(segment_identity(name), name)
        if other != name:
            text = f"its customers would be those of {other!r} (equal hashes); rename one"
            raise ScenarioError(scenario.source, [Problem(f"segments.{name}", text)])


def _arrow_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def run_one(
    prepared: Prepared,
    *,
    seed: int,
    replication: int,
    engine: Engine = "reference",
    directory: Path | None = None,
    extension: Extension | None = None,
    progress: Callable[[float], None] | None = None,
) -> Replication | None:
    """Run one replication; its files appear when all are complete, or its tables are returned."""
    categories = Categories(*prepared.names)
    with ReplicationWriter(replication, directory) as writer:
        emission = Emission(prepared.model, categories, writer)
        if engine == "compiled":
            from journeysim.engine.compiled.engine import CompiledEngine

            CompiledEngine(
                prepared.model,
                seed=seed,
                replication=replication,
                emission=emission,
                progress=progress,
            ).run()
        else:
            from journeysim.engine.reference import ReferenceEngine

            ReferenceEngine(
                prepared.model,
                prepared.names,
                seed=seed,
                replication=replication,
                emission=emission,
                extension=extension,
                progress=progress,
            ).run()
        return writer.finish()


@dataclass(slots=True)
class Work:
    """The replications that a run still has to make, and its record."""

    scenario: Scenario
    prepared: Prepared
    seed: int
    replications: Sequence[int]
    directory: Path | None
    engine: EngineChoice = "auto"
    extension: Extension | None = None
    progress: Progress | None = None
    made_by: Engine = "reference"
    seconds: dict[str, float] = field(default_factory=dict)
    started: str = field(default_factory=now)

    def record(self, status: Status) -> dict[str, Any]:
        """Return what `run.json` says."""
        world = self.scenario.world
        return {
            "layout": LAYOUT,
            "status": status,
            "scenario": self.scenario.name,
            "title": world.title,
            "scenario_hash": self.prepared.hash,
            "seed": self.seed,
            "replications": len(self.replications),
            "engine": self.made_by,
            "extension": type(self.extension).__name__ if self.extension else None,
            "versions": versions(),
            "definitions": DEFINITIONS,
            "host": host(),
            "started": self.started,
            "written": now(),
            "seconds": self.seconds,
        }

    def run(self) -> Run:
        """Make the missing replications, in order of their numbers."""
        held: dict[int, Replication] = {}
        self.made_by = chosen_engine(
            self.engine, self.prepared.model, len(self.replications), self.extension
        )
        finished = set(finished_replications(self.directory)) if self.directory else set()
        status: Status = "failed"
        try:
            for done, number in enumerate(self.replications):
                if number in finished:
                    continue
                begun = time.perf_counter()
                made = run_one(
                    self.prepared,
                    seed=self.seed,
                    replication=number,
                    engine=self.made_by,
                    directory=self.directory,
                    extension=self.extension,
                    progress=self._reporter(done),
                )
                self.seconds[str(number)] = round(time.perf_counter() - begun, 3)
                if made is not None:
                    held[number] = made
                self._report(done + 1, 0.0)
            status = "complete"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            if self.directory is not None:
                write_record(self.directory, self.record(status))
        return Run(self.record(status), self.prepared.scenario_toml, self.directory, held)

    def _reporter(self, done: int) -> Callable[[float], None] | None:
        if self.progress is None:
            return None
        return lambda share: self._report(done, share)

    def _report(self, done: int, share: float) -> None:
        if self.progress is not None:
            self.progress(done, len(self.replications), share)


def open_directory(work: Work) -> None:
    """Make the run directory, or go on in one that belongs to the same run.

    Raises
    ------
    RunError
        If the directory holds something else; nothing in it is touched.
    """
    directory = work.directory
    assert directory is not None
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        _check_same_run(directory, work)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{directory}: cannot be made ({error.strerror or error})") from error
    write_whole(directory / "scenario.toml", work.prepared.scenario_toml)
    if work.prepared.trace:
        write_whole(directory / "trace.arrow", work.prepared.trace)
    write_record(directory, work.record("running"))


def _check_same_run(directory: Path, work: Work) -> None:
    remedy = "choose another directory with --out"
    try:
        record = json.loads((directory / "run.json").read_text(encoding="utf-8"))
        old = record["scenario_hash"], record["seed"], record["versions"]["journeysim"]
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(f"{directory}: exists and is not a run directory; {remedy}") from None
    new = work.prepared.hash, work.seed, versions()["journeysim"]
    extended = record.get("extension") is not None or work.extension is not None
    if old != new or extended:
        what = "scenario" if old[0] != new[0] else "seed" if old[1] != new[1] else "program"
        raise RunError(f"{directory}: holds a run of another {what}; {remedy}")
    work.seconds.update(record.get("seconds", {}))
