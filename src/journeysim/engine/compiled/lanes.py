"""Lanes: waiting contacts that every pool treats alike, in order of entry.

Within a lane all have the same priority and head start and may be served by the same pools at the
same preference. So its head is the best of it for everybody, the first to reach an overflow delay,
and the choice of a pool is a choice among a few heads.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from journeysim.scenario.flat.flat_model import FlatModel, Whole


class Lanes(NamedTuple):
    """The lanes of a model.

    Attributes
    ----------
    lane
        Lane of a contact, shape (segments, channels, needs).
    channel, priority, head_start
        Shape (lanes,).
    channel_first, channel_last, channel_lanes
        Lanes of a channel: half-open range of `channel_lanes`.
    pool_first, pool_last
        Half-open range of a pool's rows below, shape (pools,).
    pool_lane, pool_level, pool_share, pool_after
        Lanes that a pool serves, by level: the lane, level, units it takes, delay in ticks.
    """

    lane: Annotated[Whole, "segments channels needs"]
    channel: Annotated[Whole, "lanes"]
    priority: Annotated[Whole, "lanes"]
    head_start: Annotated[Whole, "lanes"]
    channel_first: Annotated[Whole, "channels"]
    channel_last: Annotated[Whole, "channels"]
    channel_lanes: Annotated[Whole, "rows"]
    pool_first: Annotated[Whole, "pools"]
    pool_last: Annotated[Whole, "pools"]
    pool_lane: Annotated[Whole, "rows"]
    pool_level: Annotated[Whole, "rows"]
    pool_share: Annotated[Whole, "rows"]
    pool_after: Annotated[Whole, "rows"]


def lanes_of(model: FlatModel) -> Lanes:
    """Return the lanes of a model."""
    segments, channels = model.priority.shape
    pools, _, needs = model.level.shape
    lane = np.empty((segments, channels, needs), np.int64)
    known: dict[tuple[int, ...], int] = {}
    for s in range(segments):
        for c in range(channels):
            for n in range(needs):
                levels = tuple(int(model.level[p, c, n]) for p in range(pools))
                alike = (c, int(model.priority[s, c]), int(model.head_start[s, c]), *levels)
                lane[s, c, n] = known.setdefault(alike, len(known))
    kinds = list(known)
    rows = _pool_rows(model, kinds)
    by_channel = [[i for i, kind in enumerate(kinds) if kind[0] == c] for c in range(channels)]
    channel_last = np.cumsum([len(found) for found in by_channel], dtype=np.int64)
    pool_last = np.cumsum([len(found) for found in rows], dtype=np.int64)
    laid = np.array([row for found in rows for row in found], np.int64).reshape(-1, 4)
    return Lanes(
        lane=lane,
        channel=np.array([kind[0] for kind in kinds], np.int64),
        priority=np.array([kind[1] for kind in kinds], np.int64),
        head_start=np.array([kind[2] for kind in kinds], np.int64),
        channel_first=np.append(0, channel_last)[:-1].astype(np.int64),
        channel_last=channel_last,
        channel_lanes=np.array([i for found in by_channel for i in found], np.int64),
        pool_first=np.append(0, pool_last)[:-1].astype(np.int64),
        pool_last=pool_last,
        pool_lane=laid[:, 0].copy(),
        pool_level=laid[:, 1].copy(),
        pool_share=laid[:, 2].copy(),
        pool_after=laid[:, 3].copy(),
    )


def _pool_rows(
    model: FlatModel, kinds: list[tuple[int, ...]]
) -> list[list[tuple[int, int, int, int]]]:
    rows = []
    for pool in range(model.units.size):
        found = []
        for i, kind in enumerate(kinds):
            channel, level = kind[0], kind[3 + pool]
            for entry in range(model.route_first[channel], model.route_last[channel]):
                if model.route_pool[entry] == pool and level >= 0:
                    share, after = model.share[pool, channel], model.route_after[entry]
                    found.append((i, level, int(share), int(after)))
        rows.append(sorted(found, key=lambda row: row[1]))
    return rows
