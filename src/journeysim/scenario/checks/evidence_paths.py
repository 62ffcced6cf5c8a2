"""Whether evidence speaks of parameters that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from journeysim.errors import did_you_mean
from journeysim.scenario.changes.key_paths import Document, PathPart, format_path, parse_path
from journeysim.scenario.reading.validation_messages import Found
from journeysim.scenario.schema.world import World


def evidence_problems(world: World, document: Document) -> Iterator[Found]:
    """Find paths under `evidence` where no parameter stands, given or by default."""
    for text in world.evidence:
        try:
            path = parse_path(text)
        except ValueError as error:
            yield ("evidence", text), str(error)
            continue
        missing = _first_missing(document, path)
        if missing is not None and _first_missing(world, path) is not None:
            at, known = missing
            there = format_path(path[: at + 1])
            word = str(path[at])
            yield ("evidence", text), f"there is no parameter {there}{did_you_mean(word, known)}"


def _first_missing(value: Any, path: tuple[PathPart, ...]) -> tuple[int, list[str]] | None:
    """Return which part of a path is not there, and the keys that are; None if all is there."""
    if not path:
        return None
    below = _below(value)
    part = path[0]
    if part is ...:
        results = [_first_missing(item, path[1:]) for item in below.values()]
        missing = [found for found in results if found is not None]
        if results and len(missing) < len(results):
            return None
        return (missing[0][0] + 1, missing[0][1]) if missing else (0, [])
    item = below.get(str(part))
    if item is None:
        return 0, list(below)
    found = _first_missing(item, path[1:])
    return None if found is None else (found[0] + 1, found[1])


def _below(value: Any) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {field.alias or name: getattr(value, name) for name, field in fields.items()}
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple):
        return {str(index): item for index, item in enumerate(value)}
    return {}
