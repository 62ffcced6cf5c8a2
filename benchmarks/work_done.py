"""What a contender did, in figures that show whether it did the work.

`exact` must be equal among engines of journeysim that had the same amount; W1 is laid beside
Erlang-A; W2 of other programs is laid beside the reference engine, day by day.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.ciw_lines import CHANNELS
from benchmarks.workloads import DAY
from tests.theory.estimates import intercept
from tests.theory.formulas import erlang_a

Numbers = np.ndarray[Any, Any]
#: Minutes; 24 mean handling times, so that batches are nearly independent.
BATCH = 120.0
#: Batches from which a standard error means something.
FEWEST = 10


def of_tables(workload: str, directory: Path, *, agents: int) -> dict[str, Any]:
    """Return the figures of a replication's files."""
    contacts, journeys = (_table(directory, name) for name in ("contacts", "journeys"))
    outcomes, words = _codes(contacts["outcome"])
    met = np.bincount(outcomes, minlength=len(words)).tolist()
    counts = {word: count for word, count in zip(words, met, strict=True) if count}
    abandoned = outcomes == words.index("abandoned")
    waited = pc.sum(contacts["wait"].cast(pa.int64())).as_py()
    handled = pc.sum(journeys["handling"].cast(pa.int64())).as_py()
    found: dict[str, Any] = {
        "customers": journeys.num_rows,
        "contacts": contacts.num_rows,
        "exact": [waited, handled, dict(sorted(counts.items()))],
    }
    if workload == "W1":
        names = ("entered", "wait", "talk")
        columns = [_minutes(contacts[name]) for name in names]
        return found | beside_erlang_a(*columns, abandoned, agents=agents)
    if workload == "W2":
        lines, names = _codes(contacts["channel"])
        return found | _by_day(_minutes(contacts["entered"]), np.array(names)[lines], abandoned)
    return found


def _table(directory: Path, name: str) -> pa.Table:
    from journeysim.tables.run import table_path

    # Mapped, for the longest runs are larger than memory.
    with pa.memory_map(str(table_path(directory, name, 0))) as file:
        return pa.ipc.open_file(file).read_all()


def _codes(column: pa.ChunkedArray) -> tuple[Numbers, list[str]]:
    """Return a category as numbers, and its words; all chunks of a file share them."""
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in column.chunks])
    return codes, column.chunk(0).dictionary.to_pylist()


def _minutes(column: pa.ChunkedArray) -> Numbers:
    """Return durations as minutes, missing ones as NaN."""
    ticks = column.cast(pa.int64()).cast(pa.float64())
    return ticks.to_numpy(zero_copy_only=False) / 60e6  # type: ignore[no-any-return]


def of_phone_rows(rows: Iterable[tuple[float, float | None, float]]) -> dict[str, Any]:
    """Return the figures of W1 from rows of arrival, start (None: abandoned) and end, minutes."""
    entered, started, ended = np.array(
        [(arrived, np.nan if start is None else start, end) for arrived, start, end in rows]
    ).T
    abandoned = np.isnan(started)
    wait = np.where(abandoned, ended, started) - entered
    found = {"customers": len(entered), "contacts": len(entered)}
    return found | beside_erlang_a(entered, wait, ended - started, abandoned, agents=100)


def ciw_rows(records: Iterable[Any]) -> Iterable[tuple[float, float | None, float]]:
    """Return the rows of Ciw's records of W1."""
    for record in records:
        served = record.record_type == "service"
        yield record.arrival_date, record.service_start_date if served else None, record.exit_date


def beside_erlang_a(
    entered: Numbers, wait: Numbers, talk: Numbers, abandoned: Numbers, *, agents: int
) -> dict[str, Any]:
    """Return how far abandonment and mean wait are from Erlang-A, and the standard errors.

    Shares of the exact figures; nothing for a run too short to tell. Arrivals and talk less their
    expectation are controls, since customers alone would leave abandonment uncertain.
    """
    batch = (entered // BATCH).astype(int)
    # The first batch starts empty, the last may be short.
    whole = slice(1, int(entered.max() // BATCH))
    if whole.stop < FEWEST:
        return {}

    def sums(values: Numbers) -> Numbers:
        return np.bincount(batch, values)[whole]

    rate = agents / 5
    arrived = sums(np.ones(len(batch)))
    controls = np.stack([arrived - BATCH * rate, sums(np.nan_to_num(talk - 5.0))], axis=1)
    exact = erlang_a(rate, 0.2, 1 / 3, agents, threshold=1 / 3)
    found: dict[str, Any] = {"abandoned": float(abandoned.mean())}
    for name, values in ("p_ab", abandoned), ("ew", wait):
        centre, error = intercept(sums(values) - exact[name] * arrived, controls)
        scale = arrived.mean() * exact[name]
        found[name] = [float(centre / scale), float(error / scale)]
    return found


def of_three_channels(made: Any, *, ciw: bool) -> dict[str, Any]:
    """Return the figures of W2 as plain SimPy or Ciw made it."""
    if ciw:
        visits = [row for row in made if row.node in CHANNELS]
        entered = np.array([row.arrival_date for row in visits])
        channels = np.array([CHANNELS[row.node] for row in visits])
        abandoned = np.array([row.record_type == "renege" for row in visits])
        customers = len({row.id_number for row in visits})
    else:
        entered = np.array([row[4] for row in made.contacts])
        channels = np.array([row[2] for row in made.contacts])
        abandoned = np.array([row[-1] == "abandoned" for row in made.contacts])
        customers = len(made.journeys)
    found = {"customers": customers, "contacts": len(entered)}
    return found | _by_day(entered, channels, abandoned)


def _by_day(entered: Numbers, channels: Numbers, abandoned: Numbers) -> dict[str, Any]:
    """Return contacts and the share abandoned by day, of each channel in which people wait."""
    day = (entered // DAY).astype(int)
    found: dict[str, Any] = {"days": {"contacts": np.bincount(day).tolist()}}
    for name in "phone", "chat":
        chosen = channels == name
        counts = np.bincount(day[chosen])
        left = np.bincount(day[chosen], abandoned[chosen])
        found["days"][f"contacts by {name}"] = counts.tolist()
        found["days"][f"abandoned on {name}"] = (left / counts).tolist()
    chosen = channels == "phone"
    found["abandoned"] = float(abandoned[chosen].mean())
    return found
