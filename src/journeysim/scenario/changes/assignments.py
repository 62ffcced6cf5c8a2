"""Changes to a scenario, written as text, e.g. ``"pools.phone.agents-=1"``."""

from __future__ import annotations

import copy
import datetime
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from journeysim.errors import did_you_mean
from journeysim.scenario.changes.amounts import Operator, changed_amount
from journeysim.scenario.changes.key_paths import Document, Path, PathPart, format_path, parse_path
from journeysim.scenario.reading.merging import is_interval_table, opened

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


def split_changes(text: str) -> list[str]:
    """Return the changes of one ``--set``, with semicolons between them: ``"a-=1; b+=1"``."""
    parts = re.findall(r"""(?:"[^"]*"|'[^']*'|[^;"'])+""", text)
    return [part.strip() for part in parts if part.strip()]


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


def apply_assignments(
    document: Document, assignments: Iterable[Assignment]
) -> tuple[Document, list[Path]]:
    """Return a copy of a document changed in order, and the places that were changed.

    Raises
    ------
    ValueError
        As for `apply_assignment`.
    """
    changed: Document = _copied(document)
    touched: list[Path] = []
    for each in assignments:
        touched += _apply_to(changed, each.path, each.operator, each.value)
    return changed, touched


def _copied(value: Any) -> Any:
    """Copy tables and lists; faster than a deep copy of anything."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _applied(document: Document, path: Path, operator: Operator, value: Any) -> Document:
    changed = copy.deepcopy(document)
    _apply_to(changed, path, operator, value)
    return changed


def _apply_to(document: Document, path: Path, operator: Operator, value: Any) -> list[Path]:
    """Change a document in its place; return what was changed."""
    path = _without_counts(path, operator, value)
    places = _places(document, path, creating=operator == "=")
    for container, place in places:
        key = place[-1]
        try:
            container[key] = _new_value(container, key, place, operator, value)
        except ValueError as error:
            raise ValueError(f"{format_path(place)}: {error}") from None
    return [place for _, place in places]


def _without_counts(path: Path, operator: Operator, value: Any) -> Path:
    """Let ``pools.phone.agents.counts`` mean the whole table, as ``pools.phone.agents`` does."""
    whole = operator != "=" or isinstance(value, int | float)
    if whole and path[-1] == "counts" and is_interval_table(path[:-1]):
        return path[:-1]
    return path


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


def _places(document: Document, path: Path, *, creating: bool) -> list[tuple[Any, Path]]:
    """Return each container and full path that a path with wildcards means."""
    level: list[tuple[Any, Path]] = [(document, ())]
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        found: list[tuple[Any, Path]] = []
        missed = ""
        for container, above in level:
            for key in _keys(container, part, above):
                place = (*above, key)
                if not _has(container, key) and not (creating and _may_create(place, last=last)):
                    missed = missed or _nothing_there(container, key, path[: depth + 1])
                elif last:
                    found.append((container, place))
                else:
                    found.append((_entered(container, key, place), place))
        if not found:
            raise ValueError(missed or f"{format_path(path[: depth + 1])}: nothing is there")
        level = found
    return level


def _entered(container: Any, key: Any, place: Path) -> Any:
    """Return the table or list at a key, made if there is none, opened if written in short."""
    known = _has(container, key)
    below = opened(place, container[key]) if known else {}
    if not isinstance(below, dict | list):
        raise ValueError(f"{format_path(place)}: is {below!r}, so there is nothing in it")
    container[key] = below
    return below


def _keys(container: Any, part: PathPart, above: Path) -> list[Any]:
    if part is ...:
        return list(range(len(container))) if isinstance(container, list) else list(container)
    if isinstance(container, list) and isinstance(part, str):
        if not part.isdigit():
            raise ValueError(
                f"{format_path(above)}: is a list; name an entry by its number, e.g. [0]"
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


def _nothing_there(container: Any, key: Any, path: Path) -> str:
    if isinstance(container, list):
        return f"{format_path(path)}: there are {len(container)} entries, counted from 0"
    return f"{format_path(path)}: nothing is there{did_you_mean(str(key), container)}"
