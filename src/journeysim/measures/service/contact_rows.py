"""The scored contacts of one replication, as arrays."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Codes, Flags, Ticks, category, flag, whole
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups, Layout, interval_codes
from journeysim.tables.columns import Cause, ContactOutcome, words

Array = TypeVar("Array", bound=NDArray[Any])


class ContactRows:
    """The scored contacts of one replication; every array has the shape (contacts,).

    Attributes
    ----------
    table
        All contacts, scored or not.
    rules
        Names, thresholds and spans.
    """

    def __init__(self, table: pa.Table, rules: Rules) -> None:
        self.table = table
        self.rules = rules
        scored = flag(table, "scored")
        # None where all are scored, so that nothing need be copied.
        self._scored = None if scored.all() else scored

    def __len__(self) -> int:
        return self.table.num_rows if self._scored is None else int(self._scored.sum())

    def group(self, layout: Layout) -> Groups:
        """Return the groups of the contacts."""
        codes = [self._codes(dimension) for dimension in layout.dimensions]
        return layout.group(codes, len(self))

    def ticks(self, name: str) -> Ticks:
        """Return a column of times or whole numbers, ticks; 0 where missing."""
        return self._kept(whole(self.table, name))

    def ended_as(self, *outcomes: ContactOutcome) -> Flags:
        """Return which contacts ended in one of the ways."""
        flags = [self._outcome == int(outcome) for outcome in outcomes]
        return np.asarray(flags[0] if len(flags) == 1 else np.logical_or.reduce(flags))

    def made_as(self, cause: Cause) -> Flags:
        """Return which contacts were made for a cause."""
        return np.asarray(self._cause == int(cause))

    @cached_property
    def channel(self) -> NDArray[np.integer[Any]]:
        """Code of the channel."""
        return self._kept(category(self.table, "channel", self.rules.channels))

    @cached_property
    def pool(self) -> NDArray[np.integer[Any]]:
        """Code of the pool that served, -1 for none."""
        return self._kept(category(self.table, "pool", self.rules.pools))

    @cached_property
    def entered(self) -> Ticks:
        """When the customer came, ticks."""
        return self.ticks("entered")

    @cached_property
    def wait(self) -> Ticks:
        """Time in queue, ticks; up to the end of the world for who waits still."""
        return self.ticks("wait")

    @cached_property
    def handling(self) -> Ticks:
        """Talk and wrap-up, ticks; 0 where none ended."""
        return self.ticks("talk") + self.ticks("wrap_up")

    @cached_property
    def resolved(self) -> Flags:
        """Which contacts met the need."""
        return self._kept(flag(self.table, "resolved"))

    @cached_property
    def by_agents(self) -> Flags:
        """Which contacts came to a channel in which agents serve."""
        return np.asarray(self.rules.by_agents[self.channel])

    @cached_property
    def deferred(self) -> Flags:
        """Which contacts came to a deferred channel."""
        return np.asarray(self.rules.deferred[self.channel])

    @cached_property
    def threshold(self) -> Ticks:
        """Longest wait in time, of the channel, ticks."""
        return np.asarray(self.rules.threshold[self.channel])

    @cached_property
    def answered(self) -> Flags:
        """Which contacts an agent served to the end (S); who was then transferred was served."""
        served = self.ended_as(
            ContactOutcome.SERVED_RESOLVED,
            ContactOutcome.SERVED_UNRESOLVED,
            ContactOutcome.TRANSFERRED,
        )
        return served & self.by_agents

    @cached_property
    def abandoned(self) -> Flags:
        """Which contacts lost patience (L)."""
        return self.ended_as(ContactOutcome.ABANDONED)

    @cached_property
    def open(self) -> Flags:
        """Which contacts were waiting or in service at the end of the world."""
        return self.ended_as(ContactOutcome.WAITING, ContactOutcome.IN_SERVICE)

    @cached_property
    def entered_channel(self) -> Flags:
        """Which contacts got in: neither balked, nor blocked, nor closed."""
        refused = self.ended_as(
            ContactOutcome.BALKED, ContactOutcome.BLOCKED, ContactOutcome.CLOSED
        )
        return ~refused

    @cached_property
    def accepted(self) -> Flags:
        """Which contacts got in where agents serve (A): answered, abandoned, superseded, open."""
        return self.entered_channel & self.by_agents

    @cached_property
    def within(self) -> Flags:
        """Which contacts waited at most the threshold; equality counts."""
        return self.wait <= self.threshold

    @cached_property
    def answered_within(self) -> Flags:
        """Which contacts were answered within the threshold."""
        return self.answered & self.within

    @cached_property
    def abandoned_within(self) -> Flags:
        """Which contacts abandoned within the threshold."""
        return self.abandoned & self.within

    @cached_property
    def abandoned_short(self) -> Flags:
        """Which contacts abandoned within the short-abandon threshold; equality counts."""
        return np.asarray(self.abandoned & (self.wait <= self.rules.short_abandon[self.channel]))

    @cached_property
    def _outcome(self) -> NDArray[np.integer[Any]]:
        return self._kept(category(self.table, "outcome", words(ContactOutcome)))

    @cached_property
    def _cause(self) -> NDArray[np.integer[Any]]:
        return self._kept(category(self.table, "cause", words(Cause)))

    def _codes(self, dimension: str) -> Codes | NDArray[np.integer[Any]]:
        if dimension == "interval":
            answer = self.rules.interval_of == "answer"
            return interval_codes(self.entered + self.wait if answer else self.entered, self.rules)
        if dimension == "channel":
            return self.channel
        if dimension == "pool":
            return self.pool
        names = self.rules.segments if dimension == "segment" else self.rules.needs
        return self._kept(category(self.table, dimension, names))

    def _kept(self, column: Array) -> Array:
        return column if self._scored is None else column[self._scored]  # type: ignore[return-value]
