"""Queues and agents of the reference engine: who waits, who is free, who takes whom."""

from __future__ import annotations

from bisect import bisect_left, insort

import numpy as np

from journeysim.engine.pool_times import add_times, engaged_agents, units_over
from journeysim.engine.reference.entities import Contact
from journeysim.jit import plain
from journeysim.tables.batches import Rows

_add_times = plain(add_times)
_engaged_agents = plain(engaged_agents)
_units_over = plain(units_over)

Place = tuple[int, int, int, int]


class Queue:
    """Contacts that wait in a channel, best first.

    A place is (-priority, entered - head start, customer, contact): all waits grow alike, so the
    order in which contacts would be taken never changes while they wait.
    """

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.contacts: dict[Place, Contact] = {}

    def __len__(self) -> int:
        return len(self.places)

    def join(self, contact: Contact) -> None:
        """Add a contact at its place."""
        insort(self.places, contact.place)
        self.contacts[contact.place] = contact

    def leave(self, contact: Contact) -> None:
        """Remove a contact, wherever it stands."""
        del self.places[bisect_left(self.places, contact.place)]
        del self.contacts[contact.place]


class Pool:
    """Agents of one pool: units in work, units at work, and their times by interval.

    Attributes
    ----------
    capacity
        Units at work by the schedule: agents x units of an agent.
    used
        Units taken by contacts; above `capacity` only by the finish rule.
    """

    def __init__(self, units: int, interval: int, intervals: int) -> None:
        self.units = units
        self.agents = 0
        self.capacity = 0
        self.used = 0
        self.contacts = 0
        self.interval = interval
        self.since = 0
        #: Interval that was last added to, and its end; before the first, none.
        self.place = 0
        self.edge = 0
        self.busy: list[int] = [0] * intervals
        self.engaged: list[int] = [0] * intervals
        self.overrun: list[int] = [0] * intervals

    def take(self, share: int, now: int) -> None:
        """Give a place to a contact."""
        self.record(now)
        self.used += share
        self.contacts += 1

    def release(self, share: int, now: int) -> None:
        """Get a place back."""
        self.record(now)
        self.used -= share
        self.contacts -= 1

    def staff(self, agents: int, now: int) -> None:
        """Set how many agents are at work."""
        self.record(now)
        self.agents = agents
        self.capacity = agents * self.units

    def record(self, now: int) -> None:
        """Add the time since the last change to the intervals it falls into."""
        since, used = self.since, self.used
        self.since = now
        if used == 0 or now == since:
            return
        if now <= self.edge and self.units == 1 and used <= self.capacity:
            # Nearly always: within one interval, a contact per agent, nobody past the shift's end.
            time = (now - since) * used
            self.busy[self.place] += time
            self.engaged[self.place] += time
            return
        engaged = _engaged_agents(self.contacts, self.agents, used, self.units)
        self.place, self.edge = _add_times(
            self.busy,
            self.engaged,
            self.overrun,
            (used, engaged, _units_over(used, self.capacity)),
            since,
            now,
            self.place,
            self.edge,
            self.interval,
        )

    def times(self) -> tuple[Rows, Rows, Rows]:
        """Return busy, engaged and overrun agent time by interval, ticks."""
        busy = np.array(self.busy, np.int64) // self.units
        overrun = np.array(self.overrun, np.int64) // self.units
        return busy, np.array(self.engaged, np.int64), overrun
