"""`help(journeysim)` shows twelve calls; the documents name every call and every error."""

from __future__ import annotations

import pydoc
import re
from pathlib import Path

import journeysim as js

ROOT = Path(__file__).parents[2]


def test_help_shows_twelve_calls_in_the_order_of_their_use() -> None:
    assert len(js.__all__) == 12
    assert js.__doc__ is not None
    listed = re.findall(r"^(\w+) {2,}\S", js.__doc__, re.M)
    assert listed == js.__all__
    shown = pydoc.plain(pydoc.render_doc(js))
    functions = shown.partition("\nFUNCTIONS\n")[2].partition("\nVERSION\n")[0]
    assert set(re.findall(r"^    (\w+)\(", functions, re.M)) == set(js.__all__)
    assert "\nCLASSES\n" not in shown


def test_every_name_is_there_and_nothing_else() -> None:
    names = dir(js)
    assert len(names) == len(set(names))
    assert all(getattr(js, name) is not None for name in names)
    assert set(js.__all__) < set(names)


def test_every_call_and_every_error_is_documented() -> None:
    text = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    assert [name for name in js.__all__ if f"js.{name}(" not in text] == []
    errors = [name for name in dir(js) if name.endswith("Error")]
    assert [name for name in errors if f"| `{name}` |" not in text] == []
