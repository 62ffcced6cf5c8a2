"""Places for what a block finds: among all journeys where it is asked for, else of its own."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.scoring.experience.pass_records import Numbers, Outputs
from journeysim.scoring.experience.rows import Counts

Kind = TypeVar("Kind", bound=np.generic)


@compiled
def keep(found: Numbers, first: int, size: int, out: Numbers) -> None:
    """Copy what a block found to its places, if asked for."""
    if out.shape[0]:
        for place in range(size):
            out[first + place] = found[place]


@compiled
def room(own: NDArray[Kind], first: int, size: int, out: NDArray[Kind]) -> NDArray[Kind]:
    """Return the places of a block among all, if asked for, or else its own."""
    return out[first : first + size] if out.shape[0] else own[:size]


@compiled
def rooms(own: Counts, first: int, size: int, out: Outputs) -> Counts:
    """Return where the counts of a block are written: what is asked for is not copied then."""
    return Counts(
        contacts=room(own.contacts, first, size, out.contacts),
        total_wait=room(own.total_wait, first, size, out.total_wait),
        total_handling=room(own.total_handling, first, size, out.total_handling),
        counted=own.counted[:size],
        switches=room(own.switches, first, size, out.switches),
        retries=room(own.retries, first, size, out.retries),
        repeats=own.repeats[:size],
        hops=own.hops[:size],
        transfers=own.transfers[:size],
        stories=own.stories[:size],
        met=own.met[:size],
        abandoned=own.abandoned[:size],
        minutes=own.minutes[:size],
        effort=room(own.effort, first, size, out.effort),
        cost_to_serve=room(own.cost_to_serve, first, size, out.cost_to_serve),
        peaks=own.peaks[:size],
        ends=own.ends[:size],
        peak_end=room(own.peak_end, first, size, out.peak_end),
    )
