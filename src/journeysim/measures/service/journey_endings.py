"""How journeys ended: each end as a share of the journeys, and as a count."""

from __future__ import annotations

from journeysim.measures.catalogue_entry import COSTS, GAINS, PLAIN, CatalogueEntry, Clause
from journeysim.measures.service.breakdowns import Groups
from journeysim.measures.service.journey_ratios import journey_measure, journey_share
from journeysim.measures.service.journey_rows import JourneyRows
from journeysim.measures.service.measure import Measure, Pair
from journeysim.tables.columns import JourneyOutcome


def _ended(
    names: tuple[str, str],
    outcome: JourneyOutcome,
    meaning: str,
    entries: tuple[CatalogueEntry, CatalogueEntry],
) -> tuple[Measure[JourneyRows], ...]:
    """Return the share and the count of journeys that ended in one way."""

    def count(rows: JourneyRows, groups: Groups) -> Pair:
        return groups.count(rows.ended_as(outcome)), groups.ones

    word = outcome.name.lower()
    counted = f"journeys with outcome {word}, per replication"
    name, count_name = names
    return (
        journey_share(
            name,
            f"{meaning}, as a share.",
            lambda rows: rows.ended_as(outcome),
            f"{word} / journeys",
            entries[0],
        ),
        journey_measure(count_name, "count", f"{meaning}, as a count.", count, counted, entries[1]),
    )


_GIVEN_UP = "given up, need unmet"
_LOST = "lost for good"
_CAPPED = "reached the cap on contacts"

ENDINGS = (
    *_ended(
        ("resolved", "journeys_resolved"),
        JourneyOutcome.RESOLVED,
        "Journeys with the need met",
        (
            CatalogueEntry(
                better="more",
                label="needs met",
                noun="share of needs met",
                rises=GAINS,
                falls=COSTS,
                tables={"journeys": 20, "breakdown": 90, "comparison": 80, "forest": 40},
                role="need_met",
            ),
            CatalogueEntry(better="more"),
        ),
    ),
    *_ended(
        ("given_up", "journeys_given_up"),
        JourneyOutcome.GIVEN_UP,
        "Journeys given up, need unmet",
        (
            CatalogueEntry(
                better="less",
                label=_GIVEN_UP,
                head="given up",
                tables={"journeys": 30, "breakdown": 100},
                role="given_up",
            ),
            CatalogueEntry(
                better="less",
                label=_GIVEN_UP,
                noun="customers whose need stays unmet",
                rises=Clause(
                    "leave{s} {size} more {customers}{span} with their need unmet",
                    "{size} more {customers}{span} with their need unmet",
                ),
                falls=Clause(
                    "leave{s} {size} fewer {customers}{span} with their need unmet",
                    "{size} fewer {customers}{span} with their need unmet",
                ),
                tables={"comparison": 90, "forest": 80, "answer_customers": 20},
            ),
        ),
    ),
    *_ended(
        ("lost", "journeys_lost"),
        JourneyOutcome.LOST,
        "Journeys that lost the customer",
        (
            CatalogueEntry(
                better="less",
                label=_LOST,
                head="lost",
                tables={"journeys": 40, "breakdown": 110},
                role="lost",
            ),
            CatalogueEntry(
                better="less",
                label=_LOST,
                noun="customers lost for good",
                rises=Clause(
                    "lose{s} {size} more {customers}{span} for good",
                    "{size} more {customers}{span} lost for good",
                ),
                falls=Clause(
                    "lose{s} {size} fewer {customers}{span} for good",
                    "{size} fewer {customers}{span} lost for good",
                ),
                tables={"comparison": 100, "forest": 90, "answer_customers": 10},
            ),
        ),
    ),
    *_ended(
        ("exhausted", "journeys_exhausted"),
        JourneyOutcome.EXHAUSTED,
        "Journeys that reached the cap on contacts",
        (
            CatalogueEntry(
                better="less", label=_CAPPED, tables={"journeys": 50}, only_used=("journeys",)
            ),
            CatalogueEntry(better="less", label=_CAPPED),
        ),
    ),
    *_ended(
        ("open_journeys", "journeys_open"),
        JourneyOutcome.OPEN,
        "Journeys open at the world's end",
        (
            CatalogueEntry(
                label="open at the end",
                head="open",
                tables={"journeys": 60},
                only_used=("journeys",),
            ),
            PLAIN,
        ),
    ),
)
