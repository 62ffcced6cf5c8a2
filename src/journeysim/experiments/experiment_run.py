"""Making an experiment: what is there is kept, what is missing is made, and all is joined."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeysim.engine.engine_choice import Engine, EngineChoice, chosen_engine
from journeysim.engine.replication import prepare
from journeysim.errors import RunError
from journeysim.experiments.experiment import (
    LAYOUT,
    PLAN,
    RECORD,
    Experiment,
    in_memory,
    opened,
    read_record,
)
from journeysim.experiments.experiment_columns import inputs_table, points_table
from journeysim.experiments.parts import PartMaker
from journeysim.experiments.plan import Plan
from journeysim.experiments.result_tables import (
    INPUTS,
    PARTS,
    POINTS,
    RESULTS,
    SENSITIVITY,
    SUMMARY,
    join_parts,
    part_name,
    sensitivity_table,
    summary_table,
)
from journeysim.runs.executors import ExecutorName, executor_of, usual_jobs
from journeysim.runs.grid import Grid
from journeysim.runs.runner import Runner
from journeysim.runs.storage import Place, place_of
from journeysim.scenario.toml_writing import to_toml
from journeysim.tables.directory_lock import writing_alone
from journeysim.tables.provenance import DEFINITIONS, now, versions
from journeysim.types import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentOptions:
    """How an experiment is to be made; the tables do not depend on it.

    Attributes
    ----------
    executor, jobs, cluster
        Threads or processes of this machine, so many at once, or the cluster at an address.
    engine
        As for `journeysim.simulate`.
    progress
        Called now and then.
    """

    executor: ExecutorName = "threads"
    jobs: int | None = None
    cluster: str | None = None
    engine: EngineChoice = "auto"
    progress: Progress | None = None


def run_experiment(plan: Plan, out: str | Path | None, how: ExperimentOptions) -> Experiment:
    """Make what an experiment still lacks, and return it.

    Parameters
    ----------
    out
        A folder, or a URI of a filesystem that pyarrow knows; None keeps it in memory.

    Raises
    ------
    RunError
        If it cannot be written, or the place holds something else.
    ScenarioError
        If a point is no scenario.
    """
    if out is not None:
        return _Run(plan, place_of(out), how).run()
    if plan.file.keep_runs:
        raise RunError("keep_runs needs a place for the runs; name one with --out")
    if how.cluster not in (None, "local"):
        raise RunError("the workers of a cluster write their own files; name a place with --out")
    with tempfile.TemporaryDirectory(prefix="journeysim-") as name:
        found = _Run(plan, place_of(name), how).run()
        return in_memory(found)


def chosen_for(plan: Plan, engine: EngineChoice) -> Engine:
    """Return the engine that makes an experiment."""
    replications = len(plan.points) * plan.draws * plan.replications
    return chosen_engine(engine, prepare(plan.scenario).model, replications, None)


class _Run:
    """An experiment on its way."""

    def __init__(self, plan: Plan, place: Place, how: ExperimentOptions) -> None:
        self.plan = plan
        self.place = place
        self.how = how
        self.engine = chosen_for(plan, how.engine)

    def run(self) -> Experiment:
        """Make what is missing, and every table."""
        with self._alone():
            before = self._begun()
            if before is None or before["status"] != "complete":
                self._make_missing()
                self._finish()
            self.place.remove(PARTS)
            record = read_record(self.place)
            assert record is not None
            return opened(self.place, self.plan, record)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes of this machine away, where it is on this machine."""
        local = self.place.local
        if local is None:
            yield
            return
        if local.exists() and not local.is_dir():
            raise RunError(f"{self.place.name}: is a file; choose another place with --out")
        self._check_place()
        try:
            local.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{local}: cannot be made ({error.strerror or error})") from error
        with writing_alone(local):
            self._remove_partial()
            yield

    def _remove_partial(self) -> None:
        self.place.remove_partial()
        self.place.remove_partial(PARTS)

    def _check_place(self) -> dict[str, Any] | None:
        """Refuse a place that holds anything but this experiment."""
        remedy = "choose another place with --out"
        record = read_record(self.place)
        if record is None:
            if not self.place.is_empty():
                raise RunError(f"{self.place.name}: exists and is not an experiment; {remedy}")
        elif record.get("identity") != self.plan.identity:
            what = "program" if record.get("versions") != versions() else "experiment"
            raise RunError(f"{self.place.name}: holds results of another {what}; {remedy}")
        return record

    def _begun(self) -> dict[str, Any] | None:
        """Write what describes the experiment, unless it is there; the record comes first."""
        before = self._check_place()
        if before is not None and before["status"] == "complete":
            return before
        self._write_record("running")
        for name, content in self._described().items():
            self.place.write(name, content)
        self.place.write_table(POINTS, points_table(self.plan))
        if self.plan.file.input_draws:
            self.place.write_table(INPUTS, inputs_table(self.plan))
        return before

    def _described(self) -> dict[str, bytes]:
        """Return the files from which the experiment can be made again."""
        prepared = prepare(self.plan.scenario)
        said = self.plan.file.model_dump(exclude_unset=True, exclude={"variant", "set"})
        said |= {"scenario": "scenario.toml"}
        found = {"scenario.toml": prepared.scenario_toml.encode(), PLAN: to_toml(said).encode()}
        if prepared.trace:
            found["trace.arrow"] = prepared.trace
        return found

    def _make_missing(self) -> None:
        plan, made = self.plan, set(self.place.names(PARTS))
        missing = [part for part in range(plan.parts) if part_name(part) not in made]
        if self.place.has(RESULTS):
            missing = []
        grid = Grid(missing, plan.parts, plan.total, size=self._size)
        maker = PartMaker(plan, self.engine, self.place)
        how = self.how
        jobs = how.jobs or usual_jobs(self.engine, how.executor)
        runner = Runner(grid, maker, keep=lambda _part, _: None, progress=how.progress)
        runner.run(executor_of(how.executor, jobs=jobs, cluster=how.cluster))

    def _size(self, part: int) -> int:
        """Return what a part counts for in the progress."""
        if self.plan.targets:
            return 1
        return sum(len(cell.replications) for cell in self.plan.cells(part))

    def _finish(self) -> None:
        """Join the parts and make every other table; the record says last that all is there."""
        plan, place = self.plan, self.place
        if not place.has(RESULTS):
            join_parts(plan, place)
        summary = summary_table(plan, place)
        place.write_table(SUMMARY, summary)
        if _has_sensitivity(plan):
            place.write_table(SENSITIVITY, sensitivity_table(plan, summary))
        self._write_record("complete")

    def _write_record(self, status: str) -> None:
        plan = self.plan
        record = {
            "layout": LAYOUT,
            "status": status,
            "identity": plan.identity,
            "title": plan.file.title,
            "scenario": plan.scenario.name,
            "design": plan.file.design.kind,
            "points": len(plan.points),
            "replications": None if plan.targets else plan.replications,
            "input_draws": plan.file.input_draws,
            "seed": plan.seed,
            "customers": plan.file.customers,
            "factors": [factor.name for factor in plan.factors],
            "measures": [measure.name for measure in plan.measures],
            "by": list(plan.by),
            "level": plan.file.level,
            "engine": self.engine,
            "has_sensitivity": _has_sensitivity(plan),
            "has_inputs": plan.file.input_draws is not None,
            "versions": versions(),
            "definitions": DEFINITIONS,
            "written": now(),
        }
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        self.place.write(RECORD, text.encode())


def _has_sensitivity(plan: Plan) -> bool:
    return plan.file.design.kind in ("morris", "sobol_indices")
