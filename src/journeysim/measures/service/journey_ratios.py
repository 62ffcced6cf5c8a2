"""Measures of journeys as ratios: shares of them, and means over them."""

from __future__ import annotations

from collections.abc import Callable

from journeysim.measures.arrow_columns import Flags, Ticks
from journeysim.measures.catalogue_entry import PLAIN, CatalogueEntry
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.measure import BY_JOURNEY, Formula, Measure, Pair, Unit


def journey_measure(
    name: str,
    unit: Unit,
    meaning: str,
    pair: Callable[[JourneyRows, Groups], Pair],
    formula: Formula,
    entry: CatalogueEntry = PLAIN,
    *,
    dimensions: tuple[str, ...] = BY_JOURNEY,
) -> Measure[JourneyRows]:
    """Return a measure of journeys."""
    return Measure(
        name=name,
        unit=unit,
        meaning=meaning,
        table="journeys",
        pair=pair,
        formula=formula,
        dimensions=dimensions,
        entry=entry,
    )


def journey_share(
    name: str,
    meaning: str,
    part: Callable[[JourneyRows], Flags],
    formula: str,
    entry: CatalogueEntry = PLAIN,
) -> Measure[JourneyRows]:
    """Return a measure that is a share of the journeys."""

    def pair(rows: JourneyRows, groups: Groups) -> Pair:
        return groups.count(part(rows)), groups.count()

    return journey_measure(name, "share", meaning, pair, formula, entry)


def journey_mean(
    name: str,
    meaning: str,
    counted: Callable[[JourneyRows], Ticks],
    formula: str,
    entry: CatalogueEntry,
) -> Measure[JourneyRows]:
    """Return a measure that is the mean count of something in a journey."""

    def pair(rows: JourneyRows, groups: Groups) -> Pair:
        return groups.total(counted(rows)), groups.count()

    return journey_measure(name, "count", meaning, pair, formula, entry)
