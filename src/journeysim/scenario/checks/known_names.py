"""Whether every name that a scenario uses means something, and only one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from journeysim.errors import did_you_mean
from journeysim.scenario.changes.key_paths import Path, PathPart
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.channels import CLOSING_OUTCOMES, Behaviour
from journeysim.scenario.schema.world import World

#: The need of a scenario that names none.
ONLY_NEED: Final = "any"
#: Words that stand where channels stand, in files or in results.
_RESERVED: Final = ("give_up", "lost", "resolved", "exhausted", "none")
_MOST: Final = {"pools": 250, "channels": 120, "needs": 120, "segments": 1000}


def needs_of(world: World) -> list[str]:
    """Return the names of the needs: those of the file, or the one that is always there."""
    return list(world.needs) or [ONLY_NEED]


def name_problems(world: World) -> Iterator[Found]:
    """Find names that are unknown, reserved or too many."""
    yield from _own_names(world)
    yield from _names_in_needs(world)
    yield from _names_in_segments(world)
    yield from _names_in_channels(world)
    yield from _names_in_pools(world)
    yield from _unknown("channel", world.measures.channels, world.channels, "measures", "channels")
    yield from _unknown("channel", world.scoring.channels, world.channels, "scoring", "channels")


def _own_names(world: World) -> Iterator[Found]:
    for group, most in _MOST.items():
        names = getattr(world, group)
        if len(names) > most:
            yield (group,), f"there are {len(names)}; at most {most} are possible"
        for name in names:
            if not name.strip() or not name.isprintable():
                yield (group, name), "a name must have letters or digits, and be in one line"
    for name in world.channels:
        if name in _RESERVED:
            yield ("channels", name), f"the name {name!r} is reserved; choose another"
    if "*" in world.needs:
        yield ("needs", "*"), "the name '*' is reserved; choose another"


def _names_in_needs(world: World) -> Iterator[Found]:
    for name, need in world.needs.items():
        place = "needs", name
        yield from _unknown("channel", need.first, world.channels, *place, "first")
        yield from _unknown("channel", need.channels, world.channels, *place, "channels")
        for channel, own in need.channels.items():
            yield from _steps(world, own.after, (*place, "channels", channel))


def _names_in_segments(world: World) -> Iterator[Found]:
    needs = needs_of(world)
    for name, segment in world.segments.items():
        place = "segments", name
        yield from _unknown("need", segment.needs, needs, *place, "needs")
        own = [need for need in segment.first if need != "*"]
        yield from _unknown("need", own, needs, *place, "first")
        for need, first in segment.first.items():
            below = () if need == "*" else (need,)
            yield from _unknown("channel", first, world.channels, *place, "first", *below)
        yield from _unknown("channel", segment.channels, world.channels, *place, "channels")
        for channel, differing in segment.channels.items():
            yield from _steps(world, differing.after, (*place, "channels", channel))


def _names_in_channels(world: World) -> Iterator[Found]:
    for name, channel in world.channels.items():
        place = "channels", name
        yield from _steps(world, channel.after, place)
        if channel.chase is not None:
            to = channel.chase.to
            yield from _unknown("channel", to, world.channels, *place, "chase", "to")
        seen: set[str] = set()
        for index, entry in enumerate(channel.pools or ()):
            pool = entry if isinstance(entry, str) else entry.pool
            below = () if isinstance(entry, str) else ("pool",)
            if pool not in world.pools:
                text = f"no pool {pool!r}{did_you_mean(pool, world.pools)}"
                yield (*place, "pools", index, *below), text
            elif pool in seen:
                yield (*place, "pools", index, *below), f"pool {pool!r} is there already"
            seen.add(pool)


def _names_in_pools(world: World) -> Iterator[Found]:
    needs = needs_of(world)
    for name, pool in world.pools.items():
        place = "pools", name
        for rank, entry in enumerate(pool.serves):
            for index, item in enumerate(entry if isinstance(entry, list) else [entry]):
                path: Path = (*place, "serves", rank)
                path = (*path, index) if isinstance(entry, list) else path
                channel = item if isinstance(item, str) else item.channel
                below = () if isinstance(item, str) else ("channel",)
                if channel not in world.channels:
                    text = f"no channel {channel!r}{did_you_mean(channel, world.channels)}"
                    yield (*path, *below), text
                if not isinstance(item, str):
                    for number, need in enumerate(item.needs or ()):
                        if need not in needs:
                            text = f"no need {need!r}{did_you_mean(need, needs)}"
                            yield (*path, "needs", number), text
        yield from _unknown("channel", pool.concurrency, world.channels, *place, "concurrency")
        yield from _unknown("channel", pool.channels, world.channels, *place, "channels")
        for channel, own in pool.channels.items():
            yield from _unknown("need", own.needs, needs, *place, "channels", channel, "needs")


def _steps(world: World, behaviour: Behaviour, path: Path) -> Iterator[Found]:
    known = [*world.channels, "give_up", "lost"]
    for outcome in CLOSING_OUTCOMES:
        steps = getattr(behaviour, outcome) or {}
        yield from _unknown("channel", steps, known, *path, "after", outcome)


def _unknown(
    kind: str, names: Iterable[str], known: Iterable[str], *path: PathPart
) -> Iterator[Found]:
    words = list(known)
    for name in names:
        if name not in words:
            yield (*path, name), f"no {kind} {name!r}{did_you_mean(name, words)}"
