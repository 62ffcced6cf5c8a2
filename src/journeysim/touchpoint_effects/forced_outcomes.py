"""A scenario in which every contact of a touchpoint goes well, or badly.

Queues, opening hours and patience stay as they are: who gives up before being served gives up. What
is decided is how a service, or a visit, ends.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from journeysim.scenario.changes.key_paths import Document
from journeysim.scenario.channel_kinds import KINDS
from journeysim.scenario.scenario import Scenario

Ending = Literal["good", "bad"]

_TABLES: Final = ("channels", "needs", "pools", "segments")
_LEFT_OUT: Final = ("variants", "evidence")


def forced(scenario: Scenario, channels: Sequence[str], *, ending: Ending) -> Scenario:
    """Return a scenario in which contacts of some channels all end well, or all badly.

    Well: every service and every visit meets the need. Badly: none does; a visit ends stuck where
    the scenario says what who is stuck does next, and otherwise is over without meeting the need.
    """
    whole = {key: part for key, part in scenario.document.items() if key not in _LEFT_OUT}
    tables: Document = copy.deepcopy({name: whole.get(name, {}) for name in _TABLES})
    for channel in channels:
        _force(tables, channel, ending)
    whole |= {name: table for name, table in tables.items() if table}
    return Scenario.from_document(whole, name=scenario.name, source=scenario.source)


def _force(tables: Document, channel: str, ending: Ending) -> None:
    places = list(_places(tables, channel))
    gets_stuck = ending == "bad" and any("stuck" in each.get("after", {}) for each in places)
    for place in places:
        # What is more particular would win over the channel.
        place.pop("resolution", None)
        place.pop("stuck", None)
    own = tables["channels"][channel]
    own["resolution"] = 1.0 if ending == "good" else 0.0
    if KINDS[own["kind"]].by_machine:
        own["stuck"] = 1.0 if gets_stuck else 0.0


def _places(tables: Document, channel: str) -> Iterator[Document]:
    """Yield every table that says something about a channel."""
    holders = [tables, *(table for name in _TABLES[1:] for table in tables[name].values())]
    for holder in holders:
        place = holder.get("channels", {}).get(channel)
        if place is not None:
            yield place
            yield from place.get("needs", {}).values()
