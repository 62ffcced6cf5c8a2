"""Journeys as blocks of plain arrays: of a replication, or of a list column in any Arrow table."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import MeasureError, RunError, did_you_mean
from journeysim.measures.arrow_columns import category, flag, whole
from journeysim.measures.attribution.counting import Goals, Rows, Touched
from journeysim.tables.columns import JourneyOutcome, words
from journeysim.tables.run import Replication

MET, NOT_MET, NOT_COUNTED = 1, 0, 2


class Block(NamedTuple):
    """Some journeys; see `counting` for the arrays."""

    begins: Rows
    ends: Rows
    touched: Touched
    goals: Goals


class JourneySource(Protocol):
    """Where blocks of journeys come from."""

    touchpoints: tuple[str, ...]

    def __len__(self) -> int: ...

    def block(self, start: int, stop: int) -> Block:
        """Return the journeys from one number up to another."""


class ReplicationJourneys:
    """The scored journeys of a replication.

    Parameters
    ----------
    by
        ``channel`` or ``touchpoint``: the column of contacts that names where they were.
    goal
        Journey outcomes that count as the goal.
    touchpoints
        All their names, so that replications can be added up; default: those of the contacts.

    Raises
    ------
    MeasureError
        If a contact has a name that is not among them.
    """

    def __init__(
        self,
        replication: Replication,
        *,
        by: str,
        goal: Collection[str],
        touchpoints: tuple[str, ...] | None = None,
    ) -> None:
        used = ["first_contact", "contacts", "outcome", "scored"]
        self._journeys = replication.journeys.select(used)
        self._contacts = replication.contacts.select([by])
        self._by = by
        self._number = replication.number
        known = words(JourneyOutcome)
        self._meets = np.array([MET if word in goal else NOT_MET for word in known], np.uint8)
        self.touchpoints = touchpoints or _words_of(self._contacts[by].chunks)

    def __len__(self) -> int:
        return int(self._journeys.num_rows)

    def block(self, start: int, stop: int) -> Block:
        """Return the journeys from one row up to another."""
        part = self._journeys.slice(start, stop - start)
        begins = whole(part, "first_contact")
        ends = begins + whole(part, "contacts")
        first, behind = int(begins.min()), int(ends.max())
        if first < 0 or behind > self._contacts.num_rows or np.any(ends < begins):
            raise RunError(
                f"replication {self._number}: journeys name contacts that are not there; run again"
            )
        contacts = self._contacts.slice(first, behind - first)
        goals = self._meets[category(part, "outcome", words(JourneyOutcome))]
        goals[~flag(part, "scored")] = NOT_COUNTED
        return Block(
            _unsigned(begins - first),
            _unsigned(ends - first),
            _touched(category(contacts, self._by, self.touchpoints), self.touchpoints),
            goals,
        )


class ListedJourneys:
    """Journeys of any Arrow table with a row per journey.

    Parameters
    ----------
    path
        Column with the list of touchpoints, in order; ``contacts.channel`` is the field
        `channel` of a list of structs.
    outcome
        Column that says how the journey ended, or true and false.
    goal
        Outcomes that count as the goal; not looked at where the column holds true and false.

    Raises
    ------
    MeasureError
        If a column is not there, or is not of that kind.
    """

    def __init__(self, table: pa.Table, *, path: str, outcome: str, goal: Collection[str]) -> None:
        name, _, field = path.partition(".")
        lists = _column(table, name)
        goals = _goals(_column(table, outcome), outcome, goal)
        self._length = int(table.num_rows)
        values = [_values(chunk, field, path) for chunk in lists.chunks]
        self.touchpoints = _words_of(values)
        self._blocks: list[tuple[int, Block]] = []
        start = 0
        for chunk, part in zip(lists.chunks, values, strict=True):
            offsets = _unsigned(np.asarray(chunk.offsets).astype(np.int64))
            codes = category(pa.table({name: part}), name, self.touchpoints)
            block = Block(
                offsets[:-1],
                offsets[1:],
                _touched(codes, self.touchpoints),
                goals[start : start + len(chunk)],
            )
            self._blocks.append((start, block))
            start += len(chunk)

    def __len__(self) -> int:
        return self._length

    def block(self, start: int, stop: int) -> Block:
        """Return the journeys from one row up to another."""
        parts = []
        for first, block in self._blocks:
            low, high = max(start - first, 0), min(stop - first, len(block.goals))
            if low < high:
                here = slice(low, high)
                parts.append(
                    Block(block.begins[here], block.ends[here], block.touched, block.goals[here])
                )
        return parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: list[Block]) -> Block:
    """Return blocks of several chunks as one; their contacts are copied."""
    begins, ends, touched = [], [], []
    before = np.uint64(0)
    for part in parts:
        first, behind = part.begins[0], part.ends[-1]
        begins.append(part.begins - first + before)
        ends.append(part.ends - first + before)
        touched.append(part.touched[int(first) : int(behind)])
        before += behind - first
    goals = np.concatenate([part.goals for part in parts])
    return Block(np.concatenate(begins), np.concatenate(ends), np.concatenate(touched), goals)


def _words_of(chunks: Iterable[pa.DictionaryArray]) -> tuple[str, ...]:
    """Return the words of chunks, each once; those of the first chunk stand first."""
    found: dict[str, None] = {}
    for chunk in chunks:
        found |= dict.fromkeys(chunk.dictionary.to_pylist())
    return tuple(found)


def _values(chunk: pa.Array, field: str, path: str) -> pa.Array:
    """Return the touchpoints of a chunk of lists, as codes."""
    if not (pa.types.is_list(chunk.type) or pa.types.is_large_list(chunk.type)):
        raise MeasureError(f"{path}: holds {chunk.type}; it must hold a list of touchpoints")
    if chunk.null_count:
        raise MeasureError(f"{path}: {chunk.null_count} rows have no list; write an empty one")
    values = chunk.values
    if field:
        known = [part.name for part in values.type] if pa.types.is_struct(values.type) else []
        if field not in known:
            raise MeasureError(f"{path}: no field {field!r}{did_you_mean(field, known)}")
        values = pc.struct_field(values, field)
    if not pa.types.is_dictionary(values.type):
        if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
            raise MeasureError(f"{path}: holds {values.type}; touchpoints must be words")
        values = values.dictionary_encode()
    if values.null_count:
        raise MeasureError(f"{path}: {values.null_count} contacts have no touchpoint; name it")
    return values


def _goals(column: pa.ChunkedArray, name: str, goal: Collection[str]) -> Goals:
    """Return which journeys met the goal; where nothing is said they did not."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_boolean(kind):
        met = column
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        met = pc.is_in(column.cast(pa.string()), value_set=pa.array(sorted(goal), pa.string()))
    else:
        raise MeasureError(f"{name}: holds {kind}; it must hold words, or true and false")
    return np.asarray(met.fill_null(False).to_numpy(), dtype=np.uint8)


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        raise MeasureError(f"no column {name!r}{did_you_mean(name, table.column_names)}")
    return table.column(name)


def _unsigned(rows: NDArray[np.int64]) -> Rows:
    return rows.view(np.uint64)


def _touched(codes: NDArray[np.integer[Any]], touchpoints: tuple[str, ...]) -> Touched:
    """Return codes without a sign: a view of one byte each where that is how they stand."""
    # Machine code does not look whether a code has a place in its tables.
    if codes.min(initial=0) < 0 or codes.max(initial=0) >= max(len(touchpoints), 1):
        raise MeasureError("a contact has no touchpoint; every contact needs one")
    if codes.dtype.itemsize == 1:
        return codes.view(np.uint8)
    return codes.astype(np.uint8 if len(touchpoints) <= 256 else np.uint16)
