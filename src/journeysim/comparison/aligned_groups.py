"""The groups of several scenarios laid side by side: one may have a channel that others lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.measures.arrow_columns import Codes, Numbers
from journeysim.measures.estimates import Jackknife
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Layout, labels
from journeysim.measures.service.replication_sums import AnyMeasure, Gathering

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """One measure in all scenarios, over the groups that any of them has.

    Attributes
    ----------
    keys
        A tuple per group, one entry per dimension of the breakdown.
    places
        Of each scenario: where each group is in its own layout, -1 where it has none.
    """

    keys: list[Key]
    places: list[Codes]

    def where(self, kept: Sequence[bool]) -> Aligned:
        """Return some of the groups."""
        keys = [key for key, wanted in zip(self.keys, kept, strict=True) if wanted]
        return Aligned(keys, [places[np.array(kept, dtype=bool)] for places in self.places])

    def of(self, place: int, numbers: Numbers) -> Numbers:
        """Return numbers of a scenario, groups in the last axis, as numbers of the groups here."""
        where = self.places[place]
        found: Numbers = numbers[..., np.maximum(where, 0)]
        return np.where(where >= 0, found, np.nan)

    def jackknifed(self, place: int, estimate: Jackknife) -> Jackknife:
        """Return an estimate of a scenario over the groups here."""
        return Jackknife(self.of(place, estimate.value), self.of(place, estimate.left_out))


def aligned(
    measure: AnyMeasure, gatherings: Sequence[Gathering], rules: Sequence[Rules], by: Sequence[str]
) -> Aligned:
    """Return the groups of a measure that any scenario has; the baseline's come first."""
    own = [
        _keys(gathering.layout_of(measure), each, by)
        for gathering, each in zip(gatherings, rules, strict=True)
    ]
    keys = list(dict.fromkeys(key for mine in own for key in mine))
    places = []
    for mine in own:
        where = {key: place for place, key in enumerate(mine)}
        places.append(np.array([where.get(key, -1) for key in keys], dtype=np.int64))
    return Aligned(keys, places)


def _keys(layout: Layout, rules: Rules, by: Sequence[str]) -> list[Key]:
    columns: list[list[Any]] = []
    for dimension in by:
        if dimension in layout.dimensions:
            names = labels(dimension, rules)
            if dimension == "interval":
                names = names.cast(pa.int64())
            members = names.take(pa.array(layout.members(dimension)))
            columns.append(members.to_pylist())
        else:
            columns.append([None] * layout.groups)
    return list(zip(*columns, strict=True)) if columns else [()] * layout.groups
