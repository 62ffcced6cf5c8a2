"""What docs/how-a-rule-is-written.md shows stands where it says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "how-a-rule-is-written.md").read_text(encoding="utf-8")
#: Heading and text of each step.
STEPS = dict(re.findall(r"^## \d+\. (.*)\n((?:(?!^## ).*\n)*)", TEXT, re.MULTILINE))
_PATH = re.compile(r"`((?:src|tests|docs|validation)/[\w/.-]+)`")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _follow(wanted: list[str], lines: list[str]) -> bool:
    return any(lines[at : at + len(wanted)] == wanted for at in range(len(lines)))


def test_there_are_ten_steps_each_with_its_file() -> None:
    assert len(STEPS) == 10
    assert all(_PATH.search(heading) for heading in STEPS)


@pytest.mark.parametrize("path", sorted(set(_PATH.findall(TEXT))))
def test_every_file_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("heading", STEPS)
def test_the_function_of_a_heading_is_in_its_file(heading: str) -> None:
    path, *names = re.findall(r"`([^`]*)`", heading)
    if not names:
        return
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    definitions = (ast.FunctionDef, ast.ClassDef)
    defined = {node.name for node in ast.walk(tree) if isinstance(node, definitions)}
    assert set(names) <= defined


@pytest.mark.parametrize(
    ("name", "path"), re.findall(r"`(\w+)` of\s+`((?:src|tests)/[\w/.]+)`", TEXT)
)
def test_a_function_that_is_named_is_in_its_file(name: str, path: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", STEPS)
def test_an_excerpt_stands_in_the_file_of_its_heading(heading: str) -> None:
    path = _PATH.findall(heading)[0]
    lines = _lines((ROOT / path).read_text(encoding="utf-8"))
    for excerpt in re.findall(r"```text\n(.*?)```", STEPS[heading], re.DOTALL):
        for part in excerpt.split("...\n"):
            assert _follow(_lines(part), lines), part
