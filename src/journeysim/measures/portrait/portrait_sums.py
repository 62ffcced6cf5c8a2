"""Gathering a portrait, replication by replication, in memory that does not grow with customers."""

from __future__ import annotations

from typing import Final

import numpy as np

from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.experience.weights import weights_of
from journeysim.measures.portrait.day_sums import DaySums
from journeysim.measures.portrait.observed_sums import Observed, observe
from journeysim.measures.scoring_context import Rules
from journeysim.scenario.schema.world import World
from journeysim.tables.run import Replication

#: Arrays that are kept for each replication, because their means have intervals.
KEPT: Final = ("contacts", "wait", "effort", "emotion", "ends", "onward", "more", "outcomes")


class PortraitGathering:
    """Takes replications of one scenario and keeps sums.

    Parameters
    ----------
    world
        The scenario, for names, kinds and weights.
    rules
        What it is scored by.
    level
        Of the intervals of means.
    """

    def __init__(self, world: World, rules: Rules, *, level: float = 0.95) -> None:
        self.world = world
        self.rules = rules
        self.level = level
        self.journeys = 0
        self.bins: Numbers | None = None
        self.day = DaySums()
        self._weights = weights_of(world)
        self._kept: dict[str, list[Numbers]] = {name: [] for name in KEPT}

    def observe(self, replication: Replication) -> Observed:
        """Return what a replication adds; nothing is kept, so threads may call it at once."""
        return observe(replication, self.rules, self._weights)

    def keep(self, observed: Observed) -> None:
        """Keep what `observe` gave; the order of the replications is that of the calls."""
        for name, arrays in self._kept.items():
            arrays.append(getattr(observed, name))
        self.bins = observed.bins if self.bins is None else self.bins + observed.bins
        self.day.add(observed.day)
        self.journeys += observed.journeys

    def of(self, name: str) -> Numbers:
        """Return an array of all replications, the replication first."""
        return np.array(self._kept[name])

    @property
    def replications(self) -> int:
        """How many replications are kept."""
        return len(self._kept["contacts"])

    @property
    def metadata(self) -> dict[str, str]:
        """What every table says it is made of."""
        return {
            "replications": str(self.replications),
            "journeys": str(self.journeys),
            "contacts": str(int(self.of("outcomes").sum())),
            "level": str(self.level),
            "span": str(self.rules.horizon - self.rules.warm_up),
            "starts_on": self.world.time.starts_on,
        }
