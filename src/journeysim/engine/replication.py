"""Running a replication of a scenario, in memory or into a run directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol

import pyarrow as pa

from journeysim.engine.emission import Emission
from journeysim.engine.engine_choice import Engine, PathChoice
from journeysim.engine.extension import Extension
from journeysim.engine.random.draws import segment_identity
from journeysim.errors import Problem, ScenarioError
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.scenario.flat.flatten import flatten, names_of
from journeysim.scenario.reading.trace_files import read_trace
from journeysim.scenario.scenario import Scenario
from journeysim.tables.batches import Categories
from journeysim.tables.provenance import scenario_hash
from journeysim.tables.replication_files import ReplicationWriter
from journeysim.tables.replication_sink import Kept, MemorySink, OpenSink, Sink
from journeysim.tables.run import Replication
from journeysim.types import ReportShare

if TYPE_CHECKING:
    from journeysim.engine.compiled.engine import CompiledEngine


class AnyEngine(Protocol):
    """What makes one replication."""

    def run(self) -> None:
        """Run the world to its end and hand on what happened."""


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
    path: PathChoice = "chosen",
    directory: Path | None = None,
    extension: Extension | None = None,
    progress: ReportShare | None = None,
) -> Replication | None:
    """Run one replication; its files appear when all are complete, or its tables are returned.

    Parameters
    ----------
    path
        Of the compiled engine: its loop of events (``general``), the ``fast`` one for worlds in
        which each pool serves one queue in order of entry, or the faster one that can make this
        world. The bytes are the same.
    progress
        Called now and then with the share of the horizon that has passed. An exception that it
        raises stops the replication, and nothing is left of it.

    Raises
    ------
    ValueError
        If the single-queue path is asked for and cannot make this world.
    """

    def sink(number: int) -> Sink[Replication | None]:
        return MemorySink(number) if directory is None else ReplicationWriter(number, directory)

    return run_into(
        sink,
        prepared,
        seed=seed,
        replication=replication,
        engine=engine,
        path=path,
        extension=extension,
        progress=progress,
    )


def run_into(
    sink: OpenSink[Kept],
    prepared: Prepared,
    *,
    seed: int,
    replication: int,
    engine: Engine = "reference",
    path: PathChoice = "chosen",
    extension: Extension | None = None,
    progress: ReportShare | None = None,
) -> Kept:
    """Run one replication into a sink, and return what it keeps; otherwise as `run_one`.

    Parameters
    ----------
    sink
        Opened with the number of the replication; once more if the single-queue path cannot end it.
    """
    one = _One(sink, prepared, seed, replication, progress)
    if engine == "reference":
        return one.run(lambda emission: one.reference(emission, extension))
    from journeysim.engine.compiled.engine import CompiledEngine
    from journeysim.engine.compiled.single_queue.eligibility import why_not_single_queue
    from journeysim.engine.compiled.single_queue.engine import SingleQueueEngine, TieError

    reason = why_not_single_queue(prepared.model)
    if path == "single_queue" and reason is not None:
        raise ValueError(f"the single-queue path cannot make this world: {reason}")
    if path != "general" and reason is None:
        try:
            return one.run(lambda emission: one.compiled(SingleQueueEngine, emission))
        except TieError:
            if path == "single_queue":
                raise
    return one.run(lambda emission: one.compiled(CompiledEngine, emission))


@dataclass(frozen=True, slots=True)
class _One(Generic[Kept]):
    """One replication that may be tried more than once."""

    sink: OpenSink[Kept]
    prepared: Prepared
    seed: int
    replication: int
    progress: ReportShare | None

    def run(self, engine: Callable[[Emission], AnyEngine]) -> Kept:
        """Run an engine and complete its sink; if it fails nothing is left."""
        categories = Categories(*self.prepared.names)
        with self.sink(self.replication) as sink:
            engine(Emission(self.prepared.model, categories, sink)).run()
            return sink.finish()

    def reference(self, emission: Emission, extension: Extension | None) -> AnyEngine:
        """Return the reference engine."""
        from journeysim.engine.reference.engine import ReferenceEngine

        return ReferenceEngine(
            self.prepared.model,
            self.prepared.names,
            seed=self.seed,
            replication=self.replication,
            emission=emission,
            extension=extension,
            progress=self.progress,
        )

    def compiled(self, engine: type[CompiledEngine], emission: Emission) -> AnyEngine:
        """Return the compiled engine, on one of its paths."""
        return engine(
            self.prepared.model,
            seed=self.seed,
            replication=self.replication,
            emission=emission,
            progress=self.progress,
        )
