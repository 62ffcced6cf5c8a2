"""The catalogue of measures: what tables, charts and sentences know of each, from its record."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from journeysim.measures import (
    CatalogueEntry,
    Measure,
    catalogue,
    journey_scores,
    known_measures,
    register,
    score_run,
)
from journeysim.measures.catalogue_entry import DefaultTable, Role
from journeysim.measures.service import registry
from journeysim.wording.clauses import clause_of
from journeysim.wording.labels import label_of
from journeysim.wording.scores import scale_of
from tests.tiny_runs import contact, journey, measured, replication, run_of, world_of

EVERY = {**journey_scores(), **known_measures()}


@pytest.mark.parametrize("table", get_args(DefaultTable))
def test_every_measure_of_a_table_has_its_own_place_there(table):
    every = journey_scores() if table == "journey_scores" else known_measures()
    places = [each.entry.tables[table] for each in every.values() if table in each.entry.tables]
    assert places
    assert len(set(places)) == len(places)
    names = catalogue.in_table(table)
    assert [every[name].entry.tables[table] for name in names] == sorted(places)


def test_a_measure_is_only_left_out_of_tables_in_which_it_stands():
    for measure in EVERY.values():
        assert set(measure.entry.only_used) <= set(measure.entry.tables), measure.name


@pytest.mark.parametrize("role", get_args(Role))
def test_every_role_has_one_measure(role):
    assert [n for n, each in known_measures().items() if each.entry.role == role] == [
        catalogue.with_role(role)
    ]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("change", [-0.5, 0.5])
def test_every_change_of_every_measure_can_be_told(name, change):
    row = {"measure": name, "unit": getattr(EVERY[name], "unit", "s"), "difference": change}
    row |= {"lower": change - 0.1, "upper": change + 0.1, "p_holm": None}
    row |= {"formula": "x, per replication", "baseline": 1.0, "value": 1.0 + change}
    told = clause_of(row, level=0.95, span="a day")
    assert "{" not in told.verbal.replace("{s}", "") + told.nominal
    assert "{s}" in told.verbal
    assert "  " not in told.verbal + told.nominal


def test_no_two_measures_of_a_table_have_one_label():
    for table in get_args(DefaultTable):
        labels = Counter(catalogue.label(name) for name in catalogue.in_table(table))
        assert set(labels.values()) == {1}, labels


def test_identities_hold_for_every_measure_that_has_one():
    outcomes = ["served_resolved", "abandoned", "balked", "blocked", "closed", "superseded"]
    causes = ["fresh", "retry", "switch", "recontact", "transfer", "chase"]
    rows = [contact(outcome=end, cause=cause) for end in outcomes for cause in causes]
    rows += [contact(outcome=end) for end in ("waiting", "in_service")]
    rows += [contact("web", end) for end in ("contained", "stuck", "stuck")]
    ends = ["resolved", "resolved", "given_up", "lost", "lost", "lost", "exhausted", "open"]
    run = run_of(replication(0, contacts=rows, journeys=[journey(end) for end in ends]))
    table = score_run(run, world_of(), by=())
    with_one = {name: each for name, each in known_measures().items() if each.entry.identities}
    assert len(with_one) >= 2
    for name, measure in with_one.items():
        whole = measured(table, name)["value"]
        assert whole > 0
        for parts in measure.entry.identities:
            found = [measured(table, part)["value"] for part in parts]
            assert sum(found) == whole, (name, parts)
            assert all(part > 0 for part in found)


def long_waits(**said) -> Measure:
    return Measure(
        name="long_waits",
        unit="count",
        meaning="Answered contacts that waited more than a minute.",
        table="contacts",
        pair=lambda contacts, groups: (groups.count(contacts.answered), groups.ones),
        formula="answered after more than 1 m, contacts per replication",
        dimensions=("channel",),
        **said,
    )


@pytest.fixture
def own_registry(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))


@pytest.mark.usefixtures("own_registry")
def test_a_measure_of_ones_own_is_called_by_its_name():
    register(long_waits())
    assert catalogue.label("long_waits") == catalogue.head("long_waits") == "long waits"
    assert catalogue.better("long_waits") is None
    assert all("long_waits" not in catalogue.in_table(t) for t in get_args(DefaultTable))


@pytest.mark.usefixtures("own_registry")
def test_a_measure_of_ones_own_brings_its_words_and_places_along():
    entry = CatalogueEntry(
        better="less", label="waits over a minute", noun="number of long waits",
        tables={"comparison": 35}, decimals=3,
    )  # fmt: skip
    register(long_waits(entry=entry))
    assert catalogue.in_table("comparison")[2:5] == ("service_level", "long_waits", "abandonment")
    row = {"measure": "long_waits", "unit": "count", "value": 2.0, "half_width": None}
    assert label_of({**row, "channel": "phone"}) == "phone: waits over a minute"
    assert scale_of([row]).decimals == 3
    row |= {"difference": 2.0, "lower": 1.0, "upper": 3.0, "p_holm": None, "baseline": 0.0}
    told = clause_of({**row, "formula": "x, per replication"}, level=0.95, span="a day")
    assert told.verbal == "raise{s} the number of long waits by 2 a day (1 to 3)"


def test_what_is_not_registered_is_called_by_its_name():
    assert catalogue.label("of_my_own") == "of my own"
    assert catalogue.clause("of_my_own", rises=True).nominal == "{noun} up by {size}{span}"
