"""From the columns of a file to the arrays of a contact log, each row used or counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journeysim.calibration.column_map import OUTCOMES, ColumnMap, completed, outcome_of
from journeysim.calibration.contact_log import (
    ABANDONED,
    SERVED,
    UNKNOWN,
    Codes,
    ContactLog,
    Flags,
    Ticks,
)
from journeysim.calibration.log_files import log_columns, read_columns
from journeysim.errors import LogError

_DURATIONS = ("before_queue", "wait", "talk", "wrap_up")
_MOMENTS = ("entered", "started", "ended")
_CODED = ("segment", "need", "channel", "customer", "case", "agent")
_MOST_WORDS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A log as it was read, with the map that was used and the parts of it that were guessed."""

    log: ContactLog
    map: ColumnMap
    guessed: Sequence[str]


def read_log(path: str | Path, given: ColumnMap | None = None) -> Reading:
    """Read a contact log: one row per contact, or per activity of a case.

    Raises
    ------
    LogError
        If the file cannot be read, or a column is not what its part needs.
    """
    place = Path(path)
    used, guessed = completed(given or ColumnMap(), log_columns(place), place.name)
    names = list(dict.fromkeys(used.columns.values()))
    table = read_columns(place, names, used.time_format)
    if table.num_rows == 0:
        raise LogError(f"{place}: the log has no rows")
    return Reading(log=_as_log(table, used, place.name), map=used, guessed=guessed)


def _as_log(table: pa.Table, used: ColumnMap, source: str) -> ContactLog:
    columns = {role: table.column(name) for role, name in used.columns.items()}
    moments = {
        role: _moment(columns[role], used.columns[role], source)
        for role in _MOMENTS
        if role in columns
    }
    spans = {
        role: _span(columns[role], used, role, source) for role in _DURATIONS if role in columns
    }
    repeats = _repeats(columns, source)
    outcome, reasons = _outcomes(columns, used, source, table.num_rows)
    words: dict[str, tuple[str, ...]] = {}
    codes: dict[str, Codes] = {}
    for role in _CODED:
        found = _coded(columns.get(role), used.words.get(role, {}), table.num_rows)
        codes[role], words[role] = found
    wait, talk = _spans_by_clock(moments, spans)
    entered = moments["entered"]
    if "before_queue" in spans:
        entered = np.where(entered < 0, entered, entered + np.maximum(spans["before_queue"], 0))
    unknown = np.full(table.num_rows, UNKNOWN, np.int64)
    log = ContactLog(
        source=source,
        columns=frozenset(columns) | ({"wait"} if wait is not None else set()),
        entered=entered,
        wait=unknown if wait is None else wait,
        talk=unknown if talk is None else talk,
        wrap_up=spans.get("wrap_up", unknown),
        outcome=outcome,
        queued=_queued(columns, wait),
        words={role: words[role] for role in ("segment", "need", "channel")},
        rows=table.num_rows,
        segment=codes["segment"],
        need=codes["need"],
        channel=codes["channel"],
        customer=codes["customer"],
        case=codes["case"],
        agent=codes["agent"],
    )
    return _in_order(log, reasons, repeats)


def _in_order(log: ContactLog, reasons: dict[str, Flags], repeats: Codes | None) -> ContactLog:
    """Return the log sorted by entering, without rows of no use, and with counts repeated."""
    left = log.entered == UNKNOWN
    excluded = {"no time of entering": int(left.sum())} if left.any() else {}
    for reason, rows in reasons.items():
        count = int((rows & ~left).sum())
        if count:
            excluded[reason] = count
        left |= rows
    kept = np.flatnonzero(~left)
    if repeats is not None:
        kept = np.repeat(kept, repeats[kept])
    times = log.entered[kept]
    if len(times) and np.any(times[1:] < times[:-1]):
        kept = kept[np.argsort(times, kind="stable")]
    arrays = {
        each.name: getattr(log, each.name)[kept]
        for each in fields(log)
        if isinstance(getattr(log, each.name), np.ndarray)
    }
    return replace(log, **arrays, excluded=excluded)


def _moment(column: pa.ChunkedArray, name: str, source: str) -> Ticks:
    """Return times as ticks since 1970 by the clock on the wall; UNKNOWN where missing."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            column = pc.local_timestamp(column)
        column = column.cast(pa.timestamp("us"), safe=False)
    elif pa.types.is_date(kind):
        column = column.cast(pa.timestamp("us"))
    elif not (pa.types.is_duration(kind) or pa.types.is_null(kind)):
        example = column.drop_null()[0].as_py() if column.null_count < len(column) else ""
        raise LogError(
            f"{source}: column {name!r} holds {example!r}, which is not read as a time; "
            "give its form, e.g. --time-format '%d/%m/%Y %H:%M'"
        )
    if pa.types.is_null(kind):
        return np.full(len(column), UNKNOWN, np.int64)
    if pa.types.is_duration(kind):
        column = column.cast(pa.duration("us"))
    return np.asarray(column.cast(pa.int64()).fill_null(UNKNOWN).to_numpy(), np.int64)


def _span(column: pa.ChunkedArray, used: ColumnMap, role: str, source: str) -> Ticks:
    """Return durations as ticks; UNKNOWN where missing, a negative one as it is less one tick."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_duration(kind):
        ticks = column.cast(pa.duration("us"), safe=False).cast(pa.int64())
    elif pa.types.is_time(kind):
        ticks = column.cast(pa.time64("us")).cast(pa.int64())
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        scaled = pc.multiply(column.cast(pa.float64()), float(used.unit))
        ticks = pc.round(scaled).cast(pa.int64())
    elif pa.types.is_null(kind):
        return np.full(len(column), UNKNOWN, np.int64)
    else:
        name = used.columns[role]
        example = column.drop_null()[0].as_py()
        raise LogError(
            f"{source}: column {name!r} holds {example!r}, which is no duration; "
            f"{role} takes numbers, by default seconds"
        )
    # A negative duration stays below UNKNOWN, so that it is told from a missing one.
    ticks = pc.if_else(pc.less(ticks, 0), pc.subtract(ticks, 1), ticks)
    return np.asarray(ticks.fill_null(UNKNOWN).to_numpy(), np.int64)


def _repeats(columns: dict[str, pa.ChunkedArray], source: str) -> Codes | None:
    """Return how many contacts each row stands for, in a log of volumes."""
    if "count" not in columns:
        return None
    column = columns["count"]
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        raise LogError(f"{source}: the count of contacts must be a number, not {column.type}")
    counts = np.asarray(column.fill_null(0).to_numpy(), np.float64)
    return np.maximum(np.rint(counts), 0).astype(np.int64)


def _spans_by_clock(
    moments: dict[str, Ticks], spans: dict[str, Ticks]
) -> tuple[Ticks | None, Ticks | None]:
    """Return wait and talk, from the clock where they have no column of their own."""

    def between(first: str, last: str) -> Ticks:
        known = (moments[first] != UNKNOWN) & (moments[last] != UNKNOWN)
        gap = moments[last] - moments[first]
        return np.where(known, np.where(gap < 0, gap - 1, gap), UNKNOWN)

    wait, talk = spans.get("wait"), spans.get("talk")
    if wait is None and "started" in moments:
        wait = between("entered", "started")
        if "ended" in moments:
            wait = np.where(wait == UNKNOWN, between("entered", "ended"), wait)
    if talk is None and "ended" in moments:
        talk = between("started" if "started" in moments else "entered", "ended")
    return wait, talk


def _outcomes(
    columns: dict[str, pa.ChunkedArray], used: ColumnMap, source: str, rows: int
) -> tuple[Codes, dict[str, Flags]]:
    """Return how contacts ended, and by reason the rows that are no contact with an agent."""
    if "outcome" not in columns:
        return np.full(rows, SERVED, np.int64), {}
    codes, words = _codes(columns["outcome"])
    blank = np.array([not word.strip() for word in words] + [True])
    codes = np.where(blank[codes], UNKNOWN, codes)
    meanings = [
        outcome_of(word, used.words.get("outcome", {})) if word.strip() else "left_out"
        for word in words
    ]
    for word, own in zip(words, meanings, strict=True):
        if own is None:
            known = ", ".join(OUTCOMES)
            raise LogError(
                f"{source}: what does the outcome {word!r} mean ({known})? Say it: "
                f"--map outcome.served={word}"
            )
    numbers = {"served": SERVED, "abandoned": ABANDONED, "left_out": 2}
    by_word = np.array([numbers[own] for own in meanings if own] + [2], np.int64)
    reasons = {
        f"outcome {word}: neither served nor abandoned": codes == code
        for code, (word, own) in enumerate(zip(words, meanings, strict=True))
        if own == "left_out" and word.strip()
    }
    if (codes == UNKNOWN).any():
        reasons["no outcome"] = codes == UNKNOWN
    return by_word[codes], reasons


def _queued(columns: dict[str, pa.ChunkedArray], wait: Ticks | None) -> Flags:
    """Return who had to wait, by the log's own word where it has one."""
    if "queued" in columns:
        column = columns["queued"]
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        return np.asarray(column.fill_null(0).to_numpy(), np.float64) > 0
    if wait is None:
        return np.zeros(len(columns["entered"]), bool)
    return np.asarray(wait > 0)


def _codes(column: pa.ChunkedArray) -> tuple[Codes, list[str]]:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    array = column.unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    found = np.asarray(array.indices.fill_null(UNKNOWN).to_numpy(), np.int64)
    return found, [str(word) for word in array.dictionary.to_pylist()]


def _coded(
    column: pa.ChunkedArray | None, renamed: dict[str, str] | object, rows: int
) -> tuple[Codes, tuple[str, ...]]:
    """Return codes of a column's words, which the map may group, and the words by code."""
    if column is None:
        return np.full(rows, UNKNOWN, np.int64), ()
    if pa.types.is_integer(column.type) and not renamed:
        numbers = np.asarray(column.fill_null(UNKNOWN).to_numpy(), np.int64)
        if numbers.min() >= UNKNOWN and numbers.max() > _MOST_WORDS:
            return numbers, ()
    codes, words = _codes(column)
    table = dict(renamed) if isinstance(renamed, dict) else {}
    own = [table.get(word, word) for word in words]
    order = {word: code for code, word in enumerate(sorted(set(own)))}
    blank = {"", "nan", "none", "null"}
    by_word = np.array(
        [UNKNOWN if word.strip().lower() in blank else order[word] for word in own] + [UNKNOWN]
    )
    return by_word[codes].astype(np.int64), tuple(order)
