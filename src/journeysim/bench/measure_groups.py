"""Which measures are scored together, and who can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from journeysim.bench.backend import COMPILED, contender
from journeysim.bench.nine_measures import NINE
from journeysim.measures.experience import JourneyColumns, JourneyMeasure, chosen_journey_measures
from journeysim.measures.experience.kernel_file import measures_of_file


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that are scored in one pass.

    Attributes
    ----------
    name
        ``nine``, ``all``, ``chosen``, or the name of a file of own measures.
    measures
        By name.
    own
        Those of them that are from the file, by name.
    """

    name: str
    measures: tuple[JourneyMeasure, ...]
    own: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the measures."""
        return tuple(measure.name for measure in self.measures)

    def expressed_by(self, name: str) -> bool:
        """Return whether a contender can score all of it."""
        return not self.unable(name)

    def unable(self, name: str) -> tuple[str, ...]:
        """Return the measures that a contender cannot express."""
        expresses = contender(name).EXPRESSES
        if name == COMPILED or expresses is None:
            return ()
        return tuple(each for each in self.names if each not in expresses)


def groups_of(
    measures: Sequence[str] | None, kernel: Path | None, columns: JourneyColumns
) -> list[Group]:
    """Return what is scored: what was asked for, or own measures, or the nine and all built-in.

    Parameters
    ----------
    columns
        A piece of the journeys: what needs columns that they lack is left out of `all`.

    Raises
    ------
    MeasureError
        If a measure is unknown, or its columns are missing.
    """
    own = measures_of_file(kernel) if kernel is not None else {}
    if measures is not None:
        chosen = chosen_journey_measures([own.get(name, name) for name in measures])
        return [Group("chosen", tuple(chosen), tuple(n for n in measures if n in own))]
    if kernel is not None:
        return [Group(kernel.stem, tuple(own.values()), tuple(own))]
    known = [each for each in chosen_journey_measures(None) if not each.missing(columns)]
    nine = Group(NAME_OF_NINE, tuple(chosen_journey_measures(list(NINE))))
    return [nine, Group(NAME_OF_ALL, tuple(known))]


NAME_OF_NINE: Final = "nine"
NAME_OF_ALL: Final = "all"
