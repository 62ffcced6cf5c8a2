"""From the columns of whole numbers that engines emit to Arrow record batches.

An engine emits the columns of `CONTACT_ROW` and `JOURNEY_ROW`; -1 stands for "missing".
Everything that follows from the channel alone (touchpoint, handler, media ...) is filled in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.journeys.columns import CONTACTS, JOURNEYS, Column, schema

Rows = NDArray[np.int64]
#: Columns by name, each of shape (rows,), of any integer type.
Columns = Mapping[str, NDArray[Any]]

CONTACT_ROW = (
    "customer",
    "journey",
    "contact",
    "segment",
    "need",
    "channel",
    "pool",
    "cause",
    "entered",
    "started",
    "ended",
    "wait",
    "talk",
    "wrap_up",
    "outcome",
    "resolved",
    "next_step",
    "announced_wait",
    "head_start",
    "priority",
    "scored",
)

JOURNEY_ROW = (
    "customer",
    "journey",
    "segment",
    "need",
    "arrived",
    "ended",
    "outcome",
    "contacts",
    "first_contact",
    "first_channel",
    "last_channel",
    "switches",
    "wait",
    "handling",
    "scored",
)


@dataclass(frozen=True, slots=True)
class Categories:
    """The words behind the codes of a run; those after `pools` have one entry per channel."""

    segments: tuple[str, ...]
    needs: tuple[str, ...]
    channels: tuple[str, ...]
    pools: tuple[str, ...]
    touchpoints: tuple[str, ...]
    handlers: tuple[str, ...]
    media: tuple[str, ...]
    controls: tuple[str, ...]
    initiators: tuple[str, ...]
    receivers: tuple[str, ...]

    def by_channel(self, column: str) -> tuple[str, ...] | None:
        """Return the word of every channel for a column that follows from the channel."""
        return {
            "touchpoint": self.touchpoints,
            "handler": self.handlers,
            "media": self.media,
            "control": self.controls,
            "initiator": self.initiators,
            "receiver": self.receivers,
        }.get(column)

    def words(self, column: Column) -> tuple[str, ...]:
        """Return the dictionary of a category column, the same in every batch of a run."""
        if column.words is not None:
            return column.words
        listed = {
            "segment": self.segments,
            "need": self.needs,
            "channel": self.channels,
            "first_channel": self.channels,
            "last_channel": self.channels,
            "pool": self.pools,
        }.get(column.name)
        if listed is None:
            listed = tuple(dict.fromkeys(self.by_channel(column.name) or ()))
        return listed


class BatchMaker:
    """Turns columns of whole numbers into record batches of one run."""

    def __init__(self, categories: Categories, value: NDArray[np.float64]) -> None:
        self.value = value
        self.contact_schema = schema(CONTACTS)
        self.journey_schema = schema(JOURNEYS)
        self.dictionaries: dict[Column, pa.Array] = {}
        self.of_channel: dict[str, NDArray[np.int8]] = {}
        for column in (*CONTACTS, *JOURNEYS):
            if column.kind in ("category", "many"):
                words = categories.words(column)
                self.dictionaries[column] = pa.array(words, pa.string())
                of_channel = categories.by_channel(column.name)
                if of_channel is not None:
                    codes = [words.index(word) for word in of_channel]
                    self.of_channel[column.name] = np.array(codes, np.int8)

    def contacts(self, given: Columns) -> pa.RecordBatch:
        """Return the batch of contacts with the columns of `CONTACT_ROW`."""
        arrays = [self._array(column, given) for column in CONTACTS]
        return pa.RecordBatch.from_arrays(arrays, schema=self.contact_schema)

    def journeys(self, given: Columns) -> pa.RecordBatch:
        """Return the batch of journeys with the columns of `JOURNEY_ROW`."""
        arrays = [self._array(column, given) for column in JOURNEYS]
        return pa.RecordBatch.from_arrays(arrays, schema=self.journey_schema)

    def _array(self, column: Column, given: Columns) -> pa.Array:
        name = column.name
        if name == "value":
            return pa.array(self.value[given["segment"]])
        if name in self.of_channel:
            codes = self.of_channel[name][given["channel"]]
            return pa.DictionaryArray.from_arrays(pa.array(codes), self.dictionaries[column])
        numbers = given[name]
        mask = numbers < 0 if column.missing else None
        match column.kind:
            case "flag":
                return pa.array(numbers.astype(np.bool_))
            case "small":
                return pa.array(numbers.astype(np.int32, copy=False), mask=mask)
            case "category" | "many":
                kind = np.int8 if column.kind == "category" else np.int16
                # Some readers look at the code under a missing value as well, so it must exist.
                codes = numbers if mask is None else np.maximum(numbers, 0)
                indices = pa.array(codes.astype(kind, copy=False), mask=mask)
                return pa.DictionaryArray.from_arrays(indices, self.dictionaries[column])
            case _:
                whole = pa.array(np.ascontiguousarray(numbers, np.int64), mask=mask)
                return whole.view(pa.duration("us")) if column.kind == "time" else whole
