"""The handful of calls most people make.

scenario = load_scenario("scenarios/bank_1999.toml")
run = simulate(scenario, replications=20)
print(score(run).to_pandas())
fewer = simulate(scenario.change("pools.regular.agents", 7))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from journeysim.arguments import (
    checked_function,
    checked_jobs,
    checked_level,
    checked_seed,
    local_path,
    one_of,
    one_or_several,
    one_or_several_words,
    optional_number,
    replication_numbers,
    shown,
    whole_number,
)
from journeysim.engine.engine_choice import EngineChoice
from journeysim.engine.extension import Extension
from journeysim.engine.replication import prepare
from journeysim.errors import ArgumentError, CompareError
from journeysim.results.run import Run, checked_definitions, open_run, scenario_of, scores_of
from journeysim.results.scores import Scores
from journeysim.runs.scenario_run import ScenarioRun
from journeysim.scenario.scenario import Scenario, load_scenario
from journeysim.tables.run import Keep
from journeysim.tables.run import Run as RunTables
from journeysim.types import Progress

if TYPE_CHECKING:
    from journeysim.comparison import Comparison
    from journeysim.comparison.scenarios import AnyVariant

__all__ = [
    "compare",
    "load_scenario",
    "open_comparison",
    "open_run",
    "scenario_of",
    "score",
    "simulate",
]


def simulate(
    scenario: Scenario | str | Path | Mapping[str, Any],
    *,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    engine: EngineChoice = "auto",
    extension: Extension | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    keep: Keep = "all",
    tally: Sequence[str | Sequence[str]] = ("channel", "pool"),
) -> Run:
    """Simulate a scenario and return the run.

    Parameters
    ----------
    scenario
        A scenario, or the path of its file.
    replications
        How many, from number 0 on, or their numbers; default: as the scenario says.
    seed
        Default: as the scenario says. Equal seeds give every customer equal luck in every scenario.
    out
        Directory to write the run to, replication by replication; default: keep it in memory. A
        directory that holds part of the same run is completed.
    engine
        ``reference`` (SimPy), ``compiled`` (its twin: the same run, byte for byte, much faster),
        ``auto``: compiled, but for small runs while nothing is compiled yet, or ``both``: compiled,
        and every byte is compared with what the reference engine makes.
    extension
        Own rules in Python; see `journeysim.Extension`. Runs on the reference engine.
    jobs
        How many replications to make at once, in threads; the bytes are the same. Default: one per
        processor with the compiled engine, else one. With an extension it is always one.
    progress
        Called with finished replications, all replications, and the summed share of those under
        way.
    keep
        Which tables: ``all``, ``journeys`` (and intervals, but no contacts), or ``none``. Where
        contacts are not kept, measures are summed up while it is simulated, and `score` gives
        those.
    tally
        Breakdowns by which they are summed up, such as ``["channel", ["channel", "interval"]]``.

    Raises
    ------
    ArgumentError
        If an argument is of the wrong kind or size.
    ScenarioError
        If the scenario is not right.
    RunError
        If the run cannot be written, is being written by another process, or the engines disagree.
    """
    how = _how(seed=seed, out=out, engine=engine, jobs=jobs, progress=progress)
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    if extension is not None and not isinstance(extension, Extension):
        raise ArgumentError(f"extension must be a journeysim.Extension, got {shown(extension)}")
    made = ScenarioRun(
        scenario=scenario,
        prepared=prepare(scenario),
        seed=scenario.world.seed if how["seed"] is None else how["seed"],
        replications=replication_numbers(replications, scenario.world.replications),
        directory=how["out"],
        engine=engine,
        extension=extension,
        progress=progress,
        jobs=how["jobs"],
        keep=one_of("keep", keep, get_args(Keep)),
        tally=[one_or_several_words("tally", each) for each in one_or_several(tally)],
    ).run()
    return Run.of(made, scenario)


def score(
    run: RunTables | str | Path,
    *,
    by: str | Sequence[str] = ("channel",),
    measures: str | Sequence[str] | None = None,
    level: float = 0.95,
    **definitions: Any,
) -> Scores:
    """Return the measures of a run as a tidy table, with intervals over replications.

    Parameters
    ----------
    run
        A run, or its directory.
    by
        Any of ``channel``, ``segment``, ``need``, ``pool``, ``interval``; empty: all together.
    measures
        Names of measures, or one of them; default: all.
    level
        Of the intervals.
    definitions
        Definitions other than the scenario's, e.g. ``threshold="30s"``; see
        `journeysim.measures.Definitions`.

    Raises
    ------
    ArgumentError
        If an argument is of the wrong kind or size.
    MeasureError
        If a dimension, measure or definition does not exist.
    """
    if not isinstance(run, RunTables):
        run = open_run(run)
    return scores_of(run, by=by, measures=measures, level=level, definitions=definitions)


def compare(
    baseline: Scenario | str | Path | Mapping[str, Any] | Run,
    variants: AnyVariant | Run | Sequence[AnyVariant | Run] | Mapping[str, Any] = (),
    *,
    set: str | Sequence[str | Sequence[str]] = (),  # noqa: A002 (as on the command line)
    baseline_variant: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    by: str | Sequence[str] = ("channel",),
    measures: str | Sequence[str] | None = None,
    precision: str | Sequence[str] = (),
    max_replications: int = 1000,
    input_draws: int | None = None,
    draw_replications: int = 5,
    level: float = 0.95,
    out: str | Path | None = None,
    portraits: bool | None = None,
    engine: EngineChoice = "auto",
    jobs: int | None = None,
    progress: Progress | None = None,
    **definitions: Any,
) -> Comparison:
    """Say what differs between a baseline and variants of it, customer by customer.

    Parameters
    ----------
    baseline
        A scenario or its file; or a finished run or its directory, with which finished runs are
        compared.
    variants
        Names of variants in the file, other scenarios or their files, changes such as
        ``"pools.*.agents-=1"`` (several with semicolons between them, or in a sequence), or values
        by paths; or finished runs or their directories. As a mapping, by names of one's own:
        ``{"six": "pools.phone.agents=6", "other": other}``.
    set
        Changes, each of which makes a variant of the baseline.
    baseline_variant
        The variant of the file with which all are compared; default: the scenario itself.
    replications
        Pairs to make, at least 2; of finished runs, the first so many. Default: as the scenario
        says, or all.
    by, measures, level, definitions
        As for `score`; default: the usual measures.
    precision
        Half-widths to reach, such as ``"phone.service_level:0.5pp"``: replications are added, at
        least 10, until every one is reached or there are `max_replications`.
    input_draws, draw_replications
        How many times to draw the inputs that the scenario gives a range, and how many pairs to
        make with each draw, at least 2 of each: `Comparison.input_uncertainty` says how far the
        answer depends on them.
    out
        Directory to write the comparison to; default: keep it in memory.
    portraits
        Whether to keep what a report draws of each scenario; default: if it is written.
    seed, engine, jobs, progress
        As for `simulate`; progress is of pairs.

    Raises
    ------
    ArgumentError
        If an argument is of the wrong kind or size.
    CompareError
        If there is nothing to compare, or it cannot be compared; the text says why.
    ScenarioError, MeasureError, RunError
        As for `simulate` and `score`.
    """
    from journeysim.comparison import (
        Question,
        compare_runs,
        compare_scenarios,
        run_contenders,
        scenario_contenders,
    )

    if isinstance(variants, str | Path | Scenario | RunTables):
        variants = (variants,)
    for name, given in (("variants", variants), ("set", set)):
        if not isinstance(given, Iterable):
            raise ArgumentError(f"{name} must be one or several of them, got {shown(given)}")
    how = _how(seed=seed, out=out, engine=engine, jobs=jobs, progress=progress)
    question = Question(
        by=one_or_several_words("by", by),
        measures=one_or_several(measures),
        definitions=checked_definitions(definitions),
        level=checked_level(level),
        precision=one_or_several_words("precision", precision),
        replications=optional_number("replications", replications, least=1),
        max_replications=whole_number("max_replications", max_replications, least=1),
        input_draws=optional_number("input_draws", input_draws, least=1),
        draw_replications=whole_number("draw_replications", draw_replications, least=1),
        portraits=out is not None if portraits is None else portraits,
        **how,
    )
    if isinstance(baseline, RunTables) or _is_directory(baseline):
        _refuse_for_runs(
            set=set,
            baseline_variant=baseline_variant,
            seed=seed,
            precision=precision,
            input_draws=input_draws,
            engine=None if engine == "auto" else engine,
        )
        named = dict(variants) if isinstance(variants, Mapping) else {}
        runs = [_opened(place) for place in (baseline, *(named.values() or variants))]
        scenarios = [scenario_of(run) for run in runs]
        return compare_runs(run_contenders(runs, scenarios, list(named)), question)
    changes = (set,) if isinstance(set, str) else set
    contenders = scenario_contenders(baseline, variants, changes, baseline_name=baseline_variant)
    return compare_scenarios(contenders, question)


def open_comparison(directory: str | Path) -> Comparison:
    """Open a comparison directory.

    Raises
    ------
    CompareError
        If it is none, or is damaged.
    """
    from journeysim.comparison import open_comparison as opened

    return opened(directory)


def _how(
    *,
    seed: int | None,
    out: str | Path | None,
    engine: EngineChoice,
    jobs: int | None,
    progress: Progress | None,
) -> dict[str, Any]:
    """Return, checked, how something is to be simulated."""
    instead = (
        "name a folder of this machine, and copy it from there; journeysim.experiment writes to "
        "such places itself"
    )
    return {
        "seed": checked_seed(seed),
        "out": None if out is None else local_path("out", out, instead=instead),
        "engine": one_of("engine", engine, get_args(EngineChoice)),
        "jobs": checked_jobs(jobs),
        "progress": checked_function("progress", progress),
    }


def _is_directory(place: Any) -> bool:
    return isinstance(place, str | Path) and Path(place).is_dir()


def _opened(place: Any) -> RunTables:
    if not isinstance(place, RunTables) and not _is_directory(place):
        raise CompareError(
            f"{place}: a finished run is compared with finished runs; name a run directory"
        )
    return place if isinstance(place, RunTables) else open_run(place)


def _refuse_for_runs(**asked: Any) -> None:
    """Refuse what only scenarios to be simulated can be asked."""
    for name, value in asked.items():
        if value is not None and value != ():
            raise CompareError(f"{name}: needs a scenario to simulate, and these runs are finished")
