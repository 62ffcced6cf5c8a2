"""What a measure is: a name, a meaning, a formula, and sums per replication and group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, get_args

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.arrow_columns import Flags, Numbers, Ticks
from journeysim.measures.catalogue_entry import PLAIN, CatalogueEntry
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.contact_rows import ContactRows

TableName = Literal["contacts", "journeys", "pools"]
Unit = Literal["share", "s", "h", "count", "erlang", "per hour", "currency", "score"]
#: Numerators and denominators of one replication, each of shape (groups,).
Pair = tuple[Numbers, Numbers]
Formula = str | Callable[[Rules], str]
Rows = TypeVar("Rows")

#: Breakdowns that every contact has, and that contacts with an agent have.
BY_CONTACT = ("channel", "segment", "need", "interval")
BY_SERVED = (*BY_CONTACT, "pool")
BY_JOURNEY = ("segment", "need", "interval")
BY_POOL = ("pool", "interval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Generic[Rows]):
    """A ratio of sums over replications.

    Attributes
    ----------
    name, unit, meaning
        What it is called, measured in, and says.
    table
        The rows that `pair` gets: `ContactRows`, `JourneyRows` or `PoolRows`.
    pair
        Gives numerators and denominators of one replication by group. A denominator of
        `groups.ones` makes a mean per replication.
    formula
        The definition in short, as the result prints it. ``{threshold}``, ``{target}`` and
        ``{short_abandon}`` stand for those of the channel, ``{window}`` for that of recontacts.
    dimensions
        What it can be broken down by; any other dimension is null, which means all.
    entry
        What tables, charts and sentences know of it: which way is better, its words.
    """

    name: str
    unit: Unit
    meaning: str
    table: TableName
    pair: Callable[[Rows, Groups], Pair]
    formula: Formula
    dimensions: tuple[str, ...]
    entry: CatalogueEntry = PLAIN

    def __post_init__(self) -> None:
        for what, word, known in (
            ("unit", self.unit, get_args(Unit)),
            ("table", self.table, get_args(TableName)),
        ):
            if word not in known:
                remedy = did_you_mean(str(word), known)
                raise MeasureError(f"measure {self.name!r}: no {what} {word!r}{remedy}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A quantile of a time over the contacts of all replications together.

    Attributes
    ----------
    name, meaning, formula, dimensions, entry
        As of a `Measure`; the unit is seconds.
    share
        The smallest value that at least this share of the contacts does not exceed.
    values
        Gives which contacts count, and the time of all contacts, ticks.
    """

    name: str
    meaning: str
    share: float
    values: Callable[[ContactRows], tuple[Flags, Ticks]]
    formula: Formula
    dimensions: tuple[str, ...] = BY_CONTACT
    entry: CatalogueEntry = PLAIN
