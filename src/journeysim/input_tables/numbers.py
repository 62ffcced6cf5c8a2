"""Numbers that people write: decimal points and commas, thousands, and what cannot be told."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journeysim.input_tables.column import InputColumn

DecimalSign = Literal[".", ","]
Reals = NDArray[np.float64]

_PLAIN: Final = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
_WITH_COMMA: Final = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$"
_WITH_POINT: Final = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"
#: Could be thousands as well as a fraction: 1.012 or 1,012.
_EITHER: Final = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
#: Certainly a fraction: not three digits behind the sign, or the other sign before it.
_FRACTION: Final = {
    ".": r"^[+-]?(\d*\.(\d{1,2}|\d{4,})|[\d,]*,\d{3}\.\d+|0\.\d+)$",
    ",": r"^[+-]?(\d*,(\d{1,2}|\d{4,})|[\d.]*\.\d{3},\d+|0,\d+)$",
}


def numbers_of(column: InputColumn, *, decimal: DecimalSign | None = None, what: str) -> Reals:
    """Return the numbers of a column, NaN where it is empty.

    Parameters
    ----------
    decimal
        The sign before the fraction; None: as the column itself decides.
    what
        What the column should hold, for messages: ``"a duration"``.

    Raises
    ------
    LogError
        If a cell is no number, or nothing tells thousands from a fraction.
    """
    kind = column.cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return np.asarray(column.cells.cast(pa.float64()).to_numpy(), np.float64)
    if pa.types.is_null(kind):
        return np.full(column.table.rows, np.nan)
    if not column.is_text:
        raise column.refused(_first(column.cells), f"is not {what}", "map another column")
    return numbers_in_texts(column, column.texts(), decimal=decimal, what=what)


def numbers_in_texts(
    column: InputColumn, texts: pa.Array, *, decimal: DecimalSign | None, what: str
) -> Reals:
    """Return the numbers that texts of a column hold."""
    sign = decimal or _decimal_sign(column, texts)
    form = _WITH_COMMA if sign == "," else _WITH_POINT
    good = pc.match_substring_regex(texts, form)
    if sign == ".":
        good = pc.or_(good, pc.match_substring_regex(texts, _PLAIN))
    bad = np.asarray(pc.fill_null(pc.invert(good), False).to_numpy(zero_copy_only=False))
    if bad.any():
        raise column.first_refused(bad, f"is not {what}", f"{what} is a number such as 12{sign}5")
    if sign == ",":
        texts = pc.replace_substring(pc.replace_substring(texts, ".", ""), ",", ".")
    else:
        texts = pc.replace_substring(texts, ",", "")
    return np.asarray(texts.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)


def _decimal_sign(column: InputColumn, texts: pa.Array) -> DecimalSign:
    """Return the sign that the column itself shows, or ask."""
    has_comma = pc.match_substring(texts, ",")
    either = np.asarray(
        pc.fill_null(pc.match_substring_regex(texts, _EITHER), False).to_numpy(zero_copy_only=False)
    )
    fraction = {sign: _any(texts, form) for sign, form in _FRACTION.items()}
    if fraction["."] and fraction[","]:
        comma = np.asarray(pc.fill_null(has_comma, False).to_numpy(zero_copy_only=False))
        raise column.first_refused(
            comma, "is written otherwise than other numbers of the column", "write all alike"
        )
    if either.any() and not (fraction["."] or fraction[","]):
        raise column.first_refused(
            either,
            "can be a thousand and some, or one and a fraction",
            "say which with --decimal . or --decimal ,",
        )
    if fraction[","]:
        return ","
    return "."


def _any(texts: pa.Array, form: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, form)).as_py())


def _first(cells: pa.ChunkedArray) -> int:
    return int(np.argmax(pc.is_valid(cells).to_numpy()))
