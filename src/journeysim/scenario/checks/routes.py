"""Whether everybody who comes is served: needs, first channels, pools, handling times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from journeysim.scenario.changes.key_paths import Path
from journeysim.scenario.checks.known_names import needs_of
from journeysim.scenario.expected_arrivals import arrivals_on, days_of
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.channels import CLOSING_OUTCOMES
from journeysim.scenario.schema.world import World

#: More do not fit into any machine, and come from a unit that was mistaken.
_MOST_CUSTOMERS: Final = 1_000_000_000


def route_problems(world: World) -> Iterator[Found]:
    """Find customers without a way to go, and channels without anyone or anything to serve.

    All names are known to exist.
    """
    yield from _demand(world)
    yield from _first(world)
    yield from _pools(world)
    yield from _channels(world)


def _demand(world: World) -> Iterator[Found]:
    several = len(world.needs) > 1
    days = days_of(world)
    weeks = world.time.horizon / sum(span for _, span in days)
    for name, segment in world.segments.items():
        if segment.arrivals is None and world.trace is None:
            yield ("segments", name, "arrivals"), "is missing; nobody of this segment would come"
        expected = weeks * sum(arrivals_on(segment.arrivals, *day) for day in days)
        if not expected <= _MOST_CUSTOMERS:
            text = f"brings {expected:.2g} customers; at most {_MOST_CUSTOMERS:.0e} are possible"
            yield ("segments", name, "arrivals"), text
        if several and not segment.needs:
            text = f"is missing; give the share of each of {', '.join(world.needs)}"
            yield ("segments", name, "needs"), text


def _first(world: World) -> Iterator[Found]:
    for name, segment in world.segments.items():
        # Who comes by the trace alone may be told there where to go; see `trace_problems`.
        drawn = segment.arrivals is not None or world.trace is None
        for need in _needs_with_share(world, name) if drawn else ():
            if not first_shares(world, name, need):
                text = f"is missing for the need {need!r}; say which channel comes first"
                yield ("segments", name, "first"), text
        # The rows of a trace may bring a need of which the segment has no share.
        unused = segment.first if world.trace is None else ()
        for need in unused:
            if need not in ("*", *_needs_with_share(world, name)):
                text = f"the segment has no share of the need {need!r}"
                yield ("segments", name, "first", need), text


def _needs_with_share(world: World, name: str) -> list[str]:
    shares = world.segments[name].needs
    return [need for need in needs_of(world) if not shares or shares.get(need, 0.0) > 0.0]


def first_shares(world: World, segment: str, need: str) -> Mapping[str, float]:
    """Return the first channels of a segment's need; empty where the file leaves it open."""
    own = world.segments[segment].first
    by_need = world.needs[need].first if need in world.needs else {}
    only = {next(iter(world.channels)): 1.0} if len(world.channels) == 1 else {}
    return own.get(need) or own.get("*") or by_need or only


def _pools(world: World) -> Iterator[Found]:
    for name, pool in world.pools.items():
        seen: set[tuple[str, str]] = set()
        for rank, entry in enumerate(pool.serves):
            for index, item in enumerate(pool.levels()[rank]):
                path: Path = ("pools", name, "serves", rank)
                path = (*path, index) if isinstance(entry, list) else path
                needs = needs_of(world) if item.needs is None else item.needs
                channel = world.channels[item.channel]
                if not channel.capabilities.by_agents:
                    label = channel.capabilities.label
                    yield path, f"{item.channel!r} is {label}; agents have no part in it"
                elif channel.pools is not None and name not in pools_tried(world, item.channel):
                    text = f"channels.{item.channel}.pools leaves this pool out"
                    yield path, f"{text}; name it there or not here"
                if not needs:
                    yield (*path, "needs"), "is empty; name a need, or leave it out for all"
                for need in needs:
                    if (item.channel, need) in seen:
                        yield path, f"{item.channel!r} is served already at a better place"
                        break
                seen.update((item.channel, need) for need in needs)


def pools_tried(world: World, channel: str) -> list[str]:
    """Return the pools that a channel tries, in order."""
    listed = world.channels[channel].pools
    if listed is not None:
        return [entry if isinstance(entry, str) else entry.pool for entry in listed]
    return [name for name in world.pools if served_needs(world, name, channel)]


def served_needs(world: World, pool: str, channel: str) -> list[str]:
    """Return the needs that a pool serves in a channel, whether or not the channel tries it."""
    needs: list[str] = []
    for level in world.pools[pool].levels():
        for item in level:
            if item.channel == channel:
                needs += needs_of(world) if item.needs is None else item.needs
    return needs


def _channels(world: World) -> Iterator[Found]:
    reached = {need: channels_reached(world, need) for need in needs_of(world)}
    for name, channel in world.channels.items():
        place = "channels", name
        if channel.capabilities.by_machine:
            for need in needs_of(world):
                own = world.needs[need].channels.get(name) if need in world.needs else None
                if channel.time_spent is None and (own is None or own.time_spent is None):
                    yield (*place, "time_spent"), "is missing; how long does a visit take?"
                    break
            continue
        served = {pool: served_needs(world, pool, name) for pool in pools_tried(world, name)}
        for index, pool in enumerate(served):
            if not served[pool]:
                text = f"the pool {pool!r} does not serve {name!r}; name it in its `serves`"
                yield (*place, "pools", index), text
        if not any(served.values()):
            yield place, "no pool serves it; name it in the `serves` of a pool"
            continue
        yield from _talk(world, name, served)
        for need, channels in reached.items():
            if name in channels and not any(need in needs for needs in served.values()):
                yield place, f"customers with the need {need!r} come here and no pool serves them"


def _talk(world: World, name: str, served: Mapping[str, list[str]]) -> Iterator[Found]:
    channel = world.channels[name]
    if channel.talk is not None:
        return
    lacking = []
    for pool, needs in served.items():
        by_pool = world.pools[pool].channels.get(name)
        for need in needs:
            by_need = world.needs[need].channels.get(name) if need in world.needs else None
            both = by_pool.needs.get(need) if by_pool is not None else None
            if all(part is None or part.talk is None for part in (both, by_pool, by_need)):
                lacking.append(f"{need!r} in pool {pool!r}")
    if len(lacking) == sum(len(needs) for needs in served.values()):
        yield ("channels", name, "talk"), "is missing; how long does an agent work on a contact?"
    elif lacking:
        yield ("channels", name, "talk"), f"is missing for the need {', '.join(lacking)}"


def channels_reached(world: World, need: str) -> set[str]:
    """Return the channels into which a customer with this need can come, trace aside."""
    reached: set[str] = set()
    for segment in world.segments:
        if need in _needs_with_share(world, segment):
            first = first_shares(world, segment, need)
            reached |= {channel for channel, share in first.items() if share > 0.0}
    waiting = list(reached)
    while waiting:
        found = _next_channels(world, waiting.pop(), need) - reached
        reached |= found
        waiting += found
    return reached


def _next_channels(world: World, name: str, need: str) -> set[str]:
    channel = world.channels[name]
    behaviours = [channel.after]
    behaviours += [s.channels[name].after for s in world.segments.values() if name in s.channels]
    if need in world.needs and name in world.needs[need].channels:
        behaviours.append(world.needs[need].channels[name].after)
    found = set() if channel.chase is None else set(channel.chase.to)
    for behaviour in behaviours:
        for outcome in CLOSING_OUTCOMES:
            steps = getattr(behaviour, outcome) or {}
            found |= {to for to, step in steps.items() if step.share > 0.0}
    return found & set(world.channels)
