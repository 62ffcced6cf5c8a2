"""What follows from a model alone is found once for all the replications that share it.

For a short replication to find it again would take longer than to run it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from journeysim.scenario.flat.flat_model import FlatModel

R = TypeVar("R")


class _Same:
    """A model as a key: arrays have no hash, but the replications of a run share one model."""

    def __init__(self, model: FlatModel) -> None:
        self.model = model

    def __hash__(self) -> int:
        return id(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.model is other.model


def once_per_model(function: Callable[[FlatModel], R]) -> Callable[[FlatModel], R]:
    """Remember what a function made of the last models; nobody may change it."""

    @lru_cache(maxsize=4)
    def remembered(same: _Same) -> R:
        return function(same.model)

    @wraps(function)
    def call(model: FlatModel) -> R:
        return remembered(_Same(model))

    return call
