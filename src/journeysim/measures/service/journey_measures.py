"""Journeys: how they ended, what they took, what they cost."""

from __future__ import annotations

from collections.abc import Callable

from journeysim.measures.arrow_columns import Flags, Ticks
from journeysim.measures.definitions import spoken
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.measure import BY_JOURNEY, Formula, Measure, Pair, Unit
from journeysim.measures.service.pool_measures import CLOCK
from journeysim.tables.columns import JourneyOutcome


def _measure(
    name: str,
    unit: Unit,
    meaning: str,
    pair: Callable[[JourneyRows, Groups], Pair],
    formula: Formula,
    *,
    dimensions: tuple[str, ...] = BY_JOURNEY,
) -> Measure[JourneyRows]:
    return Measure(
        name=name,
        unit=unit,
        meaning=meaning,
        table="journeys",
        pair=pair,
        formula=formula,
        dimensions=dimensions,
    )


def _share(
    name: str, meaning: str, part: Callable[[JourneyRows], Flags], formula: str
) -> Measure[JourneyRows]:
    def pair(rows: JourneyRows, groups: Groups) -> Pair:
        return groups.count(part(rows)), groups.count()

    return _measure(name, "share", meaning, pair, formula)


def _mean(
    name: str, meaning: str, counted: Callable[[JourneyRows], Ticks], formula: str
) -> Measure[JourneyRows]:
    def pair(rows: JourneyRows, groups: Groups) -> Pair:
        return groups.total(counted(rows)), groups.count()

    return _measure(name, "count", meaning, pair, formula)


def _ended(
    name: str, count_name: str, outcome: JourneyOutcome, meaning: str
) -> tuple[Measure[JourneyRows], ...]:
    """Return the share and the count of journeys that ended in one way."""

    def count(rows: JourneyRows, groups: Groups) -> Pair:
        return groups.count(rows.ended_as(outcome)), groups.ones

    word = outcome.name.lower()
    counted = f"journeys with outcome {word}, per replication"
    return (
        _share(
            name,
            f"{meaning}, as a share.",
            lambda rows: rows.ended_as(outcome),
            f"{word} / journeys",
        ),
        _measure(count_name, "count", f"{meaning}, as a count.", count, counted),
    )


def _first_contact_resolution(rows: JourneyRows, groups: Groups) -> Pair:
    followed = rows.followed_up
    return groups.count(followed & ~rows.contacted_again), groups.count(followed)


def _first_contact_text(rules: Rules) -> str:
    text = (
        "needs without a further contact, in any channel, within {window} of the first / "
        "needs first contacted at least {window} before the end of the world"
    )
    if rules.warm_up + rules.window <= rules.end:
        return text
    missing = spoken(rules.window - (rules.end - rules.horizon))
    return f"{text}; this world has none: run on for {missing} longer (time.run_out), or shorten it"


def _time_to_resolution(rows: JourneyRows, groups: Groups) -> Pair:
    lasted = rows.ticks("ended") - rows.arrived
    return groups.seconds(lasted, rows.resolved), groups.count(rows.resolved)


def _value_lost(rows: JourneyRows, groups: Groups) -> Pair:
    return groups.total(rows.value, rows.ended_as(JourneyOutcome.LOST)), groups.ones


def _cost(rows: JourneyRows, groups: Groups) -> Pair:
    channels = rows.rules.channel_cost[rows.contacts.channel].sum()
    return groups.ones * (rows.pools.cost.sum() + channels), groups.ones


def _cost_per_resolved(rows: JourneyRows, groups: Groups) -> Pair:
    return _cost(rows, groups)[0], groups.count(rows.resolved)


COST_TEXT = f"paid hours x cost per hour ({CLOCK}) + cost per contact x contacts"

JOURNEYS = (
    _measure(
        "journeys",
        "count",
        "Journeys that began.",
        lambda rows, groups: (groups.count(), groups.ones),
        "journeys per replication",
    ),
    *_ended("resolved", "journeys_resolved", JourneyOutcome.RESOLVED, "Journeys with the need met"),
    *_ended(
        "given_up", "journeys_given_up", JourneyOutcome.GIVEN_UP, "Journeys given up, need unmet"
    ),
    *_ended("lost", "journeys_lost", JourneyOutcome.LOST, "Journeys that lost the customer"),
    *_ended(
        "exhausted",
        "journeys_exhausted",
        JourneyOutcome.EXHAUSTED,
        "Journeys that reached the cap on contacts",
    ),
    *_ended(
        "open_journeys", "journeys_open", JourneyOutcome.OPEN, "Journeys open at the world's end"
    ),
    _mean(
        "contacts_per_journey",
        "Mean contacts of a journey.",
        lambda rows: rows.contacts_made,
        "contacts / journeys",
    ),
    _mean(
        "switches_per_journey",
        "Mean changes of channel in a journey.",
        lambda rows: rows.ticks("switches"),
        "contacts in another channel than the one before / journeys",
    ),
    _measure(
        "first_contact_resolution",
        "share",
        "Share of needs that brought no further contact; who gave up silently counts among them.",
        _first_contact_resolution,
        _first_contact_text,
    ),
    _share(
        "resolved_at_first_contact",
        "Share of journeys resolved with exactly one contact.",
        lambda rows: rows.resolved & (rows.contacts_made == 1),
        "resolved with exactly one contact / journeys",
    ),
    _share(
        "recontact_rate",
        "Share of journeys in which the customer came back after being served.",
        lambda rows: rows.came_back,
        "journeys with at least one recontact / journeys",
    ),
    _measure(
        "time_to_resolution",
        "s",
        "Mean time from the first contact to the need being met.",
        _time_to_resolution,
        "end - arrival of resolved / resolved",
    ),
    _measure(
        "journey_wait",
        "s",
        "Mean time in queue of a journey, all contacts together.",
        lambda rows, groups: (groups.seconds(rows.ticks("wait")), groups.count()),
        "wait of all contacts / journeys",
    ),
    _measure(
        "value_lost",
        "currency",
        "Worth of the customers who were lost.",
        _value_lost,
        "value of journeys with outcome lost, per replication",
    ),
    _measure(
        "cost_total",
        "currency",
        "Cost of agents and channels.",
        _cost,
        f"{COST_TEXT}, per replication",
        dimensions=(),
    ),
    _measure(
        "cost_per_resolved",
        "currency",
        "Cost of a need that was met.",
        _cost_per_resolved,
        f"({COST_TEXT}) / resolved journeys",
        dimensions=(),
    ),
)
