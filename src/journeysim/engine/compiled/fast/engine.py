"""Running a world on the fast path."""

from __future__ import annotations

from journeysim.engine.compiled.coming import begin_streams
from journeysim.engine.compiled.engine import CompiledEngine
from journeysim.engine.compiled.fast.loop import TIE, run_ahead
from journeysim.engine.compiled.fast.places import finish, places_of
from journeysim.engine.compiled.loop import OVER


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
        for name, array in places_of(self.model).items():
            self.memory.put(name, array)
        begin_streams(world)
        while (reason := run_ahead(world, self.batch_rows)) != OVER:
            if reason == TIE:
                raise TieError
            self._go_on(reason)
        finish(world)
        self._emit_open()
        self._finish()
