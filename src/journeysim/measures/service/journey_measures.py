"""Journeys: how they ended, what they took, what they cost."""

from __future__ import annotations

from journeysim.measures.catalogue_entry import CatalogueEntry, Clause
from journeysim.measures.definitions import spoken
from journeysim.measures.scoring_context import Rules
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.journey_endings import ENDINGS
from journeysim.measures.service.journey_ratios import journey_mean, journey_measure, journey_share
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.measure import Pair
from journeysim.measures.service.pool_measures import CLOCK
from journeysim.tables.columns import JourneyOutcome


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
    journey_measure(
        "journeys",
        "count",
        "Journeys that began.",
        lambda rows, groups: (groups.count(), groups.ones),
        "journeys per replication",
        CatalogueEntry(
            label="journeys begun",
            head="began",
            tables={"journeys": 10, "breakdown": 80},
            identities=(
                (
                    *("journeys_resolved", "journeys_given_up", "journeys_lost"),
                    *("journeys_exhausted", "journeys_open"),
                ),
            ),
        ),
    ),
    *ENDINGS,
    journey_mean(
        "contacts_per_journey",
        "Mean contacts of a journey.",
        lambda rows: rows.contacts_made,
        "contacts / journeys",
        CatalogueEntry(
            better="less",
            head="contacts\nper journey",
            tables={
                "journeys": 80,
                "breakdown": 120,
                "comparison": 110,
                "forest": 110,
            },
            decimals=2,
            axis="contacts per journey",
        ),
    ),
    journey_mean(
        "switches_per_journey",
        "Mean changes of channel in a journey.",
        lambda rows: rows.ticks("switches"),
        "contacts in another channel than the one before / journeys",
        CatalogueEntry(better="less", decimals=2, axis="contacts per journey"),
    ),
    journey_measure(
        "first_contact_resolution",
        "share",
        "Share of needs that brought no further contact; who gave up silently counts among them.",
        _first_contact_resolution,
        _first_contact_text,
        CatalogueEntry(better="more"),
    ),
    journey_share(
        "resolved_at_first_contact",
        "Share of journeys resolved with exactly one contact.",
        lambda rows: rows.resolved & (rows.contacts_made == 1),
        "resolved with exactly one contact / journeys",
        CatalogueEntry(
            better="more", label="needs met at the first contact", tables={"journeys": 70}
        ),
    ),
    journey_share(
        "recontact_rate",
        "Share of journeys in which the customer came back after being served.",
        lambda rows: rows.came_back,
        "journeys with at least one recontact / journeys",
        CatalogueEntry(better="less"),
    ),
    journey_measure(
        "time_to_resolution",
        "s",
        "Mean time from the first contact to the need being met.",
        _time_to_resolution,
        "end - arrival of resolved / resolved",
        CatalogueEntry(
            better="less",
            head="time to\nresolution",
            tables={"journeys": 100, "breakdown": 130},
        ),
    ),
    journey_measure(
        "journey_wait",
        "s",
        "Mean time in queue of a journey, all contacts together.",
        lambda rows, groups: (groups.seconds(rows.ticks("wait")), groups.count()),
        "wait of all contacts / journeys",
        CatalogueEntry(
            better="less",
            label="time in queue per journey",
            noun="time in queue per journey",
            tables={"journeys": 90, "comparison": 120, "forest": 70, "answer_service": 40},
        ),
    ),
    journey_measure(
        "value_lost",
        "currency",
        "Worth of the customers who were lost.",
        _value_lost,
        "value of journeys with outcome lost, per replication",
        CatalogueEntry(
            better="less",
            label="worth of the customers lost",
            noun="worth of the customers lost",
            tables={"journeys": 110},
            only_used=("journeys",),
        ),
    ),
    journey_measure(
        "cost_total",
        "currency",
        "Cost of agents and channels.",
        _cost,
        f"{COST_TEXT}, per replication",
        CatalogueEntry(
            better="less",
            label="cost of agents and channels",
            noun="cost",
            rises=Clause("cost{s} {size} more{span}", "cost up by {size}{span}"),
            falls=Clause("save{s} {size}{span}", "cost down by {size}{span}"),
            tables={"journeys": 120, "comparison": 150, "forest": 120, "answer_cost": 10},
            only_used=("journeys",),
        ),
        dimensions=(),
    ),
    journey_measure(
        "cost_per_resolved",
        "currency",
        "Cost of a need that was met.",
        _cost_per_resolved,
        f"({COST_TEXT}) / resolved journeys",
        CatalogueEntry(
            better="less",
            label="cost per need met",
            tables={"journeys": 130, "comparison": 160, "forest": 130},
            only_used=("journeys",),
            axis="currency per need met",
        ),
        dimensions=(),
    ),
)
