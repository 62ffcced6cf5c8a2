"""Customers of the flat model: why they come, where they go first, how long they wait."""

from __future__ import annotations

import numpy as np

from journeysim.scenario.flat.distribution_rows import DistributionTable
from journeysim.scenario.flat.flat_model import Names, Number, Whole
from journeysim.scenario.flat.next_step_tables import cumulative
from journeysim.scenario.flat.ragged_arrays import whole
from journeysim.scenario.schema.world import World


def need_shares(world: World, names: Names) -> Number:
    """Return the shares of needs up to each, shape (segments, needs)."""
    rows = []
    for segment in world.segments.values():
        given = segment.needs or {names.needs[0]: 1.0}
        rows.append(cumulative([given.get(need, 0.0) for need in names.needs]))
    return np.array(rows).reshape(len(rows), len(names.needs))


def first_shares(world: World, names: Names) -> Number:
    """Return the shares of first channels up to each, shape (segments, needs, channels)."""
    channels = names.channels
    blocks = []
    for segment in world.segments.values():
        for need in names.needs:
            own = segment.first.get(need) or segment.first.get("*")
            listed = world.needs[need].first if need in world.needs else {}
            given = own or listed or {channels[0]: 1.0}
            blocks.append(cumulative([given.get(channel, 0.0) for channel in channels]))
    shape = len(world.segments), len(names.needs), len(channels)
    return np.array(blocks).reshape(shape)


def patience(world: World, table: DistributionTable) -> Whole:
    """Return what patience follows, -1 without end, shape (segments, channels)."""
    rows = []
    for segment in world.segments.values():
        row = []
        for name, channel in world.channels.items():
            own = segment.channels.get(name)
            given = (own.patience if own else None) or segment.patience or channel.patience
            row.append(table.code(given if channel.capabilities.hangs_on else None))
        rows.append(row)
    return np.array(rows, np.int64).reshape(len(rows), -1)


def by_segment(world: World, names: Names, key: str) -> Whole:
    """Return a figure of a segment, or its own for a channel, shape (segments, channels)."""
    rows = []
    for segment in world.segments.values():
        for name in names.channels:
            own = segment.channels.get(name)
            value = getattr(own, key) if own else None
            rows.append(getattr(segment, key) if value is None else value)
    return whole(rows).reshape(len(world.segments), -1)
