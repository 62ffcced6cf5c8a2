"""Reading a changed scenario again, where it changed: an experiment does so for every point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from journeysim.scenario.changes.key_paths import Document, Path
from journeysim.scenario.checks.validation import meaning_problems
from journeysim.scenario.schema.world import World

#: Keys that lead to other files.
_LEADING: Final = ("file", "column", "sheet", "extends")


def rechecked_world(world: World, document: Document, touched: Sequence[Path]) -> World | None:
    """Return the world of a document that differs from that of `world` in some places.

    Parts in which nothing changed are taken over as they were read; what they mean together is
    checked as always.

    Returns
    -------
    None if anything is wrong, or files have to be opened; the long way says what.
    """
    if any(_leads_away(document, place) for place in touched):
        return None
    parts = {key: _part(world, key, item, touched) for key, item in document.items()}
    try:
        found = World.model_validate(parts)
    except ValidationError:
        return None
    return None if meaning_problems(found, document) else found


def _part(world: World, key: str, item: Any, touched: Sequence[Path]) -> Any:
    """Return what was read of a part, and as it is written where it was touched."""
    own = [place for place in touched if place[0] == key]
    known = getattr(world, key, None)
    if not own:
        return item if known is None else known
    if not isinstance(known, dict) or not isinstance(item, dict) or min(map(len, own)) < 2:
        return item
    names = {place[1] for place in own}
    return {
        name: below if name in names or name not in known else known[name]
        for name, below in item.items()
    }


def _leads_away(document: Document, place: Path) -> bool:
    """Return whether something at a place, or below it, names a file."""
    if place[-1] in _LEADING:
        return True
    value: Any = document
    for part in place:
        value = value[part]
    return _names_file(value)


def _names_file(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key in _LEADING for key in value) or any(map(_names_file, value.values()))
    return isinstance(value, list) and any(map(_names_file, value))
