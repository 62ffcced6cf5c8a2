"""Running a world on the fast path, and writing its journeys in order of their end."""

from __future__ import annotations

import numpy as np

from journeysim.engine.compiled.coming import begin_streams
from journeysim.engine.compiled.engine import CompiledEngine
from journeysim.engine.compiled.fast.loop import (
    DONE_FIELDS,
    DONE_PLACE,
    DONE_WHEN,
    TIE,
    emit_in_order,
    run_ahead,
)
from journeysim.engine.compiled.fast.places import finish, places_of
from journeysim.engine.compiled.heap import RANKS
from journeysim.engine.compiled.loop import MORE_EVENTS, OVER, WRITE
from journeysim.engine.compiled.state import (
    CONTACTS_OUT,
    CUSTOMER,
    DONE,
    NOW,
)
from journeysim.model.flat import Whole


class TieError(Exception):
    """The order of two events at one tick cannot be told on the fast path."""


class FastEngine(CompiledEngine):
    """One replication of a world for which `why_not_fast` has no reason.

    Raises
    ------
    TieError
        By `run`, at a service without length; the general loop can tell the order.
    """

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        self._put_fast_state()
        begin_streams(self.memory.world)
        while (reason := run_ahead(self.memory.world)) != OVER:
            if reason == TIE:
                raise TieError
            if reason == WRITE:
                self._emit_past(int(self.memory["scalars"][NOW]) * RANKS)
            elif reason == MORE_EVENTS:
                self._make_room_for_events()
            else:
                self._make_room(reason)
        self._emit_past(None)
        finish(self.memory.world)
        self._emit_open()
        self._finish()

    def _put_fast_state(self) -> None:
        for name, array in places_of(self.model).items():
            self.memory.put(name, array)
        # Few at a time stay in the processor's cache.
        self.memory.put("done", np.zeros((8 * self.rows_at_first, DONE_FIELDS), np.int64))

    def _emit_past(self, present: int | None) -> None:
        """Write the journeys that ended before the present, all for None; keep the others."""
        memory, scalars = self.memory, self.memory["scalars"]
        done = memory["done"][: scalars[DONE]]
        when = done[:, DONE_WHEN]
        over = np.ones(when.size, np.bool_) if present is None else when < present
        places = self._in_order(done[over])
        waiting = done[~over]
        first = 0
        while first < places.size:
            first = emit_in_order(memory.world, places, first, self.batch_rows)
            if scalars[CONTACTS_OUT] >= self.batch_rows:
                self._write()
        memory["done"][: waiting.shape[0]] = waiting
        scalars[DONE] = waiting.shape[0]
        # Sorting pays if what is kept is less than what goes out.
        if 2 * waiting.shape[0] > memory["done"].shape[0]:
            done = memory["done"]
            memory.put("done", np.concatenate([done, np.zeros_like(done)]))

    def _in_order(self, done: Whole) -> Whole:
        """Return rows of journeys in order of their end, by customer in one phase of a tick."""
        when, places = done[:, DONE_WHEN], done[:, DONE_PLACE]
        order = np.argsort(when)
        ordered = when[order]
        if np.any(ordered[1:] == ordered[:-1]):
            order = np.lexsort((self.memory["journeys"][places, CUSTOMER], when))
        return np.ascontiguousarray(places[order])
