"""The emotion curve: how good or bad contacts were, by their position and by touchpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.arguments import checked_level, shown, whole_number
from journeysim.errors import ArgumentError
from journeysim.measures.estimates import ratio_of_sums
from journeysim.measures.experience.journey_columns import JourneyColumns
from journeysim.measures.experience.run_source import pieces_of
from journeysim.measures.experience.score_journeys import weights_of_run
from journeysim.measures.experience.scoring_pass import contact_valence
from journeysim.measures.experience.weights import Weights
from journeysim.tables.run import Replication, Run

Numbers = NDArray[np.float64]
_NEEDED = ("channel", "touchpoint", "outcome", "resolved", "wait", "announced_wait", "entered")
#: Bands are read off counts of valence in steps of this size; what is further out counts there.
_STEP = 0.002
_FURTHEST = 8.0
_BANDS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

MEANINGS = {
    "by": "What the row is about: position or touchpoint.",
    "position": "Number of the contact in its journey; null for touchpoints.",
    "touchpoint": "Where the contact happened; null for positions.",
    "contacts": "Contacts.",
    "mean": "Mean valence.",
    "half_width": "Half the width of the interval of the mean, over replications.",
    "p10": "A tenth of the contacts was at most as good, to 0.002.",
    "p50": "Half of the contacts was at most as good, to 0.002.",
    "p90": "Nine tenths of the contacts were at most as good, to 0.002.",
}


def emotion_curve(
    replications: Run | Iterable[Replication] | Iterable[Iterable[JourneyColumns]],
    *,
    weights: Weights | None = None,
    positions: int = 8,
    level: float = 0.95,
) -> pa.Table:
    """Return the mean valence of contacts, its interval, and the band of the contacts.

    Parameters
    ----------
    replications
        A run, or replications, or the pieces of each.
    weights
        Default: those of the scenario of a run, else the defaults.
    positions
        How many contacts of a journey have a position; later ones are left out of those rows.
    level
        Of the intervals, which are null for a single replication.

    Returns
    -------
    One row per position and per touchpoint that occurs, with the columns of `MEANINGS`.
    """
    level = checked_level(level)
    if not isinstance(replications, Iterable):
        raise ArgumentError(f"replications must be a run, or several, got {shown(replications)}")
    positions = whole_number("positions", positions, least=1)
    if weights is None:
        default = Weights.default()
        weights = weights_of_run(replications) if isinstance(replications, Run) else default
    names: dict[tuple[str, int | str], int] = {
        ("position", place + 1): place for place in range(positions)
    }
    sums = [
        _Sums(
            pieces_of(each.contacts, each.journeys, columns=_NEEDED)
            if isinstance(each, Replication)
            else each,
            weights,
            positions,
            names,
        )
        for each in replications
    ]
    size = len(names)
    totals = np.array([each.padded(each.total, size) for each in sums])
    counts = np.array([each.padded(each.count, size) for each in sums])
    found = ratio_of_sums(totals, counts, level=level)
    seen = np.sum([each.padded(each.seen, size) for each in sums], axis=0)
    rows = []
    for (kind, name), place in names.items():
        if counts[:, place].sum() > 0:
            row: dict[str, Any] = {"by": kind, kind: name, "contacts": int(counts[:, place].sum())}
            row["mean"] = float(found.value[place])
            half = float(found.half_width[place])
            row["half_width"] = None if np.isnan(half) else half
            rows.append(row | _bands(seen[place]))
    return pa.Table.from_pylist(rows, schema=_schema(level))


class _Sums:
    """Sums over one replication, by position and by touchpoint."""

    def __init__(
        self,
        pieces: Iterable[JourneyColumns],
        weights: Weights,
        positions: int,
        names: dict[tuple[str, int | str], int],
    ) -> None:
        self.bins = round(2 * _FURTHEST / _STEP) + 1
        self.count, self.total = np.zeros(len(names)), np.zeros(len(names))
        self.seen = np.zeros((len(names), self.bins))
        for piece in pieces:
            valence = contact_valence(piece, weights)
            place = _positions(piece)
            self._add(np.where(place < positions, place, -1), valence, len(names))
            column = "touchpoint" if piece.has("touchpoint") else "channel"
            first, last = int(piece.offsets[0]), int(piece.offsets[-1])
            words = piece.words[column]
            places = [names.setdefault(("touchpoint", word), len(names)) for word in words]
            codes = np.array([*places, -1])[np.minimum(piece[column][first:last], len(words))]
            self._add(codes, valence, len(names))

    def _add(self, places: NDArray[np.int64], valence: Numbers, size: int) -> None:
        kept = places >= 0
        places, valence = places[kept], valence[kept]
        self.count = self.padded(self.count, size) + np.bincount(places, minlength=size)
        self.total = self.padded(self.total, size) + np.bincount(places, valence, size)
        steps = np.rint((np.clip(valence, -_FURTHEST, _FURTHEST) + _FURTHEST) / _STEP)
        cells = places * self.bins + steps.astype(np.int64)
        counted = np.bincount(cells, minlength=size * self.bins).reshape(size, self.bins)
        self.seen = self.padded(self.seen, size) + counted

    @staticmethod
    def padded(sums: Numbers, size: int) -> Numbers:
        """Return sums with room for touchpoints that were met later."""
        room = np.zeros((size, *sums.shape[1:]))
        room[: len(sums)] = sums
        return room


def _positions(piece: JourneyColumns) -> NDArray[np.int64]:
    """Return the position of each contact in its journey, from 0."""
    sizes = np.diff(piece.offsets)
    starts = np.repeat(piece.offsets[:-1] - piece.offsets[0], sizes)
    return np.asarray(np.arange(piece.contact_count) - starts)


def _bands(seen: Numbers) -> dict[str, float]:
    up_to = np.cumsum(seen)
    return {
        name: float(np.searchsorted(up_to, share * up_to[-1] - 1e-9) * _STEP - _FURTHEST)
        for name, share in _BANDS.items()
    }


def _schema(level: float) -> pa.Schema:
    kinds: dict[str, pa.DataType] = {
        "by": pa.string(),
        "position": pa.int64(),
        "touchpoint": pa.string(),
        "contacts": pa.int64(),
    }
    fields: Sequence[pa.Field] = [
        pa.field(name, kinds.get(name, pa.float64()), True, {"meaning": meaning})
        for name, meaning in MEANINGS.items()
    ]
    return pa.schema(fields, metadata={"level": str(level)})
