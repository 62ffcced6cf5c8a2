"""Exact figures of single queues: Erlang B, C and A, general patience, fixed handling, priorities.

Rates are per any one unit of time, times in that unit. Probabilities are per offered customer
unless the name says otherwise. `p_ab`: abandons; `ew`: mean wait of everyone who joined.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy import linalg, stats

#: Waiting places that stand for infinitely many; what lies beyond is below 1e-16 in every case.
PLACES = 200


def erlang_b(load: float, agents: int) -> float:
    """Return the share blocked in M/G/s/s (Erlang 1917, by the recursion in s)."""
    blocked = 1.0
    for place in range(1, agents + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """Return the share that waits in M/M/s (Erlang 1917)."""
    blocked = erlang_b(load, agents)
    return blocked / (1 - load / agents * (1 - blocked))


def mms(rate: float, service: float, agents: int, *, threshold: float) -> dict[str, float]:
    """Return the figures of M/M/s: waits are 0, or exponential (Kleinrock 1975)."""
    waits = erlang_c(rate / service, agents)
    drain = agents * service - rate
    return {
        "p_wait": waits,
        "asa": waits / drain,
        "ew_given_wait": 1 / drain,
        "sl": 1 - waits * math.exp(-drain * threshold),
        "lq": rate * waits / drain,
        "util": rate / service / agents,
        "var_w": waits * (2 - waits) / drain**2,
        "l": rate * waits / drain + rate / service,
        "wait_q95": math.log(waits / 0.05) / drain,
    }


def birth_death(births: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    """Return the stationary law of a chain: births[i] leads from i to i + 1, deaths[i] back."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(births) - np.log(deaths))])
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def erlang_a(
    rate: float,
    service: float,
    abandonment: float,
    agents: int,
    *,
    threshold: float,
    lines: int | None = None,
) -> dict[str, float]:
    """Return the figures of M/M/s/lines+M (Palm 1957; Garnett, Mandelbaum and Reiman 2002).

    Who finds k waiting has k ahead; those leave at rate s mu + k theta, the customer at theta.
    """
    lines = agents + PLACES if lines is None else lines
    count = np.arange(lines + 1)
    deaths = service * np.minimum(count, agents) + abandonment * np.maximum(count - agents, 0)
    law = birth_death(np.full(lines, rate), deaths[1:])
    blocked = law[-1] if lines < agents + PLACES else 0.0
    at_once, joins = law[:agents].sum(), law[agents:-1]
    queue = float(np.maximum(count - agents, 0) @ law)
    abandons = abandonment * queue / rate
    served, accepted = 1 - blocked - abandons, 1 - blocked
    served_by, abandoned_by, ew_served = _waits(
        joins, agents * service, abandonment, threshold=threshold
    )
    served_by += at_once
    return {
        "p_wait": joins.sum(),
        "p_block": blocked,
        "p_ab": abandons,
        "p_served": served,
        "ew": queue / rate / accepted,
        "ew_served": ew_served / served,
        "ew_ab": (queue / rate - ew_served) / abandons,
        "lq": queue,
        "util": float(np.minimum(count, agents) @ law) / agents,
        "sl_offered": served_by,
        "sl_answered": served_by / served,
        "sl_noshort": served_by / (accepted - abandoned_by),
        "sl_wait": (served_by + abandoned_by) / accepted,
    }


def _waits(
    joins: np.ndarray, drain: float, abandonment: float, *, threshold: float
) -> tuple[float, float, float]:
    """Return P(served by), P(abandoned by) the threshold after a wait, and E[wait; served]."""
    places = len(joins)
    ahead = np.arange(places)
    chain = np.zeros((places + 2, places + 2))
    chain[ahead[1:], ahead[:-1]] = drain + abandonment * ahead[1:]
    chain[0, places] = drain
    chain[:places, places + 1] = abandonment
    np.fill_diagonal(chain, -chain.sum(axis=1))
    start = np.concatenate([joins, [0.0, 0.0]])
    *_, served, abandoned = start @ linalg.expm(chain * threshold)
    # The integral of t exp(Gt) r dt is G^-2 r, with r the rates into "served".
    inner, into = chain[:places, :places], chain[:places, places]
    return served, abandoned, joins @ np.linalg.solve(inner, np.linalg.solve(inner, into))


def deterministic_patience(value: float) -> tuple[Callable, Callable]:
    """Return P(patience > x) and E[min(patience, x)] of a constant."""
    return lambda x: (x < value).astype(float), lambda x: np.minimum(x, value)


def lognormal_patience(median: float, sigma: float) -> tuple[Callable, Callable]:
    """Return P(patience > x) and E[min(patience, x)] of a lognormal."""
    law = stats.lognorm(sigma, scale=median)
    mean = median * math.exp(sigma**2 / 2)

    def least(x: np.ndarray) -> np.ndarray:
        shifted = stats.norm.cdf((np.log(x / median) - sigma**2) / sigma)
        return mean * shifted + x * law.sf(x)

    return law.sf, least


def mms_patience(
    rate: float,
    service: float,
    agents: int,
    *,
    patience: tuple[Callable, Callable],
    threshold: float,
    breaks: tuple[float, ...] = (),
    longest: float = 12.0,
) -> dict[str, float]:
    """Return the figures of M/M/s+G (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005).

    The offered wait V has density c exp(rate x E[min(patience, x)] - s mu x) above 0.
    """
    tail, least = patience
    x, weights = panels([0.0, threshold, *breaks, longest])
    density = np.exp(rate * least(x) - agents * service * x) * weights
    no_wait = 1 / (rate * erlang_b(rate / service, agents - 1))
    density /= no_wait + density.sum()
    no_wait = 1 - density.sum()
    early = x < threshold
    served = no_wait + density @ tail(x)
    served_by = no_wait + (density * tail(x))[early].sum()
    ew, ew_served = density @ least(x), density @ (x * tail(x))
    # In the queue longer than T: V > T and patience > T.
    longer = density[~early].sum() * float(tail(np.array(threshold)))
    return {
        "p_wait": 1 - no_wait,
        "p_ab": 1 - served,
        "ew": ew,
        "ew_served": ew_served / served,
        "ew_ab": (ew - ew_served) / (1 - served),
        "lq": rate * ew,
        "util": rate * served / service / agents,
        "sl_offered": served_by,
        "sl_answered": served_by / served,
        "sl_noshort": served_by / (served_by + longer),
        "sl_wait": 1 - longer,
    }


def panels(edges: list[float], *, per_edge: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights of 10-point Gauss-Legendre panels between `edges`."""
    base, base_weights = np.polynomial.legendre.leggauss(10)
    rising = sorted(set(edges))
    fine = np.concatenate(
        [np.linspace(a, b, per_edge + 1)[:-1] for a, b in pairwise(rising)] + [rising[-1:]]
    )
    half = np.diff(fine)[:, None] / 2
    nodes = fine[:-1, None] + half * (1 + base)
    return nodes.ravel(), (half * base_weights).ravel()


def mds(rate: float, service_time: float, agents: int) -> dict[str, float]:
    """Return the figures of M/D/s (Crommelin 1932): a service later, N is (N - s)+ + Poisson."""
    size = PLACES
    step = np.zeros((size, size))
    for number in range(size):
        left = max(number - agents, 0)
        step[number, left:] = stats.poisson.pmf(np.arange(size - left), rate * service_time)
        step[number, -1] += 1 - step[number].sum()
    equations = np.vstack([(step.T - np.eye(size))[:-1], np.ones(size)])
    law = np.linalg.solve(equations, np.eye(size)[-1])
    queue = float(np.maximum(np.arange(size) - agents, 0) @ law)
    return {"lq": queue, "ew": queue / rate, "p_wait": law[agents:].sum()}


def priority_mms(
    high: float, low: float, service: float, agents: int, *, threshold: float
) -> dict[str, float]:
    """Return the waits of two classes, non-preemptive (Cobham 1954; Kella and Yechiali 1985).

    Who is of the lower class waits until a queue that the higher class feeds is empty.
    """
    drain = agents * service
    waits = erlang_c((high + low) / service, agents)
    sigma, rho = high / drain, (high + low) / drain
    places = PLACES
    chain = np.zeros((places + 1, places + 1))
    ahead = np.arange(places)
    chain[ahead[:-1], ahead[1:]] = high
    chain[ahead[1:], ahead[:-1]] = drain
    chain[0, places] = drain
    np.fill_diagonal(chain, -chain.sum(axis=1))
    start = np.append((1 - rho) * rho**ahead, 0.0)
    still = 1 - (start @ linalg.expm(chain * threshold))[-1]
    return {
        "p_wait": waits,
        "ew_high": waits / drain / (1 - sigma),
        "ew_low": waits / drain / (1 - sigma) / (1 - rho),
        "longer_high": waits * math.exp(-(drain - high) * threshold),
        "longer_low": waits * still,
    }
