"""More work than agents: queues that grow without end because nobody leaves them."""

from __future__ import annotations

from collections.abc import Iterator

from journeysim.scenario.checks.known_names import needs_of
from journeysim.scenario.checks.routes import first_shares, pools_tried, served_needs
from journeysim.scenario.expected_arrivals import arrivals_on, days_of
from journeysim.scenario.flat.time_tables import at_work
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.world import World


def overload_suspicions(world: World) -> Iterator[Found]:
    """Find groups of channels that share agents and bring them more work than they can do.

    Only first contacts count, so the load is a lower bound. Where customers may abandon, too much
    work makes them leave; where nobody does, waits grow as long as the world runs.
    """
    for channels, pools in _sharing(world):
        load = sum(_load(world, name) for name in channels)
        days = days_of(world)
        agents = sum(_agent_time(world, pool) for pool in pools) / sum(span for _, span in days)
        endless = [name for name in channels if not _everyone_abandons(world, name)]
        if load > agents and endless:
            text = (
                f"brings its agents {load:.1f} erlangs of first contacts, and {agents:.1f} are at "
                "work on average; nobody abandons, so waits only grow: add agents"
            )
            hangs_on = world.channels[endless[0]].capabilities.hangs_on
            yield ("channels", endless[0]), text + (" or give patience" if hangs_on else "")


def _sharing(world: World) -> list[tuple[set[str], set[str]]]:
    """Return groups of channels that share pools, each with those pools."""
    groups: list[tuple[set[str], set[str]]] = []
    for name, channel in world.channels.items():
        if not channel.capabilities.by_agents:
            continue
        channels, pools = {name}, set(pools_tried(world, name))
        for group in [group for group in groups if group[1] & pools]:
            groups.remove(group)
            channels, pools = channels | group[0], pools | group[1]
        groups.append((channels, pools))
    return groups


def _load(world: World, channel: str) -> float:
    """Return the offered load of first contacts, in agents."""
    days = days_of(world)
    total = 0.0
    for name, segment in world.segments.items():
        arrivals = sum(arrivals_on(segment.arrivals, *day) for day in days)
        for need in needs_of(world):
            share = segment.needs.get(need, 0.0) if segment.needs else 1.0
            first = first_shares(world, name, need).get(channel, 0.0)
            if arrivals * share * first > 0.0:
                total += arrivals * share * first * _shortest_handling(world, channel, need)
    return total / sum(span for _, span in days)


def _shortest_handling(world: World, name: str, need: str) -> float:
    """Return the mean time an agent gives to a contact, in the pool that is quickest, ticks."""
    by_need = world.needs[need].channels.get(name) if need in world.needs else None
    times = []
    for pool in pools_tried(world, name):
        if need in served_needs(world, pool, name):
            by_pool = world.pools[pool].channels.get(name)
            both = by_pool.needs.get(need) if by_pool is not None else None
            parts = [p for p in (both, by_pool, by_need, world.channels[name]) if p is not None]
            talk = next((part.talk for part in parts if part.talk is not None), None)
            wrap_up = next((part.wrap_up for part in parts if part.wrap_up is not None), None)
            work = sum(each.mean_ticks() for each in (talk, wrap_up) if each is not None)
            times.append(work / world.pools[pool].concurrency.get(name, 1))
    return min(times, default=0.0)


def _agent_time(world: World, pool: str) -> float:
    total = 0
    for weekday, until in days_of(world):
        for start, end, agents in at_work(world.pools[pool], weekday):
            total += max(0, min(end, until) - start) * agents
    return float(total)


def _everyone_abandons(world: World, name: str) -> bool:
    channel = world.channels[name]
    if not channel.capabilities.hangs_on:
        return False
    if channel.patience is not None or channel.lines is not None or channel.balking is not None:
        return True
    for segment in world.segments.values():
        own = segment.channels.get(name)
        if segment.patience is None and (own is None or own.patience is None):
            return False
    return True
