"""How many contacts came, why, and how each ended: means per replication, and plain rates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from journeysim.measures.arrow_columns import Flags
from journeysim.measures.catalogue_entry import PLAIN, CatalogueEntry
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.contact_rows import ContactRows
from journeysim.measures.service.measure import BY_CONTACT, BY_SERVED, Measure, Pair
from journeysim.tables.columns import Cause, ContactOutcome
from journeysim.units import HOUR

Marked = Callable[[ContactRows], Flags]
PER_REPLICATION = "contacts per replication"


def _count(
    name: str,
    meaning: str,
    marked: Marked,
    *,
    formula: str,
    dimensions: tuple[str, ...] = BY_CONTACT,
    entry: CatalogueEntry = PLAIN,
) -> Measure[ContactRows]:
    def pair(rows: ContactRows, groups: Groups) -> Pair:
        return groups.count(marked(rows)), groups.ones

    return Measure(
        name=name,
        unit="count",
        meaning=meaning,
        table="contacts",
        pair=pair,
        formula=f"{formula}, {PER_REPLICATION}",
        dimensions=dimensions,
        entry=entry,
    )


def _made(
    name: str, cause: Cause, meaning: str, entry: CatalogueEntry = PLAIN
) -> Measure[ContactRows]:
    formula = f"cause {cause.name.lower()}"
    return _count(name, meaning, lambda rows: rows.made_as(cause), formula=formula, entry=entry)


def _ended(
    name: str, outcome: ContactOutcome, meaning: str, entry: CatalogueEntry = PLAIN
) -> Measure[ContactRows]:
    formula = f"outcome {outcome.name.lower()}"
    return _count(name, meaning, lambda rows: rows.ended_as(outcome), formula=formula, entry=entry)


def share(
    name: str,
    meaning: str,
    *,
    part: Marked,
    whole: Marked | None,
    formula: str,
    dimensions: tuple[str, ...] = BY_CONTACT,
    entry: CatalogueEntry = PLAIN,
) -> Measure[ContactRows]:
    """Return a measure that is a share of contacts; `whole` None stands for all offered."""

    def pair(rows: ContactRows, groups: Groups) -> Pair:
        return groups.count(part(rows)), groups.count(None if whole is None else whole(rows))

    return Measure(
        name=name,
        unit="share",
        meaning=meaning,
        table="contacts",
        pair=pair,
        formula=formula,
        dimensions=dimensions,
        entry=entry,
    )


def _all(rows: ContactRows) -> Flags:
    return np.ones(len(rows), dtype=np.bool_)


def _rate(_rows: ContactRows, groups: Groups) -> Pair:
    return groups.count(), groups.layout.span / HOUR


def _self_service(rows: ContactRows) -> Flags:
    return rows.entered_channel & ~rows.by_agents


def _contained(rows: ContactRows) -> Flags:
    return rows.ended_as(ContactOutcome.CONTAINED) & ~rows.by_agents


_LESS = CatalogueEntry(better="less")

COUNTS = (
    _count(
        "offered",
        "Contacts presented to a channel, answered or not.",
        _all,
        formula="all",
        entry=CatalogueEntry(
            day_head="offered\n",
            tables={"channels": 10, "breakdown": 10, "comparison": 10, "day": 10},
            role="volume",
            identities=(
                ("fresh", "retries", "switches_in", "recontacts", "transfers_in", "chases"),
                (
                    *("answered", "abandoned", "balked", "blocked", "closed"),
                    *("contained", "stuck", "superseded", "open"),
                ),
            ),
        ),
    ),
    _made("fresh", Cause.FRESH, "First contacts of journeys."),
    _made("retries", Cause.RETRY, "Back in the same channel after not being served.", _LESS),
    _made("switches_in", Cause.SWITCH, "Came because the customer changed channel."),
    _made("recontacts", Cause.RECONTACT, "Back after a service that did not meet the need.", _LESS),
    _made("transfers_in", Cause.TRANSFER, "Came because the company moved the customer."),
    _made("chases", Cause.CHASE, "Came because an earlier contact stayed silent.", _LESS),
    Measure(
        name="arrival_rate",
        unit="per hour",
        meaning="Contacts offered per hour.",
        table="contacts",
        pair=_rate,
        formula="offered / hours from warm-up to horizon, or of the interval",
        dimensions=BY_CONTACT,
    ),
    _count(
        "answered",
        "Contacts that an agent served; those then transferred were served.",
        lambda rows: rows.answered,
        formula="served_resolved + served_unresolved + transferred, by agents",
        dimensions=BY_SERVED,
        entry=CatalogueEntry(
            tables={"channels": 20, "breakdown": 20, "comparison": 20, "day": 20},
            needs="by_agents",
        ),
    ),
    _ended("abandoned", ContactOutcome.ABANDONED, "Left the queue.", _LESS),
    _ended("balked", ContactOutcome.BALKED, "Refused to join.", _LESS),
    _ended("blocked", ContactOutcome.BLOCKED, "Found no line free.", _LESS),
    _ended(
        "closed",
        ContactOutcome.CLOSED,
        "Came outside opening hours.",
        CatalogueEntry(better="less", tables={"channels": 120}, only_used=("channels",)),
    ),
    _ended("contained", ContactOutcome.CONTAINED, "Ended in self-service."),
    _ended(
        "stuck",
        ContactOutcome.STUCK,
        "Got stuck in self-service.",
        CatalogueEntry(
            better="less", tables={"channels": 50}, only_used=("channels",), needs="by_machine"
        ),
    ),
    _ended(
        "superseded", ContactOutcome.SUPERSEDED, "Still waiting when the need was met elsewhere."
    ),
    _count(
        "open",
        "Contacts waiting or in service at the end of the world.",
        lambda rows: rows.open,
        formula="outcome waiting + in_service",
        entry=CatalogueEntry(tables={"channels": 130}, only_used=("channels",), needs="hangs_on"),
    ),
    share(
        "abandonment",
        "Share of the accepted contacts that left the queue.",
        part=lambda rows: rows.abandoned,
        whole=lambda rows: rows.accepted,
        formula="abandoned / accepted (offered to agents - blocked - balked - closed); "
        "short abandons count as abandoned",
        entry=CatalogueEntry(
            better="less",
            label="abandoned",
            day_head="aban-\ndoned",
            noun="share of callers who abandon",
            tables={
                "channels": 60,
                "breakdown": 30,
                "day": 30,
                "definitions": 30,
                "comparison": 40,
                "forest": 20,
                "answer_service": 30,
            },
            needs="answered_live",
        ),
    ),
    share(
        "blocking",
        "Share of the offered contacts that found no line free.",
        part=lambda rows: rows.ended_as(ContactOutcome.BLOCKED),
        whole=None,
        formula="blocked / offered",
        entry=CatalogueEntry(
            better="less",
            label="blocked",
            tables={"channels": 100},
            only_used=("channels",),
            needs="hangs_on",
        ),
    ),
    share(
        "balking",
        "Share of the offered contacts that refused to join.",
        part=lambda rows: rows.ended_as(ContactOutcome.BALKED),
        whole=None,
        formula="balked / offered",
        entry=CatalogueEntry(
            better="less",
            label="balked",
            tables={"channels": 110},
            only_used=("channels",),
            needs="hangs_on",
        ),
    ),
    share(
        "containment",
        "Share that ended in self-service; that alone is not resolution.",
        part=_contained,
        whole=_self_service,
        formula="contained / entered self-service (offered - blocked - balked - closed)",
        entry=CatalogueEntry(
            label="contained",
            tables={
                "channels": 30,
                "breakdown": 60,
                "day": 60,
                "definitions": 40,
                "comparison": 70,
            },
            only_used=("breakdown",),
            needs="by_machine",
        ),
    ),
    share(
        "resolved_in_self_service",
        "Share of who entered self-service that ended there with the need met.",
        part=lambda rows: _contained(rows) & rows.resolved,
        whole=_self_service,
        formula="contained with the need met / entered self-service "
        "(offered - blocked - balked - closed)",
        entry=CatalogueEntry(
            better="more",
            head="resolved\nthere",
            tables={"channels": 40, "day": 70},
            needs="by_machine",
        ),
    ),
    share(
        "resolved_at_contact",
        "Share of the answered contacts that met the need.",
        part=lambda rows: rows.answered & rows.resolved,
        whole=lambda rows: rows.answered,
        formula="answered and resolved / answered",
        dimensions=BY_SERVED,
        entry=CatalogueEntry(better="more"),
    ),
)
