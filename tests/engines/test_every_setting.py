"""Nothing in a scenario is parsed and then ignored."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from journeysim.engine.random.draws import segment_identity
from journeysim.scenario.flat.flatten import flatten, names_of
from journeysim.scenario.scenario import Scenario
from journeysim.scenario.schema import channels, distributions, world
from journeysim.scenario.schema import interval_tables as tables
from journeysim.scenario.schema.fields import Part
from tests.engines.every_setting import BASE, CHANGES, NOT_ABOUT_OUTCOMES, TRACE_CELLS, WEEKDAYS
from tests.engines.running import Rows, run_reference
from tests.scenario_parts import Document

#: Parts that score or describe, whose keys cannot change what happens.
DESCRIBING = {"Measures", "ChannelMeasures", "Evidence", "Scoring", "Variant", "Trace"}
#: Parts whose keys are all inherited by others.
BASES = {"Part", "Grid", "Handling", "Resolution"}


def changed(document: Document, path: str, value: Any) -> Document:
    """Return a document with another value at a path."""
    whole = copy.deepcopy(document)
    place: Any = whole
    *above, last = path.split("/")
    for key in above:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    place[last] = value
    return whole


def outcome_of(document: Document, trace: pa.Table | None = None) -> tuple[Rows, Rows]:
    described = Scenario.from_document(document).world
    model = flatten(described, identity=segment_identity, trace=trace)
    return run_reference(model, names_of(described), seed=described.seed)


def same(one: tuple[Rows, Rows], other: tuple[Rows, Rows]) -> bool:
    return all(np.array_equal(rows, others) for rows, others in zip(one, other, strict=True))


@pytest.mark.parametrize("setting", CHANGES)
def test_every_setting_changes_some_outcome(setting: str) -> None:
    *before, after = CHANGES[setting]
    document = BASE
    for path, value in before:
        document = changed(document, path, value)
    assert not same(outcome_of(document), outcome_of(changed(document, *after)))


@pytest.mark.parametrize("column", TRACE_CELLS)
def test_every_column_of_a_trace_changes_some_outcome(column: str) -> None:
    plain = pa.table({"arrival": [60_000_000 * minute for minute in range(5, 45)]})
    cells = pa.array([TRACE_CELLS[column]] * plain.num_rows)
    assert not same(outcome_of(BASE, plain), outcome_of(BASE, plain.append_column(column, cells)))


def test_no_setting_is_forgotten_here() -> None:
    parts = {
        name: part
        for module in (world, channels, tables)
        for name, part in vars(module).items()
        if isinstance(part, type) and issubclass(part, Part) and name not in BASES | DESCRIBING
    }
    known = {f"{name}.{key}" for name, part in parts.items() for key in part.model_fields}
    known -= {f"{name}.{day}" for name in parts for day in WEEKDAYS}
    other = {f"{name}.{key}" for name, keys in NOT_ABOUT_OUTCOMES.items() for key in keys.split()}
    # Distributions have tests of their own.
    known = {name for name in known if not hasattr(distributions, name.split(".")[0])}
    assert known - set(CHANGES) - other == set()
    assert (set(CHANGES) | other) - known == set()
