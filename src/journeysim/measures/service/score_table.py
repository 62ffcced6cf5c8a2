"""The scores of a run as one tidy Arrow table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from journeysim.errors import RunError
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.definitions import Definitions
from journeysim.measures.estimates import student_quantile
from journeysim.measures.scoring_context import Rules, scoring_rules
from journeysim.measures.service.breakdowns import Layout, labels
from journeysim.measures.service.formula_texts import formula_texts
from journeysim.measures.service.measure import Measure, Quantile
from journeysim.measures.service.registry import checked_breakdown, chosen_measures
from journeysim.measures.service.replication_sums import AnyMeasure, Gathering
from journeysim.measures.service.tallied_sums import TalliedSums
from journeysim.scenario.schema.world import World
from journeysim.tables.run import Run

MEANINGS = {
    "measure": "Name of the measure.",
    "value": "Ratio of sums over replications; null where there is nothing to divide by.",
    "lower": "Lower end of the interval; null if it cannot be known.",
    "upper": "Upper end of the interval; null if it cannot be known.",
    "half_width": "Half the width of the interval, by jackknife over replications.",
    "replications": "Replications scored.",
    "numerator": "Sum over replications; null for a quantile.",
    "denominator": "Sum over replications; for a quantile, the contacts it is of.",
    "unit": "Unit of the value.",
    "formula": "The definition used.",
}


def score_run(
    run: Run,
    world: World,
    *,
    by: Sequence[str] = ("channel",),
    definitions: Definitions | None = None,
    level: float = 0.95,
    measures: Sequence[str | AnyMeasure] | None = None,
) -> pa.Table:
    """Score a finished run.

    Contacts and journeys of customers who arrived in the warm-up do not count; the times of pools
    count by the clock, from the first interval that begins after the warm-up.

    Parameters
    ----------
    by
        Breakdown: any of channel, segment, need, interval, pool; none for everything together. A
        dimension that a measure does not have is null in its rows, which means all.
    definitions
        What differs from the definitions of the world.
    level
        Probability that an interval is to cover.
    measures
        Names of measures, or measures; by default all known ones.

    Returns
    -------
    One row per measure and group, with value, interval, sums, unit and formula. Groups that
    nothing was seen of have rows too, with null values.

    Raises
    ------
    MeasureError
        If a breakdown, measure or definition does not exist, or the run is not of this world.
    RunError
        If no replication is finished.
    """
    dimensions = checked_breakdown(by)
    chosen = chosen_measures(measures)
    student_quantile(level, 1)
    if not run.replications:
        raise RunError(f"{run.directory or 'this run'} has no finished replication")
    rules = scoring_rules(world, definitions or Definitions())
    tallied: TalliedSums | None = run.tallies
    if tallied is not None and (run.keep == "none" or tallied.has(dimensions, definitions)):
        chosen = tallied.chosen(None if measures is None else chosen)
        gathering = tallied.gathering(dimensions, chosen, definitions)
    else:
        gathering = Gathering(chosen, dimensions, rules)
        for replication in run:
            gathering.add(replication)
    schema = _schema(dimensions, level)
    parts = [
        _rows_of(gathering, position, dimensions, rules, schema, level)
        for position in range(len(chosen))
    ]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _rows_of(
    gathering: Gathering,
    position: int,
    dimensions: tuple[str, ...],
    rules: Rules,
    schema: pa.Schema,
    level: float,
) -> pa.Table:
    """Return the rows of one measure."""
    measure = gathering.measures[position]
    groups = gathering.layout_of(measure)
    scores = gathering.scores(position, level=level)
    columns = {
        "measure": pa.repeat(pa.scalar(measure.name), groups.groups),
        **{name: _members(name, groups, rules) for name in dimensions},
        "value": _nullable(scores.value),
        "lower": _nullable(scores.value - scores.half_width),
        "upper": _nullable(scores.value + scores.half_width),
        "half_width": _nullable(scores.half_width),
        "replications": pa.repeat(pa.scalar(gathering.replications, pa.int64()), groups.groups),
        "numerator": _nullable(scores.numerator),
        "denominator": _nullable(scores.denominator),
        "unit": pa.repeat(
            pa.scalar(measure.unit if isinstance(measure, Measure) else "s"), groups.groups
        ),
        "formula": pa.array(_formulas(measure, groups, rules), pa.string()),
    }
    return pa.table(columns, schema=schema)


def _formulas(measure: AnyMeasure, groups: Layout, rules: Rules) -> list[str]:
    texts = formula_texts(measure.formula, groups, rules)
    of_contacts = isinstance(measure, Quantile) or measure.table == "contacts"
    if of_contacts and "interval" in groups.dimensions:
        ending = f"; by interval of {rules.interval_of}"
        return [text + ending for text in texts]
    return texts


def _members(dimension: str, groups: Layout, rules: Rules) -> pa.Array:
    names = labels(dimension, rules)
    if dimension not in groups.dimensions:
        return pa.nulls(groups.groups, names.type)
    return names.take(pa.array(groups.members(dimension)))


def _nullable(numbers: Numbers) -> pa.Array:
    return pa.array(numbers, pa.float64(), mask=np.isnan(numbers))


def _schema(dimensions: tuple[str, ...], level: float) -> pa.Schema:
    texts = {"measure", "unit", "formula"}
    fields = []
    for name, meaning in MEANINGS.items():
        kind = pa.string() if name in texts else pa.float64()
        kind = pa.int64() if name == "replications" else kind
        fields.append(pa.field(name, kind, metadata={"meaning": meaning}))
        if name == "measure":
            for dimension in dimensions:
                kind = pa.duration("us") if dimension == "interval" else pa.string()
                meaning = f"The {dimension} that the row is about; null for all."
                fields.append(pa.field(dimension, kind, metadata={"meaning": meaning}))
    return pa.schema(fields, metadata={"level": str(level)})
