"""Whether the times of a scenario fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.world import Break, Pool, World
from journeysim.units import LONGEST, WEEKDAYS, format_clock, format_duration

#: Rows per channel or pool of the interval tables; a year by the minute has half as many.
_MOST_INTERVALS: Final = 1_000_000


def time_problems(world: World) -> Iterator[Found]:
    """Find spans that contradict each other."""
    time = world.time
    horizon = format_duration(time.horizon)
    if time.warm_up >= time.horizon:
        yield ("time", "warm_up"), f"must be shorter than the horizon, {horizon}"
    if time.interval > time.horizon:
        yield ("time", "interval"), f"must not be longer than the horizon, {horizon}"
    if time.horizon + time.run_out > LONGEST:
        yield ("time", "run_out"), "horizon and run_out together are too long"
    intervals = (time.horizon + time.run_out) // time.interval
    if intervals > _MOST_INTERVALS:
        text = f"makes {intervals} rows; at most {_MOST_INTERVALS} are possible"
        yield ("time", "interval"), f"{text}, so make it longer"
    for name, pool in world.pools.items():
        for index, pause in enumerate(pool.breaks):
            place = "pools", name, "breaks", index
            if pause.start >= pause.end:
                yield place, "must begin before it ends; split it at midnight"
            elif not any(_fits(pool, pause, weekday) for weekday in WEEKDAYS):
                span = f"{format_clock(pause.start)} to {format_clock(pause.end)}"
                yield place, f"on no day are there {pause.agents} agents from {span} to send"


def _fits(pool: Pool, pause: Break, weekday: str) -> bool:
    """Return whether all through a break there are as many agents as it sends away."""
    steps = pool.agents.steps(weekday)
    covered = pause.start
    for start, end, agents in steps:
        if start <= covered < end and agents >= pause.agents:
            covered = end
    return covered >= pause.end
