"""Measures of one's own: plain or compiled, registered or brought by another package."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import numpy as np
import pytest
from numba import njit

from journeysim.errors import MeasureError
from journeysim.measures import score_run
from journeysim.measures.experience import (
    JourneyMeasure,
    Weights,
    known_journey_measures,
    register_journey_measure,
    score_columns,
    score_journeys,
    summary,
)
from journeysim.measures.experience import journey_registry as registry
from tests.measures.experience.journeys import columns
from tests.naive.experience import MINUTE, Contact
from tests.tiny_runs import contact, journey, measured, replication, run_of, world_of


def longest_wait(offsets, wait):
    """Return the longest wait of each journey, ticks."""
    return np.maximum.reduceat(np.append(wait, 0), offsets[:-1])


@njit
def weighed_contacts(offsets, weight):
    """Return the contacts times a weight."""
    found = np.empty(len(offsets) - 1)
    for place in range(len(found)):
        found[place] = weight * (offsets[place + 1] - offsets[place])
    return found


LONGEST = JourneyMeasure(
    name="longest_wait",
    unit="s",
    meaning="Longest wait.",
    formula="max wait",
    needs=("wait",),
    kernel=longest_wait,
)
WEIGHED = JourneyMeasure(
    name="weighed_contacts",
    unit="score",
    meaning="Contacts times a weight.",
    formula="k n",
    needs=(),
    weights=("wait.k",),
    kernel=weighed_contacts,
)


@pytest.fixture
def own(monkeypatch):
    """Register both for one test."""
    monkeypatch.setattr(registry, "_REGISTRY", dict(known_journey_measures()))
    for measure in (LONGEST, WEIGHED):
        register_journey_measure(measure)


def test_own_measures_stand_beside_the_built_in_ones(own):
    drawn = [[Contact(wait=MINUTE), Contact(wait=3 * MINUTE)], [Contact()]]
    scored = score_journeys(columns(drawn))
    assert scored.column("longest_wait").cast("int64").to_pylist() == [3 * MINUTE, 0]
    assert scored.column("weighed_contacts").to_pylist() == [2 * 1.5622, 1.5622]
    said = scored.schema.field("weighed_contacts").metadata
    assert said[b"rests on assumptions"] == b"wait.k = 1.5622 (C)"
    shown = {row["measure"]: row for row in summary([scored]).to_pylist()}
    assert shown["longest_wait"]["mean"] == 90.0


def test_own_measures_are_measures_of_a_run_by_their_mean(own):
    contacts = [contact(wait=60), contact(wait=10, customer=2), contact(wait=30, contact=2)]
    journeys = [journey(first_contact=0, contacts=1), journey(first_contact=1, contacts=2)]
    run = run_of(replication(0, contacts=contacts, journeys=journeys))
    table = score_run(
        run, world_of(), by=["segment"], measures=["longest_wait", "peak_end", "resolved"]
    )
    assert measured(table, "longest_wait", segment="retail")["value"] == 45.0
    assert measured(table, "longest_wait", segment="premium")["value"] is None
    assert measured(table, "peak_end", segment="retail")["value"] > 0.5
    said = measured(table, "peak_end", segment="retail")["formula"]
    assert "rests on assumptions: 24 weights without evidence" in said
    assert "assumptions" not in measured(table, "longest_wait", segment="retail")["formula"]


def test_a_measure_alone_can_be_run_without_being_registered():
    given_columns = columns([[Contact(wait=MINUTE)]])
    assert LONGEST.run(given_columns).tolist() == [MINUTE]
    assert WEIGHED.run(given_columns, Weights.default().changed({"wait.k": 2.0})) == [2.0]
    threaded = score_columns(given_columns, measures=[LONGEST], jobs=2)
    assert threaded["longest_wait"].tolist() == [MINUTE]


def test_what_cannot_be_registered_is_refused(own):
    def named(name: str, **other) -> JourneyMeasure:
        said = {"unit": "score", "meaning": "M.", "formula": "f", "needs": (), **other}
        return JourneyMeasure(name=name, **said)

    for name in ("peak_end", "longest_wait", "segment"):
        with pytest.raises(MeasureError, match="already; choose another name"):
            register_journey_measure(named(name, kernel=longest_wait))
    with pytest.raises(MeasureError, match="is no name"):
        register_journey_measure(named("long wait", kernel=longest_wait))
    with pytest.raises(MeasureError, match="has no kernel"):
        register_journey_measure(named("nothing"))


def test_a_kernel_that_gives_another_shape_is_refused():
    wrong = JourneyMeasure(
        name="wrong",
        unit="score",
        meaning="M.",
        formula="f",
        needs=("wait",),
        kernel=lambda offsets, wait: wait,
    )
    with pytest.raises(MeasureError, match=r"shape \(2,\), and there are 1 journeys"):
        wrong.run(columns([[Contact(), Contact()]]))


def test_unknown_and_repeated_names_are_refused():
    given_columns = columns([[Contact()]])
    with pytest.raises(MeasureError, match="no measure 'peak_ent'; did you mean 'peak_end'"):
        score_columns(given_columns, measures=["peak_ent"])
    with pytest.raises(MeasureError, match="'effort' is named twice"):
        score_columns(given_columns, measures=["effort", "effort"])


def both() -> list[JourneyMeasure]:
    return [LONGEST, WEIGHED]


@pytest.mark.parametrize(
    ("attribute", "names"),
    [("LONGEST", {"longest_wait"}), ("both", {"longest_wait", "weighed_contacts"})],
)
def test_packages_bring_measures_by_their_entry_points(monkeypatch, attribute, names):
    installed = EntryPoint("mine", f"{__name__}:{attribute}", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [installed])
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    registry._load_installed.cache_clear()
    try:
        assert names <= set(known_journey_measures())
    finally:
        registry._load_installed.cache_clear()


def test_an_entry_point_of_something_else_is_refused(monkeypatch):
    installed = EntryPoint("mine", f"{__name__}:MINUTE", registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [installed])
    registry._load_installed.cache_clear()
    try:
        with pytest.raises(MeasureError, match="gives a int, not a JourneyMeasure"):
            known_journey_measures()
    finally:
        registry._load_installed.cache_clear()
