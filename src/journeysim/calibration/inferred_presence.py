"""Agents at work, by a rule: no log of contacts records who was there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeysim.calibration.contact_log import UNKNOWN, ContactLog, Flags, Ticks
from journeysim.units import DAY

Levels = NDArray[np.float64]


def stretches(log: ContactLog, gap: int) -> tuple[Ticks, Ticks]:
    """Return begin and end of agents' stretches of presence.

    An agent is present from the first to the last contact; a pause of more than `gap` ticks parts
    two stretches.
    """
    order, same = by_agent(log)
    if not len(order):
        return order, order
    started, ended = log.started[order], log.ended[order] + np.maximum(log.wrap_up[order], 0)
    ended = longest_yet(ended, same)
    # Somebody else, or away for too long.
    begins = np.flatnonzero(~same | np.concatenate(([True], started[1:] - ended[:-1] > gap)))
    return started[begins], ended[np.concatenate((begins[1:], [len(order)])) - 1]


def by_agent(log: ContactLog) -> tuple[NDArray[np.int64], Flags]:
    """Return served contacts by agent and time, and whether each is of the agent before it."""
    rows = np.flatnonzero(log.served & (log.agent != UNKNOWN) & (log.talk != UNKNOWN))
    # Two stable sorts: by time, which the log nearly is already, then by agent.
    order = rows[np.argsort(log.started[rows], kind="stable")]
    agents = log.agent[order]
    few = len(agents) == 0 or agents.max() < 2**15
    order = order[np.argsort(agents.astype(np.int16) if few else agents, kind="stable")]
    agents = log.agent[order]
    same = np.concatenate(([False], agents[1:] == agents[:-1])) if len(agents) else agents == 0
    return order, same


def longest_yet(ended: Ticks, same: Flags) -> Ticks:
    """Return the latest end so far of each agent, so that an overlap does not shorten it."""
    # Ends of one agent are lifted above those of the agents before, so one running maximum does.
    number = np.cumsum(~same)
    if not len(ended):
        return ended
    span = int(ended.max() - ended.min()) + 1
    lift = number.astype(np.int64) * span
    return np.maximum.accumulate(ended + lift) - lift


def covered(begins: Ticks, ends: Ticks, edges: Ticks) -> Levels:
    """Return how many stretches cover each step, on average over the step.

    Parameters
    ----------
    edges
        Rising moments, shape (steps + 1,).
    """
    first, last = np.sort(begins), np.sort(ends)

    def until(moments: Ticks, sorted_times: Ticks) -> Levels:
        place = np.searchsorted(sorted_times, moments)
        running = np.concatenate(([0], np.cumsum(sorted_times - sorted_times[0])))
        if not len(sorted_times):
            return np.zeros(len(moments))
        since = moments - sorted_times[0]
        return np.asarray(place * since - running[place], float)

    if not len(begins):
        return np.zeros(len(edges) - 1)
    area = until(edges, first) - until(edges, last)
    return np.asarray(np.diff(area) / np.diff(edges))


def present_agents(log: ContactLog, days: NDArray[np.int64], *, gap: int, step: int) -> Levels:
    """Return agents present by day and step of the day, shape (days, steps)."""
    begins, ends = stretches(log, gap)
    steps = np.arange(0, DAY + 1, step)
    edges = (days[:, None] * DAY + steps[None, :]).ravel()
    # Between two days there is a step that belongs to none; a day's last edge may be the next's
    # first, so that step may have no length.
    with np.errstate(invalid="ignore", divide="ignore"):
        levels = np.append(covered(begins, ends, edges), 0.0)
    return levels.reshape(len(days), len(steps))[:, :-1]


def busy_while_waiting(log: ContactLog, days: NDArray[np.int64], *, step: int) -> Levels:
    """Return agents busy while somebody waits, by step of the day over all days; NaN if nobody did.

    Where agents have no names: who waits, waits because everybody is busy, so that the number busy
    then is the number at work. Shape (steps,).
    """
    served = log.where(log.served & (log.talk != UNKNOWN))
    begin, end = waiting_spans(log)
    work_ends = served.ended + np.maximum(served.wrap_up, 0)
    edges = np.arange(0, DAY + 1, step)
    busy, time = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
    starts, ends = np.sort(served.started), np.sort(work_ends)
    # The number busy is constant between two of these moments.
    grid = (days[:, None] * DAY + edges[None, :]).ravel()
    moments = np.unique(np.concatenate((begin, end, starts, ends, grid)))
    middle = moments[:-1]
    place = np.searchsorted(begin, middle, side="right") - 1
    is_waited = (place >= 0) & (middle < end[np.maximum(place, 0)]) if len(begin) else middle < 0
    length = np.diff(moments)[is_waited].astype(float)
    at = middle[is_waited]
    level = np.searchsorted(starts, at, side="right") - np.searchsorted(ends, at, side="right")
    slot = (at % DAY) // step
    np.add.at(time, slot, length)
    np.add.at(busy, slot, length * level)
    # Less than a minute of waiting says little.
    return np.where(time >= 60e6, busy / np.maximum(time, 1.0), np.nan)


def waiting_spans(log: ContactLog) -> tuple[Ticks, Ticks]:
    """Return begin and end of the stretches in which somebody waits, rising."""
    rows = log.wait > 0
    begin, end = log.entered[rows], log.entered[rows] + log.wait[rows]
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], np.maximum.accumulate(end[order]) if len(order) else end
    if not len(begin):
        return begin, end
    fresh = np.concatenate(([True], begin[1:] > end[:-1]))
    first = np.flatnonzero(fresh)
    return begin[first], end[np.concatenate((first[1:], [len(begin)])) - 1]


def whole_agents(levels: Levels) -> NDArray[np.int64]:
    """Return whole numbers of agents whose running sum keeps to that of `levels`.

    7.5 agents become 8, 7, 8, 7: rounding each half up would add half an agent all day.
    """
    running = np.floor(np.cumsum(levels) + 0.5)
    return np.maximum(np.diff(np.concatenate(([0.0], running))), 0).astype(np.int64)
