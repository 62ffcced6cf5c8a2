"""Phases of a tick in which contacts begin or end on the single-queue path: ranks of events.

Later contacts wait in the heap of `event_heap`. What is made at the current tick comes after
what was there before, so who leaves a queue and enters another without delay does so in the phase
in which patience ends, after all who arrive at that tick.
"""

from __future__ import annotations

from journeysim.engine import order
from journeysim.jit import number

ENDING = number(order.END)
ENTERING = number(order.ARRIVAL)
LEAVING = number(order.ABANDONMENT)
