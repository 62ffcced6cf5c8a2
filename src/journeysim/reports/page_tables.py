"""Arrow tables as tables of a page: chosen columns, numbers with no digit too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from journeysim.measures.portrait.day_table import LEVEL
from journeysim.types import Row
from journeysim.wording.labels import label_of
from journeysim.wording.numbers import NONE, number_text, percent
from journeysim.wording.scores import text_scale, value_text

_SHARES: Final = frozenset({"share", "left", LEVEL})
#: Words of columns that say more than their names.
_HEADERS: Final = {
    "said": "source",
    "path_place": "place on the path",
    "emotion_p10": "emotion, worst tenth",
    "emotion_p90": "emotion, best tenth",
    "wait": "wait, s",
    "contacts": "contacts per replication",
    "journeys": "journeys per replication",
    "total": "n, all replications",
    "left": "leave, need unmet",
}


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of a page.

    Attributes
    ----------
    header
        Words of the columns.
    rows
        Cells, as text.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain_table(
    tables: Mapping[str, pa.Table], columns: Sequence[str], *, named: bool
) -> PageTable:
    """Return columns of one table, or of the same of several scenarios below each other.

    Parameters
    ----------
    columns
        What is shown; a column with a half-width has it behind a plus-minus sign.
    named
        Whether a first column says which scenario a row is of.
    """
    rows = []
    for name, table in tables.items():
        for row in table.to_pylist():
            cells = tuple(_cell(row, column) for column in columns)
            rows.append((name, *cells) if named else cells)
    header = tuple(_HEADERS.get(column, column.replace("_", " ")) for column in columns)
    return PageTable(("scenario", *header) if named else header, tuple(rows))


def _cell(row: Row, column: str) -> str:
    value = row[column]
    if value is None:
        return NONE
    if isinstance(value, str):
        return value.replace("_", " ") if column in ("name", "target", "verdict") else value
    if column in _SHARES:
        half = row.get("half_width" if column == LEVEL else f"{column}_half_width")
        return percent(value, 1) if half is None else f"{percent(value, 1)} ± {percent(half, 1)}"
    if isinstance(value, int):
        return str(value)
    half = row.get(f"{column}_half_width", row.get("half_width"))
    text = number_text(value, half)
    return text if half is None else f"{text} ± {number_text(half, half)}"


def inputs_table(rows: Sequence[Row]) -> PageTable:
    """Return how wide chance and the inputs make the interval of each difference."""
    several = len({row["channel"] for row in rows if "channel" in row} - {None}) > 1
    widths = ("value", "chance_half_width", "input_half_width")
    found = []
    for row in rows:
        size, unit = text_scale(row, *widths)
        chance, inputs = (number_text(row[name] / size) for name in widths[1:])
        larger = row["dominates"] or NONE
        said = larger if row["sure"] or larger == NONE else f"perhaps {larger}"
        behind = f", {'points' if unit == '%' else unit}" if unit else ""
        label = f"{label_of(row, several_channels=several)}{behind}"
        found.append((label, number_text(row["value"] / size), chance, inputs, said))
    header = ("", "difference", "by chance, \N{PLUS-MINUS SIGN}", "by inputs, \N{PLUS-MINUS SIGN}")
    return PageTable((*header, "larger"), tuple(found))


def scores_table(rows: Sequence[Row]) -> PageTable:
    """Return scores of a run with their intervals and definitions."""
    several = len({row["channel"] for row in rows} - {None}) > 1
    found = []
    for row in rows:
        if row["value"] is None:
            continue
        half = NONE
        if row["half_width"] is not None:
            half = value_text({**row, "value": row["half_width"]})
        found.append(
            (label_of(row, several_channels=several), value_text(row), half, row["formula"])
        )
    return PageTable(("", "value", "±, 95 %", "definition"), tuple(found))
