"""Running a world through the compiled event loop, and writing what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from journeysim.engine.compiled.arrival_streams import BLOCK, begin_streams
from journeysim.engine.compiled.event_heap import begin_heap, double_heap
from journeysim.engine.compiled.event_loop import (
    MORE_CONTACTS,
    MORE_EVENTS,
    MORE_JOURNEYS,
    OVER,
    WRITE,
    run_until_full,
)
from journeysim.engine.compiled.floor import record
from journeysim.engine.compiled.layout import (
    BlockNumbers,
    Channel,
    Contact,
    ContactRows,
    FirstContacts,
    Journey,
    JourneyRows,
    LaneQueue,
    Pool,
    Run,
    Stream,
)
from journeysim.engine.compiled.memory import memory_of
from journeysim.engine.compiled.output_rows import emit_open
from journeysim.engine.emission import BATCH_ROWS, Emission
from journeysim.engine.records import Record, Records, fields_of, single, table
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.units import DAY

R = TypeVar("R", bound=Record)


class CompiledEngine:
    """One replication of a world, by compiled code.

    Parameters
    ----------
    model
        The scenario as arrays.
    seed, replication
        The address of all its draws.
    emission
        Where finished journeys go.
    progress
        Called now and then with the share of the horizon that has passed.

    Attributes
    ----------
    rows_at_first
        Customers for whom there is room at first; the room doubles when it is full.
    batch_rows
        Contacts that make a batch.
    """

    rows_at_first = 1024
    batch_rows = BATCH_ROWS

    def __init__(
        self,
        model: FlatModel,
        *,
        seed: int,
        replication: int,
        emission: Emission,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.model = model
        self.emission = emission
        self.progress = progress
        self.memory = memory_of(model)
        self._put_run(seed, replication)
        self._put_rows()
        self._put_arrivals()
        self._put_output()

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        memory = self.memory
        begin_streams(memory)
        while (reason := run_until_full(memory, self.batch_rows)) != OVER:
            self._go_on(reason)
        self._emit_open()
        memory.run.now = self.model.end
        for pool in range(self.model.units.size):
            record(memory, pool)
        self._finish()

    def _go_on(self, reason: int) -> None:
        """See to it that compiled code can go on: write a batch, or make twice as much room."""
        memory = self.memory
        if reason == WRITE:
            self._write()
        elif reason == MORE_EVENTS:
            double_heap(memory)
        elif reason == MORE_CONTACTS:
            memory.run.free_contact = memory.contacts.size
            memory.contacts = _doubled(memory.contacts, Contact, "sibling")
        elif reason == MORE_JOURNEYS:
            memory.run.free_journey = memory.journeys.size
            memory.journeys = _doubled(memory.journeys, Journey, "free")

    def _write(self) -> None:
        run = self.memory.run
        contacts, journeys = int(run.contacts_out), int(run.journeys_out)
        if contacts:
            self.emission.contacts(_first(self.memory.contact_rows, contacts))
            self.emission.journeys(_first(self.memory.journey_rows, journeys))
            if self.emission.keeps_batches:
                # Arrow looks at these very rows, so the next batch needs others.
                self._put_output()
        run.contacts_before += contacts
        run.contacts_out = 0
        run.journeys_out = 0
        if self.progress is not None:
            self.progress(min(1.0, int(run.now) / self.model.horizon))

    def _emit_open(self) -> None:
        """Write who is still there, by number."""
        journeys, run = self.memory.journeys, self.memory.run
        live = np.flatnonzero(journeys["live"])
        rows = live[np.argsort(journeys["number"][live])]
        done = 0
        while done < rows.size:
            done = emit_open(self.memory, rows, done, self.batch_rows)
            if run.contacts_out >= self.batch_rows:
                self._write()
        self._write()

    def _finish(self) -> None:
        """Write what the agents did."""
        memory, units = self.memory, self.model.units[:, None]
        self.emission.finish(memory.busy // units, memory.engaged, memory.overrun // units)

    def _put_run(self, seed: int, replication: int) -> None:
        run = self.memory.run = single(Run)
        run.seed, run.replication, run.sending_away = seed, replication, -1

    def _put_rows(self) -> None:
        """Put in who is there and what the pools do: nobody, and nothing."""
        memory, rows = self.memory, self.rows_at_first
        pools, intervals = self.model.units.size, self.emission.intervals
        memory.contacts = _free_rows(Contact, 0, rows, "sibling")
        memory.journeys = _free_rows(Journey, 0, rows, "free")
        begin_heap(memory, 4 * rows)
        memory.queues = table(LaneQueue, memory.lanes.priority.size)
        for side in ("head", "tail"):
            memory.queues[side][:] = -1
        memory.pools = table(Pool, pools)
        memory.channels = table(Channel, self.model.lines.size)
        memory.busy = np.zeros((pools, intervals), np.int64)
        memory.engaged = np.zeros((pools, intervals), np.int64)
        memory.overrun = np.zeros((pools, intervals), np.int64)

    def _put_arrivals(self) -> None:
        """Put in streams that have not begun, and room for a block of arrivals of each."""
        memory, demand = self.memory, self.model.demand
        segments = demand.gaps.size
        memory.streams = table(Stream, segments + 1)
        memory.stream_places = np.zeros((segments, 3), np.int64)
        memory.stream_rates = np.zeros((segments, 3))
        memory.stream_ticks = np.zeros((segments, BLOCK), np.int64)
        memory.interval_factors = np.ones((segments, -(-DAY // int(demand.interval_every))))
        columns = [np.zeros((segments, BLOCK), np.int64) for _ in FirstContacts._fields]
        memory.first_contacts = FirstContacts(*columns)
        memory.block = BlockNumbers(*(np.zeros(BLOCK) for _ in BlockNumbers._fields))

    def _put_output(self) -> None:
        """Make room for the rows of a batch, which a journey may overfill."""
        rows = self.batch_rows + self.model.max_contacts
        self.memory.contact_rows = _buffers(ContactRows, rows)
        self.memory.journey_rows = _buffers(JourneyRows, self.batch_rows + 1)


def _buffers(part: Any, rows: int) -> Any:
    return part(*(np.zeros(rows, field.dtype) for field in fields_of(part).values()))


def _first(columns: Any, rows: int) -> dict[str, NDArray[Any]]:
    """Return the first rows of every column."""
    return {name: column[:rows] for name, column in columns._asdict().items()}


def _free_rows(record: type[R], first: int, rows: int, link: str) -> Records[R]:
    """Return a table whose rows are chained as free from a first one on."""
    made = table(record, rows)
    made[link][first:] = np.arange(first + 1, rows + 1)
    made[link][-1] = -1
    return made


def _doubled(old: Records[R], record: type[R], link: str) -> Records[R]:
    """Return a table with twice as many rows, of which the new ones are free."""
    larger = _free_rows(record, old.size, 2 * old.size, link)
    larger[: old.size] = old
    return larger
