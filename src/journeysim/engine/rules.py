"""Scalar rules that both engines share: the decisions that are not about queues and clocks.

Plain enough to run as they are on Python lists, and compiled where an engine needs speed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from journeysim.jit import compiled
from journeysim.scenario.flat.flat_model import BALK_BY_QUEUE, BALK_NEVER, Number, Whole
from journeysim.tables.columns import Cause

FRESH = int(Cause.FRESH)
RETRY = int(Cause.RETRY)
SWITCH = int(Cause.SWITCH)
RECONTACT = int(Cause.RECONTACT)
TRANSFER = int(Cause.TRANSFER)
CHASE = int(Cause.CHASE)


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
