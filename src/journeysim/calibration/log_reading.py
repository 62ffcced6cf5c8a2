"""From the columns of a file to the arrays of a contact log, each row used or counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from journeysim.calibration.column_map import ColumnMap, completed
from journeysim.calibration.contact_log import UNKNOWN, Codes, ContactLog, Flags, Ticks
from journeysim.calibration.log_words import WordTaken, coded, outcomes, words_taken
from journeysim.errors import LogError
from journeysim.input_tables.column import InputColumn
from journeysim.input_tables.durations import durations_of
from journeysim.input_tables.files import read_tables
from journeysim.input_tables.input_table import InputTable
from journeysim.input_tables.moments import TimeForm, clock_times_of, is_date_only, moments_of
from journeysim.input_tables.numbers import numbers_of
from journeysim.units import DAY

_DURATIONS = ("before_queue", "wait", "talk", "wrap_up")
_CODED = ("segment", "need", "channel", "customer", "case", "agent")
_WORDED = ("need", "segment", "channel")
_YES = ("true", "True", "TRUE", "yes", "Yes", "YES")
_NO = ("false", "False", "FALSE", "no", "No", "NO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A log as it was read, with the map that was used and the parts of it that were guessed.

    Attributes
    ----------
    words
        What each word of outcome, need, segment and channel was taken for.
    """

    log: ContactLog
    map: ColumnMap
    guessed: Sequence[str]
    words: Sequence[WordTaken] = ()


def read_log(path: str | Path | Sequence[str | Path], given: ColumnMap | None = None) -> Reading:
    """Read a contact log: one row per contact, or per activity of a case.

    Parameters
    ----------
    path
        A file, or several with the same columns.

    Raises
    ------
    LogError
        If a file cannot be read, or a column is not what its part needs.
    """
    table = read_tables(paths_of(path), sheet=given.sheet if given else None)
    used, guessed = completed(given or ColumnMap(), list(table.columns), table.source)
    if table.rows == 0:
        raise LogError(f"{table.source}: the log has no rows")
    log, words = _as_log(table, used)
    return Reading(log=log, map=used, guessed=guessed, words=words)


def paths_of(path: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the files of a log."""
    return [Path(path)] if isinstance(path, str | Path) else [Path(own) for own in path]


def _as_log(table: InputTable, used: ColumnMap) -> tuple[ContactLog, list[WordTaken]]:
    columns = {role: InputColumn(table, name) for role, name in used.columns.items()}
    moments = _moments(columns, used)
    spans = {
        role: durations_of(columns[role], unit=used.unit, decimal=used.decimal)
        for role in _DURATIONS
        if role in columns
    }
    repeats = _repeats(columns.get("count"), used)
    outcome, reasons, taken = outcomes(
        columns.get("outcome"), used.words.get("outcome", {}), table.rows
    )
    words: dict[str, tuple[str, ...]] = {}
    codes: dict[str, Codes] = {}
    for role in _CODED:
        codes[role], words[role] = coded(columns.get(role), used.words.get(role, {}), table.rows)
    for role in _WORDED:
        taken += words_taken(role, codes[role], words[role])
    wait, talk = _spans_by_clock(moments, spans)
    entered = moments["entered"]
    if "before_queue" in spans:
        entered = np.where(entered < 0, entered, entered + np.maximum(spans["before_queue"], 0))
    unknown = np.full(table.rows, UNKNOWN, np.int64)
    log = ContactLog(
        source=table.source,
        columns=frozenset(columns) | {"entered"} | ({"wait"} if wait is not None else set()),
        entered=entered,
        wait=unknown if wait is None else wait,
        talk=unknown if talk is None else talk,
        wrap_up=spans.get("wrap_up", unknown),
        outcome=outcome,
        queued=_queued(columns.get("queued"), wait, table.rows),
        words={role: words[role] for role in ("segment", "need", "channel")},
        rows=table.rows,
        notes=(*table.notes, *table.left_out),
        segment=codes["segment"],
        need=codes["need"],
        channel=codes["channel"],
        customer=codes["customer"],
        case=codes["case"],
        agent=codes["agent"],
    )
    return _in_order(log, reasons, repeats), taken


def _moments(columns: Mapping[str, InputColumn], used: ColumnMap) -> dict[str, Ticks]:
    """Return moments by part; one that is a time of day alone stands on the date beside it."""
    form = TimeForm(time_format=used.time_format, date_order=used.dates, zone=used.zone)
    dates = moments_of(columns["date"], form) if "date" in columns else None
    found: dict[str, Ticks] = {}
    for role in ("entered", "started", "ended"):
        column = columns.get(role) or (columns.get("clock") if role == "entered" else None)
        if column is None:
            continue
        clock = clock_times_of(column) if dates is not None else None
        if dates is None or clock is None:
            found[role] = moments_of(column, form)
            continue
        found[role] = np.where((dates == UNKNOWN) | (clock == UNKNOWN), UNKNOWN, dates + clock)
        if role != "entered" and "entered" in found:
            # Who is served past midnight has the date of the evening.
            past = (found[role] != UNKNOWN) & (found[role] < found["entered"])
            found[role] = np.where(past, found[role] + DAY, found[role])
    if "clock" in columns and "date" not in columns and is_date_only(found["entered"]):
        clock = clock_times_of(columns["clock"])
        if clock is not None:
            found["entered"] = np.where(clock == UNKNOWN, UNKNOWN, found["entered"] + clock)
    return found


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


def _repeats(column: InputColumn | None, used: ColumnMap) -> Codes | None:
    """Return how many contacts each row stands for, in a log of volumes."""
    if column is None:
        return None
    counts = np.nan_to_num(numbers_of(column, decimal=used.decimal, what="a count of contacts"))
    if (counts < 0).any():
        raise column.first_refused(counts < 0, "is no count of contacts", "mend it")
    fractions = counts != np.rint(counts)
    if fractions.any():
        raise column.first_refused(
            fractions,
            "is no whole number of contacts: this is a forecast, not a log",
            "give expectations to a scenario as segments.NAME.arrivals, or map another count",
        )
    return counts.astype(np.int64)


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


def _queued(column: InputColumn | None, wait: Ticks | None, rows: int) -> Flags:
    """Return who had to wait, by the log's own word where it has one."""
    if column is None:
        return np.zeros(rows, bool) if wait is None else np.asarray(wait > 0)
    if pa.types.is_boolean(column.cells.type):
        return np.asarray(column.cells.fill_null(False).to_numpy())
    if column.is_text and set(column.texts().drop_null().unique().to_pylist()) <= {*_YES, *_NO}:
        return np.array([text in _YES for text in column.texts().to_pylist()])
    return np.nan_to_num(numbers_of(column, what="yes or no")) > 0
