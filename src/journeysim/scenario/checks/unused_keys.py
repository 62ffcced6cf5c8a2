"""Whether every key is read: what has no use is refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from journeysim.scenario.changes.key_paths import Path
from journeysim.scenario.channel_kinds import (
    NEEDED_BY_KEY,
    NEEDED_BY_OUTCOME,
    Capability,
    ChannelKind,
    kinds_with,
)
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.channels import CLOSING_OUTCOMES, Behaviour, Channel, Step
from journeysim.scenario.schema.fields import Part
from journeysim.scenario.schema.world import World


def kind_problems(world: World) -> Iterator[Found]:
    """Find keys that would be read and have no effect."""
    for name, channel in world.channels.items():
        place = "channels", name
        yield from _unread(channel, channel.capabilities, place)
        yield from _behaviour(world, channel.after, channel.capabilities, place)
        yield from _rules_of(channel, place)
    for group in ("needs", "segments"):
        for name, part in getattr(world, group).items():
            for channel, own in part.channels.items():
                if channel in world.channels:
                    place_in = group, name, "channels", channel
                    kind = world.channels[channel].capabilities
                    yield from _unread(own, kind, place_in)
                    yield from _behaviour(world, own.after, kind, place_in)
    yield from _pools(world)
    yield from _segments(world)


def _unread(part: Part, kind: ChannelKind, path: Path) -> Iterator[Found]:
    for key in sorted(part.model_fields_set):
        needed = NEEDED_BY_KEY.get(key)
        if not kind.has(needed) and getattr(part, key) is not None:
            yield (*path, key), f"has no meaning in a {kind.name} channel; {_only(needed)}"


def _only(needed: Capability | None) -> str:
    return f"only in {' or '.join(kinds_with(needed))}"


def _behaviour(
    world: World, behaviour: Behaviour, kind: ChannelKind, path: Path
) -> Iterator[Found]:
    for outcome in CLOSING_OUTCOMES:
        steps = getattr(behaviour, outcome)
        place = *path, "after", outcome
        needed = NEEDED_BY_OUTCOME[outcome]
        if steps is not None and not kind.has(needed):
            yield place, f"no contact ends so in a {kind.name} channel; {_only(needed)}"
            continue
        for to, step in (steps or {}).items():
            yield from _step(world, step, to, (*place, to))


def _step(world: World, step: Step, to: str, path: Path) -> Iterator[Found]:
    if step.transfer and path[-2] != "unresolved":
        yield (*path, "transfer"), "the company can move a customer only after `unresolved`"
    if to in ("give_up", "lost"):
        for key in ("delay", "transfer", "handling_factor", "patience_factor"):
            if key in step.model_fields_set:
                yield (*path, key), f"has no meaning after {to!r}, which ends the journey"
    elif to in world.channels:
        kind = world.channels[to].capabilities
        where = f"in the {kind.name} channel {to!r}"
        if "patience_factor" in step.model_fields_set and not kind.hangs_on:
            yield (*path, "patience_factor"), f"nobody needs patience {where}"
        if "handling_factor" in step.model_fields_set and not kind.by_agents:
            yield (*path, "handling_factor"), f"there is no talk {where}"


def _rules_of(channel: Channel, path: Path) -> Iterator[Found]:
    balking = channel.balking
    if balking is not None and balking.announced_wait is not None and channel.announce is None:
        text = "nothing is announced; give the channel `announce = { handling = ... }`"
        yield (*path, "balking", "announced_wait"), text
    if channel.chase is not None and not channel.chase.to:
        yield (*path, "chase", "to"), "is empty, so nobody chases; name a channel"


def _pools(world: World) -> Iterator[Found]:
    for name, pool in world.pools.items():
        place = "pools", name
        if not pool.paid and "shrinkage" in pool.model_fields_set:
            text = "is taken off paid agents only; set paid = true or leave it out"
            yield (*place, "shrinkage"), text
        served = {item.channel for level in pool.levels() for item in level}
        for key in ("concurrency", "channels"):
            for channel in getattr(pool, key):
                if channel in world.channels and channel not in served:
                    text = f"the pool does not serve {channel!r}; name it in `serves`"
                    yield (*place, key, channel), text
        for channel, own in pool.channels.items():
            for need, part in [("", own), *own.needs.items()]:
                if part.time_spent is not None:
                    below = ("needs", need) if need else ()
                    text = "is time without an agent; a pool has talk and wrap_up"
                    yield (*place, "channels", channel, *below, "time_spent"), text


def _segments(world: World) -> Iterator[Found]:
    renewal = {
        name: segment.arrivals is not None and segment.arrivals.gaps is not None
        for name, segment in world.segments.items()
    }
    for name, segment in world.segments.items():
        place = "segments", name
        has_budget = segment.patience_budget is not None
        if segment.patience_rule == "budget" and not has_budget:
            yield (*place, "patience_budget"), "is missing; the rule 'budget' needs it"
        if segment.patience_rule != "budget" and has_budget:
            yield (*place, "patience_budget"), 'needs patience_rule = "budget"'
        if segment.day_factor is not None and renewal[name]:
            yield (*place, "day_factor"), "has no meaning for arrivals by gaps"
    if all(renewal.values()):
        for key in ("day_factor", "interval_factor"):
            if getattr(world.demand, key) is not None:
                yield ("demand", key), "has no meaning, for all arrivals are by gaps"
