"""The kernels of journeysim, built-in and own, straight on the mapped files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.bench.backend import Scores, Work
from journeysim.bench.mapped_tables import Mapped, mapped
from journeysim.measures.experience import (
    JourneyColumns,
    JourneyMeasure,
    Weights,
    chosen_journey_measures,
    pieces_of,
    score_columns,
)
from journeysim.measures.experience.kernel_file import measures_of_file
from journeysim.measures.experience.score_journeys import columns_needed

EXPRESSES: Final = None
PARALLEL: Final = True
#: Journeys that a thread takes at once.
_JOURNEYS: Final = 1 << 16


class Opened:
    """Mapped tables, and places for the scores, which every run fills again."""

    def __init__(self, tables: Mapped, measures: Sequence[JourneyMeasure], jobs: int) -> None:
        self._tables = tables
        self._measures = measures
        self._columns = columns_needed(measures)
        self._weights = Weights.default()
        self._jobs = jobs
        self._scores: dict[str, NDArray[Any]] = {}

    def run(self) -> object:
        """Score piece by piece, views of Arrow memory included."""
        pieces = self._numbered()
        if not self._scores:
            # The first piece tells of what kind the scores are; then there is room for all.
            self._score(*next(pieces))
        lock = Lock()
        if self._jobs == 1:
            self._score_all(pieces, lock)
        else:
            with ThreadPoolExecutor(self._jobs) as crew:
                list(crew.map(lambda _: self._score_all(pieces, lock), range(self._jobs)))
        return self._scores

    def scores(self, found: object) -> Scores:
        """Return the scores."""
        return {measure.name: self._scores[measure.name] for measure in self._measures}

    def _numbered(self) -> Iterator[tuple[int, JourneyColumns]]:
        at = 0
        contacts, journeys = self._tables.contacts, self._tables.journeys
        for piece in pieces_of(contacts, journeys, columns=self._columns, piece=_JOURNEYS):
            yield at, piece
            at += len(piece)

    def _score_all(self, pieces: Iterator[tuple[int, JourneyColumns]], lock: Lock) -> None:
        """Score one piece after the other; each is made when its turn comes, and then let go."""
        while True:
            with lock:
                numbered = next(pieces, None)
            if numbered is None:
                return
            self._score(*numbered)

    def _score(self, at: int, piece: JourneyColumns) -> None:
        rows = slice(at, at + len(piece))
        rooms = {name: room[rows] for name, room in self._scores.items()}
        found = score_columns(piece, measures=self._measures, weights=self._weights, out=rooms)
        for name, scores in found.items():
            if name not in self._scores:
                journeys = self._tables.journeys.num_rows
                self._scores[name] = np.empty(journeys, scores.dtype)
            if scores is not rooms.get(name):
                self._scores[name][rows] = scores


def open_work(work: Work) -> Opened:
    """Open the tables, and register own measures."""
    own = measures_of_file(work.kernel) if work.kernel is not None else {}
    measures = chosen_journey_measures([own.get(name, name) for name in work.measures])
    tables = mapped(work.directory, work.replication)
    return Opened(tables, measures, work.jobs)
