"""Who serves in the flat model: routes from channels to pools, skills, and how services go."""

from __future__ import annotations

import math

import numpy as np

from journeysim.scenario.flat.distribution_rows import DistributionTable
from journeysim.scenario.flat.flat_model import Names, Number, Whole
from journeysim.scenario.flat.next_step_tables import first_given
from journeysim.scenario.schema.channels import Overflow
from journeysim.scenario.schema.world import Pool, World


def route(world: World, names: Names, name: str) -> list[tuple[int, int]]:
    """Return the pools that a channel leads to, and after how many ticks."""
    channel = world.channels[name]
    serving = [
        pool
        for pool, described in world.pools.items()
        if any(item.channel == name for level in described.levels() for item in level)
    ]
    entries = serving if channel.pools is None else channel.pools
    rows = [
        (entry.pool, entry.after) if isinstance(entry, Overflow) else (entry, 0)
        for entry in entries
    ]
    return [(names.pools.index(pool), after) for pool, after in rows]


def levels(world: World, names: Names) -> Whole:
    """Return the rank of a skill, -1 for none, shape (pools, channels, needs)."""
    found = np.full((len(names.pools), len(names.channels), len(names.needs)), -1, np.int64)
    for p, pool in enumerate(world.pools.values()):
        for rank, items in enumerate(pool.levels()):
            for item in items:
                c = names.channels.index(item.channel)
                for need in names.needs if item.needs is None else item.needs:
                    n = names.needs.index(need)
                    if found[p, c, n] < 0:
                        found[p, c, n] = rank
    for c, name in enumerate(names.channels):
        routed = {p for p, _ in route(world, names, name)}
        for p in range(len(names.pools)):
            if p not in routed:
                found[p, c, :] = -1
    return found


def shares(world: World, names: Names) -> Whole:
    """Return the units that a contact takes of an agent, shape (pools, channels)."""
    rows = [
        [units(pool) // pool.concurrency.get(channel, 1) for channel in names.channels]
        for pool in world.pools.values()
    ]
    return np.array(rows, np.int64).reshape(len(rows), len(names.channels))


def units(pool: Pool) -> int:
    """Return into how many units an agent divides: a contact takes a whole number of them."""
    return math.lcm(*pool.concurrency.values())


def handling(world: World, names: Names, table: DistributionTable) -> tuple[Whole, Whole, Number]:
    """Return talk, wrap-up and resolution by agents, shape (channels, needs, pools) each."""
    shape = len(names.channels), len(names.needs), len(names.pools)
    talk, wrap_up = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    resolution = np.zeros(shape)
    for c, name in enumerate(names.channels):
        channel = world.channels[name]
        if not channel.capabilities.by_agents:
            continue
        for n, need in enumerate(names.needs):
            for p, pool in enumerate(world.pools.values()):
                by_pool = pool.channels.get(name)
                by_need = world.needs[need].channels.get(name) if need in world.needs else None
                # The most particular one wins: pool and need, then pool, need, channel.
                layers = [
                    by_pool.needs.get(need) if by_pool else None,
                    by_pool,
                    by_need,
                    channel,
                ]
                given = [layer for layer in layers if layer is not None]
                talk[c, n, p] = table.code(first_given(item.talk for item in given))
                wrap_up[c, n, p] = table.code(first_given(item.wrap_up for item in given))
                share = first_given(item.resolution for item in given)
                resolution[c, n, p] = 1.0 if share is None else share
    return talk, wrap_up, resolution


def self_service(
    world: World, names: Names, table: DistributionTable
) -> tuple[Whole, Number, Number]:
    """Return time spent, who gets stuck, and resolution with machines, shape (channels, needs)."""
    shape = len(names.channels), len(names.needs)
    time_spent, stuck, contained = (
        np.full(shape, -1, np.int64),
        np.zeros(shape),
        np.zeros(shape),
    )
    for c, name in enumerate(names.channels):
        channel = world.channels[name]
        if not channel.capabilities.by_machine:
            continue
        for n, need in enumerate(names.needs):
            by_need = world.needs[need].channels.get(name) if need in world.needs else None
            given = [layer for layer in (by_need, channel) if layer is not None]
            time_spent[c, n] = table.code(first_given(item.time_spent for item in given))
            stuck[c, n] = first_given(item.stuck for item in given) or 0.0
            share = first_given(item.resolution for item in given)
            contained[c, n] = 1.0 if share is None else share
    return time_spent, stuck, contained
