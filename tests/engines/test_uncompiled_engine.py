"""The compiled engine runs as plain Python too, which is how planted faults are looked for."""

from __future__ import annotations

import inspect

import numpy as np

from journeysim.engine.compiled import layout
from journeysim.engine.records import Record, dtype_of
from validation.faults import first_difference, worlds_of


def test_no_field_of_a_record_has_the_name_of_a_method_of_numpy() -> None:
    records = [each for each in vars(layout).values() if inspect.isclass(each)]
    records = [each for each in records if issubclass(each, Record) and each is not Record]
    assert len(records) > 5
    taken = set(dir(np.void))
    fields = {f"{each.__name__}.{name}" for each in records for name in dtype_of(each).names or ()}
    assert {field for field in fields if field.split(".")[1] in taken} == set()


def test_as_plain_python_it_tells_the_same_story_as_the_reference_engine() -> None:
    name, _, difference = first_difference((), worlds_of(6, 3))
    assert (name, difference) == ("", "")
