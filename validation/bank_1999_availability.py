"""Whether agents whom the rule of presence counts could be had, by the log alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.bank_1999.log import EDGES
from scenarios.bank_1999.presence import PRESENCE_GAP, stretches


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """What present agents did, by the log alone; hours are per day.

    `idle_at_queue` is the share of those who had to queue although an agent counted as present
    was on no call. `changeover` holds quartiles, seconds, from one call's end to the next one's
    begin, where that next customer was waiting already.
    """

    present: float
    busy: float
    idle_while_waiting: float
    present_while_waiting: float
    idle_at_queue: float
    changeover: tuple[float, float, float]

    @property
    def share(self) -> float:
        """Return the busy share of present agents while somebody waits."""
        return 1 - self.idle_while_waiting / self.present_while_waiting


def busy_spans(served: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return begin and end of every call without overlaps of one agent, and the changeovers."""
    begins, ends, changeovers = [], [], []
    for _, own in served.sort_values("started").groupby("server_id"):
        started, ended = own["started"].to_numpy(), np.maximum.accumulate(own["ended"].to_numpy())
        begins.append(np.r_[started[0], np.maximum(started[1:], ended[:-1])])
        ends.append(ended)
        waited = own["entered"].to_numpy()[1:] < ended[:-1]
        gaps = (started[1:] - ended[:-1])[waited]
        changeovers.append(gaps[gaps >= 0])
    begin, end = np.concatenate(begins), np.concatenate(ends)
    return begin[end > begin], end[end > begin], np.concatenate(changeovers)


def level(begins: np.ndarray, ends: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return how many spans cover each moment."""
    return np.searchsorted(np.sort(begins), at) - np.searchsorted(np.sort(ends), at)


def is_waited(day: pd.DataFrame, seconds: np.ndarray) -> np.ndarray:
    """Return at which moments of a day somebody waits."""
    return level(day["entered"].to_numpy(), day["started"].to_numpy(), seconds) > 0


def available_agents(day: pd.DataFrame, step: int) -> np.ndarray:
    """Return agents present, less those on no call while somebody waits, averaged over steps."""
    seconds, served = np.arange(EDGES[0], EDGES[-1]) + 0.5, day[~day["abandoned"]]
    begin, end, _ = busy_spans(served)
    busy = level(begin, end, seconds)
    present = np.maximum(level(*stretches(served, PRESENCE_GAP), seconds), busy)
    agents = np.where(is_waited(day, seconds), busy, present)
    return agents.reshape(-1, step).mean(axis=1)


def availability(calls: pd.DataFrame) -> Availability:
    """Follow agents and queue second by second through every day of the log."""
    seconds, hours, changeovers = np.arange(EDGES[0], EDGES[-1]) + 0.5, [], []
    idle_at_queue: list[np.ndarray] = []
    for _, day in calls.groupby("day", observed=True):
        served = day[~day["abandoned"]]
        spans = stretches(served, PRESENCE_GAP)
        begin, end, gaps = busy_spans(served)
        changeovers.append(gaps)
        present, busy = level(*spans, seconds), level(begin, end, seconds)
        waiting = is_waited(day, seconds)
        hours.append(
            [present.sum(), busy.sum(), (present - busy)[waiting].sum(), present[waiting].sum()]
        )
        queued = day[day["is_open"] & (day["wait_s"] > 0)]["entered"].to_numpy() + 0.0
        idle_at_queue.append(level(*spans, queued) > level(begin, end, queued))
    means = np.mean(hours, axis=0) / 3600
    low, middle, high = np.quantile(np.concatenate(changeovers), [0.25, 0.5, 0.75])
    return Availability(
        present=float(means[0]),
        busy=float(means[1]),
        idle_while_waiting=float(means[2]),
        present_while_waiting=float(means[3]),
        idle_at_queue=float(np.concatenate(idle_at_queue).mean()),
        changeover=(float(low), float(middle), float(high)),
    )
