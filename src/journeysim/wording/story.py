"""One customer's journey in plain words, from its rows in the Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from journeysim.types import Row
from journeysim.units import readable
from journeysim.wording.clock import moment
from journeysim.wording.numbers import count

if TYPE_CHECKING:
    import pyarrow as pa


_PHONES = ("phone", "call", "hotline", "tel")
_ENDS = {
    "resolved": "Resolved{after}",
    "given_up": "Gives up{after}, the need unmet",
    "lost": "Leaves for good{after}",
    "exhausted": "Stops{after}, at the cap on contacts",
    "open": "Still open when the world ends",
}
_CAUSES = {
    "retry": "tries {channel} again",
    "switch": "switches to {channel}",
    "recontact": "comes back to {channel}",
    "transfer": "is moved to {channel} by the company",
    "chase": "has heard nothing and asks at {channel}",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What happened from a moment on; `when` is empty where the journey's end has no moment."""

    when: str
    text: str


def tick_rows(table: pa.Table) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts, times in ticks."""
    microsecond = timedelta(microseconds=1)
    return [
        {
            name: value // microsecond if isinstance(value, timedelta) else value
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]


def heading(journey: Row) -> str:
    """Return who it is about."""
    return (
        f"Journey {journey['journey']} of customer {journey['customer']}: "
        f"{journey['segment']}, needs {journey['need']}"
    )


def story(journey: Row, contacts: Sequence[Row], *, starts_on: str) -> list[Line]:
    """Return a journey contact by contact, and how it ended.

    Parameters
    ----------
    journey, contacts
        Its row of the journeys table, and its rows of the contacts table, times in ticks.
    starts_on
        Weekday of the first day.
    """
    lines = []
    before: Row | None = None
    for contact in contacts:
        when = moment(contact["entered"], starts_on)
        lines.append(Line(when, f"{_coming(contact, before)}; {_happening(contact)}."))
        before = contact
    ended = journey["ended"]
    when = "" if ended is None else moment(ended, starts_on)
    lines.append(Line(when, _ending(journey)))
    return lines


def _coming(contact: Row, before: Row | None) -> str:
    channel = contact["channel"]
    if before is None:
        return f"{_verb(channel)} {channel}"
    words = _CAUSES.get(contact["cause"], "comes to {channel}").format(channel=channel)
    if before["ended"] is not None and contact["entered"] > before["ended"]:
        words = f"{readable(contact['entered'] - before['ended'])} later {words}"
    return words


def _verb(channel: str) -> str:
    return "calls" if _is_phone(channel) else "goes to"


def _is_phone(channel: str) -> bool:
    return any(word in channel.lower() for word in _PHONES)


def _happening(contact: Row) -> str:
    """Return what happened at a contact, from the wait on."""
    outcome = contact["outcome"]
    waited = f"waits {readable(contact['wait'])}, " if contact["wait"] else ""
    announced = contact["announced_wait"]
    if announced is not None:
        waited = f"is told to expect {readable(announced)}, {waited}"
    if outcome in ("served_resolved", "served_unresolved", "transferred"):
        return waited + _served(contact)
    if outcome in ("contained", "stuck"):
        return waited + _alone(contact)
    words = {
        "abandoned": "hangs up" if _is_phone(contact["channel"]) else "leaves the queue",
        "balked": "does not join the queue",
        "blocked": "finds no line free",
        "closed": "finds it closed" if not contact["wait"] else "is sent away at closing",
        "superseded": "is no longer waiting: the need was met elsewhere",
        "waiting": "is still waiting when the world ends",
        "in_service": "is in service when the world ends",
    }
    return waited + words[outcome]


def _served(contact: Row) -> str:
    pool, talk = contact["pool"], contact["talk"]
    by = f" by {pool}" if pool else ""
    lasting = f" for {readable(talk)}" if talk is not None else ""
    if contact["outcome"] == "transferred":
        served = f"is served{by}{lasting}, then" if pool else "is"
        return f"{served} moved on"
    met = "which meets the need" if contact["resolved"] else "which does not meet the need"
    at_once = "" if contact["wait"] else " at once"
    return f"is served{at_once}{by}{lasting}, {met}"


def _alone(contact: Row) -> str:
    talk = contact["talk"]
    spent = f"spends {readable(talk)} there and " if talk is not None else ""
    if contact["outcome"] == "stuck":
        return f"{spent}gets stuck"
    return spent + ("is done" if contact["resolved"] else "leaves without what was needed")


def _ending(journey: Row) -> str:
    made = count(journey["contacts"], "contact")
    waited = f"{readable(journey['wait'])} in queues" if journey["wait"] else "no waiting"
    lasted = ""
    if journey["ended"] is not None:
        lasted = f" after {readable(journey['ended'] - journey['arrived'])}"
    return f"{_ENDS[journey['outcome']].format(after=lasted)}: {made}, {waited}."
