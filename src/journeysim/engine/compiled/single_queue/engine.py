"""Running a world on the single-queue path."""

from __future__ import annotations

from journeysim.engine.compiled.arrival_streams import begin_streams
from journeysim.engine.compiled.engine import CompiledEngine
from journeysim.engine.compiled.event_loop import OVER
from journeysim.engine.compiled.single_queue.entry_loop import MORE_ENDS, TIE, run_ahead
from journeysim.engine.compiled.single_queue.finished_journeys import begin_ends, double_ends
from journeysim.engine.compiled.single_queue.pool_clock import begin_clocks, finish


class TieError(Exception):
    """The order of two events at one tick cannot be told on the single-queue path."""


class SingleQueueEngine(CompiledEngine):
    """One replication of a world for which `why_not_single_queue` has no reason.

    Raises
    ------
    TieError
        By `run`, at a service without length; the general loop can tell the order.
    """

    def run(self) -> None:
        """Run the world to its end, which is inclusive, and write what happened."""
        memory = self.memory
        begin_clocks(memory, self.model)
        # Few enough ends to stay in a processor's cache.
        begin_ends(memory, 4 * self.rows_at_first)
        begin_streams(memory)
        while (reason := run_ahead(memory, self.batch_rows)) != OVER:
            if reason == TIE:
                raise TieError
            if reason == MORE_ENDS:
                double_ends(memory)
            self._go_on(reason)
        finish(memory)
        self._emit_open()
        self._finish()
