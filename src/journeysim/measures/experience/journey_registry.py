"""The measures of journeys that are known by name; users add theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.experience.built_in import BUILT_IN
from journeysim.measures.experience.journey_measure import JourneyMeasure

#: Where installed packages name theirs: a measure, or a callable that returns one or several.
ENTRY_POINTS = "journeysim.measures"
_REGISTRY: dict[str, JourneyMeasure] = {measure.name: measure for measure in BUILT_IN}
#: Columns of every table of scores, which no measure may be called.
TAKEN = ("replication", "journey", "customer", "segment", "need", "channel", "scored")


def register_journey_measure(measure: JourneyMeasure) -> JourneyMeasure:
    """Add a measure, so that every later score of journeys has it.

    Raises
    ------
    MeasureError
        If the name is taken or no name, or there is no kernel.
    """
    if not isinstance(measure, JourneyMeasure):
        raise MeasureError(f"{measure!r} is no JourneyMeasure")
    if measure.name in _REGISTRY or measure.name in TAKEN:
        raise MeasureError(
            f"there is a column or measure {measure.name!r} already; choose another name"
        )
    if not measure.name.isidentifier():
        raise MeasureError(f"{measure.name!r} is no name; use letters, digits and underscores")
    if measure.kernel is None:
        raise MeasureError(f"measure {measure.name!r} has no kernel")
    _REGISTRY[measure.name] = measure
    return measure


def known_journey_measures() -> dict[str, JourneyMeasure]:
    """Return the known measures by name: built-in ones, those of installed packages, and yours."""
    _load_installed()
    return dict(_REGISTRY)


def chosen_journey_measures(
    measures: Sequence[str | JourneyMeasure] | None,
) -> list[JourneyMeasure]:
    """Return measures by name, or as they are; all known ones for None.

    Raises
    ------
    MeasureError
        If there is no measure of a name, or one is named twice.
    """
    known = known_journey_measures()
    if measures is None:
        return list(known.values())
    chosen: dict[str, JourneyMeasure] = {}
    for measure in measures:
        found = known.get(measure) if isinstance(measure, str) else measure
        if found is not None and not isinstance(found, JourneyMeasure):
            raise MeasureError(f"no measure {measure!r}; give names, or measures of journeys")
        if found is None:
            raise MeasureError(f"no measure {measure!r}{did_you_mean(str(measure), known)}")
        if found.name in chosen:
            raise MeasureError(f"the measure {found.name!r} is named twice")
        chosen[found.name] = found
    return list(chosen.values())


@cache
def _load_installed() -> None:
    for entry in entry_points(group=ENTRY_POINTS):
        for measure in _provided(entry):
            if _REGISTRY.get(measure.name) is not measure:
                register_journey_measure(measure)


def _provided(entry: EntryPoint) -> list[JourneyMeasure]:
    found = entry.load()
    if not isinstance(found, JourneyMeasure) and callable(found):
        found = found()
    several = list(found) if isinstance(found, Iterable) else [found]
    wrong = [type(each).__name__ for each in several if not isinstance(each, JourneyMeasure)]
    if wrong:
        raise MeasureError(
            f"entry point {entry.name!r} ({entry.value}) gives a {wrong[0]}, not a JourneyMeasure"
        )
    return several
