"""Durations that people write: seconds, 3:12, 00:03:12, and units in the name of the column."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journeysim.input_tables.column import UNKNOWN, InputColumn, Ticks, plain_array
from journeysim.input_tables.numbers import DecimalSign, numbers_in_texts, numbers_of
from journeysim.units import HOUR, MILLISECOND, MINUTE, SECOND

_UNITS: Final = {
    MILLISECOND: ("ms", "msec", "msecs", "millis", "millisec", "milliseconds"),
    SECOND: ("s", "sec", "secs", "second", "seconds", "sek", "sekunden"),
    MINUTE: ("m", "min", "mins", "minute", "minutes", "minuten"),
    HOUR: ("h", "hr", "hrs", "hour", "hours", "std", "stunden"),
}
_CLOCK: Final = r"^(?P<sign>-?)(?:(?P<h>\d{1,4}):)?(?P<m>\d{1,4}):(?P<s>\d{1,2}(?:[.,]\d{1,9})?)$"
#: A usual service takes minutes; bare numbers whose median is longer are in another unit.
_LONG: Final = 2 * HOUR


def unit_in_name(name: str) -> int | None:
    """Return the unit that a column's name ends with: ``wait_min``, ``Talk (s)``; else None."""
    words = re.split(r"[^A-Za-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).strip(" )]"))
    last = words[-1].lower() if len(words) > 1 else ""
    return next((unit for unit, known in _UNITS.items() if last in known), None)


def durations_of(
    column: InputColumn, *, unit: int | None = None, decimal: DecimalSign | None = None
) -> Ticks:
    """Return durations as ticks; UNKNOWN where empty, a negative one as it is less one tick.

    Parameters
    ----------
    unit
        Of bare numbers, ticks; None: as the column's name says, else seconds.

    Raises
    ------
    LogError
        If a cell is no duration, or bare numbers are plainly in another unit.
    """
    kind = column.cells.type
    if pa.types.is_duration(kind):
        return _below_unknown(
            plain_array(column.cells.cast(pa.duration("us"), safe=False), _MISSING)
        )
    if pa.types.is_time(kind):
        return plain_array(column.cells.cast(pa.time64("us")))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        raise column.refused(0, "is a moment, not a duration", "map another column")
    if not column.is_text:
        return _counted(column, numbers_of(column, what="a duration"), unit)
    texts = column.texts()
    parts = pc.extract_regex(texts, _CLOCK)
    is_clock = np.asarray(pc.is_valid(parts).to_numpy(zero_copy_only=False))
    if not is_clock.any():
        found = numbers_in_texts(column, texts, decimal=decimal, what="a duration")
        return _counted(column, found, unit)
    odd = ~is_clock & np.asarray(pc.is_valid(texts).to_numpy(zero_copy_only=False))
    if odd.any():
        raise column.first_refused(odd, "is not a duration like the others", "write it as 3:12")
    return _by_clock(column, parts, is_clock)


_MISSING: Final = np.iinfo(np.int64).min


def _below_unknown(ticks: Ticks) -> Ticks:
    """Return ticks in which a negative duration is told from a missing one."""
    return np.where(ticks == _MISSING, UNKNOWN, np.where(ticks < 0, ticks - 1, ticks))


def _counted(column: InputColumn, numbers: np.ndarray, unit: int | None) -> Ticks:
    named = unit_in_name(column.name)
    size = unit if unit is not None else named or SECOND
    known = numbers[~np.isnan(numbers)]
    positive = known[known > 0]
    if unit is None and named is None and len(positive):
        middle = float(np.median(positive))
        if middle * size > _LONG:
            row = int(np.flatnonzero(numbers == positive[np.argmax(positive >= middle)])[0])
            as_seconds = middle / 1000
            raise column.refused(
                row,
                f"would be {middle * size / HOUR:.0f} hours if these are seconds",
                f"if they are milliseconds (half are under {as_seconds:.0f} s then), add --unit "
                "1ms; if they are seconds, --unit 1s",
            )
    ticks = np.where(np.isnan(numbers), 0.0, np.rint(numbers * size))
    if (np.abs(ticks) > 2.0**62).any():
        raise column.first_refused(np.abs(ticks) > 2.0**62, "is too long", "mend it")
    return _below_unknown(np.where(np.isnan(numbers), _MISSING, ticks.astype(np.int64)))


def _by_clock(column: InputColumn, parts: pa.Array, is_clock: np.ndarray) -> Ticks:
    """Return ticks of texts such as 3:12 (minutes) and 0:03:12 (hours)."""

    def number(name: str) -> np.ndarray:
        own = pc.struct_field(parts, name)
        own = pc.replace_substring(pc.if_else(pc.equal(own, ""), "0", own), ",", ".")
        return np.nan_to_num(
            np.asarray(own.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        )

    seconds = number("s")
    has_hours = np.asarray(
        pc.fill_null(pc.not_equal(pc.struct_field(parts, "h"), ""), False).to_numpy(
            zero_copy_only=False
        )
    )
    bad = (seconds >= 60) | (has_hours & (number("m") >= 60))
    if bad.any():
        raise column.first_refused(bad, "is not a duration", "minutes and seconds end at 59")
    ticks = np.rint(number("h") * HOUR + number("m") * MINUTE + seconds * SECOND).astype(np.int64)
    sign = pc.fill_null(pc.equal(pc.struct_field(parts, "sign"), "-"), False)
    negative = np.asarray(sign.to_numpy(zero_copy_only=False))
    ticks = np.where(negative, -ticks, ticks)
    return _below_unknown(np.where(is_clock, ticks, _MISSING))
