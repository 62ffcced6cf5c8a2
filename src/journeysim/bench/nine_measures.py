"""The nine measures that every tool can express, and the columns that they are made of."""

from __future__ import annotations

from typing import Final

#: The nine measures that every tool can express.
NINE: Final = (
    "contacts",
    "total_wait",
    "total_handling",
    "switches",
    "effort",
    "peak_end",
    "cost_to_serve",
    "churn_probability",
    "value_at_risk",
)
#: Columns that they are made of.
CONTACT_COLUMNS: Final = (
    "journey",
    "contact",
    "channel",
    "outcome",
    "resolved",
    "wait",
    "talk",
    "wrap_up",
    "announced_wait",
)
JOURNEY_COLUMNS: Final = ("journey", "contacts", "first_contact", "value")
