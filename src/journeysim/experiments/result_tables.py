"""From the parts of an experiment to its tables, a part at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.comparison.comparison_tables import unit_of
from journeysim.experiments.experiment_columns import (
    factor_columns,
    results_schema,
    sensitivity_schema,
    summary_schema,
)
from journeysim.experiments.plan import Plan
from journeysim.experiments.sensitivity import sensitivity, sensitivity_columns
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import (
    Jackknife,
    jackknife_variance,
    jackknifed_ratio,
    student_quantile,
)
from journeysim.runs.storage import Place
from journeysim.uncertainty import two_kinds

RESULTS, SUMMARY, POINTS = "results.arrow", "summary.arrow", "points.arrow"
SENSITIVITY, INPUTS = "sensitivity.arrow", "inputs.arrow"
PARTS = "parts"


def part_name(part: int) -> str:
    """Return the name of the file of a part."""
    return f"part={part:06d}.arrow"


def join_parts(plan: Plan, place: Place) -> None:
    """Write the table of all parts, in their order; memory holds one of them."""
    schema = results_schema(plan)
    with place.writing(RESULTS) as file, pa.ipc.new_file(file, schema) as writer:
        for part in range(plan.parts):
            with place.reading(f"{PARTS}/{part_name(part)}") as reader:
                for batch in range(reader.num_record_batches):
                    writer.write_batch(reader.get_batch(batch))


def summary_table(plan: Plan, place: Place) -> pa.Table:
    """Return a row per point, measure and group; memory holds a few points of the results."""
    schema = summary_schema(plan)
    units = {measure.name: unit_of(measure) for measure in plan.measures}
    columns = factor_columns(plan)
    batches = []
    for table in _points_of(place):
        rows = _summary_of(plan, table)
        groups = len(rows["value"])
        point = table.column("point")[0].as_py()
        names = rows["measure"].dictionary_decode().to_pylist()
        rows["point"] = pa.array(np.full(groups, point, dtype=np.int32))
        rows["unit"] = pa.array([units[name] for name in names])
        for factor, column in zip(plan.factors, columns, strict=True):
            rows[factor.name] = pa.repeat(column[point], groups)
        batches.append(
            pa.RecordBatch.from_arrays([rows[name] for name in schema.names], schema=schema)
        )
    return pa.Table.from_batches(batches, schema).combine_chunks()


def _points_of(place: Place) -> Iterator[pa.Table]:
    """Yield the rows of one point after another."""
    held: list[pa.RecordBatch] = []
    with place.reading(RESULTS) as reader:
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            points = batch.column("point").to_numpy()
            edges = [0, *(np.flatnonzero(np.diff(points)) + 1).tolist(), len(points)]
            for first, last in itertools.pairwise(edges):
                if held and held[0].column("point")[0].as_py() != points[first]:
                    yield pa.Table.from_batches(held)
                    held = []
                held.append(batch.slice(first, last - first))
    if held:
        yield pa.Table.from_batches(held)


def _summary_of(plan: Plan, table: pa.Table) -> dict[str, pa.Array]:
    """Return the columns of one point, a row per measure and group."""
    replications = len(table.column("replication").unique())
    groups = table.num_rows // replications
    first = table.slice(0, groups).combine_chunks()
    rows = {name: _one(first.column(name)) for name in ("measure", *plan.by)}
    value, numerator, denominator = (
        table.column(name).to_numpy().reshape(replications, groups)
        for name in ("value", "numerator", "denominator")
    )
    level = plan.file.level
    rows["replications"] = pa.array(np.full(groups, replications, dtype=np.int32))
    if plan.file.input_draws is None:
        found = _jackknifed(value, numerator, denominator)
        error = np.sqrt(jackknife_variance(found.left_out))
        quantile = student_quantile(level, max(replications - 1, 1))
        return rows | _texts_and_numbers(value=found.value, half_width=quantile * error)
    draws = [
        _jackknifed(value[part], numerator[part], denominator[part])
        for part in np.array_split(np.arange(replications), plan.draws)
    ]
    kinds = two_kinds(
        np.array([draw.value for draw in draws]),
        np.array([jackknife_variance(draw.left_out) for draw in draws]),
        replications=plan.replications,
        level=level,
    )
    return rows | _texts_and_numbers(
        value=kinds.value,
        half_width=kinds.chance_half_width,
        input_half_width=kinds.input_half_width,
        total_half_width=kinds.total_half_width,
        dominates=[kinds.dominates(group) for group in range(groups)],
        sure=[kinds.sure(group) for group in range(groups)],
    )


def _texts_and_numbers(**columns: Any) -> dict[str, pa.Array]:
    kinds = {"dominates": pa.string(), "sure": pa.bool_()}
    return {
        name: pa.array(column, kinds.get(name, pa.float64()), from_pandas=True)
        for name, column in columns.items()
    }


def _jackknifed(value: Numbers, numerator: Numbers, denominator: Numbers) -> Jackknife:
    """Return ratios of sums; of a quantile, which has none, the mean of the replications."""
    ones = np.isnan(numerator)
    return jackknifed_ratio(np.where(ones, value, numerator), np.where(ones, 1.0, denominator))


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def sensitivity_table(plan: Plan, summary: pa.Table) -> pa.Table:
    """Return a row per measure, group and factor."""
    columns = sensitivity_columns(plan.file.design)
    schema = sensitivity_schema(plan, columns)
    sample = plan.sample()
    points = len(plan.points)
    groups = summary.num_rows // points
    values = summary.column("value").to_numpy().reshape(points, groups)
    first = summary.slice(0, groups)
    names = [factor.name for factor in plan.factors]
    found = [
        sensitivity(plan.file.design, sample, values[:, group], level=plan.file.level)
        for group in range(groups)
    ]
    rows: dict[str, pa.Array] = {
        name: _one(first.column(name)).take(pa.array(np.repeat(np.arange(groups), len(names))))
        for name in ("measure", *plan.by)
    }
    rows["factor"] = pa.array(names * groups)
    for name in columns:
        together = np.concatenate([each[name] for each in found])
        rows[name] = pa.array(together, pa.float64(), from_pandas=True)
    return pa.Table.from_arrays([rows[name] for name in schema.names], schema=schema)
