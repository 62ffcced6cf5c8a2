"""What can be summed up of a replication while it is made, without storing single journeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.measures.arrow_columns import category, flag
from journeysim.measures.experience.arrow_views import columns_of
from journeysim.measures.experience.journey_measure import JourneyMeasure
from journeysim.measures.experience.journey_registry import chosen_journey_measures
from journeysim.measures.experience.run_source import offsets_of
from journeysim.measures.experience.score_journeys import columns_needed
from journeysim.measures.experience.scoring_pass import Arrays, score_columns
from journeysim.measures.experience.weights import Weights
from journeysim.runs.sinks import Piece
from journeysim.tables.columns import JourneyOutcome, words
from journeysim.tables.run import TableName

Numbers = NDArray[np.float64]
#: Journeys that ended in each way, in the order of `JourneyOutcome`, shape (outcomes,).
Outcomes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class JourneySums:
    """Sums of measures over the scored journeys of a replication, each of shape (measures,).

    Attributes
    ----------
    totals, counts
        Sum of the values, and how many there are; times in ticks.
    journeys
        Scored journeys.
    contacts
        Of all journeys.
    """

    totals: Numbers
    counts: NDArray[np.int64]
    journeys: int
    contacts: int


class JourneyMeans:
    """Scores journeys as they come and keeps the sums of their measures.

    Parameters
    ----------
    measures
        Names, or measures.
    weights
        That they are scored with.
    """

    takes: tuple[TableName, ...] = ("contacts", "journeys")

    def __init__(self, measures: Sequence[str | JourneyMeasure], weights: Weights) -> None:
        self._measures = chosen_journey_measures(measures)
        self._weights = weights
        needed = set(columns_needed(self._measures) or ())
        self._columns = needed
        of_journeys = {name for each in self._measures for name in each.needs}
        self._of_journeys = {name.removeprefix("journey.") for name in of_journeys} | {"value"}
        self._totals = np.zeros(len(self._measures))
        self._counts = np.zeros(len(self._measures), np.int64)
        self._journeys = self._contacts = 0
        # Arrays of the batch before are written over.
        self._values: Arrays = {}

    def add(self, piece: Piece) -> None:
        """Score the journeys of a batch."""
        assert piece.journeys is not None
        assert piece.contacts is not None
        scored = flag(pa.Table.from_batches([piece.journeys]), "scored")
        columns = columns_of(
            _selected(piece.contacts, self._columns),
            offsets_of(piece.journeys, piece.first_row) - piece.first_row,
            _selected(piece.journeys, self._of_journeys),
        )
        self._values = score_columns(
            columns, measures=self._measures, weights=self._weights, out=self._values
        )
        for place, values in enumerate(self._values.values()):
            known = values if scored.all() else values[scored]
            if known.dtype.kind == "f" and np.isnan(known).any():
                known = known[~np.isnan(known)]
            self._totals[place] += known.sum()
            self._counts[place] += known.size
        self._journeys += int(np.count_nonzero(scored))
        self._contacts += piece.contacts.num_rows

    def result(self) -> JourneySums:
        """Return the sums."""
        return JourneySums(self._totals, self._counts, self._journeys, self._contacts)


class OutcomeCounts:
    """Counts how scored journeys end."""

    takes: tuple[TableName, ...] = ("journeys",)

    def __init__(self) -> None:
        self._counts = np.zeros(len(JourneyOutcome), np.int64)

    def add(self, piece: Piece) -> None:
        """Count the journeys of a batch."""
        assert piece.journeys is not None
        self._counts += outcome_counts(pa.Table.from_batches([piece.journeys]))

    def result(self) -> Outcomes:
        """Return the counts."""
        return self._counts


def outcome_counts(journeys: pa.Table) -> Outcomes:
    """Return how many scored journeys ended in each way."""
    known = words(JourneyOutcome)
    ended = category(journeys, "outcome", known)
    return np.bincount(ended[flag(journeys, "scored")], minlength=len(known))


class IntervalTable:
    """Keeps the intervals table: counts of channels and times of pools, by the clock."""

    takes: tuple[TableName, ...] = ("intervals",)

    def __init__(self) -> None:
        self._batches: list[pa.RecordBatch] = []

    def add(self, piece: Piece) -> None:
        """Keep the intervals."""
        assert piece.intervals is not None
        self._batches.append(piece.intervals)

    def result(self) -> pa.Table:
        """Return the table."""
        return pa.Table.from_batches(self._batches)


def _selected(batch: pa.RecordBatch, names: set[str]) -> pa.RecordBatch:
    return batch.select([name for name in batch.schema.names if name in names])
