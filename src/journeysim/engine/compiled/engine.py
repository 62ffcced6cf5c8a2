"""Running a world through the compiled event loop, and writing what comes out of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from journeysim.engine.compiled.coming import BLOCK, STREAM_FIELDS, begin_streams
from journeysim.engine.compiled.floor import record
from journeysim.engine.compiled.heap import FIELDS
from journeysim.engine.compiled.lanes import Lanes, lanes_of
from journeysim.engine.compiled.life import emit
from journeysim.engine.compiled.loop import (
    MORE_CONTACTS,
    MORE_EVENTS,
    MORE_JOURNEYS,
    OVER,
    WRITE,
    run_until_full,
)
from journeysim.engine.compiled.state import (
    CONTACT_FIELDS,
    CONTACTS_BEFORE,
    CONTACTS_OUT,
    ENTERED,
    FREE_CONTACT,
    FREE_JOURNEY,
    J_FIRST,
    J_FREE,
    J_LIVE,
    J_NUMBER,
    J_OUTCOME,
    JOURNEY_FIELDS,
    JOURNEYS_OUT,
    NOW,
    OUTCOME,
    SCALARS,
    SENDING_AWAY,
    SIBLING,
    WAIT,
    WAITING,
    State,
    World,
    free_rows,
)
from journeysim.engine.emission import BATCH_ROWS, Emission
from journeysim.journeys.batches import CONTACT_ROW, JOURNEY_ROW
from journeysim.journeys.columns import ContactOutcome, JourneyOutcome
from journeysim.model.flat import FlatModel, Whole
from journeysim.units import DAY

_ROWS_AT_FIRST = 256


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
    """

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
        lanes = lanes_of(model)
        state = _fresh_state(model, lanes, emission.intervals)
        self.world = World(model, lanes, state, seed, replication)

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        begin_streams(self.world)
        while (reason := run_until_full(self.world, BATCH_ROWS)) != OVER:
            if reason == WRITE:
                self._write()
            elif reason == MORE_CONTACTS:
                self._double("contacts", "contact_factors", SIBLING, FREE_CONTACT)
            elif reason == MORE_JOURNEYS:
                self._double("journeys", "journey_factors", J_FREE, FREE_JOURNEY)
            elif reason == MORE_EVENTS:
                heap = self.world.state.heap
                self._replace(heap=np.concatenate([heap, np.empty_like(heap)]))
        self._close_the_books()

    def _replace(self, **arrays: np.ndarray) -> None:
        self.world = self.world._replace(state=self.world.state._replace(**arrays))

    def _double(self, rows: str, factors: str, link: int, free: int) -> None:
        old = getattr(self.world.state, rows)
        larger = np.concatenate([old, np.zeros_like(old)])
        numbers = getattr(self.world.state, factors)
        self.world.state.scalars[free] = free_rows(larger, old.shape[0], link)
        self._replace(**{rows: larger, factors: np.concatenate([numbers, numbers])})

    def _write(self) -> None:
        state, scalars = self.world.state, self.world.state.scalars
        contacts, journeys = int(scalars[CONTACTS_OUT]), int(scalars[JOURNEYS_OUT])
        if contacts:
            self.emission.contacts(_columns(CONTACT_ROW, state.contacts_out, contacts))
            self.emission.journeys(_columns(JOURNEY_ROW, state.journeys_out, journeys))
        scalars[CONTACTS_BEFORE] += contacts
        scalars[CONTACTS_OUT] = 0
        scalars[JOURNEYS_OUT] = 0
        if self.progress is not None:
            self.progress(min(1.0, int(scalars[NOW]) / self.model.horizon))

    def _close_the_books(self) -> None:
        """Record who is still there, by number, and what the agents did."""
        world, model = self.world, self.model
        state, end = world.state, model.end
        live = np.flatnonzero(state.journeys[:, J_LIVE])
        for place in live[np.argsort(state.journeys[live, J_NUMBER])].tolist():
            row = int(state.journeys[place, J_FIRST])
            while row >= 0:
                contact = state.contacts[row]
                if contact[WAITING]:
                    contact[OUTCOME] = ContactOutcome.WAITING
                    contact[WAIT] = end - contact[ENTERED]
                elif contact[OUTCOME] < 0:
                    contact[OUTCOME] = ContactOutcome.IN_SERVICE
                row = int(contact[SIBLING])
            outcome = int(state.journeys[place, J_OUTCOME])
            emit(world, place, outcome if outcome >= 0 else int(JourneyOutcome.OPEN))
            if state.scalars[CONTACTS_OUT] >= BATCH_ROWS:
                self._write()
        self._write()
        state.scalars[NOW] = end
        for pool in range(model.units.size):
            record(world, pool)
        units = model.units[:, None]
        self.emission.finish(state.busy // units, state.engaged, state.overrun // units)


def _columns(names: tuple[str, ...], rows: Whole, count: int) -> dict[str, Whole]:
    return {name: column[:count] for name, column in zip(names, rows, strict=True)}


def _fresh_state(model: FlatModel, lanes: Lanes, intervals: int) -> State:
    segments, channels = model.priority.shape
    pools = model.units.size
    scalars = np.zeros(SCALARS, np.int64)
    scalars[SENDING_AWAY] = -1
    contacts = np.zeros((_ROWS_AT_FIRST, CONTACT_FIELDS), np.int64)
    journeys = np.zeros((_ROWS_AT_FIRST, JOURNEY_FIELDS), np.int64)
    scalars[FREE_CONTACT] = free_rows(contacts, 0, SIBLING)
    scalars[FREE_JOURNEY] = free_rows(journeys, 0, J_FREE)
    stretches = -(-DAY // int(model.demand.interval_every))
    times = (pools, intervals)
    return State(
        contacts=contacts,
        contact_factors=np.ones((_ROWS_AT_FIRST, 2)),
        journeys=journeys,
        journey_factors=np.ones((_ROWS_AT_FIRST, 2)),
        heap=np.zeros((4 * _ROWS_AT_FIRST, FIELDS), np.int64),
        lanes=np.full((lanes.channel.size, 2), -1, np.int64),
        pools=np.zeros((pools, 5), np.int64),
        channels=np.zeros((channels, 3), np.int64),
        busy=np.zeros(times, np.int64),
        engaged=np.zeros(times, np.int64),
        overrun=np.zeros(times, np.int64),
        streams=np.zeros((segments + 1, STREAM_FIELDS), np.int64),
        stream_rates=np.zeros((segments, 3)),
        stream_ticks=np.zeros((segments, BLOCK), np.int64),
        day_factors=np.ones((segments, stretches)),
        contacts_out=np.zeros((len(CONTACT_ROW), BATCH_ROWS + model.max_contacts), np.int64),
        journeys_out=np.zeros((len(JOURNEY_ROW), BATCH_ROWS + 1), np.int64),
        scalars=scalars,
    )
