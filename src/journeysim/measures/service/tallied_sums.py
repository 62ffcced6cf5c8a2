"""Sums of a run whose contacts were not kept: what can be scored of it, and what cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from journeysim.errors import MeasureError
from journeysim.measures.definitions import Definitions
from journeysim.measures.scoring_context import scoring_rules
from journeysim.measures.service.measure import Measure
from journeysim.measures.service.registry import checked_breakdown, known_measures
from journeysim.measures.service.replication_sums import AnyMeasure, Gathering, Sums
from journeysim.scenario.schema.world import World
from journeysim.tables.run import Replication

By = tuple[str, ...]
_REMEDY = "simulate again and keep all tables (--keep all, or keep='all' in Python)"


class TalliedSums:
    """Sums of all known measures but quantiles, which need the wait of every contact.

    Parameters
    ----------
    world
        The definitions are the world's own.
    breakdowns
        By which it is summed up.

    Raises
    ------
    MeasureError
        If a breakdown does not exist.
    """

    def __init__(self, world: World, breakdowns: Sequence[Sequence[str]]) -> None:
        self._measures = [each for each in known_measures().values() if isinstance(each, Measure)]
        rules = scoring_rules(world, Definitions())
        self._gatherings = {
            by: Gathering(list(self._measures), by, rules)
            for by in dict.fromkeys(checked_breakdown(each) for each in breakdowns)
        }
        for gathering in self._gatherings.values():
            # Laid out once here, and not by several threads.
            for measure in gathering.measures:
                gathering.layout_of(measure)
        self._kept: dict[By, list[Sums]] = {by: [] for by in self._gatherings}
        self.numbers: list[int] = []

    def sums(self, replication: Replication) -> dict[By, Sums]:
        """Return what a replication adds; threads may call it at once."""
        return {by: gathering.sums(replication) for by, gathering in self._gatherings.items()}

    def keep(self, number: int, sums: Mapping[By, Sums]) -> None:
        """Keep what `sums` gave of a replication, in rising order of the numbers."""
        self.numbers.append(number)
        for by, each in sums.items():
            self._kept[by].append(each)

    def has(self, by: By, definitions: Definitions | None) -> bool:
        """Return whether a breakdown was summed up under the definitions."""
        return by in self._gatherings and definitions in (None, Definitions())

    def chosen(self, measures: Sequence[AnyMeasure] | None) -> list[AnyMeasure]:
        """Return the measures to score: all that are summed up for None.

        Raises
        ------
        MeasureError
            If one of them is not.
        """
        if measures is None:
            return list(self._measures)
        for measure in measures:
            if measure not in self._measures:
                raise MeasureError(
                    f"measure {measure.name!r} needs contacts, which this run did not keep; "
                    f"{_REMEDY}"
                )
        return list(measures)

    def gathering(
        self, by: By, measures: Sequence[AnyMeasure], definitions: Definitions | None
    ) -> Gathering:
        """Return the sums of some measures.

        Raises
        ------
        MeasureError
            If they were not summed up so.
        """
        if definitions not in (None, Definitions()):
            raise MeasureError(
                f"other definitions need contacts, which this run did not keep; {_REMEDY}"
            )
        if by not in self._kept:
            known = ", ".join("+".join(each) or "nothing" for each in self._kept) or "nothing"
            raise MeasureError(
                f"a breakdown by {'+'.join(by) or 'nothing'} was not summed up when this run was "
                f"made without keeping contacts (summed up: {known}); name it with --by, or "
                f"tally=... in Python, or {_REMEDY}"
            )
        places = [self._measures.index(measure) for measure in measures]  # type: ignore[arg-type]
        found = Gathering(list(measures), by, self._gatherings[by].rules)
        for sums in self._kept[by]:
            found.keep(Sums([sums.pairs[place] for place in places], {}))
        return found
