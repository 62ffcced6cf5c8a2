"""Running a world through the compiled event loop, and writing what comes out of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from journeysim.engine.compiled.arrival_streams import BLOCK, STREAM_FIELDS, begin_streams
from journeysim.engine.compiled.event_heap import doubled, heap_of
from journeysim.engine.compiled.event_loop import (
    MORE_CONTACTS,
    MORE_EVENTS,
    MORE_JOURNEYS,
    OVER,
    WRITE,
    run_until_full,
)
from journeysim.engine.compiled.first_contact_draws import FRESH_FIELDS
from journeysim.engine.compiled.floor import record
from journeysim.engine.compiled.memory import memory_of
from journeysim.engine.compiled.output_buffers import Output
from journeysim.engine.compiled.output_rows import emit_open
from journeysim.engine.compiled.state import (
    CONTACT_FIELDS,
    CONTACTS_BEFORE,
    CONTACTS_OUT,
    END,
    FREE_CONTACT,
    FREE_JOURNEY,
    HORIZON,
    INTERVAL,
    INTERVAL_EVERY,
    J_FREE,
    J_LIVE,
    J_NUMBER,
    JOURNEY_FIELDS,
    JOURNEYS_OUT,
    MAX_CONTACTS,
    NOW,
    POOL_FIELDS,
    REPLICATION,
    SCALARS,
    SEED,
    SENDING_AWAY,
    SETTINGS,
    SIBLING,
    WARM_UP,
    WEEKDAY,
    free_rows,
)
from journeysim.engine.emission import BATCH_ROWS, Emission
from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.tables.batches import CONTACT_ROW, JOURNEY_ROW
from journeysim.tables.columns import CONTACTS, JOURNEYS
from journeysim.units import DAY


class CompiledEngine:
    """One replication of a world, by compiled code.

    Parameters
    ----------
    model
        The scenario as arrays.
    seed, replication
        The address of all its luck.
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
        self._put_settings(seed, replication)
        self._put_state()

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        world = self.memory.world
        begin_streams(world)
        while (reason := run_until_full(world, self.batch_rows)) != OVER:
            self._go_on(reason)
        self._emit_open()
        self.memory["scalars"][NOW] = self.model.end
        for pool in range(self.model.units.size):
            record(world, pool)
        self._finish()

    def _go_on(self, reason: int) -> None:
        """See to it that compiled code can go on: write a batch, or make twice as much room."""
        if reason == WRITE:
            self._write()
        elif reason == MORE_EVENTS:
            self._make_room_for_events()
        elif reason == MORE_CONTACTS:
            self._double("contacts", "contact_factors", SIBLING, FREE_CONTACT)
        elif reason == MORE_JOURNEYS:
            self._double("journeys", "journey_factors", J_FREE, FREE_JOURNEY)

    def _make_room_for_events(self) -> None:
        memory = self.memory
        larger = doubled(memory["heap_keys"], memory["heap_slots"], memory["events"])
        for name, array in larger.items():
            memory.put(name, array)

    def _double(self, rows: str, factors: str, link: int, free: int) -> None:
        old, numbers = self.memory[rows], self.memory[factors]
        larger = np.concatenate([old, np.zeros_like(old)])
        self.memory["scalars"][free] = free_rows(larger, old.shape[0], link)
        self.memory.put(rows, larger)
        self.memory.put(factors, np.concatenate([numbers, numbers]))

    def _write(self) -> None:
        scalars = self.memory["scalars"]
        contacts, journeys = int(scalars[CONTACTS_OUT]), int(scalars[JOURNEYS_OUT])
        if contacts:
            self.emission.contacts(self._contacts.first(contacts))
            self.emission.journeys(self._journeys.first(journeys))
            if self.emission.keeps_batches:
                # Arrow looks at these very rows, so the next batch needs others.
                self._put_output()
        scalars[CONTACTS_BEFORE] += contacts
        scalars[CONTACTS_OUT] = 0
        scalars[JOURNEYS_OUT] = 0
        if self.progress is not None:
            self.progress(min(1.0, int(scalars[NOW]) / self.model.horizon))

    def _emit_open(self) -> None:
        """Write who is still there, by number."""
        journeys, scalars = self.memory["journeys"], self.memory["scalars"]
        live = np.flatnonzero(journeys[:, J_LIVE])
        places = live[np.argsort(journeys[live, J_NUMBER])]
        done = 0
        while done < places.size:
            done = emit_open(self.memory.world, places, done, self.batch_rows)
            if scalars[CONTACTS_OUT] >= self.batch_rows:
                self._write()
        self._write()

    def _finish(self) -> None:
        """Write what the agents did."""
        memory, units = self.memory, self.model.units[:, None]
        self.emission.finish(memory["busy"] // units, memory["engaged"], memory["overrun"] // units)

    def _put_settings(self, seed: int, replication: int) -> None:
        model = self.model
        settings = np.zeros(SETTINGS, np.int64)
        settings[HORIZON] = model.horizon
        settings[END] = model.end
        settings[WARM_UP] = model.warm_up
        settings[INTERVAL] = model.interval
        settings[WEEKDAY] = model.weekday
        settings[MAX_CONTACTS] = model.max_contacts
        settings[INTERVAL_EVERY] = model.demand.interval_every
        settings[SEED] = seed
        settings[REPLICATION] = replication
        self.memory.put("settings", settings)
        variation = [model.demand.interval_cv, model.demand.interval_correlation]
        self.memory.put("interval_variation", np.array(variation))

    def _put_state(self) -> None:
        model, put = self.model, self.memory.put
        segments, channels = model.priority.shape
        pools, intervals = model.units.size, self.emission.intervals
        scalars = np.zeros(SCALARS, np.int64)
        scalars[SENDING_AWAY] = -1
        contacts = np.zeros((self.rows_at_first, CONTACT_FIELDS), np.int64)
        journeys = np.zeros((self.rows_at_first, JOURNEY_FIELDS), np.int64)
        scalars[FREE_CONTACT] = free_rows(contacts, 0, SIBLING)
        scalars[FREE_JOURNEY] = free_rows(journeys, 0, J_FREE)
        put("scalars", scalars)
        put("contacts", contacts)
        put("journeys", journeys)
        put("contact_factors", np.ones((self.rows_at_first, 2)))
        put("journey_factors", np.ones((self.rows_at_first, 2)))
        for name, array in heap_of(4 * self.rows_at_first).items():
            put(name, array)
        put("queues", np.full((self.memory["lane_priority"].size, 2), -1, np.int64))
        put("pools", np.zeros((pools, POOL_FIELDS), np.int64))
        put("channels", np.zeros((channels, 3), np.int64))
        for name in ("busy", "engaged", "overrun"):
            put(name, np.zeros((pools, intervals), np.int64))
        put("streams", np.zeros((segments + 1, STREAM_FIELDS), np.int64))
        put("stream_rates", np.zeros((segments, 3)))
        put("stream_ticks", np.zeros((segments, BLOCK), np.int64))
        put("fresh", np.zeros((segments, FRESH_FIELDS, BLOCK), np.int64))
        put("luck", np.zeros((3, BLOCK)))
        put("day_factors", np.ones((segments, -(-DAY // int(model.demand.interval_every)))))
        self._put_output()

    def _put_output(self) -> None:
        """Make room for the rows of a batch, which a journey may overfill."""
        rows = self.batch_rows + self.model.max_contacts
        self._contacts = Output(CONTACT_ROW, CONTACTS, rows)
        self._journeys = Output(JOURNEY_ROW, JOURNEYS, self.batch_rows + 1)
        self.memory.put("contacts_out", self._contacts.addresses)
        self.memory.put("journeys_out", self._journeys.addresses)
