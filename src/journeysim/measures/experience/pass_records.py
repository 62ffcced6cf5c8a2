"""What the fused pass takes and gives: weights in groups, columns, outputs, and its scratch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.jit import compiled
from journeysim.measures.experience.contact_columns import BlockCounts
from journeysim.measures.experience.memory import Memories
from journeysim.measures.experience.valence import Anger

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Counted = NDArray[np.int32]


class Factors(NamedTuple):
    """Weights of the pass, in groups."""

    k: float
    beta: float
    efforts: tuple[float, float, float, float, float]
    effort_scale: float
    speed: tuple[float, float, float, float, float]
    memory: tuple[float, float]
    anger: Anger
    anger_valence: float
    recommend: tuple[float, float, float]
    churn: tuple[float, float, float, float, float]
    satisfaction: tuple[float, float, float]
    lost: tuple[float, float]
    lifetime: float


class Extras(NamedTuple):
    """Columns of journeys: shape (journeys,), or (0,) where there are none."""

    value: Numbers
    churn: Numbers


class Outputs(NamedTuple):
    """The built-in measures: shape (journeys,), or (0,) for what is not asked for.

    `valence` is that of contacts, by row of the contact columns.
    """

    contacts: Counted
    switches: Counted
    retries: Counted
    total_wait: Whole
    total_handling: Whole
    perceived_wait: Numbers
    effort: Numbers
    customer_effort: Numbers
    ease: Numbers
    peak_end: Numbers
    mean_valence: Numbers
    lowest_valence: Numbers
    valence_trend: Numbers
    satisfaction: Numbers
    recommendation: Numbers
    promoter: Numbers
    detractor: Numbers
    anger: Numbers
    lost_for_good: Numbers
    churn_probability: Numbers
    cost_to_serve: Numbers
    value_at_risk: Numbers
    valence: Numbers


class Parts(NamedTuple):
    """Which parts of the pass are needed."""

    perceived: bool
    valence: bool
    anger: bool
    memories: bool
    recommend: bool


class Scratch(NamedTuple):
    """Of one thread: what is between columns and measures, for the contacts of one block.

    `handling` is talk and wrap-up, ticks, whoever serves; `brought` the anger that a contact begins
    with. Places of journeys follow from `longer` on.
    """

    keys: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    announced: NDArray[np.uint8]
    firsts: NDArray[np.uint16]
    signs: NDArray[np.uint16]
    steps: NDArray[np.uint64]
    handling: Whole
    by_agents: Whole
    places: NDArray[np.uint32]
    late: Numbers
    perceived: Numbers
    past: Numbers
    valence: Numbers
    brought: Numbers
    longer: NDArray[np.uint32]
    anger: Numbers
    shares: Numbers
    logits: Numbers
    likelihood: Numbers
    promoter: Numbers
    detractor: Numbers


@compiled
def _numbers(size: int) -> Numbers:
    return np.zeros(size, dtype=np.float64)


@compiled
def _counted(size: int) -> Counted:
    return np.empty(size, dtype=np.int32)


@compiled
def new_counts(size: int) -> BlockCounts:
    """Return room for the counts of a block."""
    return BlockCounts(
        contacts=_counted(size),
        total_wait=np.empty(size, dtype=np.int64),
        total_handling=np.empty(size, dtype=np.int64),
        counted=np.empty(size, dtype=np.uint64),
        switches=_counted(size),
        retries=_counted(size),
        repeats=_counted(size),
        hops=_counted(size),
        transfers=_counted(size),
        stories=_counted(size),
        met=_counted(size),
        abandoned=_counted(size),
        minutes=_numbers(size),
        effort=_numbers(size),
        cost_to_serve=_numbers(size),
        peaks=_numbers(size),
        ends=_numbers(size),
        peak_end=_numbers(size),
    )


@compiled
def new_memories(size: int) -> Memories:
    """Return room for the memories of a block."""
    return Memories(_numbers(size), _numbers(size), _numbers(size))


@compiled
def new_scratch(journeys: int, rows: int) -> Scratch:
    """Return the scratch of a thread, for blocks of so many journeys and rows."""
    return Scratch(
        keys=np.empty(rows, dtype=np.uint32),
        flags=np.empty(rows + 8, dtype=np.uint8),
        announced=np.empty(rows + 8, dtype=np.uint8),
        firsts=np.empty(rows + 1, dtype=np.uint16),
        signs=np.empty(rows, dtype=np.uint16),
        steps=np.empty(rows, dtype=np.uint64),
        handling=np.empty(rows, dtype=np.int64),
        by_agents=np.empty(rows, dtype=np.int64),
        places=np.empty(rows + 1, dtype=np.uint32),
        late=_numbers(rows + 1),
        perceived=_numbers(rows),
        past=_numbers(rows),
        valence=_numbers(rows + 1),
        brought=_numbers(rows),
        longer=np.empty(journeys, dtype=np.uint32),
        anger=_numbers(journeys),
        shares=_numbers(journeys),
        logits=_numbers(journeys),
        likelihood=_numbers(journeys),
        promoter=_numbers(journeys),
        detractor=_numbers(journeys),
    )
