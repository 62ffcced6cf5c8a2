"""Exact figures of several stations, and of customers who come again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tests.theory.chains import State, stationary
from tests.theory.formulas import erlang_c


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
