"""Copying what a block found to its places among all journeys."""

from __future__ import annotations

from journeysim.jit import compiled
from journeysim.scoring.experience.pass_records import Counted, Numbers, Whole


@compiled
def keep(found: Numbers, first: int, size: int, out: Numbers) -> None:
    """Copy what a block found to its places, if asked for."""
    if out.shape[0]:
        for place in range(size):
            out[first + place] = found[place]


@compiled
def keep_whole(found: Whole, first: int, size: int, out: Whole) -> None:
    """Do the same with times."""
    if out.shape[0]:
        for place in range(size):
            out[first + place] = found[place]


@compiled
def keep_counted(found: Counted, first: int, size: int, out: Counted) -> None:
    """Do the same with counts."""
    if out.shape[0]:
        for place in range(size):
            out[first + place] = found[place]
