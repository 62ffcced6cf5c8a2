"""A part of an experiment: its replications, scored, as the rows of a file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.comparison.comparison_tables import Scored
from journeysim.comparison.stopping_rule import Reaching
from journeysim.engine.engine_choice import Engine
from journeysim.engine.random.draws import segment_identity
from journeysim.engine.replication import Prepared, prepare
from journeysim.errors import ScenarioError
from journeysim.experiments.experiment_columns import factor_columns, results_schema
from journeysim.experiments.kept_runs import kept_replications
from journeysim.experiments.plan import Cell, Plan
from journeysim.experiments.result_tables import PARTS, part_name
from journeysim.measures.scoring_context import Rules, scoring_rules
from journeysim.measures.service.breakdowns import labels
from journeysim.measures.service.measure import Measure
from journeysim.measures.service.replication_sums import AnyMeasure, Gathering
from journeysim.runs.grid import Model, Simulation, part_of
from journeysim.runs.storage import Place
from journeysim.scenario.flat.flatten import flatten, names_of
from journeysim.scenario.reading.trace_files import read_trace
from journeysim.scenario.scenario import Scenario, with_assignments
from journeysim.tables.run import Replication
from journeysim.types import ReportShare
from journeysim.uncertainty import drawn_scenario


@dataclass(slots=True)
class PartMaker:
    """Makes parts, the cells of an experiment; each process has its own.

    Parameters
    ----------
    plan
        The experiment.
    engine
        What makes the replications; the rows are the same.
    place
        Where the files of the parts go, and the runs, if they are kept; None for rows alone.
    """

    plan: Plan
    engine: Engine
    place: Place | None = None
    _factor_columns: list[pa.Array] = field(init=False)
    _schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        self._factor_columns = factor_columns(self.plan)
        self._schema = results_schema(self.plan)

    @property
    def models(self) -> list[Model]:
        """What has to be compiled: one point will do for all."""
        return Simulation(prepare(self.plan.scenario), 0, self.engine).models

    def make(self, number: int, report: ReportShare) -> None:
        """Make a part and write its file, complete or not at all."""
        assert self.place is not None
        batch = self.part(number, report)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, self._schema) as writer:
            writer.write_batch(batch)
        self.place.write(f"{PARTS}/{part_name(number)}", sink.getvalue())

    def part(self, number: int, report: ReportShare) -> pa.RecordBatch:
        """Return the rows of a part."""
        cells = self.plan.cells(number)
        tables: list[pa.RecordBatch] = []
        for place, cell in enumerate(cells):
            tables += self.rows(cell, part_of(report, place, len(cells)))
        table = pa.Table.from_batches(tables, self._schema).combine_chunks()
        return table.to_batches()[0] if table.num_rows else tables[0]

    def scenario(self, point: int, draw: int | None = None) -> Scenario:
        """Return the scenario of a point, with the inputs as they are in a draw.

        Raises
        ------
        ScenarioError
            If the values of the point do not go together; the text names it.
        """
        plan = self.plan
        factors = zip(plan.factors, plan.points[point], strict=True)
        try:
            found = with_assignments(
                plan.scenario,
                [change for factor, value in factors for change in factor.assignments(value)],
            )
            if draw is None:
                return found
            return drawn_scenario(found, plan.scenario, seed=plan.seed, draw=draw)[0]
        except ScenarioError as error:
            raise ScenarioError(f"{plan.source}, point {point}", error.problems) from None

    def rows(self, cell: Cell, report: ReportShare) -> list[pa.RecordBatch]:
        """Make the replications of a cell, and return their rows."""
        scenario = self.scenario(cell.point, cell.draw)
        rules = scoring_rules(scenario.world, self.plan.definitions)
        gathering = Gathering(list(self.plan.measures), self.plan.by, rules)
        enough = self._enough(gathering, rules)
        numbers: list[int] = []
        for made in self._made(scenario, cell, report):
            gathering.add(made)
            numbers.append(made.number)
            if enough(len(numbers)):
                break
        return [self._batch(cell, gathering, rules, numbers)]

    def _made(self, scenario: Scenario, cell: Cell, report: ReportShare) -> Iterator[Replication]:
        seed, wanted = self.plan.seed_of(cell.point), cell.replications
        if self.place is not None and self.plan.file.keep_runs:
            yield from kept_replications(
                scenario,
                cell,
                seed=seed,
                engine=self.engine,
                place=self.place,
                at_once=1 if self.plan.targets else len(wanted),
                report=report,
            )
            return
        simulation = Simulation(_prepared(scenario), seed, self.engine)
        for place, number in enumerate(wanted):
            yield simulation.replication(number, part_of(report, place, len(wanted)))

    def _enough(self, gathering: Gathering, rules: Rules) -> Callable[[int], bool]:
        if not self.plan.targets:
            return lambda _: False
        scored = Scored([""], [gathering], [rules], self.plan.by, self.plan.file.level)
        return Reaching(self.plan.targets, scored, fewest=1).enough

    def _batch(
        self, cell: Cell, gathering: Gathering, rules: Rules, numbers: Sequence[int]
    ) -> pa.RecordBatch:
        """Return the rows of a cell: replications, in each of them measures, in each groups."""
        measures = self.plan.measures
        found = [_numbers(gathering, place, len(numbers)) for place in range(len(measures))]
        values = [np.concatenate(each, axis=1).ravel() for each in zip(*found, strict=True)]
        sizes = [each[0].shape[1] for each in found]
        groups, rows = sum(sizes), sum(sizes) * len(numbers)
        codes = np.tile(np.repeat(np.arange(len(measures), dtype=np.int16), sizes), len(numbers))
        names = pa.array([measure.name for measure in measures], pa.string())
        columns = {
            "point": pa.array(np.full(rows, cell.point, dtype=np.int32)),
            "draw": pa.array(np.full(rows, cell.draw or 0, dtype=np.int32)),
            "replication": pa.array(np.repeat(np.array(numbers, dtype=np.int32), groups)),
            "measure": pa.DictionaryArray.from_arrays(pa.array(codes), names),
        }
        for factor, column in zip(self.plan.factors, self._factor_columns, strict=True):
            columns[factor.name] = pa.repeat(column[cell.point], rows)
        for name in self.plan.by:
            own = [_members(gathering, measure, rules, name) for measure in measures]
            columns[name] = pa.concat_arrays(own * len(numbers))
        for name, each in zip(("value", "numerator", "denominator"), values, strict=True):
            columns[name] = pa.array(each, from_pandas=True)
        return pa.RecordBatch.from_arrays(
            [columns[name] for name in self._schema.names], schema=self._schema
        )


def _numbers(gathering: Gathering, place: int, replications: int) -> tuple[Any, Any, Any]:
    """Return value, numerator and denominator of a measure, each (replications, groups)."""
    alone = gathering.alone(place)
    if isinstance(gathering.measures[place], Measure):
        return (alone, *gathering.pairs(place))
    unknown = np.full((replications, alone.shape[1]), np.nan)
    return alone, unknown, unknown


def _members(gathering: Gathering, measure: AnyMeasure, rules: Rules, name: str) -> pa.Array:
    """Return the member of a dimension that each group of a measure is about."""
    layout = gathering.layout_of(measure)
    names = labels(name, rules)
    if name not in layout.dimensions:
        return pa.nulls(layout.groups, names.type)
    return names.take(pa.array(layout.members(name)))


def _prepared(scenario: Scenario) -> Prepared:
    """Return a scenario ready to run, without the files of a run."""
    world = scenario.world
    trace = None
    if world.trace is not None:
        trace = _trace(world.trace.file, world.trace.sheet, world.trace.unit)
    model = flatten(world, identity=segment_identity, trace=trace)
    return Prepared(model, names_of(world), "", b"")


_reading = threading.Lock()


def _trace(file: str, sheet: str | None, unit: int) -> pa.Table:
    with _reading:
        return _read_once(file, sheet, unit)


@lru_cache(maxsize=4)
def _read_once(file: str, sheet: str | None, unit: int) -> pa.Table:
    return read_trace(file, sheet, unit)
