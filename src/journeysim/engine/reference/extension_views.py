"""What extensions are shown of contacts."""

from __future__ import annotations

from functools import partial

from journeysim.engine.extension import ContactView
from journeysim.engine.random.draws import EXTENSION
from journeysim.engine.reference.entities import Contact
from journeysim.engine.reference.random_inputs import RandomInputs
from journeysim.scenario.flat.flat_model import Names
from journeysim.tables.columns import ContactOutcome


class Views:
    """Makes views of contacts, with words for codes."""

    def __init__(self, names: Names, inputs: RandomInputs) -> None:
        self.names = names
        self.inputs = inputs

    def contact(self, contact: Contact, *, now: int = -1) -> ContactView:
        """Return what an extension may know about a contact; `now` is given while it waits."""
        journey, names = contact.journey, self.names
        ended = contact.outcome >= 0
        return ContactView(
            customer=journey.customer,
            number=contact.number + 1,
            segment=names.segments[journey.segment],
            need=names.needs[journey.need],
            channel=names.channels[contact.channel],
            outcome=ContactOutcome(contact.outcome).name.lower() if ended else "",
            entered=contact.entered,
            wait=now - contact.entered if now >= 0 else contact.wait,
            uniform=partial(self.inputs.uniform, journey.customer, contact.number, EXTENSION),
        )
