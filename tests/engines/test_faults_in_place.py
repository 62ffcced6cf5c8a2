"""Planted faults fit the engines, and go on to fit them whatever locals and files are called."""

from __future__ import annotations

import functools

import pytest

from tests.engines.local_names import apart, definitions, renamed
from tests.naive import faults as naive
from validation.planting import (
    COMPILED,
    SOURCES,
    Change,
    LostPlaceError,
    faults,
    is_test,
    planted,
    texts_of,
)

_COMPILED, _SHARED = texts_of(COMPILED), texts_of(SOURCES)
_GIVEN = {
    name: (changes, _SHARED if is_test(group) else _COMPILED)
    for group, members in faults().items()
    for name, changes in members.items()
}
FAULTS = _GIVEN | {
    f"naive: {name}": (changes, naive.TEXTS) for name, changes in naive.FAULTS.items()
}
#: By what they are sought in: what stands there under other names.
_ENGINES = {
    id(_COMPILED): _COMPILED,
    id(_SHARED): texts_of(SOURCES / "engine"),
    id(naive.TEXTS): naive.TEXTS,
}
_RENAMED = {
    key: {path: renamed(text, "other_{}".format) for path, text in texts.items()}
    for key, texts in _ENGINES.items()
}
_APART = {key: apart(texts) for key, texts in _ENGINES.items()}


@functools.cache
def _planted(name: str) -> dict[str, str]:
    return planted(*FAULTS[name])


def _alike(texts: dict[str, str]) -> list[str]:
    """Return texts that do not depend on what locals are called."""
    return [renamed(text, "local_{}".format) for text in texts.values()]


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_changes_a_text_that_still_compiles(name: str) -> None:
    _, texts = FAULTS[name]
    changed = _planted(name)
    assert changed
    for path, text in changed.items():
        compile(text, path, "exec")
        assert definitions(text) != definitions(texts[path])


@pytest.mark.parametrize("name", FAULTS)
def test_locals_of_other_names_move_no_fault(name: str) -> None:
    changes, texts = FAULTS[name]
    assert _alike(planted(changes, _RENAMED[id(texts)])) == _alike(_planted(name))


@pytest.mark.parametrize("name", FAULTS)
def test_functions_in_files_of_their_own_move_no_fault(name: str) -> None:
    changes, texts = FAULTS[name]
    before = {one for text in texts.values() for one in definitions(text)}

    def faulty(found: dict[str, str]) -> set[str]:
        return {one for text in found.values() for one in definitions(text)} - before

    assert faulty(planted(changes, _APART[id(texts)])) == faulty(_planted(name))


def test_renaming_renames() -> None:
    text = "def f(a):\n    b = [c for c in a]\n    return b + d\n"
    assert "other_0" in renamed(text, "other_{}".format)
    assert renamed(text, "x{}".format) == (
        "def f(x0):\n    x1 = [x2 for x2 in x0]\n    return x1 + d"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["fill", "A > B", "A < B"], r"fits 0 times in fill: A > B"),
        (["no_such_rule", "A > B", "A < B"], r"fits 0 times in no_such_rule: A > B"),
        (["join_queue", "A < 0", "A > 0"], r"fits 3 times in join_queue: A < 0"),
    ],
)
def test_a_fault_without_its_place_says_where_it_was_sought(change: Change, message: str) -> None:
    with pytest.raises(LostPlaceError, match=message):
        planted([change], _COMPILED)
