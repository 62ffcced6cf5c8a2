"""Which keys a variant changes: as the texts of ``--set``, or as two scenarios that differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from journeysim.errors import CompareError
from journeysim.scenario.changes.key_paths import format_path


def split_changes(text: str) -> list[str]:
    """Return the changes of one ``--set``, with semicolons between them: ``"a-=1; b+=1"``.

    Raises
    ------
    CompareError
        If it holds none.
    """
    parts = re.findall(r"""(?:"[^"]*"|'[^']*'|[^;"'])+""", text)
    found = [part.strip() for part in parts if part.strip()]
    if not found:
        raise CompareError(f"{text!r} changes nothing; write e.g. 'pools.phone.agents-=1'")
    return found


def changed_paths(baseline: Mapping[str, Any], variant: Mapping[str, Any]) -> list[str]:
    """Return the keys at which two scenarios differ, titles and the like aside."""
    aside = ("title", "description", "seed", "replications", "variants", "evidence")
    found: list[str] = []
    for key in dict.fromkeys((*baseline, *variant)):
        if key not in aside:
            _differences(baseline.get(key), variant.get(key), (key,), found)
    return found


def _differences(one: Any, other: Any, path: tuple[str, ...], found: list[str]) -> None:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys((*one, *other)):
            _differences(one.get(key), other.get(key), (*path, key), found)
    elif one != other:
        found.append(format_path(path))
