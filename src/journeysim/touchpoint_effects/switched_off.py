"""A scenario in which some channels are closed for good.

Who would come to a closed channel finds the door shut: the contact is there, ends as `closed`, and
takes no time. So every later contact keeps its number, and with it its luck.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from journeysim.scenario.changes.key_paths import Document
from journeysim.scenario.scenario import Scenario

#: Whose next steps a customer takes at a closed door: of the first that the scenario gives.
STANDING_IN: Final = (
    "closed",
    "blocked",
    "balked",
    "stuck",
    "abandoned",
    "unresolved",
    "contained",
)
_LEFT_OUT: Final = ("variants", "evidence")


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A scenario without some channels.

    Attributes
    ----------
    scenario
        The changed one.
    taken_from
        For each closed channel the outcome whose next steps are taken there; None if there are
        none, so that who comes gives up.
    """

    scenario: Scenario
    taken_from: Mapping[str, str | None]


def switched_off(scenario: Scenario, touchpoints: Iterable[Sequence[str]]) -> SwitchedOff:
    """Return a scenario with channels closed at all hours.

    Customers who find one closed take the steps that the scenario gives after `closed`; where it
    gives none, those after the first of `STANDING_IN`. Steps that lead back to the same touchpoint
    are divided over the others, giving up and being lost among them, in proportion.

    Parameters
    ----------
    touchpoints
        The channels of each touchpoint that is switched off.
    """
    # Evidence may be about steps that are no longer there; it changes nothing in a world.
    whole = {key: part for key, part in scenario.document.items() if key not in _LEFT_OUT}
    tables = copy.deepcopy(
        {name: whole.get(name, {}) for name in ("channels", "segments", "needs")}
    )
    taken_from = {
        channel: _close(tables, channel, together=channels)
        for channels in touchpoints
        for channel in channels
    }
    whole |= {name: table for name, table in tables.items() if table}
    changed = Scenario.from_document(whole, name=scenario.name, source=scenario.source)
    return SwitchedOff(changed, taken_from)


def _close(document: Document, channel: str, *, together: Sequence[str]) -> str | None:
    """Close a channel, and return whose next steps are taken."""
    document["channels"][channel]["opening"] = []
    tables = list(_tables_after(document, channel))
    outcome = next((name for name in STANDING_IN if any(name in after for after in tables)), None)
    for after in tables:
        if outcome in after:
            after["closed"] = _steps_without(after[outcome], together)
    return outcome


def _tables_after(document: Document, channel: str) -> Iterator[Document]:
    """Yield each `after` of a channel: its own, and those of segments and needs."""
    holders = [document, *document["segments"].values(), *document["needs"].values()]
    for holder in holders:
        place = holder.get("channels", {}).get(channel, {})
        if "after" in place:
            yield place["after"]


def _steps_without(steps: Mapping[str, Any], closed: Sequence[str]) -> Document:
    """Return next steps with the shares of some channels divided over the rest."""
    left = 1.0 - sum(_share(step) for to, step in steps.items() if to in closed)
    kept = {}
    for to, step in steps.items():
        if to not in closed and left > 1e-12:
            share = _share(step) / left
            # Nobody was served behind a closed door, so nobody is transferred from there.
            more = dict(step) if isinstance(step, Mapping) else {}
            more.pop("transfer", None)
            kept[to] = {**more, "share": share}
    return kept


def _share(step: Any) -> float:
    return float(step["share"] if isinstance(step, Mapping) else step)
