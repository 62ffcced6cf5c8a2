"""Paths to a place in a scenario: ``pools.phone.agents``, ``channels."a.b".pools[0]``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import EllipsisType
from typing import Any, Final

#: A key, an index of a list, or ``...`` for each entry of a level (written ``*``).
PathPart = str | int | EllipsisType
Path = tuple[PathPart, ...]

#: A scenario as it is read: tables, lists, texts, numbers.
Document = dict[str, Any]

_PART: Final = re.compile(
    r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\[\s*(?P<index>-?\d+)\s*\]|(?P<bare>[^\s."'\[\]]+))\s*"""
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def parse_path(text: str) -> Path:
    """Return the parts of a path.

    Raises
    ------
    ValueError
        If the text is not a path.
    """
    parts: list[PathPart] = []
    position = 0
    while True:
        part = _PART.match(text, position)
        if part is None:
            raise ValueError(f"{text!r} is not a path; write e.g. 'pools.phone.agents'")
        parts.append(_meaning(part))
        position = part.end()
        if position == len(text):
            return tuple(parts)
        if text[position] == ".":
            position += 1
        elif text[position] != "[":
            raise ValueError(f"{text!r} is not a path; write e.g. 'pools.phone.agents'")


def _meaning(part: re.Match[str]) -> PathPart:
    if part["index"] is not None:
        return int(part["index"])
    if part["bare"] is not None:
        return ... if part["bare"] == "*" else part["bare"]
    return part["double"] if part["double"] is not None else part["single"]


def format_path(parts: Iterable[PathPart]) -> str:
    """Return a path as a user would write it."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        if isinstance(part, str):
            word = part if _BARE_KEY.fullmatch(part) else f'"{part}"'
        else:
            word = "*"
        text += f".{word}" if text else word
    return text


def fits(path: Iterable[PathPart], pattern: str) -> bool:
    """Return whether a path has the form of a pattern such as ``pools.*.agents``."""
    parts, wanted = list(path), pattern.split(".")
    return len(parts) == len(wanted) and all(
        word in ("*", part) for part, word in zip(parts, wanted, strict=True)
    )
