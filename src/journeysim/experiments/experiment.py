"""A finished experiment: its tables, and any of its replications again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import pyarrow as pa

from journeysim.arguments import one_of, whole_number
from journeysim.engine.engine_choice import Engine
from journeysim.errors import RunError
from journeysim.experiments.experiment_display import experiment_display
from journeysim.experiments.parts import PartMaker
from journeysim.experiments.plan import Cell, Plan
from journeysim.experiments.plan_reading import load_plan
from journeysim.experiments.result_tables import INPUTS, POINTS, RESULTS, SENSITIVITY, SUMMARY
from journeysim.measures.row_lookup import members_of, named_row
from journeysim.runs.storage import Place, place_of
from journeysim.scenario.scenario import Scenario
from journeysim.tables.frames import arrow_stream, pandas_frame, polars_frame

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

LAYOUT: Final = 1
RECORD: Final = "experiment.json"
PLAN: Final = "experiment.toml"


TableName = Literal["results", "points", "summary", "sensitivity", "inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointValue:
    """A figure of one point of an experiment.

    Attributes
    ----------
    measure, unit
        What it is, and in which unit.
    point, factors
        The point, and the value of each factor there: times in seconds, rates per hour.
    of
        What it is about, by dimension: ``{"channel": "phone"}``; empty for all.
    value
        The figure; None where there is nothing to divide by.
    half_width, level
        Half the width of its interval, by chance in the simulation; None where it is not known.
    replications
        Replications that were made.
    """

    measure: str
    unit: str
    point: int
    factors: Mapping[str, Any]
    of: Mapping[str, Any]
    value: float | None
    half_width: float | None
    level: float
    replications: int


@dataclass(frozen=True, slots=True, repr=False)
class Experiment:
    """What an experiment found.

    Attributes
    ----------
    record
        What was made and how: identity, seed, points, versions, definitions.
    results
        A row per point, (draw of the inputs,) replication, measure and group, with the values of
        the factors.
    points
        A row per point.
    summary
        A row per point, measure and group: value, half-widths, replications.
    sensitivity
        A row per measure, group and factor; None unless the design is for that.
    inputs
        What was drawn of the uncertain inputs, a row per draw and parameter; None for none.
    plan
        The experiment.
    """

    record: Mapping[str, Any]
    results: pa.Table
    points: pa.Table
    summary: pa.Table
    sensitivity: pa.Table | None
    inputs: pa.Table | None
    plan: Plan

    def value(self, name: str, *, point: int) -> PointValue:
        """Return a figure of a point by name: ``"phone.service_level"``, or ``"resolved"``.

        Raises
        ------
        RunError
            If there is no such point.
        MeasureError
            If there is no such figure, or there are several.
        """
        number = whole_number("point", point, least=0)
        check_cell(self.plan, number, None)
        row = named_row(self.summary, name, point=number)
        wanted = ("measure", "unit", "value", "half_width", "replications")
        return PointValue(
            **{key: row[key] for key in wanted},
            point=number,
            factors={factor.name: row[factor.name] for factor in self.plan.factors},
            of=members_of(row),
            level=float(self.summary.schema.metadata[b"level"]),
        )

    def to_pandas(self, table: TableName = "results") -> pd.DataFrame:
        """Return a table, that of the results unless another is named, as a pandas frame."""
        return pandas_frame(self._table(table))

    def to_polars(self, table: TableName = "results") -> pl.DataFrame:
        """Return a table, that of the results unless another is named, as a Polars frame."""
        return polars_frame(self._table(table))

    def _table(self, name: TableName) -> pa.Table:
        found = getattr(self, one_of("table", name, get_args(TableName)))
        if found is None:
            raise RunError(f"this experiment has no table {name!r}: its design or inputs give none")
        return found

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Hand over the results as Arrow."""
        return arrow_stream(self.results, requested_schema)

    def __repr__(self) -> str:
        return experiment_display(self.record, self.summary).text()

    def _repr_html_(self) -> str:
        return experiment_display(self.record, self.summary).html()

    def scenario(self, point: int, draw: int | None = None) -> Scenario:
        """Return the scenario of a point, with the inputs as they are in a draw."""
        check_cell(self.plan, point, None, draw)
        return PartMaker(self.plan, "reference").scenario(point, draw)

    def again(self, point: int, replication: int) -> pa.Table:
        """Make one replication of one point again, and return its rows: they are the same."""
        return rows_of(self.plan, point, replication, engine=self.record["engine"])


def check_cell(plan: Plan, point: int, replication: int | None, draw: int | None = None) -> None:
    """Raise RunError if an experiment has no such point, replication or draw."""
    known = (
        ("point", point, len(plan.points)),
        ("replication", replication, plan.draws * plan.replications),
        ("draw", draw, plan.file.input_draws or 0),
    )
    for what, number, count in known:
        if number is not None and not 0 <= number < count:
            upto = f"it has 0 to {count - 1}" if count else "it has none"
            raise RunError(f"{plan.source}: no {what} {number}; {upto}")


def cell_of(plan: Plan, point: int, replication: int) -> Cell:
    """Return one replication as work of its own; its draw of the inputs follows from its number."""
    check_cell(plan, point, replication)
    draw = replication // plan.replications if plan.file.input_draws else None
    return Cell(point, draw, range(replication, replication + 1))


def rows_of(plan: Plan, point: int, replication: int, *, engine: Engine) -> pa.Table:
    """Make one replication of one point, and return its rows in the table of results."""
    maker = PartMaker(plan, engine)
    batches = maker.rows(cell_of(plan, point, replication), lambda _: None)
    return pa.Table.from_batches(batches)


def open_experiment(where: str | Path) -> Experiment:
    """Open a finished experiment; on this machine its tables are memory-mapped.

    Raises
    ------
    RunError
        If it is none, or is not finished.
    """
    place = place_of(where)
    record = read_record(place)
    if record is None:
        raise RunError(f"{place.name}: not an experiment, it has no {RECORD}")
    if record.get("layout") != LAYOUT:
        raise RunError(
            f"{place.name}: has layout {record.get('layout')!r}; this program reads {LAYOUT}"
        )
    if record["status"] != "complete":
        raise RunError(
            f"{place.name}: this experiment is not finished; run `journeysim experiment` on its "
            "file again, with the same --out, and it goes on"
        )
    return opened(place, _saved_plan(place), record)


def opened(place: Place, plan: Plan, record: Mapping[str, Any]) -> Experiment:
    """Return the experiment that is complete in a place."""
    return Experiment(
        record=record,
        results=place.table(RESULTS),
        points=place.table(POINTS),
        summary=place.table(SUMMARY),
        sensitivity=place.table(SENSITIVITY) if record["has_sensitivity"] else None,
        inputs=place.table(INPUTS) if record["has_inputs"] else None,
        plan=plan,
    )


def read_record(place: Place) -> dict[str, Any] | None:
    """Return what an experiment says of itself, or None where there is none."""
    if not place.has(RECORD):
        return None
    try:
        found: dict[str, Any] = json.loads(place.read(RECORD))
    except ValueError as error:
        raise RunError(f"{place.name}: {RECORD} is damaged ({error})") from None
    return found


def _saved_plan(place: Place) -> Plan:
    """Return the plan that an experiment keeps with itself."""
    if place.local is not None:
        return load_plan(place.local / PLAN)
    with tempfile.TemporaryDirectory(prefix="journeysim-") as name:
        for file in (PLAN, "scenario.toml", "trace.arrow"):
            if place.has(file):
                (Path(name) / file).write_bytes(place.read(file))
        return load_plan(Path(name) / PLAN)


def in_memory(found: Experiment) -> Experiment:
    """Return an experiment whose files may go."""
    return replace(
        found,
        results=_copied(found.results),
        points=_copied(found.points),
        summary=_copied(found.summary),
        sensitivity=None if found.sensitivity is None else _copied(found.sensitivity),
        inputs=None if found.inputs is None else _copied(found.inputs),
    )


def _copied(table: pa.Table) -> pa.Table:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return pa.ipc.open_stream(sink.getvalue()).read_all()
