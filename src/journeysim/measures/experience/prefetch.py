"""Asking memory for what will soon be read: it then works while the processor computes."""

from __future__ import annotations

from journeysim.jit import borrowing
from journeysim.measures.experience.contact_columns import Rows
from journeysim.measures.experience.pass_records import Extras, Outputs
from journeysim.numba_internals import prefetch_element

#: Times that come from memory together.
TIMES_OF_A_LINE = 8


@borrowing
def fetch_times(rows: Rows, row: int) -> None:
    """Ask for the times of some contacts from a row on, which may lie behind the last.

    Nothing is read, so nothing can go wrong; it is a hint.
    """
    prefetch_element(rows.wait, row)
    prefetch_element(rows.talk.ticks, row)
    prefetch_element(rows.wrap_up.ticks, row)
    prefetch_element(rows.announced.ticks, row)


@borrowing
def fetch_judged(extras: Extras, out: Outputs, journey: int) -> None:
    """Ask for what is read and written of some journeys, from one on, once they are judged."""
    prefetch_element(extras.value, journey)
    prefetch_element(out.churn_probability, journey)
    prefetch_element(out.value_at_risk, journey)
