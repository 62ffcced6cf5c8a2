"""From a scenario to the flat model: words become codes, tables become arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa

from journeysim.model.channels import Channel, Overflow
from journeysim.model.flat import (
    BALK_BY_ANNOUNCED_WAIT,
    BALK_BY_QUEUE,
    BALK_NEVER,
    BUDGET_PATIENCE,
    DEFERRED,
    FRESH_PATIENCE,
    QUEUE,
    SAME_PATIENCE,
    SELF_SERVICE,
    FlatModel,
    Names,
    Number,
    Whole,
)
from journeysim.model.flatten_distributions import DistributionTable
from journeysim.model.flatten_steps import after_tables, chase_shares, cumulative, first_given
from journeysim.model.flatten_time import at_work, changes, flat_demand, open_hours, paid_heads
from journeysim.model.flatten_trace import flat_trace
from journeysim.model.rows import number, ranges, whole
from journeysim.model.world import Pool, World
from journeysim.units import WEEKDAYS

#: The need of a scenario that names none.
ONLY_NEED = "any"

_KINDS = {"queue": QUEUE, "self_service": SELF_SERVICE, "deferred": DEFERRED}
_PATIENCE = {"fresh": FRESH_PATIENCE, "same": SAME_PATIENCE, "budget": BUDGET_PATIENCE}


def names_of(world: World) -> Names:
    """Return the words behind the codes, in the order of the file."""
    channels = world.channels
    return Names(
        segments=tuple(world.segments),
        needs=tuple(world.needs) or (ONLY_NEED,),
        channels=tuple(channels),
        pools=tuple(world.pools),
        touchpoints=tuple(channel.touchpoint or name for name, channel in channels.items()),
        handlers=tuple(
            "machine" if channel.kind == "self_service" else "human"
            for channel in channels.values()
        ),
        media=tuple(channel.media for channel in channels.values()),
        controls=tuple(channel.control for channel in channels.values()),
        initiators=tuple(channel.initiator for channel in channels.values()),
        receivers=tuple(channel.receiver for channel in channels.values()),
    )


def flatten(
    world: World, *, identity: Callable[[str], int], trace: pa.Table | None = None
) -> FlatModel:
    """Return the flat model of a validated scenario.

    Parameters
    ----------
    world
        A scenario that passed every check.
    identity
        Gives the identity of customer 0 of day 0 by the segment's name.
    trace
        Rows of `journeysim.model.trace.read_trace`, if the scenario has a trace.
    """
    return Flattening(world, identity, trace).model()


class Flattening:
    """Builds the flat model of one scenario."""

    def __init__(
        self, world: World, identity: Callable[[str], int], trace: pa.Table | None
    ) -> None:
        self.world = world
        self.names = names_of(world)
        self.identity = identity
        self.trace = trace
        self.table = DistributionTable()

    def model(self) -> FlatModel:
        """Return the finished model."""
        world, names = self.world, self.names
        segments, channels, pools = (
            list(world.segments.values()),
            list(world.channels.values()),
            list(world.pools.values()),
        )
        shape = len(segments), len(channels)
        end = world.time.horizon + world.time.run_out
        balking = ranges([self._balking(channel) for channel in channels])
        route = ranges([self._route(name) for name in names.channels])
        first_day = WEEKDAYS.index(world.time.starts_on)
        shifts = changes([partial(at_work, pool) for pool in pools], first_day, end)
        paid = changes([partial(paid_heads, pool) for pool in pools], first_day, end)
        opening = changes([partial(open_hours, channel) for channel in channels], first_day, end)
        talk, wrap_up, resolution = self._handling()
        time_spent, stuck, contained = self._self_service()
        after, steps = after_tables(world, names, self.table)
        demand = flat_demand(world, self.identity, self.table)
        return FlatModel(
            horizon=world.time.horizon,
            end=end,
            warm_up=world.time.warm_up,
            interval=world.time.interval,
            weekday=first_day,
            max_contacts=world.max_contacts,
            need_shares=self._need_shares(),
            first_shares=self._first_shares(),
            patience=self._patience(),
            patience_rule=whole(_PATIENCE[segment.patience_rule] for segment in segments),
            budget=whole(self.table.code(segment.patience_budget) for segment in segments),
            priority=self._by_segment("priority").reshape(shape),
            head_start=self._by_segment("head_start").reshape(shape),
            value=number(segment.value for segment in segments),
            kind=whole(_KINDS[channel.kind] for channel in channels),
            lines=whole(-1 if channel.lines is None else channel.lines for channel in channels),
            send_away=whole(channel.at_closing == "send_away" for channel in channels),
            balk_rule=whole(_balk_rule(channel) for channel in channels),
            balk_first=balking.first,
            balk_last=balking.last,
            balk_bound=whole(bound for bound, _ in balking.rows),
            balk_share=number(share for _, share in balking.rows),
            announce=whole(
                channel.announce.handling if channel.announce else -1 for channel in channels
            ),
            talk=talk,
            wrap_up=wrap_up,
            resolution=resolution,
            time_spent=time_spent,
            stuck=stuck,
            contained_resolution=contained,
            route_first=route.first,
            route_last=route.last,
            route_pool=whole(pool for pool, _ in route.rows),
            route_after=whole(after for _, after in route.rows),
            level=self._level(),
            units=whole(_units(pool) for pool in pools),
            share=self._share(),
            shift_tick=shifts[0],
            shift_pool=shifts[1],
            shift_agents=shifts[2],
            paid_tick=paid[0],
            paid_pool=paid[1],
            paid_agents=paid[2],
            opening_tick=opening[0],
            opening_channel=opening[1],
            opening_open=opening[2],
            after=after,
            after_first=steps.first,
            after_last=steps.last,
            step_share=number(row[0] for row in steps.rows),
            step_to=whole(row[1] for row in steps.rows),
            step_delay=whole(row[2] for row in steps.rows),
            step_transfer=whole(row[3] for row in steps.rows),
            step_handling=number(row[4] for row in steps.rows),
            step_patience=number(row[5] for row in steps.rows),
            chase=whole(
                self.table.code(channel.chase.after if channel.chase else None)
                for channel in channels
            ),
            chase_shares=chase_shares(world, names),
            pool_cost=number(pool.cost_per_hour for pool in pools),
            channel_cost=number(channel.cost_per_contact for channel in channels),
            trace=flat_trace(self.trace, self.names),
            demand=demand,
            distributions=self.table.arrays(),
        )

    def _need_shares(self) -> Number:
        rows = []
        for segment in self.world.segments.values():
            given = segment.needs or {self.names.needs[0]: 1.0}
            rows.append(cumulative([given.get(need, 0.0) for need in self.names.needs]))
        return np.array(rows).reshape(len(rows), len(self.names.needs))

    def _first_shares(self) -> Number:
        channels = self.names.channels
        blocks = []
        for segment in self.world.segments.values():
            for need in self.names.needs:
                own = segment.first.get(need) or segment.first.get("*")
                listed = self.world.needs[need].first if need in self.world.needs else {}
                given = own or listed or {channels[0]: 1.0}
                blocks.append(cumulative([given.get(channel, 0.0) for channel in channels]))
        shape = len(self.world.segments), len(self.names.needs), len(channels)
        return np.array(blocks).reshape(shape)

    def _patience(self) -> Whole:
        rows = []
        for segment in self.world.segments.values():
            row = []
            for name, channel in self.world.channels.items():
                own = segment.channels.get(name)
                patience = (own.patience if own else None) or segment.patience or channel.patience
                waits = channel.kind == "queue"
                row.append(self.table.code(patience if waits else None))
            rows.append(row)
        return np.array(rows, np.int64).reshape(len(rows), -1)

    def _by_segment(self, key: str) -> Whole:
        rows = []
        for segment in self.world.segments.values():
            for name in self.names.channels:
                own = segment.channels.get(name)
                value = getattr(own, key) if own else None
                rows.append(getattr(segment, key) if value is None else value)
        return whole(rows)

    def _balking(self, channel: Channel) -> list[tuple[int, float]]:
        if channel.balking is None:
            return []
        return list(channel.balking.queue or channel.balking.announced_wait or [])

    def _route(self, name: str) -> list[tuple[int, int]]:
        channel = self.world.channels[name]
        serving = [
            pool
            for pool, described in self.world.pools.items()
            if any(item.channel == name for level in described.levels() for item in level)
        ]
        entries = serving if channel.pools is None else channel.pools
        rows = [
            (entry.pool, entry.after) if isinstance(entry, Overflow) else (entry, 0)
            for entry in entries
        ]
        return [(self.names.pools.index(pool), after) for pool, after in rows]

    def _level(self) -> Whole:
        names = self.names
        level = np.full((len(names.pools), len(names.channels), len(names.needs)), -1, np.int64)
        for p, pool in enumerate(self.world.pools.values()):
            for rank, items in enumerate(pool.levels()):
                for item in items:
                    c = names.channels.index(item.channel)
                    for need in names.needs if item.needs is None else item.needs:
                        n = names.needs.index(need)
                        if level[p, c, n] < 0:
                            level[p, c, n] = rank
        for c, name in enumerate(names.channels):
            routed = {p for p, _ in self._route(name)}
            for p in range(len(names.pools)):
                if p not in routed:
                    level[p, c, :] = -1
        return level

    def _share(self) -> Whole:
        rows = [
            [_units(pool) // pool.concurrency.get(channel, 1) for channel in self.names.channels]
            for pool in self.world.pools.values()
        ]
        return np.array(rows, np.int64).reshape(len(rows), len(self.names.channels))

    def _handling(self) -> tuple[Whole, Whole, Number]:
        names, world = self.names, self.world
        shape = len(names.channels), len(names.needs), len(names.pools)
        talk, wrap_up = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
        resolution = np.zeros(shape)
        for c, name in enumerate(names.channels):
            channel = world.channels[name]
            if channel.kind == "self_service":
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
                    talk[c, n, p] = self.table.code(first_given(item.talk for item in given))
                    wrap_up[c, n, p] = self.table.code(first_given(item.wrap_up for item in given))
                    share = first_given(item.resolution for item in given)
                    resolution[c, n, p] = 1.0 if share is None else share
        return talk, wrap_up, resolution

    def _self_service(self) -> tuple[Whole, Number, Number]:
        names, world = self.names, self.world
        shape = len(names.channels), len(names.needs)
        time_spent, stuck, contained = (
            np.full(shape, -1, np.int64),
            np.zeros(shape),
            np.zeros(shape),
        )
        for c, name in enumerate(names.channels):
            channel = world.channels[name]
            if channel.kind != "self_service":
                continue
            for n, need in enumerate(names.needs):
                by_need = world.needs[need].channels.get(name) if need in world.needs else None
                given = [layer for layer in (by_need, channel) if layer is not None]
                time_spent[c, n] = self.table.code(first_given(item.time_spent for item in given))
                stuck[c, n] = first_given(item.stuck for item in given) or 0.0
                share = first_given(item.resolution for item in given)
                contained[c, n] = 1.0 if share is None else share
        return time_spent, stuck, contained


def _balk_rule(channel: Channel) -> int:
    if channel.balking is None:
        return BALK_NEVER
    return BALK_BY_QUEUE if channel.balking.queue is not None else BALK_BY_ANNOUNCED_WAIT


def _units(pool: Pool) -> int:
    """Return into how many units an agent divides: a contact takes a whole number of them."""
    return math.lcm(*pool.concurrency.values())
