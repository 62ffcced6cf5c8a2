"""Means of distributions and totals over the horizon: what a back of an envelope would hold."""

from __future__ import annotations

import itertools
import math

from journeysim.scenario.schema import distributions as kinds
from journeysim.scenario.schema.interval_tables import Arrivals
from journeysim.scenario.schema.world import World
from journeysim.units import DAY, WEEKDAYS


def mean_ticks(distribution: kinds.Distribution) -> float:
    """Return the mean of a distribution, ticks; infinite where it has none."""
    match distribution:
        case kinds.Deterministic():
            return float(distribution.value)
        case kinds.Exponential() | kinds.Erlang():
            return float(distribution.mean)
        case kinds.Uniform():
            return (distribution.low + distribution.high) / 2
        case kinds.Triangular():
            return (distribution.low + distribution.mode + distribution.high) / 3
        case kinds.Lognormal():
            location, spread = distribution.log_parameters()
            return math.exp(min(location + spread**2 / 2, 700.0))
        case kinds.Weibull():
            # The mean that was given, if one was: gamma overflows for tiny shapes.
            if distribution.mean is not None:
                return float(distribution.mean)
            order = 1 + 1 / distribution.shape
            return distribution.scale_ticks() * math.gamma(order) if order < 170 else math.inf
        case kinds.Gamma():
            shape, scale = distribution.parameters()
            return shape * scale
        case kinds.LogLogistic():
            if distribution.shape <= 1:
                return math.inf
            angle = math.pi / distribution.shape
            return distribution.median * angle / math.sin(angle)
        case kinds.Hyperexponential():
            return sum(s * m for s, m in zip(distribution.shares, distribution.means, strict=True))
        case kinds.Empirical():
            return _empirical_mean(distribution)
        case kinds.Mixture():
            parts = zip(distribution.shares, distribution.parts, strict=True)
            return sum(share * mean_ticks(part) for share, part in parts)
        case kinds.ZeroOr():
            return (1 - distribution.zero) * mean_ticks(distribution.otherwise)


def _empirical_mean(distribution: kinds.Empirical) -> float:
    if distribution.values is not None:
        return sum(distribution.values) / len(distribution.values)
    pairs = distribution.quantiles or []
    return sum((b - a) * (x + y) / 2 for (a, x), (b, y) in itertools.pairwise(pairs))


def days_of(world: World) -> list[tuple[str, int]]:
    """Return the days of the horizon, a week at most: weekday, and ticks that belong to it."""
    first, horizon = WEEKDAYS.index(world.time.starts_on), world.time.horizon
    days = min(math.ceil(horizon / DAY), 7)
    return [(WEEKDAYS[(first + day) % 7], min(DAY, horizon - day * DAY)) for day in range(days)]


def arrivals_on(arrivals: Arrivals | None, weekday: str, until: int) -> float:
    """Return the expected arrivals on a weekday before a time of day, ticks."""
    if arrivals is None:
        return 0.0
    if arrivals.gaps is not None:
        mean = mean_ticks(arrivals.gaps)
        return until / mean if mean > 0 else math.inf
    total = 0.0
    for start, end, left, right in arrivals.pieces(weekday):
        if start < min(end, until):
            stop = min(end, until)
            at_stop = left + (right - left) * (stop - start) / (end - start)
            total += (stop - start) * (left + at_stop) / 2
    return total
