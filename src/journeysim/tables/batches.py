"""From the columns of whole numbers that engines emit to Arrow record batches.

An engine emits the columns of `CONTACT_ROW` and `JOURNEY_ROW`; -1 stands for "missing". Everything
that follows from segment and channel alone (touchpoint, handler, head start ...) is filled in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.tables.columns import CONTACTS, JOURNEYS, Column, schema

Rows = NDArray[np.int64]
#: Columns by name, each of shape (rows,), best of the types of `types_of`: others are copied.
Columns = Mapping[str, NDArray[Any]]

#: What a column is in memory; flags are 0 or 1.
_TYPES: dict[str, type[np.generic]] = {
    "whole": np.int64,
    "small": np.int32,
    "time": np.int64,
    "flag": np.uint8,
    "category": np.int8,
    "many": np.int16,
    "number": np.float64,
}

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


def types_of(columns: tuple[Column, ...]) -> dict[str, type[np.generic]]:
    """Return the numpy types of columns, by name."""
    return {column.name: _TYPES[column.kind] for column in columns}


def typed(columns: tuple[Column, ...], names: tuple[str, ...], rows: Rows) -> Columns:
    """Return rows of whole numbers, shape (rows, names), as columns of their types."""
    kinds = types_of(columns)
    return {name: rows[:, place].astype(kinds[name]) for place, name in enumerate(names)}


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from segment and channel.

    Attributes
    ----------
    value
        Worth of a customer, shape (segments,).
    head_start, priority
        Ticks, and higher first; shape (segments, channels).
    """

    value: NDArray[np.float64]
    head_start: Rows
    priority: Rows


class BatchMaker:
    """Turns columns of whole numbers into record batches of one run."""

    def __init__(self, categories: Categories, standing: Standing) -> None:
        self.contact_schema = schema(CONTACTS)
        self.journey_schema = schema(JOURNEYS)
        self.dictionaries: dict[Column, pa.Array] = {}
        self.following: dict[str, _Following] = {
            "value": _Following(standing.value, "segment"),
            "head_start": _Following(standing.head_start, "segment", "channel"),
            "priority": _Following(standing.priority.astype(np.int32), "segment", "channel"),
        }
        for column in (*CONTACTS, *JOURNEYS):
            if column.kind in ("category", "many"):
                words = categories.words(column)
                self.dictionaries[column] = pa.array(words, pa.string())
                of_channel = categories.by_channel(column.name)
                if of_channel is not None:
                    codes = np.array([words.index(word) for word in of_channel], np.int8)
                    self.following[column.name] = _Following(codes, "channel")

    def contacts(self, given: Columns) -> pa.RecordBatch:
        """Return the batch of contacts with the columns of `CONTACT_ROW`."""
        return self._batch(CONTACTS, self.contact_schema, given)

    def journeys(self, given: Columns) -> pa.RecordBatch:
        """Return the batch of journeys with the columns of `JOURNEY_ROW`."""
        return self._batch(JOURNEYS, self.journey_schema, given)

    def _batch(
        self, columns: tuple[Column, ...], layout: pa.Schema, given: Columns
    ) -> pa.RecordBatch:
        pairs = zip(columns, layout.types, strict=True)
        arrays = [self._array(column, kind, given) for column, kind in pairs]
        return pa.RecordBatch.from_arrays(arrays, schema=layout)

    def _array(self, column: Column, kind: pa.DataType, given: Columns) -> pa.Array:
        numbers = self._numbers(column, given)
        valid = None
        if column.missing:
            valid = _bits(numbers >= 0)
            if column.kind in ("category", "many"):
                # Some readers look at the code under a missing value as well, so it must exist.
                numbers = np.maximum(numbers, 0)
        data = _bits(numbers) if column.kind == "flag" else pa.py_buffer(numbers)
        if column in self.dictionaries:
            words = self.dictionaries[column]
            return pa.DictionaryArray.from_buffers(kind, numbers.size, [valid, data], words)
        return pa.Array.from_buffers(kind, numbers.size, [valid, data])

    def _numbers(self, column: Column, given: Columns) -> NDArray[Any]:
        """Return the numbers of a column, of the type that Arrow holds."""
        name = column.name
        if name in self.following:
            return self.following[name].of(given)
        return np.ascontiguousarray(given[name], _TYPES[column.kind])


class _Following:
    """A column that follows from columns of codes.

    Parameters
    ----------
    table
        Its numbers, of the type that Arrow holds, by those codes.
    by
        Names of the columns of codes.
    """

    def __init__(self, table: NDArray[Any], *by: str) -> None:
        self._table = table
        self._by = by
        self._is_constant = np.unique(table).size == 1
        self._is_same = np.array_equal(table, np.arange(table.size))
        self._filled = table[:0]

    def of(self, given: Columns) -> NDArray[Any]:
        """Return the numbers for columns of codes, which nobody may change."""
        codes = [given[name] for name in self._by]
        if self._is_constant:
            if self._filled.size < codes[0].size:
                self._filled = np.full(codes[0].size, self._table.flat[0])
            return self._filled[: codes[0].size]
        if self._is_same:
            return np.ascontiguousarray(codes[0], self._table.dtype)
        return np.asarray(self._table[tuple(codes)])


def _bits(flags: NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
