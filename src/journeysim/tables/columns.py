"""The three tables of a run, column by column.

Times are ticks since the world began, written as Arrow ``duration[us]``. Every column carries its
sentence as Arrow field metadata (key ``meaning``), so that a file explains itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Literal

import pyarrow as pa


class ContactOutcome(IntEnum):
    """How a contact ended; the numbers are the dictionary codes of the `outcome` column."""

    SERVED_RESOLVED = 0
    SERVED_UNRESOLVED = 1
    ABANDONED = 2
    BALKED = 3
    BLOCKED = 4
    CLOSED = 5
    CONTAINED = 6
    STUCK = 7
    TRANSFERRED = 8
    SUPERSEDED = 9
    WAITING = 10
    IN_SERVICE = 11


class JourneyOutcome(IntEnum):
    """How a journey ended."""

    RESOLVED = 0
    GIVEN_UP = 1
    LOST = 2
    EXHAUSTED = 3
    OPEN = 4


class Cause(IntEnum):
    """Why a contact was made."""

    FRESH = 0
    RETRY = 1
    SWITCH = 2
    RECONTACT = 3
    TRANSFER = 4
    CHASE = 5


class NextStep(IntEnum):
    """What followed a contact: a cause above, an end of the journey, or nothing of its own."""

    NONE = 0
    RETRY = 1
    SWITCH = 2
    RECONTACT = 3
    TRANSFER = 4
    RESOLVED = 5
    GIVEN_UP = 6
    LOST = 7
    EXHAUSTED = 8


Kind = Literal["whole", "small", "time", "flag", "category", "many", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, whether it may be missing, and what it means.

    A `category` has at most 120 words, `many` words are more; `small` whole numbers fit 32 bits.
    """

    name: str
    kind: Kind
    meaning: str
    missing: bool = False
    words: tuple[str, ...] | None = None

    def field(self) -> pa.Field:
        """Return the Arrow field."""
        kinds = {
            "whole": pa.int64(),
            "small": pa.int32(),
            "time": pa.duration("us"),
            "flag": pa.bool_(),
            "number": pa.float64(),
            "category": pa.dictionary(pa.int8(), pa.string()),
            "many": pa.dictionary(pa.int16(), pa.string()),
        }
        return pa.field(self.name, kinds[self.kind], self.missing, {"meaning": self.meaning})


def words(codes: type[IntEnum]) -> tuple[str, ...]:
    """Return the names of codes as they stand in the files: ``served_resolved``."""
    return tuple(code.name.lower() for code in codes)


CONTACTS = (
    Column("customer", "whole", "Who: the same number in every scenario and replication."),
    Column("journey", "whole", "Number of the journey in this replication, by arrival, from 0."),
    Column("contact", "small", "Number of the contact within its journey, by entry, from 1."),
    Column("segment", "many", "Segment (persona) of the customer."),
    Column("need", "category", "Why the journey started."),
    Column("channel", "category", "Channel that was entered."),
    Column("touchpoint", "category", "Where within the channel; by default the channel."),
    Column("pool", "many", "Pool that served; missing where no agent did.", missing=True),
    Column("handler", "category", "Who serves in this channel.", words=("human", "machine")),
    Column("media", "category", "Who pays for the channel.", words=("owned", "paid", "earned")),
    Column("control", "category", "Who steers the channel.", words=("owned", "partner", "none")),
    Column("initiator", "category", "Who starts contacts in this channel."),
    Column("receiver", "category", "Who is addressed in this channel."),
    Column("cause", "category", "Why this contact was made.", words=words(Cause)),
    Column("entered", "time", "When the customer came to the channel."),
    Column("started", "time", "When service began; missing if it never did.", missing=True),
    Column("ended", "time", "When the customer left; missing if still there.", missing=True),
    Column("wait", "time", "Time in queue, up to the end of the world if still waiting."),
    Column("talk", "time", "Service with the customer; missing if none ended.", missing=True),
    Column("wrap_up", "time", "Work after the customer left; missing if none.", missing=True),
    Column("outcome", "category", "How the contact ended.", words=words(ContactOutcome)),
    Column("resolved", "flag", "True if this contact met the need."),
    Column("next_step", "category", "What the customer did next.", words=words(NextStep)),
    Column("announced_wait", "time", "Wait that was announced on joining.", missing=True),
    Column("head_start", "time", "Time in queue credited when customers are compared."),
    Column("priority", "small", "Higher is served first."),
    Column("scored", "flag", "False for who arrived during the warm-up."),
)

JOURNEYS = (
    Column("customer", "whole", "Who: the same number in every scenario and replication."),
    Column("journey", "whole", "Number of the journey in this replication, by arrival, from 0."),
    Column("segment", "many", "Segment (persona) of the customer."),
    Column("need", "category", "Why the journey started."),
    Column("arrived", "time", "When the first contact was made."),
    Column("ended", "time", "When the journey ended; missing if open.", missing=True),
    Column("outcome", "category", "How the journey ended.", words=words(JourneyOutcome)),
    Column("contacts", "small", "Contacts made."),
    Column("first_contact", "whole", "Row of its first contact in the contacts file."),
    Column("first_channel", "category", "Channel of the first contact."),
    Column("last_channel", "category", "Channel of the last contact."),
    Column("switches", "small", "Contacts in another channel than the contact before."),
    Column("wait", "time", "Time in queue, all contacts together."),
    Column("handling", "time", "Talk and wrap-up by agents, all finished contacts together."),
    Column("value", "number", "Worth of the customer to the company."),
    Column("scored", "flag", "False for who arrived during the warm-up."),
)

INTERVALS = (
    Column("row", "category", "What the row is about.", words=("channel", "pool")),
    Column("name", "many", "Name of the channel or pool."),
    Column("start", "time", "Start of the interval."),
    Column("end", "time", "End of the interval; the last one ends with the world."),
    Column("offered", "whole", "Contacts that entered the channel.", missing=True),
    Column("answered", "whole", "Of those offered here: served by now.", missing=True),
    Column("abandoned", "whole", "Of those offered here: lost patience.", missing=True),
    Column("refused", "whole", "Of those offered: balked, blocked or closed.", missing=True),
    Column("waited", "time", "Wait of those offered here, together.", missing=True),
    Column("queued", "time", "Time in queue spent in this interval, together.", missing=True),
    Column("staffed", "time", "Agents at work by schedule, times time.", missing=True),
    Column("paid", "time", "Agents paid, times time.", missing=True),
    Column("busy", "time", "Agents' capacity taken by contacts, times time.", missing=True),
    Column(
        "engaged", "time", "Agents with at least one contact, least loaded first.", missing=True
    ),
    Column("overrun", "time", "Of busy: past the end of the shift, to finish.", missing=True),
)


@cache
def schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return the Arrow schema of a table."""
    return pa.schema([column.field() for column in columns])
