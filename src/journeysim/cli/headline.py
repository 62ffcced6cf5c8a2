"""The figures that most people want first, and the definitions behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from journeysim.cli.score_tables import measure_table
from journeysim.cli.text_layout import Table
from journeysim.measures.service.channel_measures import said_of
from journeysim.scenario.channel_kinds import KINDS
from journeysim.types import Row
from journeysim.wording.numbers import listed
from journeysim.wording.scores import figures

if TYPE_CHECKING:
    from journeysim.scenario.schema.world import World

#: What the tables of channels show, in this order, where it says something.
_OF_CHANNELS = (
    "offered",
    "answered",
    "containment",
    "resolved_in_self_service",
    "stuck",
    "abandonment",
    "service_level",
    "answered_within_target",
    "speed_of_answer",
    "blocking",
    "balking",
    "closed",
    "open",
    "backlog_open",
)
OF_POOLS = ("staffed_hours", "paid_hours", "busy_hours", "occupancy", "agent_cost")
_ONLY_USED = ("blocking", "balking", "closed", "open", "stuck", "agent_cost")

_OF_JOURNEYS = {
    "journeys": "began, per replication",
    "resolved": "resolved",
    "given_up": "given up, need unmet",
    "lost": "lost for good",
    "exhausted": "reached the cap on contacts",
    "open_journeys": "open at the end",
    "resolved_at_first_contact": "resolved at the first contact",
    "contacts_per_journey": "contacts per journey",
    "journey_wait": "time in queue per journey",
    "time_to_resolution": "time to resolution",
    "value_lost": "worth of who was lost",
    "cost_total": "cost of agents and channels",
    "cost_per_resolved": "cost per resolved journey",
}
_ONLY_USED_JOURNEYS = (
    "exhausted",
    "open_journeys",
    "value_lost",
    "cost_total",
    "cost_per_resolved",
)
_DEFINED = ("service_level", "answered_within_target", "abandonment", "containment", "occupancy")

#: Kinds of channel in the order of their tables, each with its measures: people come first.
BY_KIND = {
    kind.name: said_of(kind, _OF_CHANNELS)
    for kind in sorted(KINDS.values(), key=lambda kind: kind.by_machine)
}
CHANNEL_MEASURES = tuple(dict.fromkeys((*chain.from_iterable(BY_KIND.values()), *_OF_JOURNEYS)))
POOL_MEASURES = OF_POOLS


def headline_tables(rows: Sequence[Row], world: World, *, sign: str = "±") -> list[Table]:
    """Return what happened in channels, in pools and to journeys.

    Parameters
    ----------
    rows
        Scores by channel, and of pools by pool, as `score_rows` gives them.
    """
    tables = []
    for kind, measures in BY_KIND.items():
        mine = [
            row
            for row in rows
            if row["channel"] in world.channels and world.channels[row["channel"]].kind == kind
        ]
        title = f"{KINDS[kind].title}, per replication"
        tables.append(
            measure_table(mine, measures, ["channel"], title=title, sign=sign, only_used=_ONLY_USED)
        )
    paid = any(pool.paid for pool in world.pools.values())
    tables.append(
        measure_table(
            [row for row in rows if row["pool"] is not None],
            [name for name in OF_POOLS if paid or name != "paid_hours"],
            ["pool"],
            title="Agents, per replication",
            sign=sign,
            only_used=_ONLY_USED,
        )
    )
    tables.append(journeys_table(rows, sign=sign))
    return [table for table in tables if table.rows]


def journeys_table(rows: Sequence[Row], *, sign: str = "±") -> Table:
    """Return how journeys went, one line per measure."""
    together = {
        row["measure"]: row
        for row in rows
        if row["channel"] is None and row["pool"] is None and row["measure"] in _OF_JOURNEYS
    }
    lines = []
    for name, label in _OF_JOURNEYS.items():
        row = together.get(name)
        if row is None or (name in _ONLY_USED_JOURNEYS and not row["value"]):
            continue
        unit, cells = figures([row], sign=sign)
        lines.append([label, cells[0].strip(), unit])
    return Table("Journeys", ["", "", ""], _in_column(lines), names=1)


def _in_column(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """Put the units behind the figures, so that the points stand below each other."""
    widest = max((len(unit) for _, _, unit in lines), default=0)
    return [[label, cell, unit.ljust(widest)] for label, cell, unit in lines]


def shown_of(rows: Iterable[Row], world: World) -> list[Row]:
    """Return the rows of which the headline tables tell: a mail has no service level there."""
    return [
        row
        for row in rows
        if row["channel"] is None or row["measure"] in BY_KIND[world.channels[row["channel"]].kind]
    ]


def definitions_used(
    rows: Iterable[Row], *, formula_name: str, measures: Sequence[str] = _DEFINED
) -> list[str]:
    """Return a sentence per definition that the figures rest on."""
    texts: dict[str, dict[str, dict[str, None]]] = {name: {} for name in measures}
    for row in rows:
        if row["measure"] in texts and row["value"] is not None:
            channels = texts[row["measure"]].setdefault(row["formula"], {})
            if row["channel"] is not None:
                channels[row["channel"]] = None
    sentences = []
    for name, by_text in texts.items():
        label = name.replace("_", " ").capitalize()
        kind = f" (formula {formula_name!r})" if name == "service_level" else ""
        for text, named in by_text.items():
            whose = f" of {listed(named)}" if len(by_text) > 1 else ""
            sentences.append(f"{label}{whose}{kind}: {text}.")
    return sentences


def interval_note(replications: int, level: float) -> str:
    """Return what ± means here, or that there is none."""
    if replications == 1:
        return "One replication: nothing can be said about its uncertainty; run more for intervals."
    few = "; so few make them wide" if replications < 5 else ""
    return f"± is half of a {100 * level:g} % interval over {replications} replications{few}."
