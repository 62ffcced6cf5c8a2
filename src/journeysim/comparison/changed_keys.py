"""Which keys differ between two scenarios."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from journeysim.scenario.changes.key_paths import format_path, parse_path

_FEW: Final = 3
_SHORT: Final = 40


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


def changes_as_texts(baseline: Mapping[str, Any], variant: Mapping[str, Any]) -> list[str]:
    """Return what makes the variant of the baseline, as texts: ``["pools.phone.agents=7"]``.

    Returns
    -------
    Nothing where it would be long: more than three changes, or a whole table.
    """
    paths = changed_paths(baseline, variant)
    if not 0 < len(paths) <= _FEW:
        return []
    texts = []
    for path in paths:
        value: Any = variant
        for key in parse_path(path):
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, Mapping) or len(shown_value(value)) > _SHORT:
            return []
        texts.append(f"{path}={shown_value(value)}")
    return texts


def shown_value(value: Any) -> str:
    """Return a value as it stands behind the ``=`` of a change."""
    return json.dumps(value, ensure_ascii=False, default=str)
