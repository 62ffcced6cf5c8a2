"""Changes to a scenario, written as text, e.g. ``"pools.phone.agents-=1"``."""

from __future__ import annotations

import copy
import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from journeysim.errors import did_you_mean
from journeysim.model.amounts import Operator, changed_amount
from journeysim.model.merging import is_interval_table, opened
from journeysim.model.paths import Document, Path, PathPart, format_path, parse_path

#: Tables whose entries are named by the user; a change deep inside one must name an existing one.
_NAMED: Final = ("segments", "channels", "pools", "needs")
_SPLIT: Final = re.compile(r"""((?:"[^"]*"|'[^']*'|[^="'])*)=(.*)""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One change: what stands at `path` becomes `value`, or grows or shrinks by it."""

    path: Path
    operator: Operator
    value: Any


def parse_assignment(text: str) -> Assignment:
    """Return the change that a text such as ``"pools.*.agents-=1"`` asks for.

    Raises
    ------
    ValueError
        If the text is not a path, an operator (``=``, ``+=``, ``-=``, ``*=``) and a value.
    """
    split = _SPLIT.fullmatch(text.strip())
    if split is None:
        raise ValueError(f"{text!r} is not a change; write e.g. 'pools.phone.agents-=1'")
    left, right = split.group(1).rstrip(), split.group(2).strip()
    operator: Operator = "="
    if left.endswith("+"):
        operator = "+="
    elif left.endswith("-"):
        operator = "-="
    elif left.endswith("*") and not left.endswith(".*"):
        operator = "*="
    path = parse_path(left if operator == "=" else left[:-1].rstrip())
    if not right:
        raise ValueError(f"{text!r} has no value; write e.g. 'pools.phone.agents-=1'")
    return Assignment(path, operator, _parse_value(right))


def _parse_value(text: str) -> Any:
    """Read a TOML value; a bare word such as ``3m`` or ``07:30`` is a text."""
    try:
        table = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        if text[0] in "\"'[{":
            raise ValueError(f"{text!r} is not a value as TOML writes it") from None
        return text
    value = table["value"]
    times = (datetime.date, datetime.time)
    return text if len(table) > 1 or isinstance(value, times) else value


def apply_assignment(document: Document, assignment: Assignment) -> Document:
    """Return a changed copy of a document.

    Raises
    ------
    ValueError
        If the path matches nothing, or what stands there cannot be changed so.
    """
    return _applied(document, assignment.path, assignment.operator, assignment.value)


def set_path(document: Document, path: str, value: Any) -> Document:
    """Return a copy of a document with `value` at `path`; see `apply_assignment`."""
    return _applied(document, parse_path(path), "=", value)


def _applied(document: Document, path: Path, operator: Operator, value: Any) -> Document:
    changed = copy.deepcopy(document)
    places = list(_places(changed, path, creating=operator == "="))
    if not places:
        raise ValueError(f"{format_path(path)}: nothing is there to change")
    for container, place in places:
        key = place[-1]
        try:
            container[key] = _new_value(container, key, place, operator, value)
        except ValueError as error:
            raise ValueError(f"{format_path(place)} {error}") from None
    return changed


def _new_value(container: Any, key: Any, place: Path, operator: Operator, value: Any) -> Any:
    exists = isinstance(container, list) or key in container
    current = container[key] if exists else None
    if operator != "=":
        return changed_amount(current, operator, copy.deepcopy(value), place)
    value = copy.deepcopy(value)
    if is_interval_table(place):
        return _new_interval_table(current, value)
    return value


def _new_interval_table(current: Any, value: Any) -> Any:
    """Let a bare list replace the values of a table, which keeps its times."""
    if isinstance(value, str):
        return {"rate": value}
    if not isinstance(value, list) or not isinstance(current, dict):
        return value
    form = "rates" if any(isinstance(item, str) for item in value) else "counts"
    kept = {key: current[key] for key in ("from", "every", "at", "shape") if key in current}
    return {**kept, form: value}


def _places(document: Document, path: Path, *, creating: bool) -> Iterator[tuple[Any, Path]]:
    """Find each container and full path that a path with wildcards means."""
    if path[-1] == "counts" and len(path) > 1 and is_interval_table(path[:-1]) and not creating:
        path = path[:-1]
    wildcard = ... in path
    stack: list[tuple[Any, Path, Path]] = [(document, (), path)]
    while stack:
        container, above, rest = stack.pop()
        for key in _keys(container, rest[0], above):
            place = (*above, key)
            known = _has(container, key)
            if not known and not (creating and _may_create(place, last=len(rest) == 1)):
                if wildcard and above:
                    continue
                raise ValueError(_nothing_there(container, place))
            if len(rest) == 1:
                yield container, place
                continue
            if not known:
                container[key] = {}
            below = opened(place, container[key])
            if not isinstance(below, dict | list):
                raise ValueError(
                    f"{format_path(place)} is {container[key]!r}, so it has no key "
                    f"{format_path(rest[1:2])!r}"
                )
            container[key] = below
            stack.append((below, place, rest[1:]))


def _keys(container: Any, part: PathPart, above: Path) -> list[Any]:
    if part is ...:
        keys = list(range(len(container))) if isinstance(container, list) else list(container)
        return keys[::-1]
    if isinstance(container, list) and isinstance(part, str):
        if not part.isdigit():
            raise ValueError(
                f"{format_path(above)} is a list; name an entry by its number, e.g. [0]"
            )
        return [int(part)]
    return [part]


def _has(container: Any, key: Any) -> bool:
    if isinstance(container, list):
        return key in range(-len(container), len(container))
    known: Document = container
    return key in known


def _may_create(place: Path, *, last: bool) -> bool:
    if isinstance(place[-1], int):
        return False
    return last or not (len(place) == 2 and place[0] in _NAMED)


def _nothing_there(container: Any, place: Path) -> str:
    if isinstance(container, list):
        return f"{format_path(place)}: there are {len(container)} entries, counted from 0"
    return f"{format_path(place)}: nothing is there{did_you_mean(str(place[-1]), container)}"
