"""The planted faults of `validation.faults` still fit the text of the engine."""

from __future__ import annotations

import pytest

from validation.planting import COMPILED, SOURCES, faults, is_test, planted

FAULTS = {
    name: (group, changes)
    for group, members in faults().items()
    for name, changes in members.items()
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_changes_one_text_that_still_compiles(name: str) -> None:
    group, changes = FAULTS[name]
    texts = planted(changes, SOURCES if is_test(group) else COMPILED)
    assert texts
    for path, text in texts.items():
        compile(text, path, "exec")
