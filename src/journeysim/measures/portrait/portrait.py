"""A portrait: the small tables of one scenario, with what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

PORTRAIT_TABLES: Final = ("steps", "flows", "day", "hours", "funnel")

_TEXTS: Final = frozenset(
    {
        *("touchpoint", "channel", "handler", "control", "source", "target", "leads_to", "row"),
        *("name", "measure", "unit", "weekday", "kind", "path", "grade", "value", "said", "range"),
        *("segment", "verdict", "serves"),
    }
)
_WHOLE: Final = frozenset(
    {"step", "path_place", "replications", "total", "hour", "stage", "n", "interviews"}
)
_TIMES: Final = frozenset({"start", "end"})


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a run looked like.

    The metadata of every table says what it is made of: `replications`, `journeys` and `contacts`
    (of all replications together), the `level` of intervals and the `span` of a replication in
    ticks.

    Attributes
    ----------
    steps
        A row per step of a journey and touchpoint: volume, wait, effort, emotion, how many leave.
    flows
        A row per step, channel and where people go from it: another channel, or an end.
    day
        A row per interval, channel or pool, and measure, with the band of the replications.
    hours
        A row per weekday, hour and channel.
    funnel
        A row per channel and stage, or way out, of contacts.
    """

    steps: pa.Table
    flows: pa.Table
    day: pa.Table
    hours: pa.Table
    funnel: pa.Table

    @property
    def replications(self) -> int:
        """How many replications it is made of."""
        return made_of(self.steps, "replications")


def made_of(table: pa.Table, what: str) -> int:
    """Return `replications`, `journeys`, `contacts` or `span` from the metadata of a table."""
    return int((table.schema.metadata or {})[what.encode()])


def table_of(
    meanings: Mapping[str, str], rows: Sequence[Mapping[str, Any]], metadata: Mapping[str, str]
) -> pa.Table:
    """Return rows as a table with a sentence per column; numbers that are NaN are null."""
    fields, arrays = [], []
    for name, meaning in meanings.items():
        values = [row[name] for row in rows]
        if name in _TIMES:
            array = pa.array(values, pa.int64()).view(pa.duration("us"))
        else:
            array = pa.array(values, _kind(name), from_pandas=True)
        fields.append(pa.field(name, array.type, metadata={"meaning": meaning}))
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=dict(metadata)))


def _kind(name: str) -> pa.DataType:
    if name in _TEXTS:
        return pa.string()
    return pa.int64() if name in _WHOLE else pa.float64()
