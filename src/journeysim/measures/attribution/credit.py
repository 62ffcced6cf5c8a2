"""Credit for journeys that met their goal, by each method that a log allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.attribution.chain import removal_in_flow
from journeysim.measures.attribution.counting import Counted
from journeysim.measures.attribution.counts import JourneyCounts
from journeysim.measures.attribution.journeys_in_blocks import MET

START: Final = 0


@dataclass(frozen=True, slots=True)
class Method:
    """A way to give credit.

    Attributes
    ----------
    name
        In tables.
    meaning
        In a sentence.
    """

    name: str
    meaning: str


#: Methods whose credits add up to the journeys that met the goal.
CREDITS: Final = (
    Method("first_touch", "All credit to the first touchpoint of a journey."),
    Method("last_touch", "All credit to the last touchpoint of a journey."),
    Method("linear", "Each contact of a journey has an equal part."),
    Method("shapley", "Each different touchpoint of a journey has an equal part."),
    Method("markov", "Removal effects of the chain, scaled to add up to 1."),
)
#: What the log claims would be missing; it does not add up to anything.
REMOVAL: Final = Method(
    "removal_effect", "Share of goals that the chain loses if the touchpoint leads nowhere."
)


def shares_of(counts: JourneyCounts) -> dict[str, Numbers]:
    """Return what each method gives each touchpoint, as a share of the journeys that met the goal.

    Returns
    -------
    By name of the method, shape (touchpoints,); NaN where no journey met the goal.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        removal = removal_in_flow(counts.flow, counts.memory).effects
        return {
            "first_touch": counts.steps[MET, START, :-1] / counts.met,
            "last_touch": counts.steps[MET, START + 1 :, -1] / counts.met,
            "linear": _split(counts.contacts, counts.longer) / counts.met,
            "shapley": _split(counts.distinct, {}) / counts.met,
            "markov": removal / removal.sum(),
            REMOVAL.name: removal,
        }


def _split(counted: Counted, longer: dict[int, Counted]) -> Numbers:
    """Return the sum of 1 / n over what was counted in journeys of n parts."""
    parts = np.arange(1, len(counted))
    total = (counted[1:] / parts[:, None]).sum(axis=0)
    for length, found in longer.items():
        total = total + found / length
    return np.asarray(total)
