"""Making the replications that a run still lacks, and keeping its record."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeysim.engine.engine_choice import Engine, EngineChoice, chosen_engine, is_compiled
from journeysim.engine.extension import Extension
from journeysim.engine.replication import Prepared, run_one
from journeysim.errors import RunError
from journeysim.runs.compile_ahead import get_ready
from journeysim.runs.threads import Dispatch, processors
from journeysim.runs.twin_check import difference_in_memory, difference_of_files, remove_files
from journeysim.scenario.scenario import Scenario
from journeysim.tables.directory_lock import is_empty, writing_alone
from journeysim.tables.provenance import (
    DEFINITIONS,
    LAYOUT,
    Status,
    host,
    now,
    versions,
    write_record,
    write_whole,
)
from journeysim.tables.run import Replication, Run, finished_replications
from journeysim.types import Progress

AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Made:
    """A replication that is made: its seconds, and its tables if they are kept in memory."""

    seconds: float | None
    tables: Replication | None


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
    jobs: int | None = None
    made_by: Engine = "reference"
    #: What comparing both engines found; None if they were not compared.
    twin: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    started: str = field(default_factory=now)
    held: dict[int, Replication] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()
    done: int = 0

    def run(self) -> Run:
        """Make the missing replications; where there is a directory, nobody else may write it."""
        self.made_by = chosen_engine(
            self.engine, self.prepared.model, len(self.replications), self.extension
        )
        if self.directory is None:
            self._make_missing({}, None)
        else:
            with opened(self, self.directory) as before, self._twins(self.directory) as twins:
                self._make_missing(before, twins)
        status: Status = "complete"
        return Run(self.record(status), self.prepared.scenario_toml, self.directory, self.held)

    def record(self, status: Status) -> dict[str, Any]:
        """Return what `run.json` says."""
        world = self.scenario.world
        finished = finished_replications(self.directory) if self.directory else []
        return {
            "layout": LAYOUT,
            "status": status,
            "scenario": self.scenario.name,
            "title": world.title,
            "scenario_hash": self.prepared.hash,
            "seed": self.seed,
            "replications": len({*self.replications, *finished}),
            "engine": self.made_by,
            "twin": self.twin,
            "extension": type(self.extension).__name__ if self.extension else None,
            "versions": versions(),
            "definitions": DEFINITIONS,
            "host": host(),
            "started": self.started,
            "written": now(),
            "seconds": dict(sorted(self.seconds.items(), key=lambda item: int(item[0]))),
        }

    def _make_missing(self, before: Mapping[str, Any], twins: Path | None) -> None:
        """Make what is missing, and compare it with its twins if both engines are asked for."""
        finished = set(finished_replications(self.directory)) if self.directory else set()
        self.missing = frozenset(self.replications) - finished
        if before and not self.missing:
            self.made_by = before["engine"]
            self.twin = None if self.engine == "both" else before.get("twin")
        numbers = [n for n in self.replications if self.engine == "both" or n in self.missing]
        self.done = len(self.replications) - len(numbers)
        jobs = self._jobs_for(len(numbers))
        dispatch = Dispatch(
            lambda number, report: self._make(number, twins, report),
            finished=self._finished,
            progress=self._report,
        )
        status: Status = "failed"
        try:
            if (
                numbers
                and self.made_by == "compiled"
                and (jobs > 1 or not is_compiled(self.prepared.model))
            ):
                get_ready(self.prepared.model, self.prepared.names)
            dispatch.run(numbers, jobs)
            if self.engine == "both":
                self.twin = AGREED
            status = "complete"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            if self.directory is not None:
                write_record(self.directory, self.record(status))

    def _jobs_for(self, replications: int) -> int:
        jobs = self.jobs
        if jobs is None:
            # Threads are of no use to Python code, which is what the reference engine is.
            jobs = processors() if self.made_by == "compiled" and self.engine != "both" else 1
        # An extension may remember things from one call to the next.
        return 1 if self.extension else max(1, min(jobs, replications))

    def _make(self, number: int, twins: Path | None, report: Callable[[float], None]) -> Made:
        tables, seconds = None, None
        try:
            if number in self.missing:
                begun = time.perf_counter()
                tables = self._one(number, self.made_by, self.directory, report)
                seconds = round(time.perf_counter() - begun, 3)
            if self.engine == "both":
                self._compare(number, tables, twins, report)
        except Exception as error:
            error.add_note(f"This happened in replication {number}.")
            raise
        return Made(seconds, tables)

    def _one(
        self,
        number: int,
        engine: Engine,
        directory: Path | None,
        report: Callable[[float], None],
    ) -> Replication | None:
        return run_one(
            self.prepared,
            seed=self.seed,
            replication=number,
            engine=engine,
            directory=directory,
            extension=self.extension,
            progress=report,
        )

    def _compare(
        self,
        number: int,
        tables: Replication | None,
        twins: Path | None,
        report: Callable[[float], None],
    ) -> None:
        """Make a replication again by the other engine; by both if it was there before."""
        engines: list[Engine] = (
            ["reference"] if number in self.missing else ["reference", "compiled"]
        )
        for engine in engines:
            twin = self._one(number, engine, twins, report)
            if tables is not None and twin is not None:
                found = difference_in_memory(tables, twin)
            else:
                assert self.directory is not None
                assert twins is not None
                found = difference_of_files(number, self.directory, twins)
                remove_files(number, twins)
            if found:
                self.twin = self.twin or found
                raise RunError(
                    f"the engines disagree: {found}\n"
                    f"  (kept: {self.made_by}, then its twin: {engine}; seed {self.seed}, "
                    f"journeysim {versions()['journeysim']}). This is a fault of journeysim: "
                    f"please report these lines with {self._scenario_to_report()}; until then, "
                    "use --engine reference"
                )

    def _scenario_to_report(self) -> str:
        return f"{self.directory}/scenario.toml" if self.directory else "the scenario's file"

    @contextlib.contextmanager
    def _twins(self, directory: Path) -> Iterator[Path | None]:
        """Have a folder beside a run for its twin while both are compared."""
        if self.engine != "both":
            yield None
            return
        beside = directory.absolute()
        try:
            folder = tempfile.TemporaryDirectory(
                prefix=f".{beside.name}-twin-", dir=beside.parent, ignore_cleanup_errors=True
            )
        except OSError as error:
            raise RunError(f"{beside.parent}: cannot be written ({error.strerror})") from error
        with folder as name:
            yield Path(name)

    def _finished(self, number: int, made: Made) -> None:
        if made.seconds is not None:
            self.seconds[str(number)] = made.seconds
        if made.tables is not None:
            self.held[number] = made.tables
        self.done += 1
        self._report(0.0)

    def _report(self, share: float) -> None:
        if self.progress is not None:
            self.progress(self.done, len(self.replications), share)


@contextlib.contextmanager
def opened(work: Work, directory: Path) -> Iterator[Mapping[str, Any]]:
    """Make the run directory, or go on in one of the same run; yield the record it had.

    Raises
    ------
    RunError
        If the directory holds something else, in which nothing is touched, or is being written.
    """
    _record_before(work, directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{directory}: cannot be made ({error.strerror or error})") from error
    with writing_alone(directory):
        # Once more: another process may just have written it.
        before = _record_before(work, directory)
        work.seconds.update(before.get("seconds", {}))
        write_whole(directory / "scenario.toml", work.prepared.scenario_toml)
        if work.prepared.trace:
            write_whole(directory / "trace.arrow", work.prepared.trace)
        write_record(directory, work.record("running"))
        yield before


def _record_before(work: Work, directory: Path) -> Mapping[str, Any]:
    """Return the record of the same run in a directory, empty if the directory is."""
    if not directory.exists() or (directory.is_dir() and is_empty(directory)):
        return {}
    remedy = "choose another directory with --out"
    try:
        record: dict[str, Any] = json.loads((directory / "run.json").read_text(encoding="utf-8"))
        old = record["scenario_hash"], record["seed"], record["versions"]["journeysim"]
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(f"{directory}: exists and is not a run directory; {remedy}") from None
    new = work.prepared.hash, work.seed, versions()["journeysim"]
    extended = record.get("extension") is not None or work.extension is not None
    if old != new or extended:
        what = "scenario" if old[0] != new[0] else "seed" if old[1] != new[1] else "program"
        raise RunError(f"{directory}: holds a run of another {what}; {remedy}")
    return record
