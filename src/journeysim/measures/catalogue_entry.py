"""What is known of a measure beyond its sums: which way is better, its words, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from journeysim.scenario.channel_kinds import Capability

#: Which way is better, for those who are served and who pay.
Better = Literal["more", "less"]
#: Tables and lists that a measure may stand in unless others are asked for.
DefaultTable = Literal[
    # Of a run.
    "channels",
    "pools",
    "journeys",
    "breakdown",
    "day",
    # Of a comparison, and its answer in a sentence.
    "comparison",
    "forest",
    "answer_service",
    "answer_customers",
    "answer_cost",
    # Sentences that say how a measure was computed.
    "definitions",
    # Scores of single journeys, by group.
    "journey_scores",
]
#: What a measure is to those who draw or tell one thing, whatever it is called.
Role = Literal["volume", "in_time", "agent_hours", "occupancy", "need_met", "given_up", "lost"]


class Clause(NamedTuple):
    """How a change of a measure is told.

    Attributes
    ----------
    verbal
        After a subject: ``gain{s} {size} of {noun}``. ``{s}`` is the ending of the verb, ``{size}``
        the amount with its unit, ``{customers}`` one or several, ``{span}`` that it is of a day.
    nominal
        After a colon: ``{size} more {noun}``.
    """

    verbal: str
    nominal: str


RISES = Clause("raise{s} the {noun} by {size}{span}", "{noun} up by {size}{span}")
FALLS = Clause("lower{s} the {noun} by {size}{span}", "{noun} down by {size}{span}")
GAINS = Clause("gain{s} {size} of {noun}", "{size} more {noun}")
COSTS = Clause("cost{s} {size} of {noun}", "{size} less {noun}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """What tables, charts and sentences know of a measure; nothing of it has to be said.

    Attributes
    ----------
    better
        Which way is better; None where neither can be said: more contacts offered, or busier
        agents, are good news for one and bad news for another.
    label
        What it is called; by default its name with spaces.
    head, day_head
        The head of its column, with line breaks, and in the narrower table of the day; by default
        the label.
    noun
        What it is called within a sentence, after "the"; by default its name with spaces.
    rises, falls
        How a change is told.
    tables
        The tables it stands in by default, each with its place there: lower ones come first.
    only_used
        The tables in which it stands only where it is not 0 throughout.
    role
        What it is to those who draw or tell one thing.
    needs
        What a channel must be capable of for the measure to say something of it.
    decimals
        Digits behind the point, where the unit does not say enough.
    axis
        What a chart calls its values, where the unit does not say enough.
    identities
        Groups of measures of the same unit, each of which adds up to this one in every run.
    """

    better: Better | None = None
    label: str = ""
    head: str = ""
    day_head: str = ""
    noun: str = ""
    rises: Clause = RISES
    falls: Clause = FALLS
    tables: Mapping[DefaultTable, int] = field(default_factory=dict)
    only_used: tuple[DefaultTable, ...] = ()
    role: Role | None = None
    needs: Capability | None = None
    decimals: int | None = None
    axis: str = ""
    identities: tuple[tuple[str, ...], ...] = ()


#: Of a measure of which nothing more is known.
PLAIN = CatalogueEntry()
