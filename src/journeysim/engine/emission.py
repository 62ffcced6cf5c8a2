"""Where engines leave what happened: rows of whole numbers, streamed to Arrow in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.engine.reference.entities import Contact, Journey
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.scenario.flat.per_model_cache import once_per_model
from journeysim.tables.batches import (
    CONTACT_ROW,
    JOURNEY_ROW,
    BatchMaker,
    Categories,
    Columns,
    Rows,
    Standing,
    typed,
)
from journeysim.tables.columns import CONTACTS, INTERVALS, JOURNEYS, schema
from journeysim.tables.interval_tally import PoolTimes, Tally, interval_edges, level_time
from journeysim.tables.replication_sink import Sink
from journeysim.tables.run import TableName

#: Rows per record batch: large enough for speed, small enough for bounded memory.
BATCH_ROWS = 32_768


class Emission:
    """Takes the finished journeys of one replication and writes its three tables."""

    def __init__(self, model: FlatModel, categories: Categories, sink: Sink[Any]) -> None:
        self.model = model
        self.categories = categories
        self.sink = sink
        self.batches = BatchMaker(
            categories, Standing(model.value, model.head_start, model.priority)
        )
        self.tally = Tally(len(categories.channels), model.interval, model.end)
        self.intervals = self.tally.edges.size - 1
        #: Whether written batches stay in memory, and with them the arrays they look at.
        self.keeps_batches = sink.keeps_batches
        layouts: dict[TableName, pa.Schema] = {
            "contacts": self.batches.contact_schema,
            "journeys": self.batches.journey_schema,
            "intervals": schema(INTERVALS),
        }
        for name, layout in layouts.items():
            if name in sink.takes:
                sink.begin(name, layout)

    def contacts(self, columns: Columns) -> None:
        """Write a batch of contacts, with the columns of `CONTACT_ROW`."""
        self.tally.add(columns)
        if "contacts" in self.sink.takes:
            self.sink.write("contacts", self.batches.contacts(columns))

    def journeys(self, columns: Columns) -> None:
        """Write a batch of journeys, with the columns of `JOURNEY_ROW`."""
        if "journeys" in self.sink.takes:
            self.sink.write("journeys", self.batches.journeys(columns))

    def finish(self, busy: Rows, engaged: Rows, overrun: Rows) -> None:
        """Write the intervals table.

        Parameters
        ----------
        busy, engaged, overrun
            Agent time, ticks, shape (pools, intervals).
        """
        if "intervals" not in self.sink.takes:
            return
        staffed, paid = _times_of_shifts(self.model)
        times = PoolTimes(staffed=staffed, paid=paid, busy=busy, engaged=engaged, overrun=overrun)
        table = self.tally.table(self.categories.channels, self.categories.pools, times)
        for batch in table.to_batches():
            self.sink.write("intervals", batch)


@once_per_model
def _times_of_shifts(model: FlatModel) -> tuple[Rows, Rows]:
    """Return how long agents are at work and paid, ticks, shape (pools, intervals) each."""
    pools, edges = model.units.size, interval_edges(model.interval, model.end)
    return (
        level_time(
            model.shift_tick, model.shift_pool, model.shift_agents, pools, model.interval, edges
        ),
        level_time(
            model.paid_tick, model.paid_pool, model.paid_agents, pools, model.interval, edges
        ),
    )


class FinishedJourneys:
    """Collects finished journeys of the reference engine and hands them on in batches."""

    def __init__(self, model: FlatModel, emission: Emission) -> None:
        self.emission = emission
        self.warm_up = model.warm_up
        self.contact_rows: list[tuple[int, ...]] = []
        self.journey_rows: list[tuple[int, ...]] = []
        self.contacts_before = 0

    def add(self, journey: Journey, outcome: int) -> None:
        """Add a journey that is over, or that the world's end finds open."""
        scored = int(journey.arrived >= self.warm_up)
        first_contact = self.contacts_before + len(self.contact_rows)
        wait = handling = switches = 0
        before = journey.contacts[0].channel
        for contact in journey.contacts:
            self.contact_rows.append(self._contact_row(contact, scored))
            wait += contact.wait
            if contact.pool >= 0 and contact.talk >= 0:
                handling += contact.talk + contact.wrap_up
            switches += contact.channel != before
            before = contact.channel
            contact.over = None
        self.journey_rows.append(
            (
                journey.customer,
                journey.number,
                journey.segment,
                journey.need,
                journey.arrived,
                journey.ended,
                outcome,
                len(journey.contacts),
                first_contact,
                journey.contacts[0].channel,
                before,
                switches,
                wait,
                handling,
                scored,
            )
        )
        # Journey, contacts and their events point at each other; let go, they vanish at once.
        journey.contacts.clear()
        if len(self.contact_rows) >= BATCH_ROWS:
            self.flush()

    def _contact_row(self, contact: Contact, scored: int) -> tuple[int, ...]:
        journey = contact.journey
        return (
            journey.customer,
            journey.number,
            contact.number + 1,
            journey.segment,
            journey.need,
            contact.channel,
            contact.pool,
            contact.cause,
            contact.entered,
            contact.started,
            contact.ended,
            contact.wait,
            contact.talk,
            contact.wrap_up,
            contact.outcome,
            contact.resolved,
            contact.next_step,
            contact.announced,
            scored,
        )

    def flush(self) -> None:
        """Hand on what has been collected."""
        if self.contact_rows:
            contacts, journeys = np.array(self.contact_rows), np.array(self.journey_rows)
            self.emission.contacts(typed(CONTACTS, CONTACT_ROW, contacts))
            self.emission.journeys(typed(JOURNEYS, JOURNEY_ROW, journeys))
            self.contacts_before += len(self.contact_rows)
            self.contact_rows.clear()
            self.journey_rows.clear()
