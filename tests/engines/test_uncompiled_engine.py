"""The compiled engine runs as plain Python too, which is how planted faults are looked for."""

from __future__ import annotations

from validation.faults import first_difference, worlds_of


def test_as_plain_python_it_tells_the_same_story_as_the_reference_engine() -> None:
    name, _, difference = first_difference((), worlds_of(6, 3))
    assert (name, difference) == ("", "")
