"""The scores of a run: a table, and each of its figures by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from journeysim.displays import Display
from journeysim.measures.row_lookup import members_of, named_row
from journeysim.tables.frames import arrow_stream, pandas_frame, polars_frame
from journeysim.wording.numbers import decimal_text
from journeysim.wording.scores import scale_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

#: Rows that a notebook shows.
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A figure of a run, with its interval.

    Attributes
    ----------
    measure, unit, formula
        What it is, in which unit, and how it is defined.
    of
        What it is about, by dimension: ``{"channel": "phone"}``; empty for all.
    value
        The figure; None where there is nothing to divide by.
    lower, upper, half_width, level
        Its interval over the replications; None where it cannot be known.
    replications
        Replications scored.
    """

    measure: str
    unit: str
    formula: str
    of: Mapping[str, Any]
    value: float | None
    lower: float | None
    upper: float | None
    half_width: float | None
    level: float
    replications: int


@dataclass(frozen=True, slots=True, repr=False)
class Scores:
    """The scores of a run: an Arrow table, whose methods it has, and each figure by name.

    Attributes
    ----------
    table
        A row per measure and group, with value, interval, unit and formula.
    """

    table: pa.Table

    @property
    def level(self) -> float:
        """The level of the intervals."""
        return float(self.table.schema.metadata[b"level"])

    def value(self, name: str) -> Score:
        """Return a figure by name: ``"phone.service_level"``, or ``"resolved"``.

        Raises
        ------
        MeasureError
            If there is none of that name, or there are several.
        """
        row = named_row(self.table, name)
        wanted = ("measure", "unit", "formula", "value", "lower", "upper", "half_width")
        found = {key: row[key] for key in wanted}
        of = members_of(row)
        return Score(**found, of=of, level=self.level, replications=row["replications"])

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a pandas frame (needs pandas)."""
        return pandas_frame(self.table)

    def to_polars(self) -> pl.DataFrame:
        """Return the table as a Polars frame (needs Polars)."""
        return polars_frame(self.table)

    def equals(self, other: Scores | pa.Table) -> bool:
        """Return whether two tables of scores are the same."""
        return bool(self.table.equals(other.table if isinstance(other, Scores) else other))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return arrow_stream(self.table, requested_schema)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __getitem__(self, key: Any) -> Any:
        return self.table[key]

    def __getattr__(self, name: str) -> Any:
        # While it is read from a pickle it has no table yet.
        if name.startswith("_") or name == "table":
            raise AttributeError(name)
        return getattr(self.table, name)

    def __repr__(self) -> str:
        return self._display().text()

    def _repr_html_(self) -> str:
        return self._display().html()

    def _display(self) -> Display:
        rows = self.table.slice(0, _SHOWN).to_pylist()
        more = f"{len(self)} rows in all. " if len(self) > _SHOWN else ""
        replications = rows[0]["replications"] if rows else 0
        return Display(
            title=f"Scores: {len(self)} figures over {replications} replications",
            head=("measure", "of", "value", f"{100 * self.level:g} % interval", "unit"),
            rows=[_cells(row) for row in rows],
            note=f"{more}One by name: .value({_example(rows)!r}); all: .to_pandas(), .table",
        )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    about = ", ".join(str(member) for member in members_of(row).values()) or "all"
    if row["value"] is None:
        return row["measure"], about, "-", "", ""
    scale = scale_of([row])
    value, lower, upper = (
        "-" if row[key] is None else decimal_text(row[key] / scale.size, scale.decimals)
        for key in ("value", "lower", "upper")
    )
    return row["measure"], about, value, f"{lower} to {upper}", scale.unit


def _example(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "phone.service_level"
    return ".".join([*map(str, members_of(rows[0]).values()), rows[0]["measure"]])
