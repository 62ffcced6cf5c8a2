"""The plain version of every way of giving credit: one journey at a time, no closed form.

A journey is a pair of its touchpoints, in order, and whether it met the goal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np

Journey = tuple[Sequence[int], bool]
START: tuple[int, ...] = ()


def touched(journeys: Sequence[Journey]) -> list[Journey]:
    return [journey for journey in journeys if journey[0]]


def split(journeys: Sequence[Journey], touchpoints: int, method: str) -> list[Fraction]:
    """Return first-touch, last-touch, linear or equal-split credit, in journeys, exactly."""
    credit = [Fraction(0)] * touchpoints
    for path, met in touched(journeys):
        parts = {
            "first_touch": path[:1],
            "last_touch": path[-1:],
            "linear": path,
            "shapley": tuple(set(path)),
        }[method]
        for part in parts:
            credit[part] += Fraction(int(met), len(parts))
    return credit


def removal(journeys: Sequence[Journey], touchpoints: int, order: int) -> tuple[float, list[float]]:
    """Return P(goal), and for each touchpoint what is missing when its states are deleted."""
    steps: Counter[tuple[tuple[int, ...], object]] = Counter()
    for path, met in touched(journeys):
        state = START
        for here in path:
            following = (*state, here)[-order:]
            steps[state, following] += 1
            state = following
        steps[state, "met" if met else "not"] += 1
    goal = reached(steps, set())
    effects = []
    for gone in range(touchpoints):
        states = {state for state, _ in steps if gone in state}
        effects.append(1 - reached(steps, states) / goal if goal else float("nan"))
    return goal, effects


def reached(steps: Counter, deleted: set) -> float:
    """Return P(goal) when steps into deleted states end without it, by solving the equations."""
    states = sorted({state for state, _ in steps} - deleted)
    place = {state: row for row, state in enumerate(states)}
    left = np.eye(len(states))
    right = np.zeros(len(states))
    for state in states:
        out = {to: count for (at, to), count in steps.items() if at == state}
        for to, count in out.items():
            share = count / sum(out.values())
            if to == "met":
                right[place[state]] += share
            elif to in place:
                left[place[state], place[to]] -= share
    return float(np.linalg.solve(left, right)[place[START]])


def without(between: np.ndarray, to_goal: np.ndarray, deleted: Sequence[int]) -> float:
    """Return P(goal) from state 0 of a chain without some states."""
    kept = [state for state in range(len(to_goal)) if state not in deleted]
    inside = np.eye(len(kept)) - between[np.ix_(kept, kept)]
    return float(np.linalg.solve(inside, to_goal[kept])[0])


def worth_of_log(journeys: Sequence[Journey]) -> Callable[[frozenset[int]], Fraction]:
    """Return v(S): journeys that met the goal and touched nothing outside S."""
    return lambda those: Fraction(
        sum(met and set(path) <= those for path, met in touched(journeys))
    )


def shapley_by_subsets(worth: Callable[[frozenset[int]], Fraction], players: int) -> list[Fraction]:
    from math import comb

    values = []
    for player in range(players):
        others = [other for other in range(players) if other != player]
        total = Fraction(0)
        for size in range(players):
            for chosen in combinations(others, size):
                some = frozenset(chosen)
                gain = worth(some | {player}) - worth(some)
                total += gain / (players * comb(players - 1, size))
        values.append(total)
    return values


def shapley_by_orders(worth: Callable[[frozenset[int]], Fraction], players: int) -> list[Fraction]:
    orders = list(permutations(range(players)))
    values = [Fraction(0)] * players
    for order in orders:
        for place, player in enumerate(order):
            before = frozenset(order[:place])
            values[player] += (worth(before | {player}) - worth(before)) / len(orders)
    return values
