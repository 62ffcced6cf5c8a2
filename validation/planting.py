"""Planting a fault: a few words of one function are changed, in a text that is found again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import journeysim

SOURCES = Path(journeysim.__file__).parent
COMPILED = SOURCES / "engine" / "compiled"
#: Function (or "" for all), text, other text.
Change = Sequence[str]


class LostPlaceError(Exception):
    """A text to be changed does not stand in the engine exactly once."""


def faults() -> dict[str, dict[str, list[Change]]]:
    """Return the changes of each fault, by group and name."""
    path = Path(__file__).with_name("faults.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def is_test(group: str) -> bool:
    """Return whether a group of faults is to be noticed by a test, not by comparing engines."""
    return group.startswith("tests/")


def planted(changes: Iterable[Change], folder: Path) -> dict[str, str]:
    """Return the texts of those files of a folder that a fault changes, by path."""
    texts = {str(path): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    found: dict[str, str] = {}
    for function, old, new in changes:
        places = [
            (path, begin, end)
            for path, text in texts.items()
            for begin, end in _extents(text, function)
            if old in text[begin:end]
        ]
        times = sum(texts[path][begin:end].count(old) for path, begin, end in places)
        if times != 1:
            raise LostPlaceError(f"{times} times in {function or folder.name}: {old}")
        path, begin, end = places[0]
        text = texts[path]
        texts[path] = text[:begin] + text[begin:end].replace(old, new) + text[end:]
        found[path] = texts[path]
    return found


def _extents(text: str, function: str) -> list[tuple[int, int]]:
    """Return where a function or method begins and ends; without a name, the whole text."""
    if not function:
        return [(0, len(text))]
    head = re.compile(rf"^( *)def {function}\(.*?(?=^\1\S(?<!\))|\Z)", re.MULTILINE | re.DOTALL)
    return [match.span() for match in head.finditer(text)]
