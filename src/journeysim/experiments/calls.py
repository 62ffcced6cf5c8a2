"""The two calls that most people make of experiments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from journeysim.arguments import (
    checked_function,
    checked_jobs,
    checked_seed,
    one_of,
    optional_number,
)
from journeysim.engine.engine_choice import EngineChoice
from journeysim.experiments.experiment import Experiment
from journeysim.experiments.experiment import open_experiment as experiment_in
from journeysim.experiments.experiment_run import How, run_experiment
from journeysim.experiments.plan_reading import load_plan
from journeysim.runs.executors import ExecutorName
from journeysim.types import Progress

__all__ = ["experiment", "open_experiment"]


def experiment(
    plan: str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    executor: ExecutorName = "threads",
    jobs: int | None = None,
    cluster: str | None = None,
    engine: EngineChoice = "auto",
    progress: Progress | None = None,
) -> Experiment:
    """Make an experiment: many points of a design, with replications of each.

    Parameters
    ----------
    plan
        Its file, or a mapping with the same keys, where `scenario` may be a scenario.
    out
        Folder, or URI of a filesystem that pyarrow knows (``s3://bucket/folder``); default: keep
        it in memory. What is there of the same experiment is kept, and the rest is made.
    replications, seed
        In place of those of the file.
    executor
        ``threads``, ``processes`` or ``dask``; the tables are the same.
    jobs
        How many parts are made at once; default: as many as fit the machine.
    cluster
        Address of a Dask scheduler, or ``local`` for one of this machine.
    engine, progress
        As for `simulate`.

    Raises
    ------
    ArgumentError
        If an argument is of the wrong kind or size.
    ExperimentError, ScenarioError, MeasureError
        If the file, its scenario or a point is not right.
    RunError
        If it cannot be written, or no cluster answers.
    """
    checked = load_plan(
        plan,
        replications=optional_number("replications", replications, least=1),
        seed=checked_seed(seed),
    )
    how = How(
        executor=one_of("executor", executor, get_args(ExecutorName)),
        jobs=checked_jobs(jobs),
        cluster=cluster,
        engine=one_of("engine", engine, get_args(EngineChoice)),
        progress=checked_function("progress", progress),
    )
    return run_experiment(checked, out, how)


def open_experiment(where: str | Path) -> Experiment:
    """Open a finished experiment from its folder or URI.

    Raises
    ------
    RunError
        If it is none, or is not finished.
    """
    return experiment_in(where)
