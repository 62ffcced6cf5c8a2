"""Which touchpoint matters: what the log says of each, and what happens without it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from journeysim.effects.worlds import Outcomes, Progress, Worlds, channels_of
from journeysim.engine.extension import Extension
from journeysim.errors import MeasureError, RunError, did_you_mean
from journeysim.journeys.columns import JourneyOutcome, words
from journeysim.journeys.runs import Run, open_run
from journeysim.model.scenario import Scenario, load_scenario
from journeysim.scoring.arrow_columns import Numbers
from journeysim.scoring.attribution import ReplicationJourneys, count, shapley_values
from journeysim.scoring.attribution.credit import REMOVAL, Method
from journeysim.scoring.attribution.credit_table import (
    Credit,
    credit_table,
    goal_text,
    log_credits,
    simulated_credit,
)
from journeysim.study import scenario_of, simulate

By = Literal["channel", "touchpoint"]

TRUE_EFFECT: Final = Method(
    "true_effect",
    "Simulated: with everything, less with this touchpoint switched off, for the same customers.",
)
DIFFERENCE: Final = Method("difference", "Removal effect of the log, less the true effect.")
ALL_SETS: Final = Method(
    "interventional_shapley",
    "Simulated with every set of touchpoints: what this one adds, over all orders of adding.",
)
#: Every touchpoint more doubles the worlds to be simulated; 6 make 64.
MOST_FOR_ALL_SETS: Final = 6


def touchpoints(
    of: Run | Scenario | str | Path,
    *,
    by: By = "channel",
    goal: str | Collection[str] = "resolved",
    order: int = 1,
    true_effect: bool = True,
    all_sets: bool = False,
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
    true_effect
        Simulate the world again without each touchpoint, with the same customers and their luck.
    all_sets
        Simulate it with every set of touchpoints, for at most 6: interventional Shapley values.
    replications, seed
        For a scenario; default: as it says.
    level
        Of the intervals.
    extension
        Own rules of the run; needed to simulate it again.
    jobs
        Replications at once; default: one per processor.
    progress
        Called with worlds that are done, and all of them.

    Returns
    -------
    A row per method and touchpoint: ``first_touch``, ``last_touch``, ``linear``, ``shapley``,
    ``markov``, ``removal_effect``; ``true_effect`` and ``difference``, and ``true_effect`` with
    the goal ``lost``; ``interventional_shapley``.

    Raises
    ------
    MeasureError
        If an outcome or order is not possible, or there are too many touchpoints for all sets.
    RunError
        If the run cannot be read, or was made with an extension that is not given.
    ScenarioError
        If the scenario is not right.
    """
    return weigh(
        worlds_of(of, by=by, replications=replications, seed=seed, extension=extension, jobs=jobs),
        by=by,
        goal=goal,
        order=order,
        true_effect=true_effect,
        all_sets=all_sets,
        level=level,
        progress=progress,
    )


def weigh(
    worlds: Worlds,
    *,
    by: By,
    goal: str | Collection[str],
    order: int,
    true_effect: bool,
    all_sets: bool,
    level: float,
    progress: Progress | None = None,
) -> pa.Table:
    """Return the table of `touchpoints` for a run and its scenario."""
    wanted = _checked_goal(goal)
    _check_worlds(worlds, true_effect=true_effect, all_sets=all_sets)
    names = tuple(worlds.touchpoints)
    counts = [
        count(ReplicationJourneys(replication, by=by, goal=wanted, touchpoints=names), order=order)
        for replication in worlds.run
    ]
    found = log_credits(counts, goal=goal_text(wanted))
    _simulate_all(worlds, true_effect=true_effect, all_sets=all_sets, progress=progress)
    if true_effect:
        removal = next(credit for credit in found if credit.method is REMOVAL)
        truth = _true_effect(worlds, wanted)
        found += [truth, removal.minus(truth, DIFFERENCE)]
        if "lost" not in wanted:
            found.append(_true_effect(worlds, ("lost",)))
    if all_sets:
        found.append(_interventional_shapley(worlds, wanted))
    return credit_table(names, found, level=level, replications=len(worlds.run.replications))


def worlds_of(
    of: Run | Scenario | str | Path,
    *,
    by: By,
    replications: int | Sequence[int] | None,
    seed: int | None,
    extension: Extension | None,
    jobs: int | None,
) -> Worlds:
    """Return a run, made or opened, and what is needed to simulate it without a touchpoint."""
    if by not in ("channel", "touchpoint"):
        raise MeasureError(f"no breakdown {by!r}{did_you_mean(by, ('channel', 'touchpoint'))}")
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


def _checked_goal(goal: str | Collection[str]) -> tuple[str, ...]:
    wanted = (goal,) if isinstance(goal, str) else tuple(goal)
    known = words(JourneyOutcome)
    for word in wanted:
        if word not in known:
            raise MeasureError(f"no journey outcome {word!r}{did_you_mean(word, known)}")
    if not wanted:
        raise MeasureError(f"name a journey outcome as the goal: {', '.join(known)}")
    return wanted


def _check_worlds(worlds: Worlds, *, true_effect: bool, all_sets: bool) -> None:
    if all_sets and len(worlds.touchpoints) > MOST_FOR_ALL_SETS:
        raise MeasureError(
            f"{len(worlds.touchpoints)} touchpoints have {2 ** len(worlds.touchpoints)} sets to "
            f"simulate; at most {MOST_FOR_ALL_SETS} touchpoints are possible"
        )
    given = None if worlds.extension is None else type(worlds.extension).__name__
    if (true_effect or all_sets) and worlds.run.record.get("extension") != given:
        raise RunError(
            "the run was made with other rules (an extension) than are given; give the same, or "
            "leave out what has to be simulated (--no-true-effect)"
        )


def _simulate_all(
    worlds: Worlds, *, true_effect: bool, all_sets: bool, progress: Progress | None
) -> None:
    wanted: list[tuple[str, ...]] = []
    if true_effect:
        wanted += [(name,) for name in worlds.touchpoints]
    if all_sets:
        wanted += [off for off in _all_sets(worlds) if len(off) > 1 or (off and not true_effect)]
    for done, off in enumerate(wanted):
        if progress is not None:
            progress(done, len(wanted))
        worlds.outcomes(off)


def _true_effect(worlds: Worlds, goal: Collection[str]) -> Credit:
    """Return what is lost, or gained, with each touchpoint switched off, paired by replication."""
    everything = _goals(worlds.outcomes(), goal)
    without = [_goals(worlds.outcomes([name]), goal) for name in worlds.touchpoints]
    amounts = everything.reshape(-1, 1) - np.array(without).T
    return simulated_credit(TRUE_EFFECT, goal_text(goal), amounts, everything)


def _interventional_shapley(worlds: Worlds, goal: Collection[str]) -> Credit:
    """Return Shapley values of the worth of a set: goals met with that set switched on."""
    worth = np.array([_goals(worlds.outcomes(off), goal) for off in _all_sets(worlds)])
    amounts = np.array([shapley_values(column) for column in worth.T])
    everything = _goals(worlds.outcomes(), goal)
    return simulated_credit(ALL_SETS, goal_text(goal), amounts, everything)


def _all_sets(worlds: Worlds) -> list[tuple[str, ...]]:
    """Return what is off for each set that is on; sets are numbers with a bit per touchpoint."""
    names = list(worlds.touchpoints)
    return [
        tuple(name for bit, name in enumerate(names) if not on >> bit & 1)
        for on in range(2 ** len(names))
    ]


def _goals(outcomes: Outcomes, goal: Collection[str]) -> Numbers:
    codes = [words(JourneyOutcome).index(word) for word in goal]
    return np.asarray(outcomes[:, codes].sum(axis=1), dtype=np.float64)
