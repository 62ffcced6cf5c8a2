"""Kinds of channel as one table: what each is capable of, what it reads, what it is called.

Whoever wants to know something about a channel asks for a capability (do customers hang on? do
agents serve?) and never compares the name of its kind. So a kind that combines these capabilities
anew is a row here; one that does something new is a row, a capability, and an event in the engines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

#: What a scenario file may call a kind of channel; the rows of the table below, in their order.
KindName = Literal["queue", "self_service", "deferred"]
#: What may be asked of a kind of channel; each is an attribute of `ChannelKind`.
Capability = Literal[
    "waits", "hangs_on", "by_agents", "by_machine", "answered_live", "answered_later"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """What channels of a kind are capable of, and what they are called.

    Attributes
    ----------
    name
        As the scenario file has it.
    waits
        Contacts wait in a queue until a place is free; else they begin at once.
    hangs_on
        Customers stay while their contact waits: it may use up their patience, and is a wait of
        theirs. They may meet a full line, balk, or abandon.
    by_agents
        Agents of pools serve: talk, then wrap-up. Else a machine does, and the visit ends contained
        or stuck.
    meaning
        A sentence for who writes a scenario file.
    label
        What such a channel does, in a table of channels.
    title
        Heading of what is measured in such channels.
    log_names
        What such channels are called in logs, where only the name is known.
    log_name_parts
        What tells such a channel by a part of its name, or None.
    """

    name: KindName
    waits: bool
    hangs_on: bool
    by_agents: bool
    meaning: str
    label: str
    title: str
    log_names: frozenset[str] = frozenset()
    log_name_parts: re.Pattern[str] | None = None

    @property
    def by_machine(self) -> bool:
        """Whether customers are served without agents."""
        return not self.by_agents

    @property
    def answered_live(self) -> bool:
        """Whether agents answer customers who hang on."""
        return self.hangs_on and self.by_agents

    @property
    def answered_later(self) -> bool:
        """Whether contacts wait without their customers, who may ask elsewhere meanwhile."""
        return self.waits and not self.hangs_on

    @property
    def handler(self) -> Literal["human", "machine"]:
        """Who serves, as the tables of contacts have it."""
        return "human" if self.by_agents else "machine"

    def has(self, capability: Capability | None) -> bool:
        """Return whether the kind has a capability; every kind has None."""
        return capability is None or bool(getattr(self, capability))


_ROWS: Final = (
    ChannelKind(
        name="queue",
        waits=True,
        hangs_on=True,
        by_agents=True,
        meaning="People hang on until an agent serves them.",
        label="people wait",
        title="Contacts where people wait",
    ),
    ChannelKind(
        name="self_service",
        waits=False,
        hangs_on=False,
        by_agents=False,
        meaning="Customers serve themselves, at once; a visit ends contained or stuck.",
        label="self-service",
        title="Contacts in self-service",
        log_names=frozenset(
            ("web", "website", "app", "bot", "chatbot", "ivr", "self_service", "portal", "faq")
        ),
        log_name_parts=re.compile(r"web|app|bot|ivr|vru|self|portal"),
    ),
    ChannelKind(
        name="deferred",
        waits=True,
        hangs_on=False,
        by_agents=True,
        meaning="Agents answer when they can; nobody hangs on.",
        label="answered later",
        title="Contacts answered later",
        log_names=frozenset(
            ("email", "e-mail", "mail", "ticket", "letter", "form", "message", "deferred")
        ),
        log_name_parts=re.compile(r"mail|letter|ticket|back_office|handle|outbound|form|fax"),
    ),
)
KINDS: Final[Mapping[str, ChannelKind]] = {kind.name: kind for kind in _ROWS}
#: What a channel is taken for of which nothing else is known.
USUAL_KIND: Final = KINDS["queue"]

#: What a channel must be capable of for a key to have an effect; other keys have one in all.
NEEDED_BY_KEY: Final[Mapping[str, Capability]] = {
    "talk": "by_agents",
    "wrap_up": "by_agents",
    "pools": "by_agents",
    "time_spent": "by_machine",
    "stuck": "by_machine",
    "patience": "hangs_on",
    "lines": "hangs_on",
    "balking": "hangs_on",
    "announce": "hangs_on",
    "at_closing": "waits",
    "priority": "waits",
    "head_start": "waits",
    "chase": "answered_later",
}
#: What a channel must be capable of for a contact to end so and the need to be unmet.
NEEDED_BY_OUTCOME: Final[Mapping[str, Capability | None]] = {
    "abandoned": "hangs_on",
    "balked": "hangs_on",
    "blocked": "hangs_on",
    "closed": None,
    "unresolved": "by_agents",
    "contained": "by_machine",
    "stuck": "by_machine",
}


def kinds_with(capability: Capability | None) -> tuple[str, ...]:
    """Return the names of the kinds that have a capability."""
    return tuple(kind.name for kind in KINDS.values() if kind.has(capability))


def kind_by_name(channel: str) -> ChannelKind:
    """Return the kind of a channel of which only the name is known."""
    name = channel.lower()
    return next((kind for kind in KINDS.values() if name in kind.log_names), USUAL_KIND)


def kind_by_part_of_name(channel: str) -> ChannelKind:
    """Return the kind of a channel that a part of its name gives away; a webmail is a mail."""
    for kind in sorted(KINDS.values(), key=lambda kind: not kind.answered_later):
        if kind.log_name_parts is not None and kind.log_name_parts.search(channel):
            return kind
    return USUAL_KIND
