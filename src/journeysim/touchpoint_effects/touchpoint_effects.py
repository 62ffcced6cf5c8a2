"""Which touchpoint matters: what the log says of each, and what happens without it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

import pyarrow as pa

from journeysim.arguments import checked_level, one_or_several_words, whole_number
from journeysim.engine.extension import Extension
from journeysim.errors import MeasureError, RunError, did_you_mean
from journeysim.measures.attribution import REMOVAL, ReplicationJourneys, count
from journeysim.measures.attribution.credit_table import (
    Credit,
    credit_table,
    goal_text,
    log_credits,
)
from journeysim.scenario.scenario import Scenario, load_scenario
from journeysim.study import scenario_of, simulate
from journeysim.tables.columns import JourneyOutcome, words
from journeysim.tables.run import Run, open_run
from journeysim.touchpoint_effects.counterfactual_runs import Worlds, channels_of
from journeysim.touchpoint_effects.simulated_credits import (
    DIFFERENCE,
    decisiveness,
    interventional_shapley,
    true_effect,
)
from journeysim.types import Progress

By = Literal["channel", "touchpoint"]
#: What can be simulated beside reading the log.
Simulation = Literal["true_effect", "interventional_shapley", "decisiveness"]
SIMULATIONS: Final[tuple[Simulation, ...]] = (
    "true_effect",
    "interventional_shapley",
    "decisiveness",
)
_TRUE_EFFECT_ALONE: Final[tuple[Simulation, ...]] = ("true_effect",)
#: Every touchpoint more doubles the worlds to be simulated; 6 make 64.
MOST_FOR_ALL_SETS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointQuestion:
    """What is asked about touchpoints; see `touchpoints`.

    Raises
    ------
    MeasureError
        If an outcome, a simulation or a breakdown does not exist.
    """

    by: By = "channel"
    goal: Collection[str] = ("resolved",)
    order: int = 1
    simulated: Collection[Simulation] = _TRUE_EFFECT_ALONE
    level: float = 0.95

    def __post_init__(self) -> None:
        outcomes = words(JourneyOutcome)
        _check("breakdown", [self.by], ("channel", "touchpoint"))
        _check("journey outcome", self.goal, outcomes)
        _check("simulation", self.simulated, SIMULATIONS)
        if not self.goal:
            raise MeasureError(f"name a journey outcome as the goal: {', '.join(outcomes)}")


def touchpoints(
    of: Run | Scenario | str | Path,
    *,
    by: By = "channel",
    goal: str | Collection[str] = "resolved",
    order: int = 1,
    simulated: Collection[Simulation] = _TRUE_EFFECT_ALONE,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    level: float = 0.95,
    extension: Extension | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pa.Table:
    """Return which touchpoint matters, by the log and in truth.

    Parameters
    ----------
    of
        A run or its directory, or a scenario or its file, which is simulated.
    by
        ``channel``, or ``touchpoint``: the word that the scenario gives a place in a channel.
    goal
        Outcomes of journeys that count: ``resolved``, ``given_up``, ``lost`` ...
    order
        How many touchpoints the Markov chain remembers.
    simulated
        What to simulate, always with the same customers and their luck: ``true_effect`` (without
        each touchpoint), ``interventional_shapley`` (with every set of at most 6 touchpoints),
        ``decisiveness`` (with all contacts of a touchpoint meeting the need, and with none).
        Empty: the log is read, nothing else.
    replications, seed
        For a scenario; default: as it says.
    level
        Of the intervals.
    extension
        Own rules of the run; needed to simulate it again.
    jobs
        Replications at once; default: one per processor.
    progress
        As for `simulate`, of simulated scenarios.

    Returns
    -------
    A row per method and touchpoint: ``first_touch``, ``last_touch``, ``linear``, ``shapley``,
    ``markov``, ``removal_effect``, and what is simulated; with the true effect also
    ``difference``, and ``true_effect`` for the goal ``lost``.

    Raises
    ------
    MeasureError
        If an outcome or order is not possible, or there are too many touchpoints for all sets.
    RunError
        If the run cannot be read, or was made with an extension that is not given.
    ScenarioError
        If the scenario is not right.
    """
    question = TouchpointQuestion(
        by=by,
        goal=one_or_several_words("goal", goal),
        order=order if isinstance(order, int) else whole_number("order", order, least=1),
        simulated=cast("Collection[Simulation]", one_or_several_words("simulated", simulated)),
        level=checked_level(level),
    )
    worlds = worlds_of(
        of, by=by, replications=replications, seed=seed, extension=extension, jobs=jobs
    )
    return weigh(worlds, question, progress=progress)


def worlds_of(
    of: Run | Scenario | str | Path,
    *,
    by: By,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    extension: Extension | None = None,
    jobs: int | None = None,
) -> Worlds:
    """Return a run, made or opened, and what is needed to simulate it without a touchpoint."""
    if isinstance(of, str | Path):
        of = open_run(of) if Path(of).is_dir() else load_scenario(of)
    if isinstance(of, Run):
        if replications is not None or seed is not None:
            raise RunError("a run has its replications and its seed; they cannot be chosen again")
        run, scenario = of, scenario_of(of)
    else:
        scenario = of
        run = simulate(of, replications=replications, seed=seed, extension=extension, jobs=jobs)
    return Worlds(scenario, run, channels_of(scenario, by), extension, jobs)


def weigh(
    worlds: Worlds, question: TouchpointQuestion, *, progress: Progress | None = None
) -> pa.Table:
    """Return the table of `touchpoints` for a run and its scenario."""
    names, goal = tuple(worlds.touchpoints), question.goal
    _check_simulations(worlds, question.simulated)
    counts = [
        count(
            ReplicationJourneys(replication, by=question.by, goal=goal, touchpoints=names),
            order=question.order,
        )
        for replication in worlds.run
    ]
    found = log_credits(counts, goal=goal_text(goal))
    worlds.expect(_worlds_needed(len(names), question.simulated), progress)
    if "true_effect" in question.simulated:
        removal = next(credit for credit in found if credit.method is REMOVAL)
        found += _beside_the_truth(worlds, goal, removal)
    if "interventional_shapley" in question.simulated:
        found.append(interventional_shapley(worlds, goal))
    if "decisiveness" in question.simulated:
        found.append(decisiveness(worlds, goal))
    replications = len(worlds.run.replications)
    return credit_table(names, found, level=question.level, replications=replications)


def _beside_the_truth(worlds: Worlds, goal: Collection[str], removal: Credit) -> list[Credit]:
    truth = true_effect(worlds, goal)
    lost = [] if "lost" in goal else [true_effect(worlds, ("lost",))]
    return [truth, removal.minus(truth, DIFFERENCE), *lost]


def _worlds_needed(touchpoints: int, simulated: Collection[Simulation]) -> int:
    """Return how many worlds will be simulated; those without one touchpoint are shared."""
    needed = touchpoints if "true_effect" in simulated else 0
    if "interventional_shapley" in simulated:
        needed = 2**touchpoints - 1
    return needed + (2 * touchpoints if "decisiveness" in simulated else 0)


def _check_simulations(worlds: Worlds, simulated: Collection[Simulation]) -> None:
    touchpoints = len(worlds.touchpoints)
    if "interventional_shapley" in simulated and touchpoints > MOST_FOR_ALL_SETS:
        raise MeasureError(
            f"{touchpoints} touchpoints have {2**touchpoints} sets to simulate; at most "
            f"{MOST_FOR_ALL_SETS} touchpoints are possible"
        )
    given = None if worlds.extension is None else type(worlds.extension).__name__
    if simulated and worlds.run.record.get("extension") != given:
        raise RunError(
            "the run was made with other rules (an extension) than are given; give the same, or "
            "simulate nothing (--no-true-effect)"
        )


def _check(what: str, said: Collection[str], known: Sequence[str]) -> None:
    for word in said:
        if word not in known:
            raise MeasureError(f"no {what} {word!r}{did_you_mean(word, known)}")
