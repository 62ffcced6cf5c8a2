"""From a scenario to the flat model: words become codes, tables become arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa

from journeysim.scenario.flat import customers, services
from journeysim.scenario.flat.distribution_rows import DistributionTable
from journeysim.scenario.flat.flat_model import (
    BALK_BY_ANNOUNCED_WAIT,
    BALK_BY_QUEUE,
    BALK_NEVER,
    BUDGET_PATIENCE,
    FRESH_PATIENCE,
    SAME_PATIENCE,
    FlatModel,
    Names,
)
from journeysim.scenario.flat.next_step_tables import after_tables, chase_shares
from journeysim.scenario.flat.ragged_arrays import numbers, ranges, whole
from journeysim.scenario.flat.time_tables import (
    at_work,
    changes,
    flat_demand,
    open_hours,
    paid_heads,
)
from journeysim.scenario.flat.trace_arrays import flat_trace
from journeysim.scenario.schema.channels import Channel
from journeysim.scenario.schema.world import World
from journeysim.units import WEEKDAYS

#: Fields of the flat model by name.
Parts = dict[str, Any]
#: The need of a scenario that names none.
ONLY_NEED = "any"

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
        handlers=tuple(channel.capabilities.handler for channel in channels.values()),
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
        Rows of `journeysim.scenario.reading.trace_files.read_trace`, if the scenario has a trace.
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
        # First what asks for distributions, then the table of them all.
        parts = (
            self._customers()
            | self._channels()
            | self._services()
            | self._changes()
            | self._steps()
        )
        time, pools = self.world.time, list(self.world.pools.values())
        return FlatModel(
            horizon=time.horizon,
            end=time.horizon + time.run_out,
            warm_up=time.warm_up,
            interval=time.interval,
            weekday=WEEKDAYS.index(time.starts_on),
            max_contacts=self.world.max_contacts,
            units=whole(services.units(pool) for pool in pools),
            pool_cost=numbers(pool.cost_per_hour for pool in pools),
            trace=flat_trace(self.trace, self.names),
            demand=flat_demand(self.world, self.identity, self.table),
            distributions=self.table.arrays(),
            **parts,
        )

    def _customers(self) -> Parts:
        world, names, segments = self.world, self.names, list(self.world.segments.values())
        return {
            "need_shares": customers.need_shares(world, names),
            "first_shares": customers.first_shares(world, names),
            "patience": customers.patience(world, self.table),
            "patience_rule": whole(_PATIENCE[segment.patience_rule] for segment in segments),
            "budget": whole(self.table.code(segment.patience_budget) for segment in segments),
            "priority": customers.by_segment(world, names, "priority"),
            "head_start": customers.by_segment(world, names, "head_start"),
            "value": numbers(segment.value for segment in segments),
        }

    def _channels(self) -> Parts:
        channels = list(self.world.channels.values())
        balking = ranges([_balking(channel) for channel in channels])
        chases = [channel.chase.after if channel.chase else None for channel in channels]
        announced = [channel.announce.handling if channel.announce else -1 for channel in channels]
        return {
            "by_agents": whole(channel.capabilities.by_agents for channel in channels),
            "hangs_on": whole(channel.capabilities.hangs_on for channel in channels),
            "lines": whole(-1 if channel.lines is None else channel.lines for channel in channels),
            "send_away": whole(channel.at_closing == "send_away" for channel in channels),
            "balk_rule": whole(_balk_rule(channel) for channel in channels),
            "balk_first": balking.first,
            "balk_last": balking.last,
            "balk_bound": whole(bound for bound, _ in balking.rows),
            "balk_share": numbers(share for _, share in balking.rows),
            "announce": whole(announced),
            "chase": whole(self.table.code(silence) for silence in chases),
            "chase_shares": chase_shares(self.world, self.names),
            "channel_cost": numbers(channel.cost_per_contact for channel in channels),
        }

    def _services(self) -> Parts:
        world, names = self.world, self.names
        route = ranges([services.route(world, names, name) for name in names.channels])
        by_agents = services.handling(world, names, self.table)
        alone = services.self_service(world, names, self.table)
        return {
            **dict(zip(("talk", "wrap_up", "resolution"), by_agents, strict=True)),
            **dict(zip(("time_spent", "stuck", "contained_resolution"), alone, strict=True)),
            "route_first": route.first,
            "route_last": route.last,
            "route_pool": whole(pool for pool, _ in route.rows),
            "route_after": whole(after for _, after in route.rows),
            "level": services.levels(world, names),
            "share": services.shares(world, names),
        }

    def _changes(self) -> Parts:
        """Return who is at work, who is paid and what is open, from which tick on."""
        time, pools = self.world.time, self.world.pools.values()
        first_day, end = WEEKDAYS.index(time.starts_on), time.horizon + time.run_out
        found: Parts = {}
        for prefix, of_what, level, steps in (
            ("shift", "pool", "agents", [partial(at_work, pool) for pool in pools]),
            ("paid", "pool", "agents", [partial(paid_heads, pool) for pool in pools]),
            (
                "opening",
                "channel",
                "open",
                [partial(open_hours, channel) for channel in self.world.channels.values()],
            ),
        ):
            names = f"{prefix}_tick", f"{prefix}_{of_what}", f"{prefix}_{level}"
            found |= dict(zip(names, changes(steps, first_day, end), strict=True))
        return found

    def _steps(self) -> Parts:
        after, steps = after_tables(self.world, self.names, self.table)
        rows = list(zip(*steps.rows, strict=True)) or [()] * 6
        shares, to, delays, transfers, handling, patience = rows
        return {
            "after": after,
            "after_first": steps.first,
            "after_last": steps.last,
            "step_share": numbers(shares),
            "step_to": whole(to),
            "step_delay": whole(delays),
            "step_transfer": whole(transfers),
            "step_handling": numbers(handling),
            "step_patience": numbers(patience),
        }


def _balking(channel: Channel) -> list[tuple[int, float]]:
    if channel.balking is None:
        return []
    return list(channel.balking.queue or channel.balking.announced_wait or [])


def _balk_rule(channel: Channel) -> int:
    if channel.balking is None:
        return BALK_NEVER
    return BALK_BY_QUEUE if channel.balking.queue is not None else BALK_BY_ANNOUNCED_WAIT
