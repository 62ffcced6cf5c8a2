"""The columns of a comparison's tables, each with its sentence, and tables made of them.

Every column says in its field metadata, under `meaning`, what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

DIFFERENCES: Final = {
    "measure": "Name of the measure.",
    "variant": "What is compared with the baseline.",
    "baseline": "Value in the baseline, over all replications; null where there is none.",
    "value": "Value in the variant, over all replications; null where there is none.",
    "difference": "Variant less baseline.",
    "lower": "Lower end of the interval of the difference.",
    "upper": "Upper end of the interval of the difference.",
    "half_width": "Half the width of that interval: Student's, by jackknife over the pairs.",
    "standard_error": "Standard error of the difference, by jackknife over the pairs.",
    "p": "Probability of so large a difference if there were none; null where nothing scatters.",
    "p_holm": "The same, adjusted by Holm for the differences of this table.",
    "lower_joint": "Lower end of an interval that holds together with all others (Bonferroni).",
    "upper_joint": "Upper end of an interval that holds together with all others (Bonferroni).",
    "variance_reduction": "Variance of the difference without pairing, over that with pairing.",
    "replications": "Pairs of replications.",
    "better": "Which way is better for customers and payer: more, less, or null.",
    "unit": "Unit of the values.",
    "formula": "The definition used.",
}
SCORES: Final = {
    "measure": "Name of the measure.",
    "scenario": "The baseline or a variant.",
    "replication": "Number of the replication.",
    "value": "Value in this replication alone; null where there is nothing to divide by.",
    "numerator": "Its sum; null for a quantile.",
    "denominator": "What that is divided by; null for a quantile.",
}
BEST: Final = {
    "measure": "Name of the measure.",
    "scenario": "The baseline or a variant.",
    "value": "Value over all replications.",
    "lower": "Lower end of value less the best of the others; positive is better.",
    "upper": "Upper end; 0 says that it is not the best. All intervals of a measure hold together.",
    "verdict": "best, not best, or may be best.",
    "replications": "Replications of each scenario.",
    "unit": "Unit of the values.",
}
INPUTS: Final = {
    "measure": "Name of the measure.",
    "scenario": "The baseline or a variant.",
    "of": "What the row is about: the value of the scenario, or its difference from the baseline.",
    "value": "Mean over the draws of the inputs.",
    "chance_half_width": "Half the width of the interval that chance gives it in all replications.",
    "input_half_width": "Half the width of the band that the uncertain inputs give it.",
    "lower": "Lower end of the band of both together.",
    "upper": "Upper end of the band of both together.",
    "dominates": "Which of them is the larger by these estimates: inputs or chance.",
    "sure": "Whether the interval of their ratio leaves no doubt of that.",
    "draws": "Draws of the inputs.",
    "replications": "Replications of each draw.",
    "unit": "Unit of the values.",
}
CUSTOMERS: Final = {
    "variant": "What is compared with the baseline.",
    "segment": "Segment of the customers; null for all.",
    "counted": "What is counted.",
    "meaning": "What that means.",
    "mean": "Mean of the replications.",
    "lower": "Lower end of the interval of the mean.",
    "upper": "Upper end of the interval of the mean.",
    "total": "Sum over all replications.",
    "replications": "Pairs of replications.",
}
COUNTS: Final = {
    "replication": "Number of the replication.",
    "variant": "What is compared with the baseline.",
    "segment": "Segment of the customers; null for all.",
    "counted": "What is counted.",
    "count": "How many, or how much.",
}
_TEXTS: Final = frozenset(
    {
        *("measure", "variant", "scenario", "unit", "formula", "better", "verdict"),
        *("counted", "meaning", "segment", "of", "dominates"),
    }
)
#: Tables of more rows hold their words as a dictionary.
_MANY: Final = 1000
_WHOLE: Final = frozenset({"replication", "replications", "draws"})


def table_of_rows(
    meanings: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Sequence[str] = (),
    metadata: Mapping[str, str] | None = None,
) -> pa.Table:
    """Return rows as a table; numbers that are NaN are null, intervals of the day are durations.

    Parameters
    ----------
    by
        Dimensions of a breakdown, whose columns stand behind the first one.
    """
    fields, columns = [], []
    for name, meaning in meanings.items():
        fields.append(pa.field(name, _kind(name), metadata={"meaning": meaning}))
        columns.append([row[name] for row in rows])
        if name == "measure":
            for dimension in by:
                said = f"The {dimension} that the row is about; null for all."
                kind = pa.int64() if dimension == "interval" else pa.string()
                fields.append(pa.field(dimension, kind, metadata={"meaning": said}))
                columns.append([row[dimension] for row in rows])
    arrays = [
        pa.array(column, field.type, from_pandas=True)
        for field, column in zip(fields, columns, strict=True)
    ]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=dict(metadata or {})))
    if len(rows) > _MANY:
        # A word that stands in every row is written once.
        for place, field in enumerate(fields):
            if field.type == pa.string():
                words = table.column(place).dictionary_encode()
                table = table.set_column(place, field.with_type(words.type), words)
    if "interval" not in by:
        return table
    place = table.schema.get_field_index("interval")
    field = table.schema.field(place).with_type(pa.duration("us"))
    return table.set_column(place, field, table["interval"].cast(pa.duration("us")))


def _kind(name: str) -> pa.DataType:
    if name == "sure":
        return pa.bool_()
    if name in _TEXTS:
        return pa.string()
    return pa.int64() if name in _WHOLE else pa.float64()
