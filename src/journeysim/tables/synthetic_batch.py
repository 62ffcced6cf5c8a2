"""One batch of made-up journeys: eight channels, 3.5 contacts a journey in the mean.

The world is invented and says nothing about any service. It is made to be uncomfortable for
kernels: journeys of one contact and of forty, missing times, every outcome, every cause, journeys
that are still open. What a run keeps is kept here: times fit together, contacts are numbered, and a
cause follows from the contact before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.tables.batches import Categories, Columns, Rows
from journeysim.tables.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from journeysim.units import HOUR, MINUTE, SECOND

MEAN_CONTACTS: Final = 3.5

#: Mean wait and mean service of every channel, ticks, and who serves.
_CHANNELS: Final = {
    "web": (0, 4 * MINUTE, "machine"),
    "phone": (150 * SECOND, 6 * MINUTE, "human"),
    "bot": (0, 2 * MINUTE, "machine"),
    "chat": (60 * SECOND, 10 * MINUTE, "human"),
    "app": (0, 3 * MINUTE, "machine"),
    "branch": (5 * MINUTE, 8 * MINUTE, "human"),
    "email": (6 * HOUR, 7 * MINUTE, "human"),
    "letter": (24 * HOUR, 12 * MINUTE, "human"),
}
_NAMES: Final = tuple(_CHANNELS)
_WAIT: Final = np.array([wait for wait, _, _ in _CHANNELS.values()])
_SERVICE: Final = np.array([service for _, service, _ in _CHANNELS.values()])
_MACHINE: Final = np.array([who == "machine" for _, _, who in _CHANNELS.values()])
#: Nobody hangs on while a mail lies there, so nobody hangs up.
_DEFERRED: Final = np.array([name in ("email", "letter") for name in _NAMES])
_POOLS: Final = tuple(name for name in _NAMES if _CHANNELS[name][2] == "human")
_POOL: Final = np.array([_POOLS.index(name) if name in _POOLS else -1 for name in _NAMES])

CATEGORIES: Final = Categories(
    segments=("hurried", "loyal", "new"),
    needs=("billing", "fault", "move"),
    channels=_NAMES,
    pools=_POOLS,
    touchpoints=_NAMES,
    handlers=tuple(who for _, _, who in _CHANNELS.values()),
    media=("owned",) * len(_NAMES),
    controls=("owned",) * len(_NAMES),
    initiators=("customer",) * len(_NAMES),
    receivers=("company",) * len(_NAMES),
)
#: Worth of a customer by segment.
VALUE: Final = np.array([300.0, 900.0, 120.0])

_JOURNEY_ENDS: Final = (0.78, 0.14, 0.06, 0.01, 0.01)
#: How a contact with people ends that does not meet the need: outcome and share.
_FAILURES: Final = {
    ContactOutcome.SERVED_UNRESOLVED: 0.45,
    ContactOutcome.ABANDONED: 0.35,
    ContactOutcome.BALKED: 0.05,
    ContactOutcome.BLOCKED: 0.05,
    ContactOutcome.CLOSED: 0.10,
}
_LAST_STEP: Final = np.array(
    [NextStep.RESOLVED, NextStep.GIVEN_UP, NextStep.LOST, NextStep.EXHAUSTED, NextStep.NONE]
)
#: Mean delay before the next contact, ticks, by its cause.
_DELAY: Final = np.array([0, 30 * MINUTE, 10 * MINUTE, 24 * HOUR, 0, 0])
#: Between two journeys, ticks.
_SPACING: Final = SECOND // 5

_SERVED: Final = (
    ContactOutcome.SERVED_RESOLVED,
    ContactOutcome.SERVED_UNRESOLVED,
    ContactOutcome.CONTAINED,
    ContactOutcome.STUCK,
    ContactOutcome.TRANSFERRED,
)
_REFUSED: Final = (ContactOutcome.BALKED, ContactOutcome.BLOCKED, ContactOutcome.CLOSED)

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which contacts belong to which journey of a batch.

    Attributes
    ----------
    contacts, starts
        Contacts of each journey and the row of its first, shape (journeys,).
    journey, position
        Journey of each contact and its place in it, from 0, shape (contacts,).
    """

    contacts: Rows
    starts: Rows
    journey: Rows
    position: Rows

    @property
    def first(self) -> Flags:
        return np.asarray(self.position == 0)

    @property
    def last(self) -> Flags:
        return np.asarray(self.position == self.contacts[self.journey] - 1)

    def before(self, column: NDArray[Any]) -> NDArray[Any]:
        """Return what a column holds in the contact before; of no use in first contacts."""
        return np.roll(column, 1)

    def running(self, steps: Rows) -> Rows:
        """Return sums within each journey, up to and with each contact."""
        total = np.cumsum(steps)
        return total - (total - steps)[self.starts][self.journey]

    def sums(self, column: NDArray[Any]) -> Rows:
        """Return the sum of every journey, shape (journeys,)."""
        return np.add.reduceat(column, self.starts, dtype=np.int64)


def draw_batch(number: int, journeys: int, *, seed: int, batch: int) -> tuple[Columns, Columns]:
    """Return the contacts and the journeys of a batch, as `BatchMaker` takes them.

    The rows of a batch follow from the seed and the batch alone. `first_contact` counts from the
    first contact of the batch.

    Parameters
    ----------
    number
        Of the first journey.
    """
    luck = np.random.default_rng([seed, batch])
    shape = _shape(luck.geometric(1 / MEAN_CONTACTS, journeys))
    end = _chosen(luck, _JOURNEY_ENDS, journeys)
    row: dict[str, NDArray[Any]] = _where_and_how(luck, shape, end)
    served = _one_of(row["outcome"], _SERVED)
    row |= _times(luck, shape, row, served)
    person: dict[str, NDArray[Any]] = {
        "customer": luck.integers(1, 2**62, journeys),
        "journey": np.arange(number, number + journeys),
        "segment": _chosen(luck, (0.5, 0.3, 0.2), journeys),
        "need": _chosen(luck, (0.5, 0.35, 0.15), journeys),
        "scored": np.ones(journeys, np.int8),
    }
    arrived = person["journey"] * _SPACING + luck.integers(0, _SPACING, journeys)
    for name in ("entered", "started", "ended"):
        row[name] = np.where(row[name] < 0, -1, row[name] + arrived[shape.journey])
    agents = served & ~_MACHINE[row["channel"]]
    last = shape.starts + shape.contacts - 1
    journey_rows = person | {
        "arrived": arrived,
        "ended": row["ended"][last],
        "outcome": end,
        "contacts": shape.contacts,
        "first_contact": shape.starts,
        "first_channel": row["channel"][shape.starts],
        "last_channel": row["channel"][last],
        "switches": shape.sums(row["moved"]),
        "wait": shape.sums(row["wait"]),
        "handling": shape.sums(np.where(agents, row["talk"] + row["wrap_up"], 0)),
    }
    contact_rows = {name: column[shape.journey] for name, column in person.items()}
    contact_rows |= row | {
        "contact": shape.position + 1,
        "pool": np.where(agents, _POOL[row["channel"]], -1),
    }
    return contact_rows, journey_rows


def _shape(contacts: Rows) -> _Shape:
    starts = np.cumsum(contacts) - contacts
    journey = np.repeat(np.arange(len(contacts)), contacts)
    return _Shape(contacts, starts, journey, np.arange(len(journey)) - starts[journey])


def _where_and_how(luck: np.random.Generator, shape: _Shape, end: Rows) -> dict[str, NDArray[Any]]:
    """Return channels, outcomes and causes."""
    rows = len(shape.journey)
    first, last = shape.first, shape.last
    sent_on = ~last & (luck.random(rows, np.float32) < 0.06)
    moved = ~first & (shape.before(sent_on) | (luck.random(rows, np.float32) < 0.45))
    step = np.where(moved, luck.integers(1, len(_NAMES), rows), 0)
    step[shape.starts] = luck.integers(0, len(_NAMES), len(shape.starts))
    channel = shape.running(step) % len(_NAMES)
    outcome = _outcomes(luck, channel, sent_on)
    met = last & (end[shape.journey] == JourneyOutcome.RESOLVED)
    still = last & (end[shape.journey] == JourneyOutcome.OPEN)
    machine = _MACHINE[channel]
    outcome[met] = np.where(machine[met], ContactOutcome.CONTAINED, ContactOutcome.SERVED_RESOLVED)
    waits = still & ~machine & (luck.random(rows, np.float32) < 0.5)
    outcome[still] = ContactOutcome.IN_SERVICE
    outcome[waits] = ContactOutcome.WAITING
    before = shape.before(outcome)
    cause = np.where(moved, Cause.SWITCH, Cause.RETRY).astype(np.int8)
    was_served = _one_of(before, (ContactOutcome.SERVED_UNRESOLVED, ContactOutcome.CONTAINED))
    cause[was_served & ~moved] = Cause.RECONTACT
    cause[before == ContactOutcome.TRANSFERRED] = Cause.TRANSFER
    cause[first] = Cause.FRESH
    # Causes and next steps have the same numbers.
    follows = np.where(last, _LAST_STEP[end[shape.journey]], np.roll(cause, -1))
    return {
        "channel": channel,
        "moved": moved,
        "outcome": outcome,
        "cause": cause,
        "next_step": follows,
        "resolved": met,
    }


def _outcomes(luck: np.random.Generator, channel: Rows, sent_on: Flags) -> Rows:
    """Return how contacts end that do not meet the need."""
    failed = np.array(list(_FAILURES))[_chosen(luck, list(_FAILURES.values()), len(channel))]
    failed[_DEFERRED[channel]] = ContactOutcome.SERVED_UNRESOLVED
    failed[sent_on] = ContactOutcome.TRANSFERRED
    helpless = luck.random(len(channel), np.float32) < 0.6
    by_machine = np.where(helpless, ContactOutcome.STUCK, ContactOutcome.CONTAINED)
    return np.where(_MACHINE[channel], by_machine, failed)


def _times(
    luck: np.random.Generator, shape: _Shape, row: dict[str, NDArray[Any]], served: Flags
) -> dict[str, NDArray[Any]]:
    """Return times in ticks, -1 where missing; `entered` counts from the arrival."""
    channel, outcome, rows = row["channel"], row["outcome"], len(shape.journey)
    machine = _MACHINE[channel]
    mean = _WAIT[channel]
    wait = _ticks(mean * luck.standard_exponential(rows))
    wait[_one_of(outcome, _REFUSED)] = 0
    # Two exponentials: nobody is served in no time at all.
    two = luck.standard_exponential(rows) + luck.standard_exponential(rows)
    talk = np.where(served, _ticks(_SERVICE[channel] * two / 2), -1)
    wrap_up = _ticks(30 * SECOND * luck.standard_exponential(rows))
    wrap_up[~served | machine] = -1
    told = ~machine & ~_DEFERRED[channel] & (luck.random(rows, np.float32) < 0.5)
    announced = np.where(told, _ticks(mean * (0.5 + luck.random(rows))), -1)
    gone = outcome == ContactOutcome.ABANDONED
    lasted = np.where(served, wait + talk, np.where(gone, wait, 0))
    delay = _ticks(_DELAY[row["cause"]] * luck.standard_exponential(rows))
    delay = np.where(shape.first, 0, delay + shape.before(lasted))
    entered = shape.running(delay)
    still = _one_of(outcome, (ContactOutcome.WAITING, ContactOutcome.IN_SERVICE))
    begun = served | (outcome == ContactOutcome.IN_SERVICE)
    return {
        "entered": entered,
        "started": np.where(begun, entered + wait, -1),
        "ended": np.where(still, -1, entered + lasted),
        "wait": wait,
        "talk": talk,
        "wrap_up": wrap_up,
        "announced_wait": announced,
    }


def _chosen(luck: np.random.Generator, shares: Sequence[float], rows: int) -> Rows:
    """Return indices drawn with these shares."""
    return np.searchsorted(np.cumsum(shares)[:-1], luck.random(rows), side="right")


def _ticks(time: NDArray[np.float64]) -> Rows:
    return time.astype(np.int64)


def _one_of(codes: NDArray[Any], chosen: Sequence[ContactOutcome]) -> Flags:
    member = np.zeros(len(ContactOutcome), np.bool_)
    member[list(chosen)] = True
    return np.asarray(member[codes])
