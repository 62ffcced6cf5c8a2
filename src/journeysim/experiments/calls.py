"""The two calls that most people make of experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from journeysim.arguments import (
    checked_function,
    checked_jobs,
    checked_level,
    checked_seed,
    one_of,
    one_or_several_words,
    optional_number,
    shown,
)
from journeysim.comparison.question import USUAL
from journeysim.engine.engine_choice import EngineChoice
from journeysim.errors import ArgumentError
from journeysim.experiments.experiment import Experiment
from journeysim.experiments.experiment import open_experiment as experiment_in
from journeysim.experiments.experiment_run import ExperimentOptions, run_experiment
from journeysim.experiments.factors_and_designs import (
    Design,
    Factor,
    Factorial,
    design_part,
    factor_part,
)
from journeysim.experiments.plan_reading import load_plan
from journeysim.runs.executors import ExecutorName
from journeysim.scenario.scenario import Scenario, load_scenario
from journeysim.types import Progress

__all__ = ["experiment", "open_experiment"]


def experiment(
    plan: str | Path | Mapping[str, Any] | Scenario,
    *,
    factors: Mapping[str, Factor | Mapping[str, Any]] | None = None,
    design: Design | Mapping[str, Any] | str | None = None,
    measures: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    level: float | None = None,
    precision: str | Sequence[str] | None = None,
    max_replications: int | None = None,
    input_draws: int | None = None,
    customers: Literal["same", "independent"] | None = None,
    keep_runs: bool | None = None,
    title: str | None = None,
    out: str | Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    executor: ExecutorName = "threads",
    jobs: int | None = None,
    cluster: str | None = None,
    engine: EngineChoice = "auto",
    progress: Progress | None = None,
    **definitions: Any,
) -> Experiment:
    """Make an experiment: many points of a design, with replications of each.

    Parameters
    ----------
    plan
        A scenario, its file or its name, of which `factors` are varied. Without `factors`: the file
        of a whole experiment, or a mapping with the same keys, where `scenario` may be a scenario.
    factors
        What is varied, by a name of one's own: ``{"agents": Factor("pools.phone.agents",
        range=(6, 10), whole=True)}``.
    design
        Which points are made: `Factorial` (the default), `LatinHypercube`, `Sobol`, `PointList`,
        `Morris` or `SobolIndices`.
    measures, by, level, definitions
        As for `score`; default: the usual measures, all together.
    precision, max_replications
        As for `compare`, of the values of each point.
    input_draws
        Draw the inputs that the scenario gives a range so many times, at every point.
    customers
        Whether the ``same`` customers come to every point, the default, or ``independent`` ones.
    keep_runs
        Whether to write the runs as well; needs `out`.
    title
        What to call it.
    out
        Folder, or URI of a filesystem that pyarrow knows (``s3://bucket/folder``); default: keep
        it in memory. What is there of the same experiment is kept, and the rest is made.
    replications, seed
        Of every point; default: as the scenario says.
    executor
        ``threads``, ``processes`` or ``dask``; the tables are the same.
    jobs
        How many parts are made at once; default: as many as fit the machine.
    cluster
        Address of a Dask scheduler, or ``local`` for one of this machine.
    engine, progress
        As for `simulate`.

    With the file of an experiment, what is given here takes the place of what it says.

    Raises
    ------
    ArgumentError
        If an argument is of the wrong kind or size.
    ExperimentError, ScenarioError, MeasureError
        If the file, its scenario or a point is not right.
    RunError
        If it cannot be written, or no cluster answers.
    """
    said = _said(
        design=design,
        measures=measures,
        by=by,
        level=level,
        precision=precision,
        max_replications=max_replications,
        input_draws=input_draws,
        replications=replications,
        seed=seed,
    )
    said |= {"customers": customers, "keep_runs": keep_runs, "title": title}
    said["definitions"] = definitions or None
    how = ExperimentOptions(
        executor=one_of("executor", executor, get_args(ExecutorName)),
        jobs=checked_jobs(jobs),
        cluster=cluster,
        engine=one_of("engine", engine, get_args(EngineChoice)),
        progress=checked_function("progress", progress),
    )
    if not isinstance(plan, str | Path | Mapping | Scenario):
        raise ArgumentError(f"plan must be a scenario, or a file of a plan, got {shown(plan)}")
    whole = plan if factors is None else _of_scenario(plan, factors)
    if isinstance(whole, Scenario):
        raise ArgumentError(
            "factors: name what is varied, {'agents': journeysim.Factor(PATH, ...)}"
        )
    return run_experiment(load_plan(whole, **said), out, how)


def _said(**given: Any) -> dict[str, Any]:
    """Return, checked, what takes the place of what a file says; None for what is not given."""
    said = dict(given)
    if given["design"] is not None:
        said["design"] = design_part(given["design"])
    for name in ("measures", "by", "precision"):
        if given[name] is not None:
            said[name] = list(one_or_several_words(name, given[name]))
    if given["level"] is not None:
        said["level"] = checked_level(given["level"])
    for name, least in (("max_replications", 10), ("input_draws", 2), ("replications", 1)):
        said[name] = optional_number(name, given[name], least=least)
    said["seed"] = checked_seed(given["seed"])
    return said


def _of_scenario(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    factors: Mapping[str, Factor | Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the plan of an experiment that varies factors of a scenario."""
    if not isinstance(factors, Mapping):
        raise ArgumentError(f"factors must be factors by name, got {shown(factors)}")
    return {
        "scenario": scenario if isinstance(scenario, Scenario) else load_scenario(scenario),
        "design": design_part(Factorial()),
        "measures": list(USUAL),
        "factors": {name: factor_part(name, factor) for name, factor in factors.items()},
    }


def open_experiment(where: str | Path) -> Experiment:
    """Open a finished experiment from its folder or URI.

    Raises
    ------
    RunError
        If it is none, or is not finished.
    """
    return experiment_in(where)
