"""A document as TOML text, with every key where it stood.

The order of needs, first channels and branches decides which draw leads where, so it must
survive. TOML writers put plain values before tables; here, a table that stands before a plain
value, and any small one, is written in one line instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(document: Mapping[str, Any]) -> str:
    """Return a document as TOML, keys in order.

    Raises
    ------
    ValueError
        If it holds what TOML cannot say.
    """
    lines: list[str] = []
    _write_table(document, "", lines)
    return "\n".join(lines).lstrip("\n") + "\n"


def _write_table(table: Mapping[str, Any], name: str, lines: list[str]) -> None:
    plain = [index for index, value in enumerate(table.values()) if not isinstance(value, dict)]
    last_plain = plain[-1] if plain else -1
    sections: list[tuple[str, Mapping[str, Any]]] = []
    header = len(lines)
    for index, (key, value) in enumerate(table.items()):
        stays = index < last_plain or (not sections and name and _is_small(value))
        if isinstance(value, dict) and not stays:
            sections.append((f"{name}.{_key(key)}" if name else _key(key), value))
        else:
            lines.append(f"{_key(key)} = {_value(value)}")
    if name and (len(lines) > header or not sections):
        lines[header:header] = ["", f"[{name}]"]
    for below, section in sections:
        _write_table(section, below, lines)


def _is_small(value: Any) -> bool:
    """Return whether a value fits in one line: a distribution, a next step, shares."""
    if not isinstance(value, dict) or len(value) > 4:
        return False
    return not any(isinstance(item, dict | list) for item in value.values())


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    # JSON escapes what TOML must escape, but for the delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float):
        # Infinity and NaN are written alike in Python and TOML.
        return repr(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    raise ValueError(f"TOML has no way to write {value!r}")
