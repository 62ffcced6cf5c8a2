"""The measures that are known by name; users add theirs."""

from __future__ import annotations

from collections.abc import Sequence

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.service.breakdowns import DIMENSIONS
from journeysim.measures.service.contact_counts import COUNTS
from journeysim.measures.service.contact_times import TIMES
from journeysim.measures.service.journey_measures import JOURNEYS
from journeysim.measures.service.journey_scores import journey_scores
from journeysim.measures.service.measure import (
    BY_CONTACT,
    BY_JOURNEY,
    BY_POOL,
    BY_SERVED,
    Measure,
    Quantile,
)
from journeysim.measures.service.pool_measures import POOLS
from journeysim.measures.service.replication_sums import AnyMeasure
from journeysim.measures.service.service_levels import SERVICE_LEVELS

_REGISTRY: dict[str, AnyMeasure] = {}
_BY_TABLE = {"contacts": BY_SERVED, "journeys": BY_JOURNEY, "pools": BY_POOL}


def register(measure: AnyMeasure) -> AnyMeasure:
    """Add a measure, so that every later score has it.

    Examples
    --------
    >>> from journeysim.measures import Measure, register
    >>> long_waits = Measure(
    ...     name="long_waits",
    ...     unit="share",
    ...     meaning="Share of the answered contacts that waited more than 5 minutes.",
    ...     table="contacts",
    ...     pair=lambda contacts, groups: (
    ...         groups.count(contacts.answered & (contacts.wait > 300_000_000)),
    ...         groups.count(contacts.answered),
    ...     ),
    ...     formula="answered after more than 5 min / answered",
    ...     dimensions=("channel", "segment", "need", "interval"),
    ... )
    >>> register(long_waits).name  # doctest: +SKIP
    'long_waits'

    Raises
    ------
    MeasureError
        If the name is taken, or the table has no such breakdown.
    """
    if measure.name in _REGISTRY:
        raise MeasureError(f"there is a measure {measure.name!r} already; choose another name")
    check_dimensions(measure)
    _REGISTRY[measure.name] = measure
    return measure


def check_dimensions(measure: AnyMeasure) -> None:
    """Raise MeasureError if a measure asks for a breakdown that its table lacks."""
    known = _BY_TABLE[measure.table] if isinstance(measure, Measure) else BY_CONTACT
    for dimension in measure.dimensions:
        if dimension not in known:
            remedy = did_you_mean(dimension, known)
            raise MeasureError(f"measure {measure.name!r}: no breakdown by {dimension!r}{remedy}")


def known_measures() -> dict[str, AnyMeasure]:
    """Return the known measures by name, in the order of the result."""
    return dict(_REGISTRY)


def chosen_measures(measures: Sequence[str | AnyMeasure] | None) -> list[AnyMeasure]:
    """Return measures by name, or as they are; all known ones for None.

    A name may also be that of a measure of journeys, for its mean.

    Raises
    ------
    MeasureError
        If there is no measure of a name.
    """
    if measures is None:
        return list(_REGISTRY.values())
    chosen = []
    for measure in measures:
        if not isinstance(measure, str | Measure | Quantile):
            raise MeasureError(f"no measure {measure!r}; give names, or measures")
        if not isinstance(measure, str):
            check_dimensions(measure)
            chosen.append(measure)
        elif measure in _REGISTRY:
            chosen.append(_REGISTRY[measure])
        else:
            means = journey_scores()
            if measure not in means:
                remedy = did_you_mean(measure, {**_REGISTRY, **means})
                raise MeasureError(f"no measure {measure!r}{remedy}")
            chosen.append(means[measure])
    return chosen


def checked_breakdown(by: Sequence[str]) -> tuple[str, ...]:
    """Return the dimensions of a breakdown.

    Raises
    ------
    MeasureError
        If one is unknown or stands twice.
    """
    dimensions = (by,) if isinstance(by, str) else tuple(by)
    for dimension in dimensions:
        if dimension not in DIMENSIONS:
            remedy = did_you_mean(dimension, DIMENSIONS)
            raise MeasureError(f"no breakdown by {dimension!r}{remedy}")
    if len(set(dimensions)) < len(dimensions):
        raise MeasureError(f"a breakdown names each dimension once, got {list(dimensions)}")
    return dimensions


for _measure in (*SERVICE_LEVELS, *COUNTS, *TIMES, *POOLS, *JOURNEYS):
    register(_measure)
