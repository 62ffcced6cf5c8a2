"""Means of the measures of journeys, as measures of a run like all others."""

from __future__ import annotations

from functools import partial

import numpy as np

from journeysim.measures.catalogue_entry import CatalogueEntry
from journeysim.measures.experience.journey_measure import JourneyMeasure, JourneyUnit
from journeysim.measures.experience.journey_registry import known_journey_measures
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.measure import BY_JOURNEY, Measure, Pair, Unit
from journeysim.units import SECOND

_UNITS: dict[JourneyUnit, Unit] = {
    "share": "share",
    "s": "s",
    "count": "count",
    "currency": "currency",
    "score": "score",
    "flag": "share",
}
NPS = "net_promoter_score"


def journey_scores() -> dict[str, Measure[JourneyRows]]:
    """Return a measure of a run for each measure of journeys: its mean, by the same name.

    They are made when they are asked for: by default a run is scored without them.
    """
    found = {name: _mean_of(measure) for name, measure in known_journey_measures().items()}
    found[NPS] = Measure(
        name=NPS,
        unit="score",
        meaning="Net promoter score, -100 to 100, of the answers to be expected.",
        table="journeys",
        pair=_net_promoter_score,
        formula=_net_promoter_formula,
        dimensions=BY_JOURNEY,
        entry=CatalogueEntry(better="more", tables={"journey_scores": 60}),
    )
    return found


def _mean_of(measure: JourneyMeasure) -> Measure[JourneyRows]:
    return Measure(
        name=measure.name,
        unit=_UNITS[measure.unit],
        meaning=f"Mean over journeys: {measure.meaning[0].lower()}{measure.meaning[1:]}",
        table="journeys",
        pair=partial(_sum_and_count, measure),
        formula=partial(_formula, measure),
        dimensions=BY_JOURNEY,
        entry=measure.entry,
    )


def _formula(measure: JourneyMeasure, rules: Rules) -> str:
    assumed = rules.weights.assumptions(rules.weights.used(measure.weights))
    weights = "weight" if len(assumed) == 1 else "weights"
    rests = f"; rests on assumptions: {len(assumed)} {weights} without evidence" if assumed else ""
    return f"mean over journeys of: {measure.formula}{rests}"


def _net_promoter_formula(rules: Rules) -> str:
    rests = _formula(known_journey_measures()["promoter"], rules).partition(";")[1:]
    return "100 x (mean promoter - mean detractor)" + "".join(rests)


def _sum_and_count(measure: JourneyMeasure, rows: JourneyRows, groups: Groups) -> Pair:
    values = rows.score(measure)
    in_ticks = measure.unit == "s" and values.dtype.kind != "f"
    numbers = values / SECOND if in_ticks else values.astype(np.float64)
    known = ~np.isnan(numbers)
    return groups.total(numbers, known), groups.count(known)


def _net_promoter_score(rows: JourneyRows, groups: Groups) -> Pair:
    promoter, detractor = (
        rows.score(known_journey_measures()[name]) for name in ("promoter", "detractor")
    )
    known = ~np.isnan(promoter)
    return groups.total(100.0 * (promoter - detractor), known), groups.count(known)
