"""Dates and times as texts, taken apart: which number is the day, which the month.

A date whose day and month cannot be told apart is asked about, never guessed.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.input_tables.column import Flags, InputColumn, Ticks
from journeysim.units import DAY, HOUR, MINUTE, SECOND

DateOrder = Literal["day-first", "month-first"]
Whole = NDArray[np.int64]

CLOCK: Final = (
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?: ?(?P<p>[AaPp])\.?[Mm]\.?)?"
)
OFFSET: Final = r"(?: ?(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?"
_BETWEEN: Final = r"(?:[-/.]|[.,]{0,2} )"
DATED: Final = (
    r"^(?:\pL{2,9}[.,]{0,2} )?(?P<a>\d{1,4}|\pL{3,9})"
    + _BETWEEN
    + r"(?P<b>\d{1,2}|\pL{3,9})"
    + _BETWEEN
    + r"(?P<c>\d{1,4})(?:(?:T|,? +)"
    + CLOCK
    + OFFSET
    + r")?$"
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "januar"),
            ("feb", "february", "februar"),
            ("mar", "march", "märz", "mär", "mrz"),
            ("apr", "april"),
            ("may", "mai"),
            ("jun", "june", "juni"),
            ("jul", "july", "juli"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october", "okt", "oktober"),
            ("nov", "november"),
            ("dec", "december", "dez", "dezember"),
        ),
        1,
    )
    for name in names
}
REMEDY: Final = "give its form, e.g. --time-format '%d/%m/%Y %H:%M'"
NO_TIME: Final = "which is not read as a time"


def dates_in(
    column: InputColumn, parts: pa.Array, texts: pa.Array, order: DateOrder | None
) -> tuple[Whole, Whole, Whole]:
    """Return years, months and days, in whatever order they stand."""
    a, b, c = (pc.struct_field(parts, name) for name in "abc")
    named_a, named_b = (flags_of(pc.match_substring_regex(own, "^[A-Za-z]")) for own in (a, b))
    first, second, third = _named(column, a), _named(column, b), _named(column, c)
    year_first = flags_of(pc.greater(pc.utf8_length(pc.fill_null(a, "")), 2)) & ~named_a
    year = np.where(year_first, first, third)
    short = ~year_first & flags_of(pc.less_equal(pc.utf8_length(pc.fill_null(c, "0000")), 2))
    year = np.where(short, year + np.where(year < 70, 2000, 1900), year)
    month = np.where(year_first | named_b, second, first)
    day = np.where(year_first, third, np.where(named_a, second, first))
    day = np.where(named_b & ~year_first, first, day)
    open_order = ~year_first & ~named_a & ~named_b & flags_of(pc.is_valid(parts))
    if open_order.any():
        dotted = flags_of(pc.match_substring_regex(texts, r"^(?:[A-Za-z]+\.?,? )?\d{1,2}\."))
        if _day_first(column, first[open_order], second[open_order], open_order, dotted, order):
            day, month = np.where(open_order, first, day), np.where(open_order, second, month)
        else:
            day, month = np.where(open_order, second, day), np.where(open_order, first, month)
    return year, month, day


def _day_first(
    column: InputColumn,
    first: Whole,
    second: Whole,
    rows: Flags,
    dotted: Flags,
    order: DateOrder | None,
) -> bool:
    """Return whether the day stands before the month: as told, as dots say, or as days show."""
    if order is not None:
        return order == "day-first"
    if dotted[rows].all():
        return True
    if (first > 12).any() and (second > 12).any():
        odd = np.zeros(len(rows), bool)
        odd[np.flatnonzero(rows)[(second > 12)]] = True
        raise column.first_refused(
            odd, "has the month first where other rows have the day first", "write all alike"
        )
    if (first > 12).any():
        return True
    if (second > 12).any():
        return False
    raise column.first_refused(
        rows,
        "can be read with the day or with the month first, and no row of the column decides",
        "say which with --dates day-first or --dates month-first",
    )


def _named(column: InputColumn, own: pa.Array) -> Whole:
    """Return numbers, and the numbers of months that are named; 0 where empty."""
    encoded = pc.fill_null(own, "0").dictionary_encode()
    values = []
    for word in encoded.dictionary.to_pylist():
        if word.isdigit():
            values.append(int(word))
        else:
            number = _MONTHS.get(word.lower())
            if number is None:
                row = int(np.flatnonzero(flags_of(pc.equal(own, word)))[0])
                raise column.refused(row, f"names no month ({word})", REMEDY)
            values.append(number)
    return np.asarray(np.array(values, np.int64)[encoded.indices.to_numpy()], np.int64)


def midnights(column: InputColumn, year: Whole, month: Whole, day: Whole) -> Ticks:
    """Return the midnights at which days begin; a day that no calendar has is refused."""
    safe_month = np.clip(month, 1, 12)
    months = (year - 1970) * 12 + safe_month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    bad = (month != safe_month) | (day < 1) | (day > following - first)
    # Cells that are empty were filled with zeros.
    bad &= (year != 0) & (month + day != 0)
    if bad.any():
        raise column.first_refused(
            bad,
            "is no day of the calendar",
            "mend it, or say the order of day and month with --dates",
        )
    return np.asarray((first + day - 1) * DAY, np.int64)


def clock_in(column: InputColumn, parts: pa.Array) -> Ticks:
    """Return the time of day of texts taken apart, ticks since midnight."""

    def number(name: str) -> Whole:
        own = pc.struct_field(parts, name)
        own = pc.if_else(pc.equal(pc.fill_null(own, ""), ""), "0", own)
        return np.asarray(own.cast(pa.int64()).to_numpy(zero_copy_only=False), np.int64)

    hour = number("h")
    half = pc.utf8_lower(pc.fill_null(pc.struct_field(parts, "p"), ""))
    is_afternoon, is_morning = flags_of(pc.equal(half, "p")), flags_of(pc.equal(half, "a"))
    hour = np.where(is_afternoon & (hour < 12), hour + 12, hour)
    hour = np.where(is_morning & (hour == 12), 0, hour)
    minute, second = number("m"), number("s")
    bad = (hour > 24) | (minute > 59) | (second > 60) | ((hour == 24) & (minute + second > 0))
    if bad.any():
        raise column.first_refused(bad, "is no time of day", "hours end at 23:59:59")
    digits = pc.fill_null(pc.struct_field(parts, "f"), "")
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(digits, 6, "0"), 0, 6).cast(pa.int64())
    ticks = hour * HOUR + minute * MINUTE + second * SECOND + fraction.to_numpy()
    return np.asarray(ticks, np.int64)


def offsets_in(offset: pa.Array) -> Ticks:
    """Return offsets from UTC as ticks."""
    encoded = pc.fill_null(offset, "").dictionary_encode()
    values = []
    for text in encoded.dictionary.to_pylist():
        found = re.fullmatch(r"([+-])(\d{2}):?(\d{2})?", text)
        size = int(found[2]) * HOUR + int(found[3] or 0) * MINUTE if found else 0
        values.append(-size if found and found[1] == "-" else size)
    return np.asarray(np.array(values, np.int64)[encoded.indices.to_numpy()], np.int64)


def flags_of(values: pa.Array) -> Flags:
    """Return truth values as an array; nulls are False."""
    filled = pc.fill_null(values, False)
    return np.asarray(filled.to_numpy(zero_copy_only=False), bool)
