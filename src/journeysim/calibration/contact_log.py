"""A contact log as arrays: one element per contact, in order of entering the queue."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journeysim.units import DAY, WEEKDAYS

Ticks = NDArray[np.int64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: A code or a time that the log does not know.
UNKNOWN: Final = -1
SERVED: Final = 0
ABANDONED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLog:
    """Contacts of a log; arrays of shape (contacts,).

    Attributes
    ----------
    source
        The file.
    columns
        The parts of a log that it has.
    entered
        Ticks since 1970 by the clock on the wall, rising.
    wait, talk, wrap_up
        Ticks; UNKNOWN where not recorded.
    outcome
        SERVED or ABANDONED.
    queued
        True for those who had to wait.
    segment, need, channel, customer, case, agent
        Codes of words or numbers; UNKNOWN where not recorded.
    words
        The words behind the codes of segment, need and channel.
    excluded
        Rows left out, by reason.
    notes
        What the reader of the figures should know about the log.
    """

    source: str
    columns: frozenset[str]
    entered: Ticks
    wait: Ticks
    talk: Ticks
    wrap_up: Ticks
    outcome: Codes
    queued: Flags
    segment: Codes
    need: Codes
    channel: Codes
    customer: Codes
    case: Codes
    agent: Codes
    words: dict[str, tuple[str, ...]]
    rows: int
    excluded: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of contacts."""
        return len(self.entered)

    def where(self, kept: Flags) -> ContactLog:
        """Return the contacts that are kept, with the same words and notes."""
        if kept.all():
            return self
        arrays = {
            each.name: getattr(self, each.name)[kept]
            for each in fields(self)
            if isinstance(getattr(self, each.name), np.ndarray)
        }
        return replace(self, **arrays)

    def without(self, dropped: Flags, reason: str) -> ContactLog:
        """Return the log without some contacts, which are counted by reason."""
        count = int(np.count_nonzero(dropped))
        if count == 0:
            return self
        excluded = self.excluded | {reason: self.excluded.get(reason, 0) + count}
        return replace(self.where(~dropped), excluded=excluded)

    def noted(self, *texts: str) -> ContactLog:
        """Return the log with more to know about it."""
        return replace(self, notes=(*self.notes, *texts))

    @property
    def day(self) -> Codes:
        """Days since 1970 on which contacts entered."""
        return self.entered // DAY

    @property
    def clock(self) -> Ticks:
        """Time of day at which contacts entered."""
        return self.entered % DAY

    @property
    def served(self) -> Flags:
        """True for those who were served."""
        return np.asarray(self.outcome == SERVED)

    @property
    def abandoned(self) -> Flags:
        """True for those who lost patience."""
        return np.asarray(self.outcome == ABANDONED)

    @property
    def started(self) -> Ticks:
        """When service began, or the wait was given up."""
        return self.entered + np.maximum(self.wait, 0)

    @property
    def ended(self) -> Ticks:
        """When the customer left."""
        return self.started + np.where(self.served, np.maximum(self.talk, 0), 0)


def weekday_of(days: Codes) -> Codes:
    """Return weekdays of days since 1970: 0 is Monday. 1 January 1970 was a Thursday."""
    return (days + 3) % 7


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday: 0 is Monday."""
    return WEEKDAYS[weekday]


def date_of(day: int) -> str:
    """Return a day since 1970 as ``"1999-01-31"``."""
    return str(np.datetime64(int(day), "D"))


def span_of(log: ContactLog) -> str:
    """Return the dates that a log covers."""
    return f"{date_of(int(log.day[0]))} to {date_of(int(log.day[-1]))}"
