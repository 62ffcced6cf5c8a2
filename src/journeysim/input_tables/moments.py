"""Moments that people write: ISO, dotted, slashed, AM and PM, epoch, Excel serials, offsets.

All become ticks since 1970 by the clock on the wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.errors import LogError
from journeysim.input_tables.column import UNKNOWN, InputColumn, Ticks, plain_array
from journeysim.input_tables.date_texts import (
    CLOCK,
    DATED,
    NO_TIME,
    REMEDY,
    DateOrder,
    clock_in,
    dates_in,
    flags_of,
    midnights,
    offsets_in,
)
from journeysim.units import DAY, SECOND

_TIMED: Final = (
    r"^"
    + CLOCK
    + r"(?: ?(?:-|\x{2013}|to|bis) ?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)?$"
)
#: Days from 1900 to 1970 as Excel counts them.
_EXCEL_EPOCH: Final = 25_569


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeForm:
    """What a table cannot show of its times.

    Attributes
    ----------
    time_format
        As for `strptime`; None: what the texts show.
    date_order
        Of dates such as 3/4/2024; None: as the data decide.
    zone
        Whose clock on the wall counts where times have an offset; None: the offset's own.
    """

    time_format: str | None = None
    date_order: DateOrder | None = None
    zone: str | None = None


def moments_of(column: InputColumn, form: TimeForm) -> Ticks:
    """Return moments as ticks since 1970 by the clock on the wall; UNKNOWN where empty.

    Raises
    ------
    LogError
        If a cell is no moment, or the order of day and month cannot be told.
    """
    kind = column.cells.type
    if pa.types.is_null(kind):
        return np.full(column.table.rows, UNKNOWN, np.int64)
    if pa.types.is_timestamp(kind):
        cells = column.cells
        if kind.tz is not None:
            own = form.zone or kind.tz
            cells = pc.local_timestamp(cells.cast(pa.timestamp("us", own)))
        return plain_array(cells.cast(pa.timestamp("us"), safe=False))
    if pa.types.is_date(kind):
        return plain_array(column.cells.cast(pa.timestamp("us")))
    if pa.types.is_duration(kind):
        return plain_array(column.cells.cast(pa.duration("us"), safe=False))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _counted(column, np.asarray(column.cells.cast(pa.float64()).to_numpy()), form)
    if not column.is_text:
        raise column.refused(0, NO_TIME, REMEDY)
    texts = column.texts()
    if form.time_format is not None:
        return _by_format(column, texts, form.time_format)
    plain = _iso(texts)
    if plain is not None:
        return plain
    if _all(pc.match_substring_regex(texts, r"^\d{8,19}(\.\d+)?$|^\d{5}\.\d+$")):
        return _counted(
            column, np.asarray(texts.cast(pa.float64()).to_numpy(zero_copy_only=False)), form
        )
    return _by_parts(column, texts, form)


def clock_times_of(column: InputColumn) -> Ticks | None:
    """Return times of day as ticks since midnight, the first of spans; None if they are none."""
    kind = column.cells.type
    if pa.types.is_time(kind):
        return plain_array(column.cells.cast(pa.time64("us")))
    if pa.types.is_duration(kind):
        return plain_array(column.cells.cast(pa.duration("us"), safe=False))
    if pa.types.is_floating(kind):
        shares = np.asarray(column.cells.to_numpy())
        if np.nanmax(shares, initial=0.0) >= 1.0 or np.nanmin(shares, initial=0.0) < 0.0:
            return None
        return np.where(np.isnan(shares), UNKNOWN, np.rint(shares * DAY / SECOND) * SECOND).astype(
            np.int64
        )
    if not column.is_text:
        return None
    texts = column.texts()
    parts = pc.extract_regex(texts, _TIMED)
    odd = flags_of(pc.and_(pc.is_valid(texts), pc.is_null(parts)))
    if odd.all() or not flags_of(pc.is_valid(parts)).any():
        return None
    if odd.any():
        raise column.first_refused(odd, "is no time of day like the others", "mend it")
    return np.where(flags_of(pc.is_valid(parts)), clock_in(column, parts), UNKNOWN)


def is_date_only(moments: Ticks) -> bool:
    """Return whether all moments are midnights: then they are dates."""
    known = moments[moments != UNKNOWN]
    return bool(len(known) and (known % DAY == 0).all())


def _iso(texts: pa.Array) -> Ticks | None:
    """Return the moments of texts that are all plain ISO, which is fast to find out."""
    try:
        return plain_array(texts.cast(pa.timestamp("us")))
    except pa.ArrowInvalid:
        return None


def _by_format(column: InputColumn, texts: pa.Array, time_format: str) -> Ticks:
    found = np.full(len(texts), UNKNOWN, np.int64)
    for row, text in enumerate(texts.to_pylist()):
        if text is None:
            continue
        try:
            moment = datetime.strptime(text, time_format)  # noqa: DTZ007 (the clock on the wall)
        except ValueError:
            raise column.refused(row, f"does not have the form {time_format!r}", REMEDY) from None
        found[row] = np.datetime64(moment.replace(tzinfo=None), "us").astype(np.int64)
    return found


def _counted(column: InputColumn, numbers: NDArray[np.float64], form: TimeForm) -> Ticks:
    """Return moments that are counted: seconds, milliseconds or days since their epoch."""
    known = numbers[~np.isnan(numbers)]
    middle = float(np.median(known)) if len(known) else 0.0
    if 20_000 <= middle <= 80_000:
        # Excel's days are by the clock on the wall; a second is the finest it is read to.
        days = (numbers - _EXCEL_EPOCH) * (DAY / SECOND)
        return np.where(np.isnan(numbers), UNKNOWN, np.rint(days) * SECOND).astype(np.int64)
    if 19_000_101 <= middle <= 21_001_231 and (known == np.rint(known)).all():
        return _compact_dates(column, numbers)
    size = next(
        (
            size
            for least, size in ((1e17, 1e-3), (1e14, 1.0), (1e11, 1e3), (1e8, 1e6))
            if middle >= least
        ),
        None,
    )
    if size is None:
        raise column.refused(int(np.argmax(~np.isnan(numbers))), NO_TIME, REMEDY)
    ticks = np.where(np.isnan(numbers), 0.0, np.rint(numbers * size)).astype(np.int64)
    zone = ZoneInfo(form.zone) if form.zone else None
    if zone is not None:
        ticks = _in_zone(ticks, form.zone or "UTC")
    return np.where(np.isnan(numbers), UNKNOWN, ticks)


def _compact_dates(column: InputColumn, numbers: NDArray[np.float64]) -> Ticks:
    whole = np.where(np.isnan(numbers), 19_700_101, numbers).astype(np.int64)
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    ticks = midnights(column, year, month, day)
    return np.where(np.isnan(numbers), UNKNOWN, ticks)


def _by_parts(column: InputColumn, texts: pa.Array, form: TimeForm) -> Ticks:
    parts = pc.extract_regex(texts, DATED)
    odd = flags_of(pc.and_(pc.is_valid(texts), pc.is_null(parts)))
    if odd.any():
        raise column.first_refused(odd, NO_TIME, REMEDY)
    known = flags_of(pc.is_valid(parts))
    if not known.any():
        return np.full(len(texts), UNKNOWN, np.int64)
    year, month, day = dates_in(column, parts, texts, form.date_order)
    ticks = midnights(column, year, month, day) + clock_in(column, parts)
    offset = pc.struct_field(parts, "z")
    if form.zone is not None and flags_of(pc.not_equal(offset, "")).any():
        ticks = _in_zone(ticks - offsets_in(offset), form.zone)
    return np.where(known, ticks, UNKNOWN)


def _in_zone(ticks: Ticks, zone: str) -> Ticks:
    """Return the clock on the wall of a zone at moments of UTC."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise LogError(
            f"--zone {zone}: no such time zone; name one such as Europe/Berlin"
        ) from None
    there = (
        pa.array(ticks, pa.int64()).cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us", zone))
    )
    return plain_array(pc.local_timestamp(there))


def _all(values: pa.Array) -> bool:
    return bool(pc.all(values).as_py())
