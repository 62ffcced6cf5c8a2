"""What is counted of the customers, as Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from journeysim.comparison.better_and_worse_off import COUNTED
from journeysim.comparison.comparison_columns import COUNTS, CUSTOMERS, table_of_rows
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import jackknife_half_width, jackknifed_ratio


def customers_table(
    people: Sequence[Sequence[Numbers]],
    variants: Sequence[str],
    segments: tuple[str, ...],
    level: float,
) -> pa.Table:
    """Return means over replications of what is counted of the customers."""
    rows = []
    for place, variant in enumerate(variants):
        counted = np.array([each[place] for each in people])
        replications = len(counted)
        flat = counted.reshape(replications, -1)
        mean, left_out = jackknifed_ratio(flat, np.ones_like(flat))
        error = jackknife_half_width(left_out, level=level)
        for at, (name, column) in enumerate(_cells(segments)):
            rows.append(
                {
                    "variant": variant,
                    "segment": column,
                    "counted": name,
                    "meaning": COUNTED[name],
                    "mean": mean[at],
                    "lower": mean[at] - error[at],
                    "upper": mean[at] + error[at],
                    "total": flat[:, at].sum(),
                    "replications": replications,
                }
            )
    return table_of_rows(CUSTOMERS, rows, metadata={"level": str(level)})


def counts_table(
    people: Sequence[Sequence[Numbers]],
    variants: Sequence[str],
    segments: tuple[str, ...],
    numbers: Sequence[int],
) -> pa.Table:
    """Return what is counted of the customers, by replication."""
    rows = [
        {
            "replication": number,
            "variant": variant,
            "segment": column,
            "counted": name,
            "count": each[place].ravel()[at],
        }
        for number, each in zip(numbers, people, strict=True)
        for place, variant in enumerate(variants)
        for at, (name, column) in enumerate(_cells(segments))
    ]
    return table_of_rows(COUNTS, rows)


def _cells(segments: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Return what each cell of the counts is about: what is counted, and the segment."""
    return [(name, segment) for name in COUNTED for segment in (*segments, None)]
