"""Running a replication of a scenario, in memory or into a run directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from journeysim.engine.choice import Engine
from journeysim.engine.draws import segment_identity
from journeysim.engine.emission import Emission
from journeysim.engine.extension import Extension
from journeysim.errors import Problem, ScenarioError
from journeysim.journeys.batches import Categories
from journeysim.journeys.provenance import scenario_hash
from journeysim.journeys.runs import Replication
from journeysim.journeys.writing import ReplicationWriter
from journeysim.model.flat import FlatModel, Names
from journeysim.model.flatten import flatten, names_of
from journeysim.model.scenario import Scenario
from journeysim.model.trace import read_trace


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
    """Run one replication; its files appear when all are complete, or its tables are returned.

    `progress` is called now and then with the share of the horizon that has passed. An exception
    that it raises stops the replication, and nothing is left of it.
    """
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
