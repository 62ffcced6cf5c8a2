"""Markov chains that end: what would be missing without a state, from one inverse.

With Q the steps between states, F = (I - Q)^-1 the expected visits and B = F r the probability of
ending with the goal, the removal effect of a state c is

    RE(c) = 1 - P(goal, c removed) / P(goal) = F[start, c] / F[c, c] * B[c] / P(goal),

the probability of ever coming to c, times that of the goal from there. For a set T of states the
first factor becomes the row F[start, T] F[T, T]^-1, the probabilities of entering T there. Removal
effects as in Anderl, Becker, von Wangenheim and Schumann (2016), International Journal of Research
in Marketing 33(3).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.errors import MeasureError
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.attribution.counts import ChainOrder, Flow

#: The inverse of so many states takes a second.
_MOST_STATES = 3000


class Removal(NamedTuple):
    """What a chain says.

    Attributes
    ----------
    goal
        Probability of the goal.
    effects
        Share of it that is missing without each set of states, shape (sets,); NaN where the goal
        is never met.
    """

    goal: float
    effects: Numbers


def removal_effects(
    between: Numbers, to_goal: Numbers, *, removed: Sequence[NDArray[np.intp]]
) -> Removal:
    """Return removal effects of sets of states.

    Parameters
    ----------
    between
        Probabilities of steps between states, shape (states, states); the start is state 0.
    to_goal
        Probability of the step to the goal, shape (states,). What is left of 1 ends without it.
    removed
        Each set of states, without the start: who would come to one of them ends without the goal.
    """
    visits = np.linalg.inv(np.eye(len(to_goal)) - between)
    reached = visits @ to_goal
    goal = float(reached[0])
    effects = np.full(len(removed), np.nan)
    for place, states in enumerate(removed):
        if goal > 0.0:
            inside = visits[np.ix_(states, states)]
            entered = np.linalg.solve(inside.T, visits[0, states])
            effects[place] = entered @ reached[states] / goal
    return Removal(goal, effects)


def removal_in_flow(flow: Flow, memory: ChainOrder) -> Removal:
    """Return the removal effect of each touchpoint in a chain made from counted steps.

    Raises
    ------
    MeasureError
        If more states were seen than can be inverted in reasonable time.
    """
    if not len(flow.states):
        return Removal(np.nan, np.full(memory.touchpoints, np.nan))
    if len(flow.states) > _MOST_STATES:
        raise MeasureError(
            f"a chain of order {memory.order} has {len(flow.states)} states in these journeys, "
            f"and at most {_MOST_STATES} are possible; take a lower order"
        )
    shares = flow.steps / flow.steps.sum(axis=1, keepdims=True)
    between = np.zeros((len(flow.states), len(flow.states)))
    for touchpoint in range(memory.touchpoints):
        steps = np.flatnonzero(flow.steps[:, touchpoint])
        following = next_states(flow.states[steps], touchpoint, memory)
        between[steps, np.searchsorted(flow.states, following)] = shares[steps, touchpoint]
    entered = entry_states(flow, memory)
    return removal_effects(between, shares[:, -1], removed=entered)


def next_states(
    states: NDArray[np.int64], touchpoint: int, memory: ChainOrder
) -> NDArray[np.int64]:
    """Return the numbers of the states after a contact at a touchpoint."""
    base = memory.touchpoints + 1
    return (states % memory.shift) * base + touchpoint + 1


def entry_states(flow: Flow, memory: ChainOrder) -> list[NDArray[np.intp]]:
    """Return, for each touchpoint, the places of states by which states that hold it are entered.

    Whoever comes to a touchpoint for the first time remembers it as the last one, and only there.
    To remove these states is to remove all that hold it.
    """
    base = memory.touchpoints + 1
    digits = (flow.states[:, None] // base ** np.arange(memory.order)) % base
    found = []
    for touchpoint in range(memory.touchpoints):
        holds = digits == touchpoint + 1
        found.append(np.flatnonzero(holds[:, 0] & ~holds[:, 1:].any(axis=1)))
    return found
