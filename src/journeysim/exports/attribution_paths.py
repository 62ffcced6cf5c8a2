"""A run as attribution paths: channels in order, and whether the need was met."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from journeysim.exports.xes import journeys_of

_HEAD = ("case", "path", "conversion", "null", "contacts")


def write_paths(blocks: Iterable[pa.Table], path: Path) -> None:
    """Write one row per journey: ``web > phone``, and 1 where it was resolved.

    The columns suit tools that count conversions by path; `null` is 1 where it was not resolved.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(_HEAD)
        for case, rows in journeys_of(blocks):
            met = int(any(row["resolved"] for row in rows))
            channels = " > ".join(row["activity"] for row in rows)
            out.writerow((case, channels, met, 1 - met, len(rows)))
