"""Customers given one by one, as arrays in order of arrival."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from journeysim.scenario.flat.flat_model import GIVE_UP, LOST, FlatTrace, Names, Whole

#: In `FlatTrace.next`, where -1 means an empty cell.
TRACE_GIVE_UP, TRACE_LOST = GIVE_UP - 1, LOST - 1


def flat_trace(trace: pa.Table | None, names: Names) -> FlatTrace:
    """Return the rows of a trace, sorted by arrival, then by row.

    Parameters
    ----------
    trace
        As normalised by `journeysim.scenario.reading.trace_files.read_trace`, or None.
    names
        The words behind the codes.
    """
    if trace is None:
        nobody = np.empty(0, np.int64)
        nothing = np.empty((0, 0), np.int64)
        return FlatTrace(*[nobody] * 5, *[nothing] * 6)
    arrival = trace.column("arrival").to_numpy()
    order = np.lexsort((np.arange(arrival.size), arrival))
    contacts = _contacts(trace)
    steps = {name: code for code, name in enumerate(names.channels)}
    steps |= {"give_up": TRACE_GIVE_UP, "lost": TRACE_LOST}
    columns = {
        key: _cells(trace, key, contacts)[order]
        for key in ("patience", "talk", "wrap_up", "resolved", "delay")
    }
    following = [_words(trace, f"next_{k}", steps) for k in range(1, contacts + 1)]
    return FlatTrace(
        customer=order.astype(np.int64),
        arrival=arrival[order].astype(np.int64),
        segment=_words(trace, "segment", {n: c for c, n in enumerate(names.segments)})[order],
        need=_words(trace, "need", {n: c for c, n in enumerate(names.needs)})[order],
        channel=_words(trace, "channel", {n: c for c, n in enumerate(names.channels)})[order],
        next=np.array(following, np.int64).reshape(contacts, trace.num_rows).T[order],
        **columns,
    )


def _contacts(trace: pa.Table) -> int:
    """Return for how many contacts the trace has columns."""
    numbers = [
        int(found.group(1)) for name in trace.column_names if (found := _NUMBER.search(name))
    ]
    return max(numbers, default=0)


_NUMBER = re.compile(r"_(\d+)$")


def _cells(trace: pa.Table, key: str, contacts: int) -> Whole:
    """Return the whole numbers of key_1, key_2 ..., shape (rows, contacts); -1 where empty."""
    cells = np.full((trace.num_rows, contacts), -1, np.int64)
    for contact in range(contacts):
        name = f"{key}_{contact + 1}"
        if name in trace.column_names:
            column = trace.column(name).cast(pa.int64()).fill_null(-1)
            cells[:, contact] = column.to_numpy()
    return cells


def _words(trace: pa.Table, name: str, codes: Mapping[str, int]) -> Whole:
    """Return the codes of a column of words, shape (rows,); -1 where empty."""
    if name not in trace.column_names:
        return np.full(trace.num_rows, -1, np.int64)
    words = trace.column(name).to_pylist()
    return np.array([-1 if word is None else codes[word] for word in words], np.int64)
