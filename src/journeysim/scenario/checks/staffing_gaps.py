"""Agents without customers, and customers without agents, by the clock."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from journeysim.scenario.checks.known_names import needs_of
from journeysim.scenario.checks.routes import first_shares, pools_tried
from journeysim.scenario.expected_arrivals import arrivals_on, days_of
from journeysim.scenario.flat.time_tables import at_work
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.world import World
from journeysim.units import DAY, HOUR, format_clock

#: Stretches of a day: start and end, ticks since midnight.
Stretches = list[tuple[int, int]]


def presence_suspicions(world: World) -> Iterator[Found]:
    """Find agents at work while all they serve is closed, and arrivals while nobody works."""
    for name in world.pools:
        yield from _first_day(world, ("pools", name), _idle(world, name))
    for name, channel in world.channels.items():
        if channel.capabilities.answered_live:
            yield from _first_day(world, ("channels", name), _unstaffed(world, name))


def _first_day(
    world: World, path: tuple[str, ...], found: Iterable[tuple[str, Stretches]]
) -> Iterator[Found]:
    for weekday, stretches in found:
        if stretches:
            start, end = stretches[0]
            span = f"{weekday} {format_clock(start)} to {format_clock(end)}"
            if path[0] == "pools":
                text = f"agents are at work on {span}, when all they serve is closed"
                yield path, f"{text}; align `agents` and `opening`"
            else:
                text = f"customers come on {span}, when no agent is at work"
                yield path, f"{text}; align `agents`, `opening` and `arrivals`"
            return


def _idle(world: World, pool: str) -> Iterator[tuple[str, Stretches]]:
    served = {item.channel for level in world.pools[pool].levels() for item in level}
    for weekday, _ in days_of(world):
        working = [(a, b) for a, b, agents in at_work(world.pools[pool], weekday) if agents > 0]
        hours = [span for name in served for span in world.channels[name].opening.spans(weekday)]
        # Agents who finish what is left after closing, or come early, are no surprise.
        latest = max((end for _, end in hours), default=DAY)
        yield weekday, [(a, b) for a, b in _outside(working, hours) if a < latest and b - a > HOUR]


def _unstaffed(world: World, name: str) -> Iterator[tuple[str, Stretches]]:
    for weekday, until in days_of(world):
        staffed = [
            (a, b)
            for pool in pools_tried(world, name)
            for a, b, agents in at_work(world.pools[pool], weekday)
            if agents > 0
        ]
        spans = [(a, min(b, until)) for a, b in world.channels[name].opening.spans(weekday)]
        alone = _outside([span for span in spans if span[0] < span[1]], staffed)
        yield weekday, [span for span in alone if _expected(world, name, weekday, span) > 0.0]


def _outside(spans: Stretches, cover: Stretches) -> Stretches:
    """Return the stretches of `spans` that no stretch of `cover` covers."""
    edges = sorted({edge for span in (*spans, *cover) for edge in span})
    alone: Stretches = []
    for start, end in itertools.pairwise(edges):
        inside = any(a <= start < b for a, b in spans)
        if inside and not any(a <= start < b for a, b in cover):
            if alone and alone[-1][1] == start:
                alone[-1] = alone[-1][0], end
            else:
                alone.append((start, end))
    return alone


def _expected(world: World, channel: str, weekday: str, span: tuple[int, int]) -> float:
    """Return how many first contacts are expected in a channel in a stretch of a day."""
    total = 0.0
    for name, segment in world.segments.items():
        start, end = (arrivals_on(segment.arrivals, weekday, edge) for edge in span)
        for need in needs_of(world):
            share = segment.needs.get(need, 0.0) if segment.needs else 1.0
            total += (end - start) * share * first_shares(world, name, need).get(channel, 0.0)
    return total
