"""Scoring the journeys of some columns: the fused pass for built-in measures, then own kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from journeysim.errors import MeasureError
from journeysim.measures.experience.fused_pass import fused_pass
from journeysim.measures.experience.journey_columns import Array, JourneyColumns
from journeysim.measures.experience.journey_measure import JourneyMeasure
from journeysim.measures.experience.journey_registry import chosen_journey_measures
from journeysim.measures.experience.lookups import lookups
from journeysim.measures.experience.pass_inputs import extras_of, factors_of, fixed, rows_of
from journeysim.measures.experience.pass_records import Outputs, Parts
from journeysim.measures.experience.valence import prospect_of
from journeysim.measures.experience.weights import Weights

Arrays = dict[str, Array]
#: Journeys that a thread takes at once.
PIECE = 1 << 16

_WHOLE = ("total_wait", "total_handling")
_COUNTED = ("contacts", "switches", "retries")
_OF_OUTPUT = {"likelihood_to_recommend": "recommendation"}
_OF_MEMORIES = ("mean_valence", "lowest_valence", "valence_trend")
_OF_RECOMMENDATION = ("recommendation", "promoter", "detractor")
_OF_CHURN = ("churn_probability", "value_at_risk")
_OF_ANGER = ("anger", "lost_for_good")
_OF_EFFORT = ("effort", "customer_effort", "ease", "satisfaction", *_OF_CHURN)
_OF_VALENCE = ("peak_end", "satisfaction", *_OF_MEMORIES, *_OF_RECOMMENDATION, *_OF_CHURN)


def score_columns(
    columns: JourneyColumns,
    *,
    measures: Sequence[str | JourneyMeasure] | None = None,
    weights: Weights | None = None,
    out: Mapping[str, Array] | None = None,
    jobs: int = 1,
) -> Arrays:
    """Return measures of every journey by name, each of shape (journeys,).

    Parameters
    ----------
    measures
        Names, or measures; by default all known ones that the columns allow.
    weights
        Default: the defaults.
    out
        What an earlier call for as many journeys returned: the arrays of built-in measures are
        written over.
    jobs
        Threads; the values are the same for any number.

    Raises
    ------
    MeasureError
        If a measure is unknown, or named and the columns lack what it needs.
    """
    chosen = chosen_journey_measures(measures)
    if measures is None:
        chosen = [measure for measure in chosen if not measure.missing(columns)]
    for measure in chosen:
        refuse_missing(measure, columns)
    weights = weights or Weights.default()
    fused = [measure.name for measure in chosen if measure.kernel is None]
    arrays = _rooms(fused, len(columns), out or {})
    own = _pieces(columns, chosen, weights, arrays, jobs)
    return {measure.name: {**arrays, **own}[measure.name] for measure in chosen}


def score_by(measure: JourneyMeasure) -> Callable[[JourneyColumns, Weights | None], Array]:
    """Return what scores journeys by one measure alone."""

    def score(columns: JourneyColumns, weights: Weights | None) -> Array:
        return score_columns(columns, measures=[measure], weights=weights)[measure.name]

    return score


def contact_valence(columns: JourneyColumns, weights: Weights | None = None) -> Array:
    """Return the valence of every contact, shape (contacts,), from row ``offsets[0]`` on."""
    first, last = int(columns.offsets[0]), int(columns.offsets[-1])
    valence = np.empty(last)
    run_fused(columns, weights or Weights.default(), {"valence": valence})
    return valence[first:]


def refuse_missing(measure: JourneyMeasure, columns: JourneyColumns) -> None:
    """Raise MeasureError if the columns lack what a measure needs."""
    missing = measure.missing(columns)
    if missing:
        raise MeasureError(
            f"measure {measure.name!r} needs the column {', '.join(missing)}, and these journeys "
            f"have {', '.join(columns.names) or 'none'}"
        )


def _pieces(
    columns: JourneyColumns,
    chosen: Sequence[JourneyMeasure],
    weights: Weights,
    arrays: Arrays,
    jobs: int,
) -> Arrays:
    """Fill the arrays of built-in measures; return those that kernels gave."""
    kernels = [measure for measure in chosen if measure.kernel is not None]
    journeys = len(columns)

    def score(first: int) -> Arrays:
        last = min(first + step, journeys)
        part = columns if last - first == journeys else columns.slice(first, last)
        if arrays:
            run_fused(part, weights, {name: room[first:last] for name, room in arrays.items()})
        return {measure.name: measure.call(part, weights) for measure in kernels}

    step = PIECE if jobs > 1 else max(journeys, 1)
    starts = range(0, max(journeys, 1), step)
    if jobs > 1 and len(starts) > 1:
        with ThreadPoolExecutor(jobs) as threads:
            found = list(threads.map(score, starts))
    else:
        found = [score(first) for first in starts]
    return {
        measure.name: np.concatenate([part[measure.name] for part in found])
        if len(found) > 1
        else found[0][measure.name]
        for measure in kernels
    }


def _rooms(names: Sequence[str], journeys: int, reused: Mapping[str, Array]) -> Arrays:
    rooms = {}
    for name in names:
        kind = np.int64 if name in _WHOLE else np.int32 if name in _COUNTED else np.float64
        given = reused.get(name)
        fits = given is not None and given.shape == (journeys,) and given.dtype == kind
        rooms[name] = given if given is not None and fits else np.empty(journeys, dtype=kind)
    return rooms


def run_fused(columns: JourneyColumns, weights: Weights, rooms: Mapping[str, Array]) -> None:
    """Run the pass over the columns; `rooms` names the outputs and takes them."""
    wanted = {_OF_OUTPUT.get(name, name): room for name, room in rooms.items()}
    outputs = Outputs(*(wanted.get(name, _nothing(name)) for name in Outputs._fields))
    parts = parts_of(list(wanted), humanised=_any_humanised(columns, weights))
    fused_pass(
        fixed(columns.offsets, np.int64),
        rows_of(columns, weights, parts),
        extras_of(columns, weights, wanted=list(wanted)),
        lookups(columns, weights),
        prospect_of(weights),
        factors_of(weights),
        parts,
        outputs,
    )


def parts_of(wanted: Sequence[str], *, humanised: bool) -> Parts:
    """Return the parts of the pass that some outputs need."""

    def asks(names: Sequence[str]) -> bool:
        return any(name in names for name in wanted)

    valence = asks((*_OF_VALENCE, "valence"))
    anger = asks(_OF_ANGER) or (valence and humanised)
    effort = asks(_OF_EFFORT)
    return Parts(
        perceived=valence or anger or effort or asks(("perceived_wait",)),
        valence=valence,
        anger=anger,
        memories=asks(_OF_MEMORIES),
        recommend=asks(_OF_RECOMMENDATION),
    )


def _any_humanised(columns: JourneyColumns, weights: Weights) -> bool:
    known = weights.channels
    return any(known[name].humanised for name in columns.words.get("channel", ()) if name in known)


def _nothing(name: str) -> Array:
    kind = np.int64 if name in _WHOLE else np.int32 if name in _COUNTED else np.float64
    return np.empty(0, dtype=kind)
