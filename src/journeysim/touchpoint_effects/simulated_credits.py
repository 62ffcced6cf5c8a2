"""Credit that was simulated: the same customers in worlds that differ in a touchpoint."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.attribution import Method, shapley_values
from journeysim.measures.attribution.credit_table import Credit, goal_text, simulated_credit
from journeysim.tables.columns import JourneyOutcome, words
from journeysim.touchpoint_effects.counterfactual_runs import Outcomes, Worlds
from journeysim.touchpoint_effects.forced_outcomes import forced

TRUE_EFFECT: Final = Method(
    "true_effect",
    "Simulated: with everything, less with this touchpoint switched off, for the same customers.",
)
DIFFERENCE: Final = Method("difference", "Removal effect of the log, less the true effect.")
ALL_SETS: Final = Method(
    "interventional_shapley",
    "Simulated with every set of touchpoints: what this one adds, over all orders of adding.",
)
DECISIVENESS: Final = Method(
    "decisiveness",
    "Simulated: with every contact there going well, less with every one going badly.",
)


def true_effect(worlds: Worlds, goal: Collection[str]) -> Credit:
    """Return what is missing with each touchpoint switched off, paired by replication."""
    everything = _goals(worlds.outcomes(), goal)
    without = [_goals(worlds.outcomes([name]), goal) for name in worlds.touchpoints]
    amounts = everything.reshape(-1, 1) - np.array(without).T
    return simulated_credit(TRUE_EFFECT, goal_text(goal), amounts, everything)


def interventional_shapley(worlds: Worlds, goal: Collection[str]) -> Credit:
    """Return Shapley values of the worth of a set: goals met with just that set switched on."""
    names = list(worlds.touchpoints)
    worth = []
    for on in range(2 ** len(names)):
        off = [name for bit, name in enumerate(names) if not on >> bit & 1]
        worth.append(_goals(worlds.outcomes(off), goal))
    amounts = np.array([shapley_values(of_one) for of_one in np.array(worth).T])
    return simulated_credit(ALL_SETS, goal_text(goal), amounts, _goals(worlds.outcomes(), goal))


def decisiveness(worlds: Worlds, goal: Collection[str]) -> Credit:
    """Return how many more meet the goal if contacts there end well than if they end badly."""
    differences = []
    for channels in worlds.touchpoints.values():
        good, bad = (
            _goals(worlds.simulated(forced(worlds.scenario, channels, ending=ending)), goal)
            for ending in ("good", "bad")
        )
        differences.append(good - bad)
    everything = _goals(worlds.outcomes(), goal)
    return simulated_credit(DECISIVENESS, goal_text(goal), np.array(differences).T, everything)


def _goals(outcomes: Outcomes, goal: Collection[str]) -> Numbers:
    codes = [words(JourneyOutcome).index(word) for word in goal]
    return np.asarray(outcomes[:, codes].sum(axis=1), dtype=np.float64)
