"""Counts of journeys, gathered by threads: what all ways of giving credit start from."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journeysim.errors import MeasureError
from journeysim.measures.attribution.counting import (
    Counted,
    count_distinct,
    count_journeys,
    count_tuples,
)
from journeysim.measures.attribution.journeys_in_blocks import MET, Block, JourneySource

#: Sets of more touchpoints are not counted one by one, only by size.
MOST_IN_SETS: Final = 16
#: Journeys of more contacts are counted apart; a table for every length would be too large.
LONGEST: Final = 255
#: The table of steps out of the last few touchpoints holds no more numbers (32 MB).
_LARGEST_FLOW: Final = 2**22
#: Contacts of that many journeys stay in the cache of a processor between being looked at twice.
BLOCK: Final = 2**16


@dataclass(frozen=True, slots=True)
class ChainOrder:
    """How many touchpoints the chain remembers, and what follows for its states.

    Attributes
    ----------
    touchpoints
        How many there are.
    order
        How many of the last ones are remembered.
    """

    touchpoints: int
    order: int

    def __post_init__(self) -> None:
        if self.order < 1:
            raise MeasureError(f"the order of the chain must be at least 1, got {self.order}")
        if self.states * (self.touchpoints + 2) > _LARGEST_FLOW:
            remedy = "take a lower order" if self.order > 1 else "put some of them together"
            raise MeasureError(
                f"a chain of order {self.order} over {self.touchpoints} touchpoints is too large; "
                f"{remedy}"
            )

    @property
    def states(self) -> int:
        """Number of states that can be told apart, the start among them."""
        return int((self.touchpoints + 1) ** self.order)

    @property
    def shift(self) -> int:
        """What a state is divided by to leave its oldest touchpoint out."""
        return int((self.touchpoints + 1) ** (self.order - 1))


class Flow(NamedTuple):
    """Steps out of each state that was seen.

    Attributes
    ----------
    states
        Numbers of the states, rising, shape (seen,); see `count_tuples`.
    steps
        To each touchpoint, then to the end without and with the goal, shape (seen,
        touchpoints + 2).
    """

    states: Counted
    steps: Counted


@dataclass(frozen=True)
class JourneyCounts:
    """What was counted; sums of counts are counts.

    Attributes
    ----------
    touchpoints
        Names.
    memory
        Of the chain.
    steps, contacts, sets
        See `count_journeys`; `sets` is None for too many touchpoints.
    longer
        As `contacts`, for journeys of more than `LONGEST` contacts, by length.
    distinct
        See `count_distinct`.
    remembered
        Steps of the chain where its order is above 1.
    """

    touchpoints: tuple[str, ...]
    memory: ChainOrder
    steps: Counted
    contacts: Counted
    longer: dict[int, Counted]
    sets: Counted | None
    distinct: Counted
    remembered: Flow | None

    @property
    def journeys(self) -> int:
        """Journeys with at least one contact."""
        return int(self.steps[:, 0].sum())

    @property
    def met(self) -> int:
        """Of those, journeys that met the goal."""
        return int(self.steps[MET, 0].sum())

    @cached_property
    def flow(self) -> Flow:
        """Steps of the chain."""
        if self.remembered is not None:
            return self.remembered
        to_touchpoints = self.steps[:, :, :-1].sum(axis=0)
        steps = np.hstack([to_touchpoints, self.steps[:, :, -1].T])
        seen = np.flatnonzero(steps.sum(axis=1))
        return Flow(seen, steps[seen])

    def __add__(self, other: JourneyCounts) -> JourneyCounts:
        return self._with(other, 1)

    def __sub__(self, other: JourneyCounts) -> JourneyCounts:
        return self._with(other, -1)

    def _with(self, other: JourneyCounts, sign: int) -> JourneyCounts:
        nothing = np.zeros(len(self.touchpoints), np.int64)
        longer = {
            length: self.longer.get(length, nothing) + sign * other.longer.get(length, nothing)
            for length in sorted({*self.longer, *other.longer})
        }
        sets = None
        if self.sets is not None and other.sets is not None:
            sets = self.sets + sign * other.sets
        return JourneyCounts(
            self.touchpoints,
            self.memory,
            self.steps + sign * other.steps,
            self.contacts + sign * other.contacts,
            longer,
            sets,
            self.distinct + sign * other.distinct,
            _joined_flow(self.remembered, other.remembered, sign),
        )


def _joined_flow(one: Flow | None, other: Flow | None, sign: int) -> Flow | None:
    if one is None or other is None:
        return None
    states = np.union1d(one.states, other.states)
    steps = np.zeros((len(states), one.steps.shape[1]), np.int64)
    steps[np.searchsorted(states, one.states)] += one.steps
    steps[np.searchsorted(states, other.states)] += sign * other.steps
    seen = steps.any(axis=1)
    return Flow(states[seen], steps[seen])


def count(
    source: JourneySource,
    *,
    order: int = 1,
    rows: tuple[int, int] | None = None,
    threads: int | None = None,
    block: int = BLOCK,
) -> JourneyCounts:
    """Return the counts of journeys.

    Parameters
    ----------
    order
        How many touchpoints the chain remembers.
    rows
        First journey, and the one behind the last; default: all.
    threads
        Default: one per processor. The counts are the same.
    block
        Journeys looked at together. The counts are the same.

    Raises
    ------
    MeasureError
        If the order is not possible, or a contact has no touchpoint.
    """
    memory = ChainOrder(len(source.touchpoints), order)
    start, stop = (0, len(source)) if rows is None else rows
    spans = list(pairwise([*range(start, stop, block), stop]))
    workers = max(1, min(threads or _processors(), len(spans)))
    if workers == 1:
        return _counted(source, spans, memory)
    with ThreadPoolExecutor(workers) as pool:
        futures = [
            pool.submit(_counted, source, spans[first::workers], memory) for first in range(workers)
        ]
        return reduce(lambda one, other: one + other, (made.result() for made in futures))


def _counted(
    source: JourneySource, spans: Iterable[tuple[int, int]], memory: ChainOrder
) -> JourneyCounts:
    """Return the counts of some blocks: what one thread does."""
    many = memory.touchpoints
    bits = np.zeros(many, np.uint64)
    if many <= MOST_IN_SETS:
        bits[:] = 2 ** np.arange(many, dtype=np.uint64)
    steps = np.zeros((2, many + 1, many + 1), np.int64)
    contacts = np.zeros((LONGEST + 1, many), np.int64)
    sets = np.zeros((2, 2**many if many <= MOST_IN_SETS else 1), np.int64)
    distinct = np.zeros((many + 1, many), np.int64)
    flow = np.zeros((memory.states, many + 2), np.int64) if memory.order > 1 else None
    longer: dict[int, Counted] = {}
    for span in spans:
        block = source.block(*span)
        count_journeys(*block, bits, steps=steps, contacts=contacts, sets=sets)
        if many > MOST_IN_SETS:
            count_distinct(*block, distinct=distinct)
        if flow is not None:
            count_tuples(*block, shift=memory.shift, flow=flow)
        _add_longer(block, many, longer)
    if many <= MOST_IN_SETS:
        distinct = _by_size(sets[MET], bits)
    return JourneyCounts(
        source.touchpoints,
        memory,
        steps,
        contacts,
        longer,
        sets if many <= MOST_IN_SETS else None,
        distinct,
        None if flow is None else _seen(flow),
    )


def _add_longer(block: Block, many: int, longer: dict[int, Counted]) -> None:
    lengths = block.ends - block.begins
    for journey in np.flatnonzero((lengths > LONGEST) & (block.goals == MET)):
        rows = slice(int(block.begins[journey]), int(block.ends[journey]))
        found = np.bincount(block.touched[rows], minlength=many)
        length = int(lengths[journey])
        longer[length] = longer.get(length, 0) + found


def _by_size(sets: Counted, bits: NDArray[np.uint64]) -> Counted:
    """Return journeys by size of their set and touchpoint, from journeys by set."""
    masks = np.flatnonzero(sets)
    holds = (masks.astype(np.uint64)[:, None] & bits) > 0
    sizes = holds.sum(axis=1)
    found = np.zeros((len(bits) + 1, len(bits)), np.int64)
    for size in np.unique(sizes):
        these = sizes == size
        found[size] = sets[masks[these]] @ holds[these]
    return found


def _seen(flow: Counted) -> Flow:
    states = np.flatnonzero(flow.any(axis=1))
    return Flow(states, flow[states])


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
