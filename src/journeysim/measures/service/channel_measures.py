"""Of which channels a measure says something: those that are capable of what it measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from journeysim.scenario.channel_kinds import Capability, ChannelKind

#: What a channel must be capable of for a measure to say something of it; others do of all.
NEEDED_BY_MEASURE: Final[Mapping[str, Capability]] = {
    "answered": "by_agents",
    "containment": "by_machine",
    "resolved_in_self_service": "by_machine",
    "stuck": "by_machine",
    "abandonment": "answered_live",
    "service_level": "answered_live",
    "answered_within_target": "answered_later",
    "speed_of_answer": "by_agents",
    "blocking": "hangs_on",
    "balking": "hangs_on",
    "open": "hangs_on",
    "backlog_open": "answered_later",
    # Of the agents of all pools that serve the channel.
    "staffed": "by_agents",
    "occupancy": "by_agents",
}


def said_of(kind: ChannelKind, measures: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of some measures say something of channels of a kind."""
    return tuple(name for name in measures if kind.has(NEEDED_BY_MEASURE.get(name)))
