"""Shapley values: what each player adds to a sum, averaged over all orders of joining.

    phi(c) = sum over S without c of |S|! (n - |S| - 1)! / n! * (v(S + c) - v(S))

The usual value of a log, v(S) = journeys that met their goal and touched nothing outside S, makes
it an equal split of each journey over its different touchpoints; see `credit`. These functions are
for any other v. Sets are numbers with a bit per player.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from journeysim.errors import MeasureError
from journeysim.measures.arrow_columns import Numbers

#: 2 ** 20 sets of 8 bytes, and their sums over all players in about a second.
MOST_PLAYERS = 20


def sums_over_subsets(amounts: Numbers) -> Numbers:
    """Return for each set the sum of the amounts of its subsets: the fast zeta transform.

    Parameters
    ----------
    amounts
        Of each set, shape (2 ** players,).
    """
    players = _players(amounts)
    sums = np.array(amounts, dtype=np.float64)
    for player in range(players):
        halves = sums.reshape(-1, 2, 2**player)
        halves[:, 1] += halves[:, 0]
    return sums


def shapley_values(worth: Numbers) -> Numbers:
    """Return the Shapley value of each player.

    Parameters
    ----------
    worth
        Of each set of players, shape (2 ** players,); the empty set stands first.

    Returns
    -------
    Shape (players,); their sum is the worth of all less that of none.

    Raises
    ------
    MeasureError
        If there are more than 20 players, or not one worth for each set.
    """
    players = _players(worth)
    sizes = np.zeros(1, np.int64)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    orders = [factorial(size) * factorial(players - size - 1) for size in range(players)]
    weights = np.array(orders, dtype=np.float64) / factorial(players)
    values = np.empty(players)
    for player in range(players):
        halves = np.asarray(worth).reshape(-1, 2, 2**player)
        without = sizes.reshape(halves.shape)[:, 0]
        values[player] = np.sum(weights[without] * (halves[:, 1] - halves[:, 0]))
    return values


def _players(worth: Numbers) -> int:
    players = len(worth).bit_length() - 1
    if len(worth) != 2**players:
        raise MeasureError(f"{len(worth)} amounts are not one for each set of some players")
    if players > MOST_PLAYERS:
        raise MeasureError(f"{players} players have too many sets; at most {MOST_PLAYERS} fit")
    return players
