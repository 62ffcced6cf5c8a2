"""From the whole numbers that engines emit to Arrow record batches.

An engine emits one row of whole numbers per contact and per journey, in the column order of
`CONTACT_ROW` and `JOURNEY_ROW`; -1 stands for "missing". Everything that follows from the channel
alone (touchpoint, handler, media ...) is filled in here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.journeys.columns import CONTACTS, JOURNEYS, Column, schema

Rows = NDArray[np.int64]

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
    """Turns rows of whole numbers into record batches of one run."""

    def __init__(self, categories: Categories, value: NDArray[np.float64]) -> None:
        self.categories = categories
        self.value = value
        self.contact_schema = schema(CONTACTS)
        self.journey_schema = schema(JOURNEYS)

    def contacts(self, rows: Rows) -> pa.RecordBatch:
        """Return the batch of contact rows, shape (contacts, len(CONTACT_ROW))."""
        given = dict(zip(CONTACT_ROW, rows.T, strict=True))
        return self._batch(CONTACTS, self.contact_schema, given)

    def journeys(self, rows: Rows) -> pa.RecordBatch:
        """Return the batch of journey rows, shape (journeys, len(JOURNEY_ROW))."""
        given = dict(zip(JOURNEY_ROW, rows.T, strict=True))
        return self._batch(JOURNEYS, self.journey_schema, given)

    def _batch(
        self, columns: tuple[Column, ...], layout: pa.Schema, given: dict[str, Rows]
    ) -> pa.RecordBatch:
        arrays = [self._array(column, given) for column in columns]
        return pa.RecordBatch.from_arrays(arrays, schema=layout)

    def _array(self, column: Column, given: dict[str, Rows]) -> pa.Array:
        if column.name == "value":
            return pa.array(self.value[given["segment"]])
        if column.kind == "category":
            return self._category(column, given)
        codes = np.ascontiguousarray(given[column.name])
        if column.kind == "flag":
            return pa.array(codes != 0)
        mask = codes < 0 if column.missing else None
        numbers = pa.array(codes, mask=mask)
        return numbers.view(pa.duration("us")) if column.kind == "time" else numbers

    def _category(self, column: Column, given: dict[str, Rows]) -> pa.Array:
        words = self.categories.words(column)
        of_channel = self.categories.by_channel(column.name)
        if of_channel is None:
            codes = given[column.name].astype(np.int16)
        else:
            lookup = np.array([words.index(word) for word in of_channel], np.int16)
            codes = lookup[given["channel"]]
        mask = codes < 0 if column.missing else None
        indices = pa.array(codes, mask=mask)
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))
