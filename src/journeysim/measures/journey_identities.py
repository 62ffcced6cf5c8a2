"""What the journeys of every run must satisfy, and how they hang together with their contacts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from journeysim.measures.arrow_columns import Flags, Ticks, category, flag, present, whole
from journeysim.measures.scoring_context import Rules
from journeysim.tables.columns import Cause, JourneyOutcome, words
from journeysim.tables.run import Replication


def journey_identities(replication: Replication, rules: Rules) -> Iterator[str]:
    """Yield what the journeys of a replication violate.

    Every journey ended in exactly one way or is open; its contacts stand together, where its row
    says, numbered from 1, the first of them fresh; its sums are those of its contacts; it is
    resolved if and only if one of them met the need.
    """
    yield from _ended_once(replication)
    misplaced = list(_contacts_in_place(replication))
    yield from misplaced
    if not misplaced:
        # Sums over a journey's contacts mean nothing until it is known which they are.
        yield from _sums_agree(replication, rules)


def _ended_once(replication: Replication) -> Iterator[str]:
    table = replication.journeys
    outcome = category(table, "outcome", words(JourneyOutcome))
    counts = np.bincount(outcome[outcome >= 0], minlength=len(JourneyOutcome))
    if counts.sum() != len(outcome):
        parts = " + ".join(
            f"{each.name.lower()} {count}"
            for each, count in zip(JourneyOutcome, counts, strict=True)
        )
        yield f"{len(outcome)} journeys were offered, which is not {parts}"
    unended = (outcome == int(JourneyOutcome.OPEN)) == present(table, "ended")
    yield from _first_wrong(unended, "journeys are open and have an end, or ended and have none")
    fresh = category(replication.contacts, "cause", words(Cause)) == int(Cause.FRESH)
    if int(fresh.sum()) != len(outcome):
        yield f"{int(fresh.sum())} contacts are fresh for {len(outcome)} journeys"


def _contacts_in_place(replication: Replication) -> Iterator[str]:
    first = whole(replication.journeys, "first_contact")
    made = whole(replication.journeys, "contacts")
    rows = replication.contacts.num_rows
    if int(made.sum()) != rows:
        yield f"journeys have {int(made.sum())} contacts, the contacts table {rows} rows"
    yield from _first_wrong(made < 1, "journeys have no contact")
    outside = (first < 0) | (first + made > rows)
    if np.any(outside):
        yield from _first_wrong(outside, "journeys point outside the contacts table")
        return
    owner = np.repeat(np.arange(len(first)), made)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(made) - made, made)
    place = first[owner] + number
    for column, expected, text in (
        ("journey", whole(replication.journeys, "journey")[owner], "belong to another journey"),
        ("customer", whole(replication.journeys, "customer")[owner], "are of another customer"),
        ("contact", number + 1, "are not numbered by their place in the journey"),
    ):
        found = whole(replication.contacts, column)[place]
        yield from _first_wrong(found != expected, f"contacts that journeys point to {text}")
    if len(np.unique(place)) != len(place):
        yield "journeys share contacts"


def _sums_agree(replication: Replication, rules: Rules) -> Iterator[str]:
    journeys, contacts = replication.journeys, replication.contacts
    first, made = whole(journeys, "first_contact"), whole(journeys, "contacts")

    def over_contacts(values: Ticks | Flags) -> Ticks:
        before = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
        return np.asarray(before[first + made] - before[first])

    channel = category(contacts, "channel", rules.channels)
    starts_journey = np.zeros(len(channel), dtype=np.bool_)
    starts_journey[first] = True
    # The first row has none before it, and every first contact of a journey is left out anyway.
    changed = (channel != np.roll(channel, 1)) & ~starts_journey
    handled = present(contacts, "pool")
    handling = np.where(handled, whole(contacts, "talk") + whole(contacts, "wrap_up"), 0)
    arrived = whole(contacts, "entered")[first]
    for column, expected in (
        ("wait", over_contacts(whole(contacts, "wait"))),
        ("handling", over_contacts(handling)),
        ("switches", over_contacts(changed)),
        ("arrived", arrived),
    ):
        wrong = whole(journeys, column) != expected
        yield from _first_wrong(wrong, f"journeys have another {column} than their contacts")
    resolved = category(journeys, "outcome", words(JourneyOutcome)) == int(JourneyOutcome.RESOLVED)
    met = over_contacts(flag(contacts, "resolved")) > 0
    yield from _first_wrong(resolved & ~met, "journeys are resolved by none of their contacts")
    yield from _first_wrong(
        met & ~resolved, "journeys have a resolving contact and are not resolved"
    )


def _first_wrong(wrong: Flags, text: str) -> Iterator[str]:
    count = int(np.count_nonzero(wrong))
    if count:
        yield f"{count} {text} (the first in place {int(np.argmax(wrong))})"
