"""Where customers go after a contact in the naive engine."""

from __future__ import annotations

from journeysim.engine.random import draws
from journeysim.engine.rules import choose
from journeysim.scenario.flat import flat_model as flat
from journeysim.tables.columns import ContactOutcome, JourneyOutcome, NextStep
from tests.naive.entities import Contact
from tests.naive.random_inputs import RandomInputs

AFTER = {
    ContactOutcome.ABANDONED: flat.AFTER_ABANDONED,
    ContactOutcome.BALKED: flat.AFTER_BALKED,
    ContactOutcome.BLOCKED: flat.AFTER_BLOCKED,
    ContactOutcome.CLOSED: flat.AFTER_CLOSED,
    ContactOutcome.SERVED_UNRESOLVED: flat.AFTER_UNRESOLVED,
    ContactOutcome.CONTAINED: flat.AFTER_CONTAINED,
    ContactOutcome.STUCK: flat.AFTER_STUCK,
}
LEAVING = {
    flat.GIVE_UP: (NextStep.GIVEN_UP, JourneyOutcome.GIVEN_UP),
    flat.LOST: (NextStep.LOST, JourneyOutcome.LOST),
}
EXHAUSTED = (NextStep.EXHAUSTED, JourneyOutcome.EXHAUSTED)


def next_step(
    model: flat.FlatModel, inputs: RandomInputs, contact: Contact
) -> tuple[int, int, bool, float, float]:
    """Return where the trace or the table sends a customer whose need is unmet.

    Channel or GIVE_UP or LOST, delay, whether it is a transfer, factors of talk and patience.
    """
    journey, number = contact.journey, contact.number
    table = model.after[journey.segment, contact.channel, AFTER[contact.outcome], journey.need]
    delay = inputs.given("delay", journey, number)
    planned = inputs.given("next", journey, number)
    if planned is not None:
        return planned if planned >= 0 else planned + 1, delay or 0, False, 1.0, 1.0
    if table < 0:
        return flat.GIVE_UP, 0, False, 1.0, 1.0
    first, last = model.after_first[table], model.after_last[table]
    row = choose(model.step_share, first, last, inputs.uniform(journey, number, draws.NEXT_STEP))
    if row == last:
        return flat.GIVE_UP, 0, False, 1.0, 1.0
    if delay is None:
        delay = inputs.draw(model.step_delay[row], journey.customer, number, draws.DELAY)
    factors = float(model.step_handling[row]), float(model.step_patience[row])
    return int(model.step_to[row]), delay, bool(model.step_transfer[row]), *factors
