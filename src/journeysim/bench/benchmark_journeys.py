"""The journeys of a benchmark: those of a run, or made up for as long as it takes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from journeysim.bench.mapped_tables import mapped
from journeysim.bench.measure_groups import Group, groups_of
from journeysim.bench.nine_measures import CONTACT_COLUMNS, JOURNEY_COLUMNS
from journeysim.errors import RunError
from journeysim.measures.experience import JourneyColumns, columns_of
from journeysim.measures.experience.score_journeys import columns_needed
from journeysim.tables.run import finished_replications
from journeysim.tables.synthetic_journeys import generated_journeys, write_generated_journeys


@dataclass(frozen=True, slots=True)
class BenchmarkJourneys:
    """Where journeys come from.

    Attributes
    ----------
    data
        A run directory, or None for made-up journeys.
    journeys, seed
        Of the made-up ones.
    """

    data: Path | None
    journeys: int
    seed: int

    @property
    def replication(self) -> int:
        """Number of the replication that is scored: the first one.

        Raises
        ------
        RunError
            If there is none.
        """
        if self.data is None:
            return 0
        numbers = finished_replications(self.data) if self.data.is_dir() else []
        if not numbers:
            raise RunError(f"{self.data}: no run directory with a finished replication")
        return numbers[0]

    @property
    def origin(self) -> str:
        """Where they come from, in words."""
        if self.data is None:
            return f"made up, seed {self.seed}"
        return f"{self.data.resolve().name}, replication {self.replication}"

    def groups(self, measures: Sequence[str] | None, kernel: Path | None) -> list[Group]:
        """Return the measures that are scored, of those that the journeys allow.

        Raises
        ------
        MeasureError
            If a measure is unknown, or needs what they lack.
        """
        return groups_of(measures, kernel, self._some())

    def _some(self) -> JourneyColumns:
        if self.data is None:
            made = generated_journeys(1, seed=self.seed)
            journeys, contacts = made.journeys, made.contacts
        else:
            tables = mapped(self.data, self.replication)
            journeys, contacts = tables.journeys.slice(0, 1), tables.contacts
        rows = journeys.column("contacts")[0].as_py()
        return columns_of(contacts.slice(0, rows), np.array([0, rows]), journeys)

    @contextlib.contextmanager
    def opened(
        self, groups: Sequence[Group], announce: Callable[[str, float], None]
    ) -> Iterator[Path]:
        """Give the directory of the journeys; made-up ones are removed afterwards.

        Of made-up ones only those columns are written that somebody looks at.
        """
        if self.data is not None:
            yield self.data
            return
        named = {each.name: each for group in groups for each in group.measures}
        measures = list(named.values())
        needed = set(columns_needed(measures) or ()) | {
            name.removeprefix("journey.") for measure in measures for name in measure.needs
        }
        with tempfile.TemporaryDirectory(prefix="journeysim-bench-") as folder:
            write_generated_journeys(
                Path(folder),
                self.journeys,
                seed=self.seed,
                # The plain reference makes all measures, whatever is asked for.
                columns={*needed, *CONTACT_COLUMNS, *JOURNEY_COLUMNS, "entered", "handler"},
                progress=lambda done, total, _: announce("making journeys up", done / total),
            )
            yield Path(folder)
