"""The day: service level, queue and staffing by interval, and by hour and weekday."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, get_args

import numpy as np
import pyarrow as pa

from journeysim.measures import catalogue
from journeysim.measures.arrow_columns import Codes, Numbers
from journeysim.measures.portrait.portrait import table_of
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.scenario.channel_kinds import ChannelKind
from journeysim.scenario.schema.world import Weekday
from journeysim.units import DAY, HOUR, SECOND

#: Rows of a series at most; intervals of longer worlds are taken together.
_LONGEST: Final = 400
#: Fewer replications have no band that 8 of 10 days stay in.
_FEWEST: Final = 9
_BAND: Final = (0.1, 0.9)

#: What is called so in the day and in the hours: the share in time by the headline formula.
LEVEL: Final = catalogue.with_role("in_time")

DAY_MEANINGS: Final = {
    "kind": "channel or pool.",
    "name": "Its name.",
    "serves": "Channels that a pool serves, with commas; null for a channel.",
    "measure": f"offered, {LEVEL} or queue of a channel; staffed or busy of a pool.",
    "start": "Start of the interval.",
    "end": "End of the interval.",
    "mean": "Over all replications; of a service level, the ratio of sums.",
    "lower": "A tenth of the replications is below; null for fewer than 9 replications.",
    "upper": "A tenth of the replications is above; null for fewer than 9 replications.",
    "unit": "Unit of the values: contacts per hour, share, contacts waiting, agents.",
    "replications": "Replications with a value.",
}
HOURS_MEANINGS: Final = {
    "weekday": "Day of the week.",
    "hour": "Hour of the day in which intervals start, from 0.",
    "channel": "Name of the channel.",
    "offered": "Contacts that come in such an hour.",
    "wait": "Mean time in queue of who got in during the hour, s; null where nobody did.",
    LEVEL: "Of who came in the hour, by the headline formula.",
    "total": "Contacts in all replications.",
    "replications": "Replications.",
}
_UNITS: Final = {
    "offered": "per hour",
    LEVEL: "share",
    "queue": "contacts",
    "staffed": "agents",
    "busy": "agents",
}


def day_table(gathering: PortraitGathering) -> pa.Table:
    """Return a row per interval before the horizon, channel or pool, and measure."""
    rules, world = gathering.rules, gathering.world
    kinds = {name: channel.capabilities for name, channel in world.channels.items()}
    serves = {
        name: ", ".join(served.channel for level in pool.levels() for served in level)
        for name, pool in world.pools.items()
    }
    stretches = _Stretches(gathering)
    rows: list[dict[str, Any]] = []
    for kind, names in (("channel", rules.channels), ("pool", rules.pools)):
        for code, name in enumerate(names):
            whose = {
                "kind": kind,
                "name": name,
                "serves": serves[name] if kind == "pool" else None,
            }
            for series in _series(kinds[name] if kind == "channel" else None):
                rows += [whose | row for row in stretches.rows(code, *series)]
    return table_of(DAY_MEANINGS, rows, gathering.metadata)


class _Stretches:
    """The stretches of time that are told apart: intervals, or several of them together."""

    def __init__(self, gathering: PortraitGathering) -> None:
        edges, starts = _edges(gathering), gathering.rules.interval_starts
        self._sums = gathering.day
        self._replications = gathering.replications
        self._begins, self._ends = edges[:-1], edges[1:]
        self._first = np.searchsorted(starts, self._begins)
        self._last = int(np.searchsorted(starts, edges[-1]))

    def rows(
        self, code: int, measure: str, part: str, whole: str | None
    ) -> Iterator[dict[str, Any]]:
        """Yield a row per stretch of one series; see `_series`."""
        alone, total = self._alone(part, code), self._added(self._sums.total[part][code])
        length = (self._ends - self._begins).astype(np.float64)
        if whole is None:
            per = length / HOUR if measure == "offered" else length
            weights, divisor = np.broadcast_to(per, alone.shape), per * self._replications
        else:
            weights = self._alone(whole, code)
            divisor = self._added(self._sums.total[whole][code])
        lower, upper, seen = _bands(alone, weights)
        mean = _divided(total, divisor)
        for place, begin in enumerate(self._begins):
            yield {
                "measure": measure,
                "start": int(begin),
                "end": int(self._ends[place]),
                "mean": mean[place],
                "lower": lower[place],
                "upper": upper[place],
                "unit": _UNITS[measure],
                "replications": int(seen[place]),
            }

    def _alone(self, name: str, code: int) -> Numbers:
        """Return the sums of the replications one by one, shape (replications, stretches)."""
        return np.array([self._added(each[code]) for each in self._sums.alone[name]])

    def _added(self, values: Numbers) -> Numbers:
        return np.asarray(np.add.reduceat(values[: self._last], self._first), dtype=np.float64)


def _series(channel_kind: ChannelKind | None) -> list[tuple[str, str, str | None]]:
    """Return the series of a channel or pool: measure, its sum, and what that is divided by."""
    if channel_kind is None:
        return [("staffed", "staffed", None), ("busy", "busy", None)]
    found: list[tuple[str, str, str | None]] = [("offered", "offered", None)]
    if channel_kind.answered_live:
        found.append((LEVEL, "in_time", "counted"))
    if channel_kind.waits:
        found.append(("queue", "queued", None))
    return found


def _edges(gathering: PortraitGathering) -> Codes:
    """Return the edges of the stretches of time that are told apart, ticks."""
    rules = gathering.rules
    starts = rules.interval_starts
    starts = starts[starts < rules.horizon]
    stride = -(-len(starts) // _LONGEST)
    chosen = starts[::stride]
    end = min(int(starts[-1]) + rules.interval, rules.end)
    return np.append(chosen, max(end, int(chosen[-1]) + 1))


def _bands(parts: Numbers, wholes: Numbers) -> tuple[Numbers, Numbers, Codes]:
    """Return the band of ratios over replications, and how many have one; shape (intervals,)."""
    ratios = _divided(parts, wholes)
    known = ~np.isnan(ratios)
    seen = known.sum(axis=0)
    lower, upper = np.full(ratios.shape[1], np.nan), np.full(ratios.shape[1], np.nan)
    enough = seen >= _FEWEST
    if enough.any():
        found = np.nanquantile(ratios[:, enough], _BAND, axis=0, method="weibull")
        lower[enough], upper[enough] = found
    return lower, upper, seen


def hours_table(gathering: PortraitGathering) -> pa.Table:
    """Return a row per weekday, hour and channel that agents serve in a queue."""
    rules, total = gathering.rules, gathering.day.total
    starts = rules.interval_starts[rules.interval_starts < rules.horizon]
    count = len(starts)
    days: list[str] = list(get_args(Weekday))
    shift = days.index(gathering.world.time.starts_on)
    weekday = (starts // DAY + shift) % 7
    hour = starts % DAY // HOUR
    rows: list[dict[str, Any]] = []
    order = dict.fromkeys(zip(weekday.tolist(), hour.tolist(), strict=True))
    for code, name in enumerate(rules.channels):
        if not gathering.world.channels[name].capabilities.answered_live:
            continue
        for day, clock in sorted(order, key=lambda each: ((each[0] - shift) % 7, each[1])):
            mine = np.flatnonzero((weekday == day) & (hour == clock))
            sums = {
                key: float(values[code, :count][mine].sum())
                for key, values in total.items()
                if values.shape[0] == len(rules.channels) and key not in ("staffed", "busy")
            }
            # Several such hours: as many as days on which they are seen.
            times = len({int(starts[place] // DAY) for place in mine})
            rows.append(
                {
                    "weekday": days[day],
                    "hour": clock,
                    "channel": name,
                    "offered": sums["offered"] / (gathering.replications * times),
                    "wait": _one(sums["waited"] / SECOND, sums["offered"] - sums["refused"]),
                    LEVEL: _one(sums["in_time"], sums["counted"]),
                    "total": int(sums["offered"]),
                    "replications": gathering.replications,
                }
            )
    return table_of(HOURS_MEANINGS, rows, gathering.metadata)


def _one(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _divided(part: Numbers, whole: Numbers) -> Numbers:
    missing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=missing, where=np.asarray(whole) > 0))
