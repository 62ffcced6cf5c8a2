"""Whether the file of a trace names only what the scenario has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from journeysim.errors import ScenarioError, did_you_mean
from journeysim.scenario.checks.known_names import needs_of
from journeysim.scenario.checks.routes import first_shares
from journeysim.scenario.reading.trace_files import ENDINGS, read_trace
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.world import World
from journeysim.units import format_duration

_PLACE: Final = ("trace", "file")


def trace_problems(world: World) -> Iterator[Found]:
    """Find what the trace says and the scenario does not know; rows count from 0, as customers."""
    if world.trace is None:
        return
    try:
        table = read_trace(world.trace.file, world.trace.sheet, world.trace.unit)
    except ScenarioError as error:
        for problem in error.problems:
            yield _PLACE, str(problem)
        return
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    horizon = world.time.horizon
    for customer, arrival in enumerate(columns["arrival"]):
        if arrival >= horizon:
            when = f"customer {customer} arrives at {format_duration(arrival)}"
            yield _PLACE, f"{when}, not before the horizon {format_duration(horizon)}"
            break
    yield from _unknown("segment", columns.get("segment", ()), world.segments)
    yield from _unknown("need", columns.get("need", ()), needs_of(world))
    yield from _unknown("channel", columns.get("channel", ()), world.channels)
    for name, cells in columns.items():
        if name.startswith("next_"):
            yield from _unknown("channel", cells, [*world.channels, *ENDINGS])
    nothing = [None] * table.num_rows
    segments = columns.get("segment", nothing)
    yield from _without_channel(world, segments, columns.get("channel", nothing))
    if len(world.segments) > 1 and None in segments:
        customer = segments.index(None)
        yield _PLACE, f"customer {customer} has no segment, and there are several"


def _without_channel(
    world: World, segments: Iterable[Any], channels: Iterable[Any]
) -> Iterator[Found]:
    """Find the first customer of whom neither the trace nor the segment says where to go."""
    only = next(iter(world.segments))
    for customer, (named, channel) in enumerate(zip(segments, channels, strict=True)):
        segment = named or only
        if channel is None and segment in world.segments:
            lacking = [n for n in needs_of(world) if not first_shares(world, segment, n)]
            if lacking:
                text = (
                    f"customer {customer} has no channel, and segments.{segment}.first is missing"
                )
                yield _PLACE, text
                return


def _unknown(kind: str, cells: Iterable[Any], known: Iterable[str]) -> Iterator[Found]:
    words = list(known)
    for name in dict.fromkeys(cells):
        if name is not None and name not in words:
            yield _PLACE, f"no {kind} {name!r}{did_you_mean(name, words)}"
