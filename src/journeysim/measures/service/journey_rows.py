"""The scored journeys of one replication, as arrays, with what their contacts say of them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import Flags, Numbers, Ticks, category, flag, number, whole
from journeysim.measures.experience.journey_columns import Array
from journeysim.measures.experience.journey_measure import JourneyMeasure
from journeysim.measures.experience.run_source import pieces_of
from journeysim.measures.experience.score_journeys import columns_needed
from journeysim.measures.experience.scoring_pass import score_columns
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups, Layout, interval_codes
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.pool_rows import PoolRows
from journeysim.tables.columns import Cause, JourneyOutcome, words


class JourneyRows:
    """The scored journeys of one replication; every array has the shape (journeys,).

    Attributes
    ----------
    table
        All journeys, scored or not.
    contacts, pools
        The other rows of the replication, for measures that need them (costs).
    rules
        Names, thresholds and spans.
    """

    def __init__(
        self, table: pa.Table, *, contacts: ContactRows, pools: PoolRows, rules: Rules
    ) -> None:
        self.table = table
        self.contacts = contacts
        self.pools = pools
        self.rules = rules
        self._scored = flag(table, "scored")

    def __len__(self) -> int:
        return int(self._scored.sum())

    def group(self, layout: Layout) -> Groups:
        """Return the groups of the journeys; the interval is that of the arrival."""
        codes = [self._codes(dimension) for dimension in layout.dimensions]
        return layout.group(codes, len(self))

    def ticks(self, name: str) -> Ticks:
        """Return a column of times or whole numbers, ticks; 0 where missing."""
        return whole(self.table, name)[self._scored]

    def score(self, measure: JourneyMeasure) -> Array:
        """Return a measure of journeys, such as `peak_end`, of the scored ones.

        Raises
        ------
        MeasureError
            If a column that it needs is not there.
        """
        needed = columns_needed([measure])
        parts = [
            score_columns(piece, measures=[measure], weights=self.rules.weights)[measure.name]
            for piece in pieces_of(self.contacts.table, self.table, columns=needed)
        ]
        found = np.concatenate(parts) if parts else np.empty(0)
        return np.asarray(found[self._scored])

    def ended_as(self, outcome: JourneyOutcome) -> Flags:
        """Return which journeys ended so."""
        return np.asarray(self._outcome == int(outcome))

    @cached_property
    def arrived(self) -> Ticks:
        """When the first contact was made, ticks."""
        return self.ticks("arrived")

    @cached_property
    def contacts_made(self) -> Ticks:
        """Contacts of the journey."""
        return self.ticks("contacts")

    @cached_property
    def value(self) -> Numbers:
        """Worth of the customer."""
        return number(self.table, "value")[self._scored]

    @cached_property
    def resolved(self) -> Flags:
        """Which journeys ended with the need met."""
        return self.ended_as(JourneyOutcome.RESOLVED)

    @cached_property
    def followed_up(self) -> Flags:
        """Which journeys began early enough to be seen for the whole recontact window."""
        return self.arrived + self.rules.window <= self.rules.end

    @cached_property
    def contacted_again(self) -> Flags:
        """Which journeys had another contact, in any channel, within the recontact window."""
        again = self.contacts_made > 1
        first = self.ticks("first_contact")[again]
        entered = whole(self.contacts.table, "entered")
        found = np.zeros(len(self), dtype=np.bool_)
        found[again] = entered[first + 1] - entered[first] <= self.rules.window
        return found

    @cached_property
    def came_back(self) -> Flags:
        """Which journeys have a contact after a service that did not meet the need."""
        causes = category(self.contacts.table, "cause", words(Cause))
        before = np.concatenate(([0], np.cumsum(causes == int(Cause.RECONTACT))))
        first = self.ticks("first_contact")
        return np.asarray(before[first + self.contacts_made] > before[first])

    @cached_property
    def _outcome(self) -> NDArray[np.integer[Any]]:
        return category(self.table, "outcome", words(JourneyOutcome))[self._scored]

    def _codes(self, dimension: str) -> NDArray[np.integer[Any]]:
        if dimension == "interval":
            return interval_codes(self.arrived, self.rules)
        names = self.rules.segments if dimension == "segment" else self.rules.needs
        return category(self.table, dimension, names)[self._scored]
