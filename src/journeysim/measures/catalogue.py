"""The catalogue of measures: asked by name, by table or by role for all that is known of them.

What is known stands with each measure, in its `CatalogueEntry`. A measure that is not registered,
but was handed over to be scored, is called by its name.
"""

from __future__ import annotations

from functools import cache

from journeysim.measures.catalogue_entry import (
    PLAIN,
    Better,
    CatalogueEntry,
    Clause,
    DefaultTable,
    Role,
)
from journeysim.measures.service.journey_scores import journey_scores
from journeysim.measures.service.registry import known_measures
from journeysim.scenario.channel_kinds import ChannelKind

__all__ = [
    "DefaultTable",
    "better",
    "clause",
    "entry_of",
    "head",
    "in_table",
    "label",
    "noun",
    "only_used",
    "said_of",
    "with_role",
]


def entry_of(measure: str) -> CatalogueEntry:
    """Return what is known of a measure."""
    found = known_measures().get(measure) or journey_scores().get(measure)
    return PLAIN if found is None else found.entry


def label(measure: str) -> str:
    """Return what a measure is called: ``"service level"``."""
    return entry_of(measure).label or _spaced(measure)


def head(measure: str, *, table: DefaultTable | None = None) -> str:
    """Return the head of a measure's column, which may have line breaks."""
    entry = entry_of(measure)
    if table == "day" and entry.day_head:
        return entry.day_head
    return entry.head or label(measure)


def noun(measure: str) -> str:
    """Return what a measure is called within a sentence: ``"share of needs met"``."""
    return entry_of(measure).noun or _spaced(measure)


def clause(measure: str, *, rises: bool) -> Clause:
    """Return how a rise or fall of a measure is told."""
    entry = entry_of(measure)
    return entry.rises if rises else entry.falls


def better(measure: str) -> Better | None:
    """Return whether more or less of a measure is better; None where neither can be said."""
    return entry_of(measure).better


def in_table(table: DefaultTable) -> tuple[str, ...]:
    """Return the measures that stand in a table by default, in their order."""
    every = journey_scores() if table == "journey_scores" else known_measures()
    places = {
        name: measure.entry.tables[table]
        for name, measure in every.items()
        if table in measure.entry.tables
    }
    return tuple(sorted(places, key=lambda name: places[name]))


def only_used(table: DefaultTable) -> tuple[str, ...]:
    """Return the measures that stand in a table only where they are not 0 throughout."""
    return tuple(name for name in in_table(table) if table in entry_of(name).only_used)


def said_of(kind: ChannelKind, measures: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of some measures say something of channels of a kind."""
    return tuple(name for name in measures if kind.has(entry_of(name).needs))


@cache
def with_role(role: Role) -> str:
    """Return the name of the measure that has a role.

    Raises
    ------
    LookupError
        If there is none.
    """
    for name, measure in known_measures().items():
        if measure.entry.role == role:
            return name
    raise LookupError(f"no measure has the role {role!r}")


def _spaced(measure: str) -> str:
    return measure.replace("_", " ")
