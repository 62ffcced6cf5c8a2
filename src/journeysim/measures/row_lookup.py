"""The row of a table of scores that a name such as ``"phone.service_level"`` stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from journeysim.arguments import shown
from journeysim.errors import ArgumentError, MeasureError, did_you_mean
from journeysim.measures.service.breakdowns import DIMENSIONS
from journeysim.scenario.changes.key_paths import parse_path
from journeysim.types import Row


def named_row(table: pa.Table, name: str, **where: Any) -> Row:
    """Return the one row that a name stands for.

    Parameters
    ----------
    table
        With a column `measure`, and one for each dimension of its breakdown.
    name
        ``[MEMBER.]MEASURE``; members are names of channels, pools, segments ... that the row is
        about. Without one, it is the row about all, or the only one.
    where
        What other columns have to hold.

    Raises
    ------
    MeasureError
        If there is none, or there are several.
    """
    measure, members = _parsed(name)
    every_row: list[Row] = table.to_pylist()
    rows = [row for row in every_row if all(row[key] == it for key, it in where.items())]
    known = list(dict.fromkeys(row["measure"] for row in rows))
    of_measure = [row for row in rows if row["measure"] == measure]
    if not of_measure:
        raise MeasureError(f"{name!r}: no measure {measure!r} here{did_you_mean(measure, known)}")
    groups = [members_of(row) for row in of_measure]
    every = list(dict.fromkeys(member for group in groups for member in group.values()))
    for member in members:
        if member not in every:
            raise MeasureError(f"{name!r}: {measure} is not of {member!r}{_choices(member, every)}")
    fitting = [
        (row, group)
        for row, group in zip(of_measure, groups, strict=True)
        if set(members) <= set(group.values())
    ]
    exact = [row for row, group in fitting if len(group) == len(members)]
    if len(exact) == 1 or len(fitting) == 1:
        return exact[0] if len(exact) == 1 else fitting[0][0]
    several = [".".join([*map(str, group.values()), measure]) for _, group in fitting]
    raise MeasureError(f"{name!r} stands for {len(fitting)} rows; name one: {_listed(several)}")


def members_of(row: Row) -> dict[str, Any]:
    """Return what a row is about, by dimension; a dimension that it does not break down is out."""
    return {key: row[key] for key in DIMENSIONS if row.get(key) is not None}


def _parsed(name: Any) -> tuple[str, list[str]]:
    if not isinstance(name, str):
        raise ArgumentError(f"name must be such as 'phone.service_level', got {shown(name)}")
    try:
        *members, measure = map(str, parse_path(name))
    except ValueError:
        raise MeasureError(f"{name!r} names nothing; write e.g. 'phone.service_level'") from None
    return measure, members


def _choices(member: str, known: Iterable[Any]) -> str:
    return did_you_mean(member, map(str, known))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
