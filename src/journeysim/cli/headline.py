"""The figures that most people want first, and the definitions behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from journeysim.cli.score_tables import measure_table
from journeysim.cli.text_layout import Table
from journeysim.measures import catalogue
from journeysim.scenario.channel_kinds import KINDS
from journeysim.types import Row
from journeysim.wording.numbers import listed
from journeysim.wording.scores import score_column

if TYPE_CHECKING:
    from journeysim.scenario.schema.world import World


def measures_by_kind() -> dict[str, tuple[str, ...]]:
    """Return the measures of the tables of channels, by kind: those where people serve first."""
    channels = catalogue.in_table("channels")
    return {
        kind.name: catalogue.said_of(kind, channels)
        for kind in sorted(KINDS.values(), key=lambda kind: kind.by_machine)
    }


def channel_measures() -> tuple[str, ...]:
    """Return the measures of channels and of journeys that the tables show."""
    of_channels = chain.from_iterable(measures_by_kind().values())
    return tuple(dict.fromkeys((*of_channels, *catalogue.in_table("journeys"))))


def headline_tables(rows: Sequence[Row], world: World, *, sign: str = "±") -> list[Table]:
    """Return what happened in channels, in pools and to journeys.

    Parameters
    ----------
    rows
        Scores by channel, and of pools by pool, as `score_rows` gives them.
    """
    tables = []
    for kind, measures in measures_by_kind().items():
        mine = [
            row
            for row in rows
            if row["channel"] in world.channels and world.channels[row["channel"]].kind == kind
        ]
        title = f"{KINDS[kind].title}, per replication"
        tables.append(
            measure_table(
                mine,
                measures,
                ["channel"],
                title=title,
                sign=sign,
                only_used=catalogue.only_used("channels"),
            )
        )
    paid = any(pool.paid for pool in world.pools.values())
    tables.append(
        measure_table(
            [row for row in rows if row["pool"] is not None],
            [name for name in catalogue.in_table("pools") if paid or name != "paid_hours"],
            ["pool"],
            title="Agents, per replication",
            sign=sign,
            only_used=catalogue.only_used("pools"),
        )
    )
    tables.append(journeys_table(rows, sign=sign))
    return [table for table in tables if table.rows]


def journeys_table(rows: Sequence[Row], *, sign: str = "±") -> Table:
    """Return how journeys went, one line per measure."""
    together = {
        row["measure"]: row for row in rows if row["channel"] is None and row["pool"] is None
    }
    only_used = catalogue.only_used("journeys")
    lines = []
    for name in catalogue.in_table("journeys"):
        row = together.get(name)
        if row is None or (name in only_used and not row["value"]):
            continue
        unit, cells = score_column([row], sign=sign)
        lines.append([catalogue.label(name), cells[0].strip(), unit])
    return Table("Journeys, per replication", ["", "", ""], _in_column(lines), names=1)


def _in_column(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """Put the units behind the figures, so that the points stand below each other."""
    widest = max((len(unit) for _, _, unit in lines), default=0)
    return [[label, cell, unit.ljust(widest)] for label, cell, unit in lines]


def shown_of(rows: Iterable[Row], world: World) -> list[Row]:
    """Return the rows of which the headline tables tell: a mail has no service level there."""
    by_kind = measures_by_kind()
    return [
        row
        for row in rows
        if row["channel"] is None or row["measure"] in by_kind[world.channels[row["channel"]].kind]
    ]


def definitions_used(
    rows: Iterable[Row], *, formula_name: str, measures: Sequence[str] | None = None
) -> list[str]:
    """Return a sentence per definition that the figures rest on."""
    named = catalogue.in_table("definitions") if measures is None else measures
    texts: dict[str, dict[str, dict[str, None]]] = {name: {} for name in named}
    for row in rows:
        if row["measure"] in texts and row["value"] is not None:
            seen = texts[row["measure"]].setdefault(row["formula"], {})
            if row["channel"] is not None:
                seen[row["channel"]] = None
    sentences = []
    for name, by_text in texts.items():
        label = name.replace("_", " ").capitalize()
        kind = f" (formula {formula_name!r})" if name == catalogue.with_role("in_time") else ""
        for text, channels in by_text.items():
            whose = f" of {listed(channels)}" if len(by_text) > 1 else ""
            sentences.append(f"{label}{whose}{kind}: {text}.")
    return sentences


def interval_note(replications: int, level: float) -> str:
    """Return what ± means here, or that there is none."""
    if replications == 1:
        return "One replication: nothing can be said about its uncertainty; run more for intervals."
    few = "; so few make them wide" if replications < 5 else ""
    return f"± is half of a {100 * level:g} % interval over {replications} replications{few}."
