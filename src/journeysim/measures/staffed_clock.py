"""A clock that runs only while somebody is at work: the business hours of deferred channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journeysim.measures.arrow_columns import Ticks
from journeysim.scenario.checks.routes import pools_tried
from journeysim.scenario.flat.time_tables import at_work
from journeysim.scenario.schema.world import Pool, World
from journeysim.units import DAY, WEEKDAYS


@dataclass(frozen=True, slots=True)
class StaffedClock:
    """Staffed time since the world began, as straight pieces.

    Attributes
    ----------
    edges
        Where the clock starts or stops, ticks, rising from 0, shape (pieces,).
    read
        What it reads there, ticks, shape (pieces,).
    rate
        1 where it runs from the edge on, else 0, shape (pieces,).
    """

    edges: Ticks
    read: Ticks
    rate: Ticks

    def elapsed(self, start: Ticks, end: Ticks) -> Ticks:
        """Return the staffed time between two times, ticks, shape (rows,)."""
        return self._at(end) - self._at(start)

    def _at(self, time: Ticks) -> Ticks:
        piece = np.searchsorted(self.edges, time, side="right") - 1
        return np.asarray(self.read[piece] + self.rate[piece] * (time - self.edges[piece]))


def staffed_clocks(world: World) -> dict[int, StaffedClock]:
    """Return the clock of each deferred channel that has agents by schedule, by channel code.

    Staffed is whenever at least one pool that the channel tries has an agent at work.
    """
    clocks = {}
    for code, (name, channel) in enumerate(world.channels.items()):
        if channel.capabilities.answered_later:
            spans = _spans(world, [world.pools[pool] for pool in pools_tried(world, name)])
            if spans:
                clocks[code] = _clock(spans)
    return clocks


def _spans(world: World, pools: list[Pool]) -> list[tuple[int, int]]:
    """Return the staffed spans of all days of the world, by start; they may overlap."""
    first = WEEKDAYS.index(world.time.starts_on)
    end = world.time.horizon + world.time.run_out
    return sorted(
        (day * DAY + start, day * DAY + stop)
        for day in range(end // DAY + 1)
        for pool in pools
        for start, stop, agents in at_work(pool, WEEKDAYS[(first + day) % 7])
        if agents > 0
    )


def _clock(spans: list[tuple[int, int]]) -> StaffedClock:
    edges, read, rate = [0], [0], [0]
    for start, stop in spans:
        if stop <= edges[-1]:
            continue
        begin = max(start, edges[-1])
        edges += [begin, stop]
        read += [read[-1], read[-1] + stop - begin]
        rate += [1, 0]
    # Of two pieces at one edge the search takes the later, which is the one that holds.
    return StaffedClock(
        np.array(edges, dtype=np.int64),
        np.array(read, dtype=np.int64),
        np.array(rate, dtype=np.int64),
    )
