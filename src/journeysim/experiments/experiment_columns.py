"""The columns of an experiment's tables, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from journeysim.experiments.plan import Plan
from journeysim.scenario.changes.quantities import shown_quantity
from journeysim.uncertainty import declared_uncertainty, drawn_values

_MEANINGS: Final = {
    "point": "Number of the point in the design, from 0.",
    "draw": "Number of the draw of the uncertain inputs.",
    "replication": "Number of the replication, by which its luck is drawn.",
    "measure": "Name of the measure.",
    "value": "Value; null where there is nothing to divide by.",
    "numerator": "Its sum; null for a quantile.",
    "denominator": "What that is divided by; null for a quantile.",
    "replications": "Replications that were made.",
    "half_width": "Half the width of the interval of the value, by chance in the simulation.",
    "input_half_width": "Half the width of the band that the uncertain inputs give the value.",
    "total_half_width": "Half the width of the band of both together.",
    "dominates": "Which of them is the larger by these estimates: inputs or chance.",
    "sure": "Whether the interval of their ratio leaves no doubt of that.",
    "unit": "Unit of the values.",
    "factor": "Name of the factor.",
}


def described(name: str, kind: pa.DataType) -> pa.Field:
    """Return the field of a column that is always called so."""
    return pa.field(name, kind, metadata={"meaning": _MEANINGS[name]})


def breakdown_fields(plan: Plan) -> list[pa.Field]:
    """Return the fields of the breakdown."""
    return [
        pa.field(
            name,
            pa.duration("us") if name == "interval" else pa.string(),
            metadata={"meaning": f"The {name} that the row is about; null for all."},
        )
        for name in plan.by
    ]


def measure_field() -> pa.Field:
    """Return the field of the name of the measure."""
    return described("measure", pa.dictionary(pa.int16(), pa.string()))


def results_schema(plan: Plan) -> pa.Schema:
    """Return the schema of the table with a row per point, replication, measure and group."""
    numbers = [described("point", pa.int32())]
    if plan.file.input_draws:
        numbers.append(described("draw", pa.int32()))
    numbers.append(described("replication", pa.int32()))
    values = [described(name, pa.float64()) for name in ("value", "numerator", "denominator")]
    fields = [*numbers, *factor_fields(plan), measure_field(), *breakdown_fields(plan), *values]
    return pa.schema(fields)


def summary_schema(plan: Plan) -> pa.Schema:
    """Return the schema of the table with a row per point, measure and group."""
    names = ["half_width"]
    if plan.file.input_draws:
        names += ["input_half_width", "total_half_width"]
    widths = [described(name, pa.float64()) for name in names]
    if plan.file.input_draws:
        widths += [described("dominates", pa.string()), described("sure", pa.bool_())]
    fields = [
        described("point", pa.int32()),
        *factor_fields(plan),
        measure_field(),
        *breakdown_fields(plan),
        described("value", pa.float64()),
        *widths,
        described("replications", pa.int32()),
        described("unit", pa.string()),
    ]
    return pa.schema(fields, metadata={"level": str(plan.file.level)})


def points_table(plan: Plan) -> pa.Table:
    """Return a row per point with the values of its factors."""
    fields = [described("point", pa.int32()), *factor_fields(plan)]
    numbers = pa.array(range(len(plan.points)), pa.int32())
    return pa.Table.from_arrays([numbers, *factor_columns(plan)], schema=pa.schema(fields))


def factor_fields(plan: Plan) -> list[pa.Field]:
    """Return the fields of the factors."""
    return [factor.field() for factor in plan.factors]


def factor_columns(plan: Plan) -> list[pa.Array]:
    """Return the values of each factor at all points."""
    return [
        factor.column([point[place] for point in plan.points])
        for place, factor in enumerate(plan.factors)
    ]


def sensitivity_schema(plan: Plan, columns: Mapping[str, str]) -> pa.Schema:
    """Return the schema of the table with a row per measure, group and factor."""
    fields = [
        measure_field(),
        *breakdown_fields(plan),
        described("factor", pa.string()),
        *(
            pa.field(name, pa.float64(), metadata={"meaning": said})
            for name, said in columns.items()
        ),
    ]
    return pa.schema(fields)


def inputs_table(plan: Plan) -> pa.Table:
    """Return what is drawn of each uncertain input, a row per draw and parameter."""
    declared = declared_uncertainty(plan.scenario)
    rows = [
        {
            "draw": draw,
            "parameter": each.text,
            "value": shown_quantity(each.unit, values[each.text]),
            "current": shown_quantity(each.unit, each.current),
        }
        for draw in range(plan.draws)
        for values in [drawn_values(declared, seed=plan.seed, draw=draw)]
        for each in declared
    ]
    said = {
        "draw": "Number of the draw.",
        "parameter": "Path of the parameter in the scenario.",
        "value": "What was drawn: times in seconds, rates per hour; of a distribution its mean.",
        "current": "What the scenario says.",
    }
    kinds = {"draw": pa.int32(), "parameter": pa.string()}
    fields = [
        pa.field(name, kinds.get(name, pa.float64()), metadata={"meaning": meaning})
        for name, meaning in said.items()
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))
