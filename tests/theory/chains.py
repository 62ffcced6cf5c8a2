"""Exact figures of phases, classes and pools, as stationary laws of Markov chains."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

State = tuple[int, ...]
Moves = Callable[..., Iterable[tuple[State, float]]]


def stationary(moves: Moves, start: State) -> tuple[np.ndarray, np.ndarray]:
    """Return the reachable states, shape (states, coordinates), and their stationary law.

    `moves` maps a state to (next state, rate); the balance equations are solved directly.
    """
    numbers = {start: 0}
    states, sources, targets, rates = [start], [], [], []
    for state in states:
        for following, rate in moves(*state):
            if rate > 0:
                if following not in numbers:
                    numbers[following] = len(states)
                    states.append(following)
                sources.append(numbers[state])
                targets.append(numbers[following])
                rates.append(rate)
    size = len(states)
    flows = sparse.csr_matrix((rates, (sources, targets)), shape=(size, size))
    balance = (flows - sparse.diags(np.asarray(flows.sum(axis=1)).ravel())).T.tocsc()
    others = spsolve(balance[1:, 1:], -balance[1:, [0]].toarray().ravel())
    law = np.concatenate([[1.0], others])
    return np.array(states), law / law.sum()


def erlang_service(
    rate: float, agents: int, abandonment: float, *, places: int = 100
) -> dict[str, float]:
    """Return the figures of M/E2/s+M, mean handling 1 (phases as in Neuts 1981)."""

    def moves(first: int, second: int, queue: int) -> Iterable[tuple[State, float]]:
        if first + second < agents:
            yield (first + 1, second, 0), rate
        elif queue < places:
            yield (first, second, queue + 1), rate
        if first:
            yield (first - 1, second + 1, queue), 2.0 * first
        if second:
            following = (first + 1, second - 1, queue - 1) if queue else (first, second - 1, 0)
            yield following, 2.0 * second
        if queue:
            yield (first, second, queue - 1), abandonment * queue

    states, law = stationary(moves, (0, 0, 0))
    first, second, queue = states.T
    lq = float(queue @ law)
    return {
        "p_wait": law[first + second == agents].sum(),
        "lq": lq,
        "ew": lq / rate,
        "p_ab": abandonment * lq / rate,
        "l": float((first + second + queue) @ law),
        "util": float((first + second) @ law) / agents,
    }


def two_classes(
    rates: tuple[float, float],
    service: float,
    abandonment: tuple[float, float],
    agents: int,
    *,
    places: int = 60,
) -> dict[str, float]:
    """Return the figures of two classes with patience; the first has non-preemptive priority."""
    drain = agents * service

    def moves(busy: int, high: int, low: int) -> Iterable[tuple[State, float]]:
        if busy < agents:
            yield (busy + 1, 0, 0), sum(rates)
            if busy:
                yield (busy - 1, 0, 0), service * busy
            return
        if high < places:
            yield (busy, high + 1, low), rates[0]
        if low < places:
            yield (busy, high, low + 1), rates[1]
        if high:
            yield (busy, high - 1, low), drain + abandonment[0] * high
        if low:
            yield (busy, high, low - 1), abandonment[1] * low + (0 if high else drain)
        if not high + low:
            yield (busy - 1, 0, 0), drain

    states, law = stationary(moves, (0, 0, 0))
    busy, high, low = states.T
    queues = float(high @ law), float(low @ law)
    found = {"p_wait": law[busy == agents].sum(), "util": float(busy @ law) / agents}
    for name, queue, rate, leaves in zip(("high", "low"), queues, rates, abandonment, strict=True):
        found |= {
            f"lq_{name}": queue,
            f"ew_{name}": queue / rate,
            f"p_ab_{name}": leaves * queue / rate,
        }
    return found


def n_model(
    rates: tuple[float, float],
    services: tuple[float, float, float],
    abandonment: tuple[float, float],
    agents: tuple[int, int],
    *,
    places: int = 45,
) -> dict[str, float]:
    """Return the figures of the N-model (Gans, Koole and Mandelbaum 2003, section 5).

    Pool 1 serves class 1; pool 2 helps class 1 at once, but when freed takes class 2 first.
    `services`: class 1 at pool 1, class 1 at pool 2, class 2 at pool 2.
    """

    def moves(own: int, helped: int, second: int, q1: int, q2: int):
        pool_2_full = helped + second == agents[1]
        if own < agents[0]:
            yield (own + 1, helped, second, q1, q2), rates[0]
        elif not pool_2_full:
            yield (own, helped + 1, second, q1, q2), rates[0]
        elif q1 < places:
            yield (own, helped, second, q1 + 1, q2), rates[0]
        if not pool_2_full:
            yield (own, helped, second + 1, q1, q2), rates[1]
        elif q2 < places:
            yield (own, helped, second, q1, q2 + 1), rates[1]
        if own:
            after = (own, helped, second, q1 - 1, q2) if q1 else (own - 1, helped, second, q1, q2)
            yield after, own * services[0]
        takes_2, takes_1 = q2 > 0, q2 == 0 and q1 > 0
        left_q1, left_q2 = q1 - takes_1, q2 - takes_2
        if helped:
            after = (own, helped - 1 + takes_1, second + takes_2, left_q1, left_q2)
            yield after, helped * services[1]
        if second:
            after = (own, helped + takes_1, second - 1 + takes_2, left_q1, left_q2)
            yield after, second * services[2]
        if q1:
            yield (own, helped, second, q1 - 1, q2), abandonment[0] * q1
        if q2:
            yield (own, helped, second, q1, q2 - 1), abandonment[1] * q2

    states, law = stationary(moves, (0, 0, 0, 0, 0))
    own, helped, second, q1, q2 = states.T
    pool_2_full = helped + second == agents[1]
    found = {
        "p_wait_1": law[(own == agents[0]) & pool_2_full].sum(),
        "p_wait_2": law[pool_2_full].sum(),
        "util_1": float(own @ law) / agents[0],
        "util_2": float((helped + second) @ law) / agents[1],
        "overflow_busy": float(helped @ law),
    }
    for number, queue in (1, float(q1 @ law)), (2, float(q2 @ law)):
        rate, leaves = rates[number - 1], abandonment[number - 1]
        found |= {
            f"lq_{number}": queue,
            f"ew_{number}": queue / rate,
            f"p_ab_{number}": leaves * queue / rate,
        }
    return found
