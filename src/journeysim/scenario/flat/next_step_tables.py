"""Tables of next steps and other shares of a scenario, as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from journeysim.scenario.flat.distribution_rows import DistributionTable
from journeysim.scenario.flat.flat_model import GIVE_UP, LOST, Names, Number, Whole
from journeysim.scenario.flat.ragged_arrays import Ranges, ranges
from journeysim.scenario.schema.channels import CLOSING_OUTCOMES, Step
from journeysim.scenario.schema.world import World

#: Cumulative share, target, delay, transfer, handling factor, patience factor.
StepRow = tuple[float, int, int, int, float, float]
T = TypeVar("T")


def after_tables(world: World, names: Names, table: DistributionTable) -> tuple[Whole, Ranges]:
    """Return the table after each outcome, shape (s, c, 7, n), and the rows of all tables."""
    shape = len(names.segments), len(names.channels), len(CLOSING_OUTCOMES), len(names.needs)
    after = np.full(shape, -1, np.int64)
    tables: list[list[StepRow]] = []
    seen: dict[int, int] = {}
    for (s, c, o, n), _ in np.ndenumerate(after):
        channel, outcome = names.channels[c], CLOSING_OUTCOMES[o]
        segment = world.segments[names.segments[s]].channels.get(channel)
        need = world.needs.get(names.needs[n])
        by_need = need.channels.get(channel) if need else None
        # A need's table wins over a segment's, and that over the channel's.
        layers = [by_need, segment, world.channels[channel]]
        steps = first_given(getattr(layer.after, outcome) for layer in layers if layer is not None)
        if steps is None:
            continue
        if id(steps) not in seen:
            seen[id(steps)] = len(tables)
            tables.append(_rows(steps, names, table))
        after[s, c, o, n] = seen[id(steps)]
    return after, ranges(tables)


def _rows(steps: Mapping[str, Step], names: Names, table: DistributionTable) -> list[StepRow]:
    targets = {"give_up": GIVE_UP, "lost": LOST}
    targets |= {name: code for code, name in enumerate(names.channels)}
    totals = cumulative([step.share for step in steps.values()], close=False)
    return [
        (
            total,
            targets[to],
            table.code(step.delay),
            int(step.transfer),
            step.handling_factor,
            step.patience_factor,
        )
        for total, (to, step) in zip(totals, steps.items(), strict=True)
    ]


def chase_shares(world: World, names: Names) -> Number:
    """Return where those go who chase a mail: cumulative shares, shape (c, c)."""
    rows = []
    for channel in world.channels.values():
        given = channel.chase.to if channel.chase else {}
        rows.append(cumulative([given.get(name, 0.0) for name in names.channels], close=False))
    return np.array(rows)


def first_given(values: Iterable[T | None]) -> T | None:
    """Return the first value that is not None, or None."""
    return next((value for value in values if value is not None), None)


def cumulative(shares: Sequence[float], *, close: bool = True) -> list[float]:
    """Return running totals; closed, the last share that is not zero ends at exactly 1."""
    totals = list(itertools.accumulate(shares))
    if close:
        whole = totals[-1]
        totals = [1.0 if total >= whole - 1e-12 else total / whole for total in totals]
    return totals
