"""What a variant changes, in words: "Two agents fewer", "10 % more customers"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from journeysim.scenario.changes.assignments import Assignment, parse_assignment
from journeysim.scenario.changes.key_paths import fits
from journeysim.scenario.schema.world import World

_NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands for a variant in a sentence.

    Attributes
    ----------
    text
        "Two agents fewer", or whatever its author called it.
    grammar
        How a verb goes with it, or that none does: then a colon stands behind it.
    """

    text: str
    grammar: str = "none"

    @property
    def singular(self) -> bool:
        """Whether a verb after it takes an s."""
        return self.grammar == "singular"


def words_for_changes(changes: Sequence[str], world: World) -> Words:
    """Return what changes as texts do to a world, as the subject of a sentence where possible."""
    found = [_words(parse_assignment(change), world) for change in changes]
    known = [each for each in found if each is not None]
    if len(known) < len(changes):
        return Words("; ".join(changes))
    if len(known) == 1:
        return Words(_capital(known[0].text), known[0].grammar)
    return Words(_capital(" and ".join(each.text for each in known)), "plural")


def words_for_text(text: str) -> Words:
    """Return an author's description; its grammar is not known."""
    return Words(text.strip().rstrip(".") or "This variant")


def _words(change: Assignment, world: World) -> Words | None:
    agents = ("pools.*.agents", "pools.*.agents.counts")
    if any(fits(change.path, pattern) for pattern in agents):
        name = change.path[1]
        meant = [pool for key, pool in world.pools.items() if name is ... or key == name]
        paid = "paid " if meant and all(pool.paid for pool in meant) else ""
        return _agents(change, paid, _place(change, world.pools, "pool", "in"))
    patterns = ("segments.*.arrivals", "segments.*.arrivals.counts", "segments.*.arrivals.rate")
    if any(fits(change.path, pattern) for pattern in patterns):
        return _customers(change, _place(change, world.segments, "segment", "of"))
    return None


def _agents(change: Assignment, paid: str, where: str) -> Words | None:
    value = change.value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if change.operator == "*=":
        return _percent(value, f"{paid}agents", where)
    if not float(value).is_integer() or value < 1:
        return None
    grammar = "singular" if value == 1 else "plural"
    agents = "agent" if value == 1 else "agents"
    many = _NUMBERS[int(value)] if value < len(_NUMBERS) else f"{value:g}"
    more = {"+=": " more", "-=": " fewer"}.get(change.operator, "")
    return Words(f"{many} {paid}{agents}{more}{where}", grammar)


def _customers(change: Assignment, where: str) -> Words | None:
    if change.operator != "*=" or not isinstance(change.value, int | float):
        return None
    return _percent(change.value, "customers", where)


def _percent(factor: float, what: str, where: str) -> Words | None:
    if factor <= 0 or factor == 1:
        return None
    more = "more" if factor > 1 else "fewer"
    return Words(f"{abs(100 * (factor - 1)):.3g} % {more} {what}{where}", "plural")


def _place(change: Assignment, names: Mapping[str, Any], kind: str, word: str) -> str:
    """Return which pool or segment is meant, where there are several."""
    name = change.path[1]
    if len(names) < 2:
        return ""
    return f" {word} every {kind}" if name is ... else f" {word} {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
