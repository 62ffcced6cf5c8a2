"""Running a world on the fast path."""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import begin_streams
from journeysim.engine.compiled.engine import CompiledEngine
from journeysim.engine.compiled.event_loop import OVER
from journeysim.engine.compiled.single_queue.entry_loop import MORE_ENDS, TIE, run_ahead
from journeysim.engine.compiled.single_queue.finished_journeys import ends_of
from journeysim.engine.compiled.single_queue.pool_clock import finish, places_of


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
        world = self.memory.world
        # Few enough ends to stay in a processor's cache.
        for name, array in (places_of(self.model) | ends_of(4 * self.rows_at_first)).items():
            self.memory.put(name, array)
        begin_streams(world)
        while (reason := run_ahead(world, self.batch_rows)) != OVER:
            if reason == TIE:
                raise TieError
            if reason == MORE_ENDS:
                self._make_room_for_ends()
            self._go_on(reason)
        finish(world)
        self._emit_open()
        self._finish()

    def _make_room_for_ends(self) -> None:
        old = self.memory["ends"]
        larger = ends_of(2 * old.shape[0])
        larger["ends"][: old.shape[0]] = old
        for name, array in larger.items():
            self.memory.put(name, array)
