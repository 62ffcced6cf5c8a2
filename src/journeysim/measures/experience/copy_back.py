"""Copying what a block found to its places among all journeys."""

from __future__ import annotations

from journeysim.jit import borrowing
from journeysim.measures.experience.pass_records import Numbers


@borrowing
def keep(found: Numbers, first: int, size: int, out: Numbers) -> None:
    """Copy what a block found to its places, if asked for."""
    if out.shape[0]:
        for place in range(size):
            out[first + place] = found[place]
