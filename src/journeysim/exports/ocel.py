"""A run as OCEL 2.0 (JSON): contacts are events; customers, journeys and pools are objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from journeysim.exports.xes import journeys_of, stamp

_EVENT = [
    {"name": "outcome", "type": "string"},
    {"name": "wait", "type": "float"},
    {"name": "talk", "type": "float"},
]
_OBJECTS = [
    {"name": "customer", "attributes": [{"name": "segment", "type": "string"}]},
    {
        "name": "journey",
        "attributes": [{"name": "need", "type": "string"}, {"name": "outcome", "type": "string"}],
    },
    {"name": "pool", "attributes": []},
]


def write_ocel(
    contacts: Callable[[], Iterable[pa.Table]],
    journeys: Callable[[], Iterable[pa.Table]],
    path: Path,
) -> None:
    """Write a run as OCEL 2.0; events first, then objects, so that neither is held in memory.

    Parameters
    ----------
    contacts, journeys
        Give the blocks of each, from the beginning.
    """
    channels: set[str] = set()
    pools: set[str] = set()
    with path.open("w", encoding="utf-8") as file:
        file.write('{"objectTypes":' + json.dumps(_OBJECTS) + ',\n"events":[')
        _write(file, _events(contacts(), channels, pools))
        file.write('],\n"objects":[')
        _write(file, _objects(journeys(), pools))
        kinds = [{"name": name, "attributes": _EVENT} for name in sorted(channels)]
        file.write('],\n"eventTypes":' + json.dumps(kinds) + "}\n")


def _write(file: TextIO, items: Iterator[dict[str, Any]]) -> None:
    for number, item in enumerate(items):
        file.write((",\n" if number else "\n") + json.dumps(item, ensure_ascii=False))


def _events(
    blocks: Iterable[pa.Table], channels: set[str], pools: set[str]
) -> Iterator[dict[str, Any]]:
    for case, rows in journeys_of(blocks):
        for row in rows:
            channels.add(row["activity"])
            related = [
                {"objectId": f"journey {case}", "qualifier": "contact of"},
                {"objectId": _customer(row), "qualifier": "made by"},
            ]
            if row["pool"] is not None:
                pools.add(row["pool"])
                related.append({"objectId": f"pool {row['pool']}", "qualifier": "served by"})
            values = [
                {"name": name, "value": row[name]}
                for name in ("outcome", "wait", "talk")
                if row[name] is not None
            ]
            yield {
                "id": f"contact {case}-{row['contact']}",
                "type": row["activity"],
                "time": stamp(row["start"]),
                "attributes": values,
                "relationships": related,
            }


def _customer(row: dict[str, Any]) -> str:
    # The same customer lives again in every replication.
    return f"customer {row['replication']}-{row['customer']}"


def _objects(journeys: Iterable[pa.Table], pools: set[str]) -> Iterator[dict[str, Any]]:
    for name in sorted(pools):
        yield {"id": f"pool {name}", "type": "pool", "attributes": [], "relationships": []}
    began = {"time": "1970-01-01T00:00:00.000+00:00"}
    for block in journeys:
        for part in block.to_batches(max_chunksize=5_000):
            for row in part.to_pylist():
                segment = {"name": "segment", "value": row["segment"]} | began
                yield {
                    "id": _customer(row),
                    "type": "customer",
                    "attributes": [segment],
                    "relationships": [],
                }
                values = [
                    {"name": name, "value": row[name]} | began for name in ("need", "outcome")
                ]
                yield {
                    "id": f"journey {row['case']}",
                    "type": "journey",
                    "attributes": values,
                    "relationships": [{"objectId": _customer(row), "qualifier": "of"}],
                }
