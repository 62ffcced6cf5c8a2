"""A run as XES (IEEE 1849): a trace per journey, two events per contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle"
    uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <classifier name="Activity" keys="concept:name"/>
"""


def write_xes(blocks: Iterable[pa.Table], path: Path) -> None:
    """Write contacts as XES; a contact that never ended has a start alone."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for case, rows in journeys_of(blocks):
            file.write("  <trace>\n")
            file.write(_text("concept:name", case, 4))
            file.write(_text("customer", rows[0]["customer"], 4))
            file.write(_text("segment", rows[0]["segment"], 4))
            file.write(_text("need", rows[0]["need"], 4))
            for moment, kind, row in sorted(_events(rows), key=lambda event: event[0]):
                file.write("    <event>\n")
                file.write(_text("concept:name", row["activity"], 6))
                file.write(_text("lifecycle:transition", kind, 6))
                file.write(f'      <date key="time:timestamp" value="{stamp(moment)}"/>\n')
                if row["pool"] is not None:
                    file.write(_text("org:group", row["pool"], 6))
                if kind == "complete":
                    file.write(_text("outcome", row["outcome"], 6))
                    file.write(f'      <float key="wait" value="{row["wait"]}"/>\n')
                file.write("    </event>\n")
            file.write("  </trace>\n")
        file.write("</log>\n")


def journeys_of(blocks: Iterable[pa.Table]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield journeys one by one: the case, and its contacts."""
    rows = (
        row
        for block in blocks
        for part in block.to_batches(max_chunksize=5_000)
        for row in part.to_pylist()
    )
    for case, own in groupby(rows, key=lambda row: str(row["case"])):
        yield case, list(own)


def stamp(moment: datetime) -> str:
    """Return a moment with milliseconds and a zone, which both standards want: UTC."""
    return moment.isoformat(timespec="milliseconds") + "+00:00"


def _events(rows: list[dict[str, Any]]) -> Iterator[tuple[datetime, str, Mapping[str, Any]]]:
    for row in rows:
        yield row["start"], "start", row
        if row["end"] is not None:
            yield row["end"], "complete", row


def _text(key: str, value: object, indent: int) -> str:
    return f'{" " * indent}<string key="{escape(key)}" value={quoteattr(str(value))}/>\n'
