"""Arrivals of a segment: a non-homogeneous Poisson process by inversion of its cumulative rate.

Customer i of a day comes where the cumulative rate reaches the sum of the first i unit
exponential steps. The steps belong to the customers, so that a variant with 10 % more volume
keeps everybody's draws and only brings each a little earlier.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.random.arithmetic import exp, log, normal_quantile
from journeysim.engine.random.block_draws import logs, uniforms
from journeysim.engine.random.draws import (
    ARRIVAL,
    DAY_FACTOR,
    INDEX_BITS,
    INTERVAL_FACTOR,
    WORLD,
    gamma,
    uniform,
)
from journeysim.jit import compiled
from journeysim.scenario.flat.flat_model import FlatDemand
from journeysim.units import DAY


@compiled
def day_factor(demand: FlatDemand, segment: int, day: int, seed: int, replication: int) -> float:
    """Return how busy a day is for a segment: gamma with mean 1, or exactly 1."""
    cv = float(demand.day_cv[segment])
    if cv <= 0.0:
        return 1.0
    shape = 1.0 / (cv * cv)
    identity = WORLD | demand.day_stream[segment] | (day << INDEX_BITS)
    return gamma(shape, seed, replication, identity, 0, DAY_FACTOR, 0) / shape


@compiled
def interval_factors(
    demand: FlatDemand, day: int, seed: int, replication: int
) -> NDArray[np.float64]:
    """Return how busy each stretch of a day is, for all segments, shape (stretches,).

    Lognormal with mean 1: the logarithm is a stationary first-order autoregression, started anew
    each day, with the correlation that gives the factors themselves the one that is asked for.
    """
    count = (DAY + demand.interval_every - 1) // demand.interval_every
    factors = np.ones(count)
    cv = demand.interval_cv
    if cv <= 0.0:
        return factors
    variance = log(1.0 + cv * cv)
    carry = log(1.0 + demand.interval_correlation * cv * cv) / variance
    fresh = math.sqrt(1.0 - carry * carry)
    deviation = math.sqrt(variance)
    z = 0.0
    for stretch in range(count):
        identity = WORLD | (day << INDEX_BITS) | stretch
        u = uniform(seed, replication, identity, 0, INTERVAL_FACTOR, 0)
        step = normal_quantile(u)
        z = step if stretch == 0 else carry * z + fresh * step
        factors[stretch] = exp(deviation * z - 0.5 * variance)
    return factors


@compiled
def begin_day(
    demand: FlatDemand,
    segment: int,
    day: int,
    weekday: int,
    seed: int,
    replication: int,
    place: NDArray[np.int64],
    reached: NDArray[np.float64],
) -> None:
    """Go to the beginning of a day.

    Parameters
    ----------
    place, reached
        Where the day's arrivals have got to, shapes (3,) and (3,): piece, ticks since midnight and
        index of the next customer; cumulative rate that brings it, cumulative rate passed, and the
        day's factor. To be handed to `next_arrivals` as they are.
    """
    identity = demand.identity[segment] | (day << INDEX_BITS)
    place[0] = demand.piece_first[segment, weekday]
    place[1] = -1
    place[2] = 0
    reached[0] = -log(uniform(seed, replication, identity, 0, ARRIVAL, 0))
    reached[1] = 0.0
    reached[2] = day_factor(demand, segment, day, seed, replication)


@compiled
def next_arrivals(
    demand: FlatDemand,
    segment: int,
    day: int,
    weekday: int,
    seed: int,
    replication: int,
    factors: NDArray[np.float64],
    place: NDArray[np.int64],
    reached: NDArray[np.float64],
    found: NDArray[np.int64],
) -> int:
    """Find the next arrivals of a day, ticks since the world began, rising.

    Parameters
    ----------
    day, weekday
        Number of the day, from 0, and its weekday, Monday being 0.
    factors
        Of `interval_factors` for this day.
    place, reached
        Of `begin_day`, or as the last call left them.
    found
        Filled with arrivals.

    Returns
    -------
    How many were found; fewer than there is room for when the day is over.
    """
    identity = demand.identity[segment] | (day << INDEX_BITS)
    every = demand.interval_every
    target, passed = reached[0], reached[1]
    index, count = place[2], 0
    steps = np.empty(found.size)
    uniforms(seed, replication, identity + index + 1, 0, ARRIVAL, steps)
    logs(steps, steps)
    piece, last = place[0], demand.piece_last[segment, weekday]
    left = place[1]
    while piece < last:
        start, end = demand.piece_start[piece], demand.piece_end[piece]
        slope = (demand.rate_end[piece] - demand.rate_start[piece]) / (end - start)
        left = max(left, start)
        while left < end:
            # A piece is cut where the interval factor changes.
            stretch = left // every
            right = min(end, (stretch + 1) * every) if demand.interval_cv > 0.0 else end
            factor = reached[2] * factors[stretch]
            low = factor * (demand.rate_start[piece] + slope * (left - start))
            high = factor * (demand.rate_start[piece] + slope * (right - start))
            length = right - left
            area = 0.5 * (low + high) * length
            while target < passed + area:
                if count == found.size:
                    place[0], place[1], place[2] = piece, left, index
                    reached[0], reached[1] = target, passed
                    return count
                rest = target - passed
                root = math.sqrt(max(0.0, low * low + 2.0 * rest * (high - low) / length))
                offset = int(2.0 * rest / (low + root))
                found[count] = day * DAY + left + min(offset, length - 1)
                target += steps[count]
                count += 1
                index += 1
            passed += area
            left = right
        piece += 1
    place[0], place[1], place[2] = piece, left, index
    reached[0], reached[1] = target, passed
    return count


def arrivals_of_day(
    demand: FlatDemand,
    segment: int,
    day: int,
    weekday: int,
    seed: int,
    replication: int,
    factors: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return all arrivals of a segment on one day, ticks since the world began, rising."""
    place, reached = np.zeros(3, np.int64), np.zeros(3)
    begin_day(demand, segment, day, weekday, seed, replication, place, reached)
    found = np.empty(1024, np.int64)
    count = 0
    while True:
        count += next_arrivals(
            demand, segment, day, weekday, seed, replication, factors, place, reached, found[count:]
        )
        if count < found.size:
            return found[:count]
        larger = np.empty(2 * found.size, np.int64)
        larger[:count] = found
        found = larger
