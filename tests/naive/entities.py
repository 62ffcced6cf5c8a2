"""Who takes part in the naive engine, and the rows that are left of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.tables.batches import CONTACT_ROW, JOURNEY_ROW
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, NextStep


@dataclass(eq=False)
class Contact:
    journey: Journey
    number: int
    channel: int
    cause: int
    handling_factor: float
    patience_factor: float
    entered: int
    pool: int = -1
    started: int = -1
    ended: int = -1
    wait: int = 0
    talk: int = -1
    wrap_up: int = -1
    outcome: int = -1
    resolved: int = 0
    next_step: int = NextStep.NONE
    announced_wait: int = -1

    @property
    def open(self) -> bool:
        return self.outcome in {ContactOutcome.WAITING, ContactOutcome.IN_SERVICE}

    @property
    def key(self) -> tuple[int, int, int]:
        """Its part of the key by which events are ordered."""
        return (self.journey.customer, self.journey.number, self.number)

    def row(self, model: FlatModel) -> list[int]:
        journey = self.journey
        cells = {
            "customer": journey.customer,
            "journey": journey.number,
            "contact": self.number + 1,
            "segment": journey.segment,
            "need": journey.need,
            "head_start": model.head_start[journey.segment, self.channel],
            "priority": model.priority[journey.segment, self.channel],
            "scored": journey.arrived >= model.warm_up,
        }
        return [int(cells[name] if name in cells else getattr(self, name)) for name in CONTACT_ROW]


@dataclass(eq=False)
class Journey:
    customer: int
    number: int
    segment: int
    need: int
    arrived: int
    traced: int  # row of the trace, or -1
    ended: int = -1
    outcome: int = JourneyOutcome.OPEN
    contacts: list[Contact] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        return any(contact.open for contact in self.contacts)

    def row(self, model: FlatModel, first: int) -> list[int]:
        channels = [contact.channel for contact in self.contacts]
        served = [contact for contact in self.contacts if contact.wrap_up >= 0]
        cells = {
            "journey": self.number,
            "contacts": len(self.contacts),
            "first_contact": first,
            "first_channel": channels[0],
            "last_channel": channels[-1],
            "switches": sum(one != other for one, other in pairwise(channels)),
            "wait": sum(contact.wait for contact in self.contacts),
            "handling": sum(contact.talk + contact.wrap_up for contact in served),
            "scored": self.arrived >= model.warm_up,
        }
        return [int(cells[name] if name in cells else getattr(self, name)) for name in JOURNEY_ROW]


def rows_of(model: FlatModel, ended: list[Journey]) -> tuple[np.ndarray, np.ndarray]:
    """Return the contact rows and the journey rows, in this order of journeys."""
    contacts, journeys = [], []
    for journey in ended:
        journeys.append(journey.row(model, len(contacts)))
        contacts += [contact.row(model) for contact in journey.contacts]
    return (
        np.array(contacts, np.int64).reshape(-1, len(CONTACT_ROW)),
        np.array(journeys, np.int64).reshape(-1, len(JOURNEY_ROW)),
    )
