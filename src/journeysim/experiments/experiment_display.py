"""What Python shows of an experiment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from journeysim.displays import Display, names_in_short
from journeysim.measures.row_lookup import members_of
from journeysim.types import Row
from journeysim.wording.numbers import decimal_text
from journeysim.wording.scores import scale_of

#: Rows of the summary that a notebook shows.
_SHOWN = 40


def experiment_display(record: Mapping[str, Any], summary: pa.Table) -> Display:
    """Return what is shown of an experiment: its design, and the first rows of its summary."""
    factors = record["factors"]
    title = record["title"] or f"{record['design']} design on {record['scenario']}"
    many = record["replications"]
    each = "replications until precise" if many is None else f"{many} replications each"
    draws = record["input_draws"]
    inputs = f", {draws} draws of the inputs" if draws else ""
    return Display(
        title=f"Experiment: {title}",
        sentence=f"{record['points']} points over {names_in_short(factors)}; {each}{inputs}; "
        f"seed {record['seed']}.",
        head=("point", *factors, "measure", "value", "±"),
        rows=list(_rows(summary.slice(0, _SHOWN), factors)),
        note=f"{summary.num_rows} rows in .summary; .results, .value(name, point=0), .to_pandas()",
    )


def _rows(summary: pa.Table, factors: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for row in summary.to_pylist():
        values = (_short(row[factor]) for factor in factors)
        name = ".".join([*map(str, members_of(row).values()), row["measure"]])
        yield (str(row["point"]), *values, *_estimate_cells(name, row))


def _estimate_cells(name: str, row: Row) -> tuple[str, str, str]:
    if row["value"] is None:
        return name, "-", ""
    scale = scale_of([row])
    wide = row.get("total_half_width", row["half_width"])
    half = "" if wide is None else decimal_text(wide / scale.size, scale.decimals)
    text = decimal_text(row["value"] / scale.size, scale.decimals)
    return f"{name} {scale.unit}".rstrip(), text, half


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
