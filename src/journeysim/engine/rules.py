"""Scalar rules that both engines share: the decisions that are not about queues and clocks.

Plain enough to run as they are on Python lists, and compiled where an engine needs speed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from journeysim.engine.random.draws import uniform
from journeysim.jit import compiled, inlined
from journeysim.scenario.flat.flat_model import (
    AFTER_ABANDONED,
    AFTER_BALKED,
    AFTER_BLOCKED,
    AFTER_CLOSED,
    AFTER_CONTAINED,
    AFTER_STUCK,
    AFTER_UNRESOLVED,
    BALK_BY_QUEUE,
    BALK_NEVER,
    GIVE_UP,
    LOST,
    SAME_PATIENCE,
    Number,
    Whole,
)
from journeysim.tables.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from journeysim.units import LONGEST

FRESH = int(Cause.FRESH)
RETRY = int(Cause.RETRY)
SWITCH = int(Cause.SWITCH)
RECONTACT = int(Cause.RECONTACT)
TRANSFER = int(Cause.TRANSFER)
CHASE = int(Cause.CHASE)
_SERVED_UNRESOLVED = int(ContactOutcome.SERVED_UNRESOLVED)
_CONTAINED = int(ContactOutcome.CONTAINED)
_GOES_ON = -1, -1
_LOST = int(NextStep.LOST), int(JourneyOutcome.LOST)
_GIVEN_UP = int(NextStep.GIVEN_UP), int(JourneyOutcome.GIVEN_UP)
_EXHAUSTED = int(NextStep.EXHAUSTED), int(JourneyOutcome.EXHAUSTED)

_after = np.full(len(ContactOutcome), -1, np.int64)
_after[ContactOutcome.ABANDONED] = AFTER_ABANDONED
_after[ContactOutcome.BALKED] = AFTER_BALKED
_after[ContactOutcome.BLOCKED] = AFTER_BLOCKED
_after[ContactOutcome.CLOSED] = AFTER_CLOSED
_after[ContactOutcome.SERVED_UNRESOLVED] = AFTER_UNRESOLVED
_after[ContactOutcome.CONTAINED] = AFTER_CONTAINED
_after[ContactOutcome.STUCK] = AFTER_STUCK
#: The table of next steps that holds after a contact, by its outcome; -1 where none follows.
TABLE_AFTER = tuple(int(table) for table in _after)


@compiled
def choose(cumulative: Sequence[float] | Number, first: int, last: int, u: float) -> int:
    """Return the first row of a half-open range whose running total exceeds u, else `last`.

    The order of the file decides which draw means which choice.
    """
    for row in range(first, last):
        if u < cumulative[row]:
            return row
    return last


@compiled
def balking_probability(
    rule: int,
    bounds: Sequence[int] | Whole,
    shares: Sequence[float] | Number,
    first: int,
    last: int,
    waiting: int,
    announced: int,
) -> float:
    """Return how likely a customer refuses to join.

    Parameters
    ----------
    rule
        BALK_NEVER, BALK_BY_QUEUE or BALK_BY_ANNOUNCED_WAIT.
    bounds, shares, first, last
        Steps of the rule: at a bound or above it, its share holds.
    waiting
        Contacts in the queue on joining.
    announced
        Announced wait, ticks; -1 where none is announced, and then nobody balks for it.
    """
    if rule == BALK_NEVER:
        return 0.0
    seen = waiting if rule == BALK_BY_QUEUE else announced
    probability = 0.0
    for row in range(first, last):
        if seen >= bounds[row]:
            probability = float(shares[row])
    return probability


@compiled
def announced_wait(waiting: int, handling: int, places: int) -> int:
    """Return the wait that is announced on joining, ticks; -1 where nobody is at work.

    (waiting + 1) x handling / places: what the queue needs if every contact takes `handling`.
    """
    if handling < 0 or places <= 0:
        return -1
    return (waiting + 1) * handling // places


@inlined
def happens(
    probability: float, seed: int, replication: int, customer: int, contact: int, purpose: int
) -> bool:
    """Return whether something of this probability happens to a contact."""
    if probability <= 0.0 or probability >= 1.0:
        return probability >= 1.0
    return uniform(seed, replication, customer, contact, purpose, 0) < probability


@inlined
def patience_address(rule: int, contact: int) -> int:
    """Return the number of the contact by which patience is drawn; by rule the first decides."""
    return 0 if rule == SAME_PATIENCE else contact


@compiled
def patience_left(patience: int, budget: int, waited: int) -> int:
    """Return how long a contact would wait, ticks; -1 without end.

    Parameters
    ----------
    patience
        Of this contact alone; -1 without end.
    budget
        Of all waits of the journey; -1 without one.
    waited
        What the journey has used up of it.
    """
    if budget < 0:
        return patience
    return min(LONGEST if patience < 0 else patience, max(0, budget - waited))


@inlined
def resolved_by_trace(resolved: int, following: int) -> int:
    """Return whether a service meets the need by the trace: 1, 0, or -1 where it does not say.

    Parameters
    ----------
    resolved, following
        Its cells for the contact; -1 where empty. Whom it sends on, the service did not satisfy.
    """
    if resolved >= 0:
        return resolved
    return -1 if following == -1 else 0


@inlined
def step_by_trace(following: int) -> int:
    """Return the channel, GIVE_UP or LOST of a cell of the trace that is not empty.

    Its codes of the two ends lie one below, for -1 is an empty cell.
    """
    return following if following >= 0 else following + 1


@compiled
def end_of_journey(to: int, contacts: int, most: int) -> tuple[int, int]:
    """Return what follows the last contact and how the journey ends, or -1 twice if it goes on.

    Parameters
    ----------
    to
        Where the customer would go: a channel, GIVE_UP or LOST.
    contacts, most
        How many the journey has, and how many it may have.
    """
    if to == LOST:
        return _LOST
    if to == GIVE_UP:
        return _GIVEN_UP
    return _EXHAUSTED if contacts >= most else _GOES_ON


@inlined
def was_served(outcome: int) -> bool:
    """Return whether a contact that met no need got service, by an agent or by a machine."""
    return outcome in (_SERVED_UNRESOLVED, _CONTAINED)


@compiled
def scaled(ticks: int, factor: float) -> int:
    """Return a duration times a factor, rounded half up to a tick."""
    if factor == 1.0:
        return ticks
    return math.floor(ticks * factor + 0.5)


@compiled
def cause_of_step(was_served: bool, same_channel: bool, transfer: bool) -> int:  # noqa: FBT001
    """Return why the next contact is made.

    Parameters
    ----------
    was_served
        Whether the contact before got service, by an agent or to the end by a machine.
    same_channel
        Whether the next contact is in the channel of the one before.
    transfer
        Whether the company moves the customer.
    """
    if transfer:
        return TRANSFER
    if was_served:
        return RECONTACT
    return RETRY if same_channel else SWITCH
