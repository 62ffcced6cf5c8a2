"""Replications of all scenarios side by side, of which only what sums up is kept.

A replication is made for the baseline and for each variant, scored, paired and dropped, so that
memory holds a few replications however many are made. What is kept is kept in the order of the
replications, so that nothing depends on how many are made at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa

from journeysim.comparison.better_and_worse_off import (
    People,
    counts_of,
    pairs_of,
    people_of,
    table_of,
)
from journeysim.comparison.comparison_files import write_table
from journeysim.comparison.example_customers import Told, told_of
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.portrait.observed_sums import Observed
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.measures.service.replication_sums import Gathering, Sums
from journeysim.runs.grid import Model, ReplicationSource, Simulation, grid_of, part_of
from journeysim.runs.runner import Enough, InOrder, Runner
from journeysim.runs.threads import Threads
from journeysim.tables.run import Replication, table_path
from journeysim.types import Progress, ReportShare


@dataclass(frozen=True, slots=True)
class Paired:
    """What one replication of all scenarios leaves behind.

    Attributes
    ----------
    sums
        Of each scenario, the baseline first, for each of its gatherings.
    people
        What is counted of the customers, for each variant; see `counts_of`.
    told
        Customers who could be told.
    observed
        What portraits are made of, of each scenario; empty where none are wanted.
    """

    sums: list[list[Sums]]
    people: list[Numbers]
    told: list[Told]
    observed: list[Observed]


class SideBySide:
    """Pairs replications of all scenarios, and gathers what they leave behind.

    Parameters
    ----------
    names, sources, gatherings
        Of the scenarios, the baseline first: what they are called, where their replications come
        from, and what gathers their sums, by one breakdown or several.
    segments
        Names of the segments of all scenarios.
    portraits
        What gathers the portraits of the scenarios; none if no portraits are wanted.
    customers
        Folder for a table of each replication's customers who are better or worse off, or None.
    enough
        Called after each replication, in their order, with how many there are; True stops.
    progress
        Called with finished replications, all replications, and the share of those under way.

    Attributes
    ----------
    numbers
        Replications that are kept, in their order.
    people
        What is counted of the customers in each of them, for each variant.
    told
        The first that can be told, by variant and change.
    """

    def __init__(
        self,
        names: Sequence[str],
        sources: Sequence[ReplicationSource],
        gatherings: Sequence[tuple[Gathering, ...]],
        *,
        segments: tuple[str, ...],
        portraits: Sequence[PortraitGathering] = (),
        customers: Path | None = None,
        enough: Callable[[int], bool] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.numbers: list[int] = []
        self.people: list[list[Numbers]] = []
        self.told: dict[tuple[str, str], Told] = {}
        self._names = names
        self._sources = sources
        self._gatherings = gatherings
        self._segments = segments
        self._portraits = portraits
        self._customers = customers
        self._enough = enough
        self._progress = progress

    @property
    def models(self) -> list[Model]:
        """What has to be compiled."""
        simulations = [each for each in self._sources if isinstance(each, Simulation)]
        return [model for simulation in simulations for model in simulation.models]

    def pair(self, numbers: Sequence[int], *, jobs: int) -> None:
        """Make replications, `jobs` at once, until all are made or there are enough."""
        for gathering in chain.from_iterable(self._gatherings):
            # Laid out once here, and not by several threads.
            for measure in gathering.measures:
                gathering.layout_of(measure)
        keep = InOrder(numbers, self._keep)
        runner = Runner(grid_of(numbers), self, keep=keep, progress=self._progress)
        runner.run(Threads(max(1, min(jobs, len(numbers)))))
        self._drop_surplus()

    def make(self, number: int, report: ReportShare) -> Paired:
        """Make, score and pair one replication of all scenarios."""
        found = Paired([], [], [], [])
        tables: list[pa.Table] = []
        baseline: tuple[Replication, People] | None = None
        for place, (source, gatherings) in enumerate(
            zip(self._sources, self._gatherings, strict=True)
        ):
            made = source.replication(number, part_of(report, place, len(self._sources)))
            found.sums.append([gathering.sums(made) for gathering in gatherings])
            if self._portraits:
                found.observed.append(self._portraits[place].observe(made))
            people = people_of(made.journeys, self._segments)
            if baseline is None:
                baseline = made, people
                continue
            name = self._names[place]
            pairs = pairs_of(baseline[1], people)
            found.people.append(counts_of(pairs, len(self._segments)))
            found.told.extend(told_of(pairs, baseline[0], made, name=name))
            if self._customers is not None:
                tables.append(table_of(pairs, self._segments, name))
        if self._customers is not None:
            write_table(pa.concat_tables(tables), self._table_path(number))
        return found

    def _keep(self, number: int, paired: Paired) -> None:
        for gatherings, several in zip(self._gatherings, paired.sums, strict=True):
            for gathering, sums in zip(gatherings, several, strict=True):
                gathering.keep(sums)
        for portrait, observed in zip(self._portraits, paired.observed, strict=True):
            portrait.keep(observed)
        self.people.append(paired.people)
        for told in paired.told:
            self.told.setdefault((told.variant, told.change), told)
        self.numbers.append(number)
        if self._enough is not None and self._enough(len(self.numbers)):
            raise Enough

    def _drop_surplus(self) -> None:
        """Remove the tables of replications that were made and turned out not to be needed."""
        if self._customers is not None:
            kept = {self._table_path(number) for number in self.numbers}
            for path in self._customers.glob("rep=*.arrow"):
                if path not in kept:
                    path.unlink()

    def _table_path(self, number: int) -> Path:
        assert self._customers is not None
        return table_path(self._customers.parent, self._customers.name, number)
