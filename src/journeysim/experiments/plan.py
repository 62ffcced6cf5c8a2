"""A checked experiment: every point, every seed, and how the work is divided.

All of it follows from the file alone, so work is divided the same way every time,
whoever does it and however much of it at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from journeysim.comparison.precision import Target
from journeysim.experiments.designs import Point, unit_sample
from journeysim.experiments.factors import CheckedFactor
from journeysim.experiments.plan_file import PlanFile
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.definitions import Definitions
from journeysim.measures.service.registry import chosen_measures
from journeysim.measures.service.replication_sums import AnyMeasure
from journeysim.scenario.scenario import Scenario

#: Replications of a part at least, unless a point is a part by itself.
_PART: Final = 20
#: Parts of an experiment, about, at most.
_PARTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """Replications of one point under one draw of the inputs.

    Attributes
    ----------
    point, draw
        Their numbers; the draw is None where the inputs are as the scenario says.
    replications
        Numbers by which luck is drawn; of every draw its own.
    """

    point: int
    draw: int | None
    replications: range


@dataclass(frozen=True, slots=True)
class Plan:
    """What an experiment makes.

    Attributes
    ----------
    file, source
        What the file says, and where it stands.
    scenario
        With the variant and changes that hold for all points; its own variants left out.
    factors
        In the order of the file.
    points
        A value for each factor.
    definitions, targets
        What scores it, and which precision is asked for.
    identity
        A hash of all that the results follow from.
    """

    file: PlanFile
    source: str
    scenario: Scenario
    factors: tuple[CheckedFactor, ...]
    points: tuple[Point, ...]
    definitions: Definitions
    targets: tuple[Target, ...]
    identity: str = field(default="")

    @property
    def measures(self) -> tuple[AnyMeasure, ...]:
        """What is scored; looked up by name, for functions do not travel to other processes."""
        return tuple(chosen_measures(self.file.measures))

    @property
    def by(self) -> tuple[str, ...]:
        """The breakdown."""
        return tuple(self.file.by)

    @property
    def draws(self) -> int:
        """Draws of the inputs; 1 where they are as the scenario says."""
        return self.file.input_draws or 1

    @property
    def replications(self) -> int:
        """Replications of each point and draw; with a precision, the most there may be."""
        if self.targets:
            return self.file.max_replications
        said = self.file.replications
        return self.scenario.world.replications if said is None else said

    @property
    def total(self) -> int:
        """Replications of all points; with a precision, how many points there are."""
        return len(self.points) * (1 if self.targets else self.draws * self.replications)

    @property
    def unit(self) -> str:
        """What `total` counts."""
        return "points" if self.targets else "replications"

    @property
    def seed(self) -> int:
        """The seed of the experiment."""
        return self.scenario.world.seed if self.file.seed is None else self.file.seed

    def seed_of(self, point: int) -> int:
        """Return the seed of a point: the same for all, unless their customers are independent."""
        if self.file.customers == "same":
            return self.seed
        address = f"{self.seed}/point {point}".encode()
        return int.from_bytes(hashlib.blake2b(address, digest_size=8).digest(), "big") >> 1

    def sample(self) -> Numbers:
        """Return the points of a sampled design in the unit cube."""
        return unit_sample(self.file.design, len(self.factors))

    @property
    def whole_points(self) -> bool:
        """Whether a part has to hold all of a point: it decides by itself when to stop."""
        return bool(self.targets) or self.file.keep_runs

    @property
    def parts(self) -> int:
        """How many parts the work has."""
        points_per_part, parts_per_point = self._parting()
        return -(-len(self.points) // points_per_part) * parts_per_point

    def cells(self, part: int) -> list[Cell]:
        """Return what a part makes, in the order of its rows."""
        points_per_part, parts_per_point = self._parting()
        each = range(self.draws * self.replications)
        if parts_per_point > 1:
            point, share = divmod(part, parts_per_point)
            size = -(-len(each) // parts_per_point)
            return self._cells_of(point, each[share * size : (share + 1) * size])
        first = part * points_per_part
        points = range(first, min(first + points_per_part, len(self.points)))
        return [cell for point in points for cell in self._cells_of(point, each)]

    def _parting(self) -> tuple[int, int]:
        """Return points per part, and parts per point; one of them is 1."""
        of_point = self.draws * self.replications
        size = max(_PART, -(-len(self.points) * of_point // _PARTS))
        if self.whole_points:
            return 1, 1
        if of_point <= size:
            return size // of_point, 1
        return 1, -(-of_point // size)

    def _cells_of(self, point: int, wanted: range) -> list[Cell]:
        """Return cells with the replications of a point that are numbered so over all draws."""
        found = []
        for draw in range(self.draws):
            own = range(draw * self.replications, (draw + 1) * self.replications)
            numbers = range(max(own.start, wanted.start), min(own.stop, wanted.stop))
            if numbers:
                found.append(Cell(point, draw if self.file.input_draws else None, numbers))
        return found
