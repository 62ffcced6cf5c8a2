"""Pools of agents: who serves which channels together, and how many are at work when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from journeysim.calibration.arrivals_fit import fit_profile
from journeysim.calibration.bootstrap import Estimate, ratio
from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.contact_log import UNKNOWN, Codes, ContactLog
from journeysim.calibration.inferred_presence import busy_while_waiting, present_agents
from journeysim.units import DAY, MINUTE

#: Agents at work change at most this often.
STEP: Final = 15 * MINUTE
#: An agent serves a channel if it has this share of the agent's contacts.
_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """Agents at work in one pool.

    Attributes
    ----------
    channels
        Codes of the channels that they serve.
    levels
        Agents by weekday and step of 15 minutes, shape (7, steps).
    hours
        Agent hours a day; None where the log does not tell.
    rule
        How presence was read from the log.
    by_day
        Agents by day and step; None where the rule knows no days.
    """

    channels: Codes
    levels: Counts
    hours: Estimate | None
    rule: str
    by_day: Counts | None = None


def fit_staffing(log: ContactLog, calendar: Calendar, gap: int) -> tuple[Staffing, ...]:
    """Return the pools of a log, by the contacts of named agents or else by who had to wait."""
    if "agent" in log.columns and (log.served & (log.agent != UNKNOWN)).any():
        return tuple(_named(log, calendar, gap, channels) for channels in served_together(log))
    if "talk" not in log.columns and "ended" not in log.columns:
        return ()
    found = []
    for channel in np.unique(np.maximum(log.channel, 0)):
        own = log.where(np.maximum(log.channel, 0) == channel)
        staffing = _unnamed(own, calendar, np.array([channel]))
        if staffing is not None:
            found.append(staffing)
    return tuple(found)


def served_together(log: ContactLog) -> list[Codes]:
    """Return groups of channels that share agents."""
    rows = log.served & (log.agent != UNKNOWN)
    channel = np.maximum(log.channel[rows], 0)
    agents, place = np.unique(log.agent[rows], return_inverse=True)
    size = int(channel.max()) + 1
    counts = np.bincount(place * size + channel, minlength=len(agents) * size)
    table = counts.reshape(len(agents), size)
    serves = table >= np.maximum(_SHARE * table.sum(axis=1, keepdims=True), 1)
    group = np.arange(size)
    for own in serves:
        together = np.unique(group[own])
        group[np.isin(group, together)] = together[0] if len(together) else 0
    used = np.unique(channel)
    return [used[group[used] == code] for code in np.unique(group[used])]


def _named(log: ContactLog, calendar: Calendar, gap: int, channels: Codes) -> Staffing:
    own = log.where(np.isin(np.maximum(log.channel, 0), channels))
    by_day = present_agents(own, calendar.days, gap=gap, step=STEP)
    hours = by_day.sum(axis=1) * STEP / (60 * MINUTE)
    return Staffing(
        channels=channels,
        levels=fit_profile(by_day, calendar).expected,
        hours=ratio(hours, np.ones(len(hours)), len(hours)),
        rule=f"from an agent's first to last contact, split at pauses over {gap // MINUTE} minutes",
        by_day=by_day,
    )


def _unnamed(log: ContactLog, calendar: Calendar, channels: Codes) -> Staffing | None:
    """Return agents of a log that does not name them: those busy while somebody waits."""
    busy = np.full((7, DAY // STEP), np.nan)
    everywhere = busy_while_waiting(log, calendar.days, step=STEP)
    if np.isnan(everywhere).all():
        return None
    for weekday in np.unique(calendar.weekdays):
        days = calendar.days[calendar.weekdays == weekday]
        busy[weekday] = busy_while_waiting(log, days, step=STEP)
    levels = np.where(np.isnan(busy), everywhere, busy)
    known = np.flatnonzero(~np.isnan(everywhere))
    # Where nobody ever waited, as many as in the nearest step in which somebody did.
    nearest = known[np.abs(np.arange(levels.shape[1])[:, None] - known[None, :]).argmin(axis=1)]
    levels = np.where(np.isnan(levels), everywhere[nearest], levels)
    for weekday in range(7):
        first, last = calendar.spans.get(weekday, (0, 0))
        per = calendar.every / STEP
        steps = np.arange(levels.shape[1])
        levels[weekday, (steps < first * per) | (steps >= last * per)] = 0.0
    rule = "busy while somebody waits, because then everybody is; agents are not named"
    return Staffing(channels=channels, levels=levels, hours=None, rule=rule)
