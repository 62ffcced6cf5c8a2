"""What Python shows of a comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from journeysim.displays import Display, names_in_short
from journeysim.types import Row
from journeysim.wording.numbers import decimal_text
from journeysim.wording.scores import Scale, scale_of


def comparison_display(
    record: Mapping[str, Any], sentences: Sequence[str], headline: pa.Table
) -> Display:
    """Return what is shown of a comparison: the answer, and the headline of each variant."""
    variants = [variant["name"] for variant in record["variants"]]
    pairs = record["replications"]
    title = f"Comparison of {record['baseline']['name']} with {names_in_short(variants)}"
    level = f"{100 * record['level']:g} % interval"
    return Display(
        title=f"{title}; {pairs} pairs",
        sentence=" ".join(sentences),
        head=("measure", "variant", "baseline", "value", "difference", level),
        rows=list(_rows(headline)),
        note=".difference('phone.service_level'), .sentences, .differences, .plot, .write()",
    )


def _rows(headline: pa.Table) -> Iterator[tuple[str, ...]]:
    for row in headline.to_pylist():
        if row["difference"] is None:
            continue
        larger = max(abs(row["baseline"] or 0.0), abs(row["value"] or 0.0))
        scale = scale_of([{**row, "value": larger}])
        about = row.get("channel")
        name = f"{about}.{row['measure']}" if about else row["measure"]
        interval = ""
        if row["lower"] is not None:
            interval = f"{_signed(row, 'lower', scale)} to {_signed(row, 'upper', scale)}"
        yield (
            f"{name} {scale.unit}".rstrip(),
            row["variant"],
            _text(row["baseline"], scale),
            _text(row["value"], scale),
            _signed(row, "difference", scale),
            interval,
        )


def _signed(row: Row, key: str, scale: Scale) -> str:
    return decimal_text(row[key] / scale.size, scale.decimals, signed=True)


def _text(value: float | None, scale: Scale) -> str:
    return "-" if value is None else decimal_text(value / scale.size, scale.decimals)
