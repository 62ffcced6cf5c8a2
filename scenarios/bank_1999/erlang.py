"""What Erlang-A says about the day, half hour by half hour: a yardstick for presence rules."""

from __future__ import annotations

import numpy as np

from scenarios.bank_1999.handling import lognormal
from scenarios.bank_1999.log import HALF_HOUR


def erlang_a(rate: float, handling: float, agents: int, patience: float) -> float:
    """Return the steady share that abandons in M/M/n+M; times in seconds.

    P(abandon) = theta E[waiting] / lambda, from the birth and death chain cut far in its tail.
    """
    states = np.arange(agents + 400)
    death = np.minimum(states, agents) / handling + np.maximum(states - agents, 0) / patience
    logs = np.concatenate(([0.0], np.cumsum(np.log(rate) - np.log(death[1:]))))
    chance = np.exp(logs - logs.max())
    waiting = float((chance * np.maximum(states - agents, 0)).sum() / chance.sum())
    return waiting / (patience * rate)


def day_abandonment(
    offered: np.ndarray, handling: np.ndarray, agents: np.ndarray, *, patience: float, cv: float = 0
) -> float:
    """Return the day's abandoned share by Erlang-A, half hour by half hour.

    A fraction of an agent is read as a straight line between its whole neighbours. With `cv` the
    load of a half hour varies by a lognormal factor of mean 1, over 25 equally likely values.
    """
    factors = lognormal(1, cv).ppf((np.arange(25) + 0.5) / 25) if cv else np.ones(1)
    factors = factors / factors.mean()
    lost = 0.0
    for count, length, present in zip(offered, handling, agents, strict=True):
        whole, part = int(present), present % 1
        for factor in factors:
            rate = count * factor / HALF_HOUR
            below, above = (erlang_a(rate, length, whole + up, patience) for up in (0, 1))
            lost += count * factor / len(factors) * (below * (1 - part) + above * part)
    return lost / float(offered.sum())
