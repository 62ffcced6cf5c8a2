"""What a row of scores or differences is about: "phone: service level"."""

from __future__ import annotations

from typing import Final

from journeysim.types import Row

#: Measures by the words of a page.
_LABELS: Final = {
    "offered": "contacts",
    "answered": "answered",
    "service_level": "service level",
    "abandonment": "abandoned",
    "speed_of_answer": "speed of answer",
    "answered_within_target": "answered in time",
    "containment": "contained",
    "resolved": "needs met",
    "journeys_given_up": "given up, need unmet",
    "journeys_lost": "lost for good",
    "contacts_per_journey": "contacts per customer",
    "journey_wait": "wait per customer",
    "staffed_hours": "agent hours at work",
    "occupancy": "occupancy",
    "cost_total": "cost",
    "cost_per_resolved": "cost per need met",
}


def label_of(row: Row, *, several_channels: bool = True) -> str:
    """Return what a row of scores or differences is about: "phone service level"."""
    words = _LABELS.get(row["measure"], row["measure"].replace("_", " "))
    channel = row.get("channel")
    pool = row.get("pool")
    if pool:
        return f"{pool}: {words}"
    return f"{channel}: {words}" if channel and several_channels else words
