"""The intervals table: what happened when, by the clock, added up from batches of contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.journeys.batches import Columns, Rows
from journeysim.journeys.columns import INTERVALS, ContactOutcome, schema

_ANSWERED = (
    ContactOutcome.SERVED_RESOLVED,
    ContactOutcome.SERVED_UNRESOLVED,
    ContactOutcome.TRANSFERRED,
)
_REFUSED = (ContactOutcome.BALKED, ContactOutcome.BLOCKED, ContactOutcome.CLOSED)


@dataclass(frozen=True, slots=True)
class PoolTimes:
    """What pools did in each interval, ticks, shape (pools, intervals)."""

    staffed: Rows
    paid: Rows
    busy: Rows
    engaged: Rows
    overrun: Rows


def interval_edges(interval: int, end: int) -> Rows:
    """Return the edges of the intervals of a world, ticks; the last interval may be shorter."""
    edges = np.arange(0, max(end, 1), interval, dtype=np.int64)
    return np.append(edges, max(end, 1))


def spread(
    starts: Rows,
    ends: Rows,
    groups: Rows,
    group_count: int,
    interval: int,
    edges: Rows,
    weights: Rows | int = 1,
) -> Rows:
    """Return how much of the spans [start, end) falls into each interval, by group.

    Whole numbers throughout, so that the sum of the result is exactly the sum of the spans,
    each counted `weights` times.

    Returns
    -------
    Ticks, shape (groups, intervals).
    """
    count = edges.size - 1
    result = np.zeros((group_count, count), np.int64)
    covered = np.zeros((group_count, count + 1), np.int64)
    first = np.minimum(starts // interval, count - 1)
    last = np.minimum(ends // interval, count - 1)
    weight = np.broadcast_to(np.asarray(weights, np.int64), starts.shape)
    same = first == last
    within = (ends[same] - starts[same]) * weight[same]
    np.add.at(result, (groups[same], first[same]), within)
    over = ~same
    g, a, b, w = groups[over], first[over], last[over], weight[over]
    np.add.at(result, (g, a), (edges[a + 1] - starts[over]) * w)
    np.add.at(result, (g, b), (ends[over] - edges[b]) * w)
    np.add.at(covered, (g, a + 1), w)
    np.add.at(covered, (g, b), -w)
    return result + np.cumsum(covered[:, :-1], axis=1) * np.diff(edges)


class Tally:
    """Adds up the channels' side of the intervals table, batch by batch."""

    def __init__(self, channels: int, interval: int, end: int) -> None:
        self.interval = interval
        self.edges = interval_edges(interval, end)
        shape = channels, self.edges.size - 1
        self.sums = {
            name: np.zeros(shape, np.int64)
            for name in ("offered", "answered", "abandoned", "refused", "waited", "queued")
        }

    def add(self, contacts: Columns) -> None:
        """Add the contacts of a batch, with the columns of `CONTACT_ROW`."""
        channel, outcome = contacts["channel"], contacts["outcome"]
        entered, wait = contacts["entered"], contacts["wait"]
        sums = self.sums
        place = np.minimum(entered // self.interval, self.edges.size - 2)
        np.add.at(sums["offered"], (channel, place), 1)
        np.add.at(sums["waited"], (channel, place), wait)
        for name, outcomes in (
            ("answered", _ANSWERED),
            ("abandoned", (ContactOutcome.ABANDONED,)),
            ("refused", _REFUSED),
        ):
            chosen = np.isin(outcome, outcomes)
            np.add.at(sums[name], (channel[chosen], place[chosen]), 1)
        waited = wait > 0
        start = entered[waited]
        channels = sums["queued"].shape[0]
        sums["queued"] += spread(
            start, start + wait[waited], channel[waited], channels, self.interval, self.edges
        )

    def table(
        self, channels: tuple[str, ...], pools: tuple[str, ...], times: PoolTimes
    ) -> pa.Table:
        """Return the finished intervals table: channels first, then pools, each by time."""
        count = self.edges.size - 1
        kinds = len(channels), len(pools)
        total = sum(kinds)
        # A channel and a pool may share a name, and a dictionary may not hold a word twice.
        names = (*channels, *pools)
        words = tuple(dict.fromkeys(names))
        codes = np.array([words.index(name) for name in names], np.int16)
        arrays = {
            "row": _words(
                ("channel", "pool"), np.repeat([0, 1], [k * count for k in kinds]).astype(np.int8)
            ),
            "name": _words(words, np.repeat(codes, count)),
            "start": np.tile(self.edges[:-1], total),
            "end": np.tile(self.edges[1:], total),
        }
        for name, sums in self.sums.items():
            arrays[name] = _halves(sums, before=0, after=kinds[1] * count)
        for name in ("staffed", "paid", "busy", "engaged", "overrun"):
            arrays[name] = _halves(getattr(times, name), before=kinds[0] * count, after=0)
        layout = schema(INTERVALS)
        columns = [_column(arrays[field.name], field.type) for field in layout]
        return pa.Table.from_arrays(columns, schema=layout)


def level_time(
    ticks: Rows, codes: Rows, levels: Rows, groups: int, interval: int, edges: Rows
) -> Rows:
    """Return the time integral of step functions given by their changes, shape (groups, intervals).

    Parameters
    ----------
    ticks, codes, levels
        Changes by tick: which group, and its level from then on; all begin at 0.
    """
    end = int(edges[-1])
    order = np.argsort(codes, kind="stable")
    starts, group, level = np.minimum(ticks[order], end), codes[order], levels[order]
    ends = np.append(starts[1:], end)
    last_of_group = np.append(group[1:] != group[:-1], True)
    ends[last_of_group] = end
    return spread(starts, ends, group, groups, interval, edges, level)


def _words(words: tuple[str, ...], codes: NDArray[Any]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))


def _halves(values: Rows, *, before: int, after: int) -> pa.Array:
    flat = values.ravel()
    padded = np.concatenate([np.zeros(before, np.int64), flat, np.zeros(after, np.int64)])
    missing = np.ones(padded.size, np.bool_)
    missing[before : before + flat.size] = False
    return pa.array(padded, mask=missing)


def _column(values: pa.Array | Rows, kind: pa.DataType) -> pa.Array:
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return array.view(kind) if pa.types.is_duration(kind) else array
