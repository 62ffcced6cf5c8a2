"""Whom to expect over the horizon: what a back of an envelope would hold."""

from __future__ import annotations

import math

from journeysim.scenario.schema.interval_tables import Arrivals
from journeysim.scenario.schema.world import World
from journeysim.units import DAY, WEEKDAYS


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
        mean = arrivals.gaps.mean_ticks()
        return until / mean if mean > 0 else math.inf
    total = 0.0
    for start, end, left, right in arrivals.pieces(weekday):
        if start < min(end, until):
            stop = min(end, until)
            at_stop = left + (right - left) * (stop - start) / (end - start)
            total += (stop - start) * (left + at_stop) / 2
    return total
