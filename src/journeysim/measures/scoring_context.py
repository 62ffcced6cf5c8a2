"""A world's names and definitions as arrays by code, which is all that measures look up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from journeysim.measures.arrow_columns import Codes, Flags, Numbers, Ticks
from journeysim.measures.definitions import (
    ChannelDefinitions,
    Definitions,
    IntervalOf,
    channel_definitions,
    ticks,
)
from journeysim.measures.experience.weights import Weights, weights_of
from journeysim.measures.staffed_clock import StaffedClock, staffed_clocks
from journeysim.scenario.flat.flatten import names_of
from journeysim.scenario.schema.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a run is scored by.

    Attributes
    ----------
    segments, needs, channels, pools
        Names; a code is a position.
    definitions
        Threshold, target and short-abandon threshold, by channel code.
    threshold, short_abandon
        Ticks, shape (channels,).
    target, channel_cost
        Shape (channels,).
    by_agents, deferred
        Channels in which agents serve, and those where nobody hangs on, shape (channels,).
    places
        Contacts that an agent serves at once, shape (pools, channels).
    pool_cost
        Per paid hour, shape (pools,).
    staffed
        Clock of a deferred channel that runs while its agents are at work, by channel code.
    weights
        Of the measures of journeys.
    warm_up, horizon, end, interval, window
        Ticks; `window` is that of first-contact resolution.
    """

    segments: tuple[str, ...]
    needs: tuple[str, ...]
    channels: tuple[str, ...]
    pools: tuple[str, ...]
    definitions: tuple[ChannelDefinitions, ...]
    threshold: Ticks
    short_abandon: Ticks
    target: Numbers
    channel_cost: Numbers
    by_agents: Flags
    deferred: Flags
    places: Codes
    pool_cost: Numbers
    staffed: dict[int, StaffedClock]
    weights: Weights
    headline_formula: str
    interval_of: IntervalOf
    warm_up: int
    horizon: int
    end: int
    interval: int
    window: int

    @property
    def first_interval(self) -> int:
        """Number of the first interval that is not wholly in the warm-up."""
        return self.warm_up // self.interval

    @property
    def interval_starts(self) -> Ticks:
        """Starts of the scored intervals, ticks, shape (intervals,)."""
        last = max(-(-self.end // self.interval), self.first_interval + 1)
        return np.arange(self.first_interval, last, dtype=np.int64) * self.interval

    @property
    def interval_lengths(self) -> Ticks:
        """Scored part of each interval, ticks, shape (intervals,)."""
        starts = self.interval_starts
        ends = np.minimum(starts + self.interval, self.end)
        return np.asarray(ends - np.maximum(starts, self.warm_up), dtype=np.int64)


def scoring_rules(world: World, definitions: Definitions) -> Rules:
    """Return what a run of `world` is scored by."""
    names = names_of(world)
    said = channel_definitions(world, definitions)
    kinds = [channel.capabilities for channel in world.channels.values()]
    places = [
        [pool.concurrency.get(channel, 1) for channel in world.channels]
        for pool in world.pools.values()
    ]
    window = definitions.recontact_window
    return Rules(
        segments=names.segments,
        needs=names.needs,
        channels=names.channels,
        pools=names.pools,
        definitions=tuple(said.values()),
        threshold=np.array([each.threshold for each in said.values()], dtype=np.int64),
        short_abandon=np.array([each.short_abandon for each in said.values()], dtype=np.int64),
        target=np.array([each.target for each in said.values()]),
        channel_cost=np.array([each.cost_per_contact for each in world.channels.values()]),
        by_agents=np.array([kind.by_agents for kind in kinds]),
        deferred=np.array([kind.answered_later for kind in kinds]),
        places=np.array(places, dtype=np.int64).reshape(len(world.pools), len(kinds)),
        pool_cost=np.array([pool.cost_per_hour for pool in world.pools.values()]),
        staffed=staffed_clocks(world),
        weights=weights_of(world),
        headline_formula=definitions.service_level or world.measures.service_level,
        interval_of=definitions.interval_of,
        warm_up=world.time.warm_up,
        horizon=world.time.horizon,
        end=world.time.horizon + world.time.run_out,
        interval=world.time.interval,
        window=world.measures.recontact_window if window is None else ticks(window),
    )
