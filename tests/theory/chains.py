"""Exact figures of networks and of several classes, as stationary laws of Markov chains."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from tests.theory.formulas import erlang_c

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


def jackson(
    outside: np.ndarray, routes: np.ndarray, service: np.ndarray, agents: list[int]
) -> dict[str, float]:
    """Return the figures of an open network (Jackson 1957): each node is an M/M/s of its own."""
    rates = np.linalg.solve(np.eye(len(outside)) - routes.T, outside)
    waits = [erlang_c(r / m, s) for r, m, s in zip(rates, service, agents, strict=True)]
    ew = np.array(waits) / (np.array(agents) * service - rates)
    visits = rates / outside.sum()
    found: dict[str, float] = {}
    for node in range(len(outside)):
        found |= {
            f"lam_{node + 1}": rates[node],
            f"ew_{node + 1}": ew[node],
            f"lq_{node + 1}": rates[node] * ew[node],
            f"p_wait_{node + 1}": waits[node],
            f"visits_{node + 1}": visits[node],
        }
    sojourn = float(visits @ (ew + 1 / service))
    return found | {"total_wait": float(visits @ ew), "total_sojourn": sojourn}


def retrial(rate: float, service: float, agents: int, retry: float) -> dict[str, float]:
    """Return the figures of M/M/s with retrials (Falin and Templeton 1997); all blocked return."""

    def moves(busy: int, orbit: int) -> Iterable[tuple[State, float]]:
        if busy < agents:
            yield (busy + 1, orbit), rate
            if orbit:
                yield (busy + 1, orbit - 1), retry * orbit
        elif orbit < 150:
            yield (busy, orbit + 1), rate
        if busy:
            yield (busy - 1, orbit), service * busy

    states, law = stationary(moves, (0, 0))
    busy, orbit = states.T
    attempts = rate + retry * float(orbit @ law)
    full = busy == agents
    return {
        "attempts_per_fresh": attempts / rate,
        "orbit": float(orbit @ law),
        "util": float(busy @ law) / agents,
        "p_block_attempt": float(((rate + retry * orbit) * law)[full].sum()) / attempts,
        "p_block_fresh": law[full].sum(),
    }


def redial(
    rate: float,
    service: float,
    agents: int,
    abandonment: float,
    *,
    again: tuple[float, float],
    back: tuple[float, float],
    most: tuple[int, int, int] = (32, 24, 24),
) -> dict[str, float]:
    """Return the figures of M/M/s+M with redials and recontacts (Ding et al. 2015).

    `again` and `back` are (share, rate of return) of who abandoned and of who was served.
    """
    places, redials, recontacts = most

    def moves(number: int, away: int, later: int) -> Iterable[tuple[State, float]]:
        busy, queue = min(number, agents), max(number - agents, 0)
        if queue < places:
            yield (number + 1, away, later), rate
            if away:
                yield (number + 1, away - 1, later), again[1] * away
            if later:
                yield (number + 1, away, later - 1), back[1] * later
        if busy:
            share = back[0] if later < recontacts else 0.0
            yield (number - 1, away, later + 1), service * busy * share
            yield (number - 1, away, later), service * busy * (1 - share)
        if queue:
            share = again[0] if away < redials else 0.0
            yield (number - 1, away + 1, later), abandonment * queue * share
            yield (number - 1, away, later), abandonment * queue * (1 - share)

    states, law = stationary(moves, (0, 0, 0))
    number, away, later = states.T
    queue = float(np.maximum(number - agents, 0) @ law)
    arriving = (rate + again[1] * away + back[1] * later) * law
    attempts = float(arriving.sum())
    return {
        "attempts_per_fresh": attempts / rate,
        "p_ab_attempt": abandonment * queue / attempts,
        "ew_attempt": queue / attempts,
        "lq": queue,
        "util": float(np.minimum(number, agents) @ law) / agents,
        "orbit_redial": float(away @ law),
        "orbit_recontact": float(later @ law),
        "p_wait_attempt": float(arriving[number >= agents].sum()) / attempts,
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
    for name, queue, rate, leaves in zip(
        ("high", "low"), queues, rates, abandonment, strict=True
    ):
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


def switching(
    first: tuple[float, float, float, int],
    second: tuple[float, float, float, int],
    *,
    share: float,
    most: tuple[int, int] = (60, 45),
) -> dict[str, float]:
    """Return the figures of two M/M/s+M stations; `share` of who abandons the first goes on.

    A station is (rate, service, abandonment, agents). The stream into the second is bursty, so
    its customers do not see time averages.
    """
    (lam1, mu1, th1, s1), (lam2, mu2, th2, s2) = first, second

    def moves(here: int, there: int) -> Iterable[tuple[State, float]]:
        if here < most[0]:
            yield (here + 1, there), lam1
        if there < most[1]:
            yield (here, there + 1), lam2
        goes = share if there < most[1] else 0.0
        if here:
            waiting = max(here - s1, 0)
            yield (here - 1, there), mu1 * min(here, s1) + th1 * waiting * (1 - goes)
            yield (here - 1, there + 1), th1 * waiting * goes
        if there:
            yield (here, there - 1), mu2 * min(there, s2) + th2 * max(there - s2, 0)

    states, law = stationary(moves, (0, 0))
    here, there = states.T
    q1, q2 = np.maximum(here - s1, 0), np.maximum(there - s2, 0)
    switchers = th1 * q1 * share * law
    flow = float(switchers.sum())
    lq1, lq2 = float(q1 @ law), float(q2 @ law)
    return {
        "p_ab_1": th1 * lq1 / lam1,
        "ew_1": lq1 / lam1,
        "switch_rate": flow,
        "lq_2": lq2,
        "ew_2": lq2 / (lam2 + flow),
        "p_ab_2": th2 * lq2 / (lam2 + flow),
        "p_wait_2_switcher": float(switchers[there >= s2].sum()) / flow,
        "p_wait_2_direct": law[there >= s2].sum(),
        "util_1": float(np.minimum(here, s1) @ law) / s1,
        "util_2": float(np.minimum(there, s2) @ law) / s2,
    }
