"""What changes over time, as arrays: agents at work, opening hours, arrival rates."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from journeysim.scenario.flat.distribution_rows import DistributionTable
from journeysim.scenario.flat.flat_model import FlatDemand, Whole
from journeysim.scenario.flat.ragged_arrays import numbers, ranges, whole
from journeysim.scenario.schema.channels import Channel
from journeysim.scenario.schema.world import Pool, World
from journeysim.units import DAY, WEEKDAYS

#: Steps of one weekday: start and end in ticks since midnight, and a level that holds between.
Steps = list[tuple[int, int, int]]


def paid_heads(pool: Pool, weekday: str) -> Steps:
    """Return paid agents of a pool over a day."""
    return pool.agents.steps(weekday)


def at_work(pool: Pool, weekday: str) -> Steps:
    """Return agents at work over a day: paid ones less shrinkage (half up), less breaks."""
    steps = pool.agents.steps(weekday)
    if pool.paid:
        steps = [(a, b, after_shrinkage(heads, pool.shrinkage)) for a, b, heads in steps]
    if not pool.breaks:
        return steps
    cuts = {edge for a, b, _ in steps for edge in (a, b)}
    cuts |= {edge for pause in pool.breaks for edge in (pause.start, pause.end)}
    edges = sorted(cuts)
    spans = itertools.pairwise(edges)
    # A break cannot send away more agents than are there.
    return [(a, b, max(0, _level_at(steps, a) - _away(pool, a))) for a, b in spans]


def after_shrinkage(paid: int, shrinkage: float) -> int:
    """Return paid x (1 - shrinkage), rounded half up."""
    # The product of decimal fractions can fall a hair below a half: 5 x 0.9 must give 5.
    return math.floor(paid * (1.0 - shrinkage) + 0.5 + 1e-9)


def _level_at(steps: Steps, tick: int) -> int:
    return next((level for a, b, level in steps if a <= tick < b), 0)


def _away(pool: Pool, tick: int) -> int:
    return sum(pause.agents for pause in pool.breaks if pause.start <= tick < pause.end)


def open_hours(channel: Channel, weekday: str) -> Steps:
    """Return the open spans of a channel over a day, with level 1."""
    return [(a, b, 1) for a, b in channel.opening.spans(weekday)]


def changes(
    days: Sequence[Callable[[str], Steps]], first_day: int, end: int
) -> tuple[Whole, Whole, Whole]:
    """Return every change of level up to `end`: ticks, which one, new level; by tick, then one.

    Parameters
    ----------
    days
        For each one (pool, channel), its steps by weekday.
    first_day
        Weekday of day 0; Monday is 0.
    end
        Last tick of the world.
    """
    found: list[tuple[int, int, int]] = []
    for code, steps_of in enumerate(days):
        by_weekday = [_edges(steps_of(weekday)) for weekday in WEEKDAYS]
        level = 0
        for day in range(end // DAY + 1):
            for offset, new in by_weekday[(first_day + day) % 7]:
                tick = day * DAY + offset
                if new != level and tick <= end:
                    # Midnight belongs to the new day, so an old day's end there is overwritten.
                    if found and found[-1][:2] == (tick, code):
                        found.pop()
                    found.append((tick, code, new))
                    level = new
    kept = _without_repeats(found)
    kept.sort(key=lambda change: change[:2])
    return (
        whole(tick for tick, _, _ in kept),
        whole(code for _, code, _ in kept),
        whole(level for _, _, level in kept),
    )


def _edges(steps: Steps) -> list[tuple[int, int]]:
    """Return (tick, level from then on) of a day that begins and ends with nobody."""
    levels = {0: 0, DAY: 0}
    for _, end, _ in steps:
        levels.setdefault(end, 0)
    for start, end, level in steps:
        if start < end:
            levels[start] = max(level, 0)
    return sorted(levels.items())


def _without_repeats(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Drop changes to the level that already holds (a fall at midnight that was undone)."""
    level: dict[int, int] = {}
    kept = []
    for tick, code, new in found:
        if level.get(code, 0) != new:
            kept.append((tick, code, new))
            level[code] = new
    return kept


def flat_demand(
    world: World, identity: Callable[[str], int], table: DistributionTable
) -> FlatDemand:
    """Return who arrives when."""
    pieces, gaps = [], []
    for segment in world.segments.values():
        arrivals = segment.arrivals
        gaps.append(table.code(arrivals.gaps if arrivals else None))
        for weekday in WEEKDAYS:
            day = arrivals.pieces(weekday) if arrivals else []
            pieces.append([piece for piece in day if piece[0] < piece[1]])
    laid = ranges(pieces)
    shape = len(world.segments), len(WEEKDAYS)
    shared = world.demand.day_factor
    day_factors = [segment.day_factor or shared for segment in world.segments.values()]
    factors = world.demand.interval_factor
    return FlatDemand(
        identity=whole(identity(name) for name in world.segments),
        gaps=whole(gaps),
        piece_first=laid.first.reshape(shape),
        piece_last=laid.last.reshape(shape),
        piece_start=whole(piece[0] for piece in laid.rows),
        piece_end=whole(piece[1] for piece in laid.rows),
        rate_start=numbers(piece[2] for piece in laid.rows),
        rate_end=numbers(piece[3] for piece in laid.rows),
        day_cv=numbers(factor.cv if factor else 0.0 for factor in day_factors),
        day_stream=whole(
            identity(name) if segment.day_factor else 0 for name, segment in world.segments.items()
        ),
        interval_cv=factors.cv if factors else 0.0,
        interval_correlation=factors.correlation if factors else 0.0,
        interval_every=factors.every if factors else DAY,
    )
