"""The intervals table: what happened when, by the clock, added up from batches of contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.tables.batches import Columns, Rows
from journeysim.tables.columns import INTERVALS, ContactOutcome, schema

# Sums of a channel in an interval, by number.
SUMS = ("offered", "answered", "abandoned", "refused", "waited", "queued")
_OFFERED, _WAITED, _QUEUED = SUMS.index("offered"), SUMS.index("waited"), SUMS.index("queued")
#: How many begin and cease to wait over whole intervals; what `queued` still lacks.
_THROUGH = len(SUMS)

#: The sum that counts an outcome, or -1.
_counted = np.full(len(ContactOutcome), -1, np.int64)
_counted[
    [
        ContactOutcome.SERVED_RESOLVED,
        ContactOutcome.SERVED_UNRESOLVED,
        ContactOutcome.TRANSFERRED,
    ]
] = SUMS.index("answered")
_counted[ContactOutcome.ABANDONED] = SUMS.index("abandoned")
_counted[[ContactOutcome.BALKED, ContactOutcome.BLOCKED, ContactOutcome.CLOSED]] = SUMS.index(
    "refused"
)
_COUNTED_BY = tuple(int(number) for number in _counted)


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
        # One column more than intervals: who waits to the end ceases to wait there.
        self._sums = np.zeros((channels, len(SUMS) + 1, self.edges.size), np.int64)

    def add(self, contacts: Columns) -> None:
        """Add the contacts of a batch, with the columns of `CONTACT_ROW`."""
        channel, outcome, entered, wait = (
            contacts[name] for name in ("channel", "outcome", "entered", "wait")
        )
        _add(channel, outcome, entered, wait, self.interval, self._sums)

    @property
    def sums(self) -> dict[str, Rows]:
        """Sums by name, each of shape (channels, intervals); times in ticks."""
        by_name = {name: self._sums[:, number, :-1] for number, name in enumerate(SUMS)}
        waiting = np.cumsum(self._sums[:, _THROUGH, :-1], axis=1)
        return by_name | {"queued": by_name["queued"] + waiting * np.diff(self.edges)}

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


@compiled
def _add(
    channel: NDArray[np.int8],
    outcome: NDArray[np.int8],
    entered: Rows,
    wait: Rows,
    interval: int,
    sums: Rows,
) -> None:
    """Add contacts to the sums of their channels and intervals."""
    last = sums.shape[2] - 2
    # Contacts come nearly in order of time, and to divide takes longer than all the rest.
    place, begin = np.int64(0), np.int64(0)
    for row in range(channel.size):
        of_channel = sums[channel[row]]
        if not begin <= entered[row] < begin + interval:
            place = min(entered[row] // interval, last)
            begin = place * interval
        of_channel[_OFFERED, place] += 1
        counted = _COUNTED_BY[outcome[row]]
        if counted >= 0:
            of_channel[counted, place] += 1
        # Who did not wait adds nothing below: a branch would be foreseen for hardly anybody.
        of_channel[_WAITED, place] += wait[row]
        until = entered[row] + wait[row]
        if until < begin + interval or place == last:
            of_channel[_QUEUED, place] += wait[row]
        else:
            until_place = min(until // interval, last)
            of_channel[_QUEUED, place] += begin + interval - entered[row]
            of_channel[_QUEUED, until_place] += until - until_place * interval
            of_channel[_THROUGH, place + 1] += 1
            of_channel[_THROUGH, until_place] -= 1


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
