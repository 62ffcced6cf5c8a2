"""Whether the precision asked for is reached, after any number of replications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from journeysim.comparison.aligned_groups import Aligned, Key
from journeysim.comparison.comparison_tables import Scored
from journeysim.comparison.paired_differences import half_widths, paired_differences
from journeysim.comparison.precision import LookAhead, Target, looked_at
from journeysim.errors import MeasureError
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import Jackknife, jackknife_variance


@dataclass(frozen=True, slots=True)
class HalfWidth:
    """The interval of a target that is furthest from what is asked for.

    Attributes
    ----------
    where
        Which scenario and group it is of.
    reached
        Whether all intervals of the target are small enough.
    """

    target: Target
    half_width: float
    estimate: float
    where: str
    reached: bool


class Watched:
    """A target, and the groups of its measure that it is about.

    Raises
    ------
    MeasureError
        If there are none.
    """

    def __init__(self, target: Target, scored: Scored) -> None:
        self.target = target
        names = [measure.name for measure in scored.measures]
        self._position = names.index(target.measure)
        self._groups: Aligned = scored.aligned(scored.measures[self._position])
        self._members = [
            place
            for place, key in enumerate(self._groups.keys)
            if all(member in map(str, key) for member in target.members)
        ]
        self._scored = scored
        if not self._members:
            raise MeasureError(
                f"precision {target.text!r}: {target.measure} has no group "
                f"{'.'.join(target.members)!r} in a breakdown by {_listed(scored.by)}"
            )

    def widest(self, replications: int) -> HalfWidth:
        """Return the interval that is furthest from what is asked for."""
        found = list(self._intervals(replications))
        if not found:
            return HalfWidth(self.target, np.nan, np.nan, "", False)
        reached = all(self.target.reached_by(half, value) for _, value, half in found)
        where, value, half = max(found, key=lambda each: self.target.excess(each[2], each[1]))
        return HalfWidth(self.target, float(half), float(value), where, reached)

    def _intervals(self, replications: int) -> Iterator[tuple[str, float, float]]:
        """Yield what each interval is of, its estimate and its half-width.

        A group of which nothing is seen, such as the service level of a machine, asks for nothing.
        """
        scored, target = self._scored, self.target
        estimates = [
            self._groups.jackknifed(place, gathering.jackknifed(self._position, first=replications))
            for place, gathering in enumerate(scored.gatherings)
        ]
        for place in range(0 if target.of == "value" else 1, len(estimates)):
            values, errors = _estimated(target, estimates, place)
            wide = half_widths(errors, replications=replications, level=scored.level)
            for group in self._members:
                if not np.isnan(values[group]):
                    yield self._name(place, self._groups.keys[group]), values[group], wide[group]

    def _name(self, place: int, key: Key) -> str:
        return ", ".join([self._scored.names[place], *(str(part) for part in key if part)])


class Reaching:
    """Watches the half-widths that are asked for.

    Parameters
    ----------
    targets
        What is asked for.
    scored
        The scenarios, which gather while this watches.
    fewest
        Replications to make at least.
    """

    def __init__(self, targets: Sequence[Target], scored: Scored, *, fewest: int) -> None:
        self._watched = [Watched(target, scored) for target in targets]
        self._fewest = fewest
        self._look_ahead = LookAhead()

    def enough(self, replications: int) -> bool:
        """Return whether to stop after so many replications; called after each, in order."""
        if not looked_at(replications):
            return False
        small = all(found.reached for found in self.half_widths(replications))
        return self._look_ahead.enough(replications, small=small) and replications >= self._fewest

    def half_widths(self, replications: int) -> list[HalfWidth]:
        """Return the widest interval of each target after so many replications."""
        return [watched.widest(replications) for watched in self._watched]


def _estimated(
    target: Target, estimates: Sequence[Jackknife], place: int
) -> tuple[Numbers, Numbers]:
    """Return values or differences of a scenario with their standard errors."""
    if target.of == "value":
        estimate = estimates[place]
        return estimate.value, np.sqrt(jackknife_variance(estimate.left_out))
    found = paired_differences(estimates[0], estimates[place])
    return found.difference, found.error


def _listed(by: Sequence[str]) -> str:
    return ", ".join(by) or "nothing"
