"""Whether a document is a scenario. All that is wrong is found at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from journeysim.errors import Problem, ScenarioError
from journeysim.scenario.changes.key_paths import Document, Path, format_path
from journeysim.scenario.checks.evidence_paths import evidence_problems
from journeysim.scenario.checks.known_names import name_problems
from journeysim.scenario.checks.routes import route_problems
from journeysim.scenario.checks.time_order import time_problems
from journeysim.scenario.checks.trace_names import trace_problems
from journeysim.scenario.checks.unused_keys import kind_problems
from journeysim.scenario.reading.validation_messages import Found, explain
from journeysim.scenario.schema.world import World


def checked_world(document: Document, source: str, found: Sequence[Found] = ()) -> World:
    """Return the world that a document describes.

    Parameters
    ----------
    found
        What is already known to be wrong, e.g. a file that is missing.

    Raises
    ------
    ScenarioError
        With every problem, in the order of the document.
    """
    foreign = list(_foreign(document, ()))
    if foreign:
        raise ScenarioError(source, to_problems([*found, *foreign], document))
    problems = list(found)
    world = None
    try:
        world = World.model_validate(document)
    except ValidationError as error:
        problems += explain(error, document)
    except RecursionError:
        problems.append(((), "is nested too deeply"))
    if world is not None and not problems:
        problems += meaning_problems(world, document)
    if world is None or problems:
        raise ScenarioError(source, to_problems(problems, document))
    return world


def meaning_problems(world: World, document: Document) -> list[Found]:
    """Find what is well formed and yet cannot be simulated as it stands."""
    found = [*name_problems(world), *kind_problems(world), *time_problems(world)]
    if not found:
        # These follow names from one part to the next, so all names must exist.
        found = [*route_problems(world), *trace_problems(world)]
    return [*found, *evidence_problems(world, document)]


def _foreign(value: Any, path: Path) -> Iterator[Found]:
    """Find what a scenario file could not hold, or holds without quotes."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                yield path, f"the key {key!r} must be a text"
            else:
                yield from _foreign(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _foreign(item, (*path, index))
    elif isinstance(value, datetime.date | datetime.time):
        yield path, f"must be in quotes: '{value}'"
    elif not isinstance(value, str | int | float):
        yield path, f"must be a number, a text, a list or a table, got {value!r}"


def to_problems(found: Sequence[Found], document: Document) -> list[Problem]:
    """Return problems with their paths as text, in the order of the document."""
    unique = sorted(dict.fromkeys(found), key=lambda item: _position(item[0], document))
    return [Problem(format_path(path), text) for path, text in unique]


def _position(path: Sequence[Any], document: Document) -> tuple[int, ...]:
    position: list[int] = []
    value: Any = document
    for part in path:
        if isinstance(value, dict):
            keys = list(value)
            position.append(keys.index(part) if part in value else len(keys))
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            position.append(part)
            value = value[part] if part < len(value) else None
        else:
            break
    return tuple(position)
