"""Legal but suspicious: what a sceptical colleague would ask about, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from journeysim.errors import Problem
from journeysim.scenario.changes.key_paths import Path, format_path
from journeysim.scenario.checks.known_names import needs_of
from journeysim.scenario.checks.overload import overload_suspicions
from journeysim.scenario.checks.routes import channels_reached
from journeysim.scenario.checks.staffing_gaps import presence_suspicions
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.channels import CLOSING_OUTCOMES
from journeysim.scenario.schema.distributions import Distribution
from journeysim.scenario.schema.world import World

_FEW_INTERVIEWS: Final = 10


def suspicions(world: World) -> list[Problem]:
    """Return warnings about a scenario that can be simulated as it stands."""
    found = [
        *overload_suspicions(world),
        *presence_suspicions(world),
        *_evidence(world),
        *_patience(world),
        *_journeys(world),
    ]
    return [Problem(format_path(path), text) for path, text in found]


def _evidence(world: World) -> Iterator[Found]:
    for name, segment in world.segments.items():
        if segment.interviews is not None and segment.interviews < _FEW_INTERVIEWS:
            count = "1 interview" if segment.interviews == 1 else f"{segment.interviews} interviews"
            text = f"rests on {count}; hold at least {_FEW_INTERVIEWS} before relying on it"
            yield ("segments", name, "interviews"), text
    for grade in ("assumption", "convention"):
        graded = [
            path
            for path, item in world.evidence.items()
            if item.grade == grade and item.range is None
        ]
        if graded:
            count = f"{len(graded)} of {len(world.evidence)} graded parameters"
            some = ", ".join(graded[:3]) + (" ..." if len(graded) > 3 else "")
            yield (
                ("evidence",),
                f"{count} rest on {grade} alone ({some}); measure them, or give each a range",
            )


def _patience(world: World) -> Iterator[Found]:
    given: dict[Path, Distribution | None] = {}
    for name, channel in world.channels.items():
        given["channels", name] = channel.patience
    for name, segment in world.segments.items():
        given["segments", name] = segment.patience
        for place, own in segment.channels.items():
            given["segments", name, "channels", place] = own.patience
    for path, patience in given.items():
        if patience is not None and patience.mean_ticks() == 0:
            text = "is zero: everybody who has to wait leaves at once; give a mean above 0s"
            yield (*path, "patience"), text


def _journeys(world: World) -> Iterator[Found]:
    if world.max_contacts == 1 and _has_next_contacts(world):
        text = "is 1, so no next step to a channel is ever taken; raise it, or drop the steps"
        yield ("max_contacts",), text
    if world.trace is None:
        needs = needs_of(world)
        reached = {channel for need in needs for channel in channels_reached(world, need)}
        for name in world.channels:
            if name not in reached:
                text = "nobody ever comes here; name it in `first` or in a next step, or drop it"
                yield ("channels", name), text
        for need in world.needs:
            shares = [segment.needs.get(need, 0.0) for segment in world.segments.values()]
            if len(world.needs) > 1 and not any(shares):
                yield ("needs", need), "no segment has a share of it; give one, or drop it"


def _has_next_contacts(world: World) -> bool:
    behaviours = [
        *(channel.after for channel in world.channels.values()),
        *(own.after for need in world.needs.values() for own in need.channels.values()),
        *(own.after for segment in world.segments.values() for own in segment.channels.values()),
    ]
    return any(
        to in world.channels
        for behaviour in behaviours
        for outcome in CLOSING_OUTCOMES
        for to in getattr(behaviour, outcome) or {}
    )
