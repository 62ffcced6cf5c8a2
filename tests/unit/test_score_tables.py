"""The table of scores: breakdowns, what is null, what is refused, measures of a user's own."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from journeysim import Scenario, score, simulate
from journeysim.errors import MeasureError, RunError
from journeysim.measures import Definitions, Measure, known_measures, register, score_run
from journeysim.measures.service import registry
from journeysim.units import SECOND
from tests.tiny_runs import (
    contact,
    journey,
    measured,
    pool_interval,
    replication,
    run_of,
    run_of_contacts,
    world_of,
)

WORLD = world_of()
LEFT = "abandoned"


def test_counts_are_means_per_replication_with_their_interval():
    run = run_of_contacts([contact()] * 3, [contact()] * 5)
    row = measured(score_run(run, WORLD, by=()), "offered")
    assert (row["value"], row["numerator"], row["denominator"]) == (4.0, 8.0, 2.0)
    # Standard error 1, Student's quantile with 1 degree 12.7062.
    assert row["half_width"] == pytest.approx(12.706204736, abs=1e-6)
    assert (row["lower"], row["upper"]) == pytest.approx((4 - 12.706204736, 4 + 12.706204736))


def test_one_replication_has_values_without_intervals():
    table = score_run(run_of_contacts([contact()]), WORLD, by=())
    row = measured(table, "service_level")
    assert (row["value"], row["replications"]) == (1.0, 1)
    assert row["lower"] is row["upper"] is row["half_width"] is None


def test_groups_without_contacts_have_null_ratios_and_zero_counts():
    table = score_run(run_of_contacts([contact()]), WORLD)
    for name in ("service_level", "speed_of_answer", "abandonment", "wait_p90", "offered_load"):
        row = measured(table, name, channel="email")
        empty = 0.0 if name == "offered_load" else None
        assert row["value"] == empty
    assert measured(table, "offered", channel="email")["value"] == 0.0
    assert not any(
        isinstance(value, float) and math.isnan(value)
        for row in table.to_pylist()
        for value in row.values()
    )


def test_intervals_are_those_of_arrival_or_of_the_answer():
    run = run_of_contacts([contact(entered=1790, wait=15), contact(entered=7200, wait=0)])
    for interval_of, expected in (("arrival", [1, 0, 0, 1]), ("answer", [0, 1, 0, 1])):
        definitions = Definitions(interval_of=interval_of)
        table = score_run(run, WORLD, by=("interval",), definitions=definitions)
        rows = [row for row in table.to_pylist() if row["measure"] == "answered"]
        assert [row["value"] for row in rows] == expected
        assert [row["interval"].total_seconds() for row in rows] == [0, 1800, 3600, 5400]
        assert rows[0]["formula"].endswith(f"by interval of {interval_of}")


def test_intervals_cut_by_the_warm_up_or_by_the_end_count_for_what_is_left_of_them():
    world = world_of(time={"horizon": "70m", "interval": "30m", "warm_up": "15m"})
    run = run_of_contacts([contact(entered=1000), contact(entered=2000), contact(entered=4000)])
    table = score_run(run, world, by=("interval",))
    rates = [row["value"] for row in table.to_pylist() if row["measure"] == "arrival_rate"]
    assert rates == [4.0, 2.0, 6.0]


def test_a_breakdown_by_several_dimensions_adds_up_and_leaves_out_what_does_not_apply():
    rows = [contact(), contact(segment="premium"), contact("email", pool="back", wait=50)]
    rows += [contact(outcome="blocked", segment="premium")]
    journeys = [journey(), journey("lost", segment="premium")]
    pools = [pool_interval(staffed=3600, paid=3600)]
    run = run_of(replication(0, contacts=rows, journeys=journeys, intervals=pools))
    table = score_run(run, WORLD, by=("segment", "channel"))
    counts = {
        (row["segment"], row["channel"]): row["value"]
        for row in table.to_pylist()
        if row["measure"] == "offered"
    }
    expected = dict.fromkeys(counts, 0.0) | {("retail", "phone"): 1.0, ("retail", "email"): 1.0}
    assert len(counts) == 6
    assert counts == expected | {("premium", "phone"): 2.0}
    lost = measured(table, "lost", segment="premium")
    assert (lost["channel"], lost["value"]) == (None, 1.0)
    staffed = measured(table, "staffed_hours")
    assert (staffed["segment"], staffed["channel"], staffed["value"]) == (None, None, 1.0)


def test_served_contacts_can_be_broken_down_by_pool_and_the_others_cannot():
    rows = [contact(wait=10), contact(pool="back", wait=30), contact(outcome=LEFT, wait=99)]
    table = score_run(run_of_contacts(rows), WORLD, by=("pool",))
    assert measured(table, "speed_of_answer", pool="desk")["value"] == 10.0
    assert measured(table, "speed_of_answer", pool="back")["value"] == 30.0
    assert measured(table, "abandoned")["pool"] is None


def test_tables_in_chunks_with_their_own_dictionaries_score_alike():
    rows = [contact("email", pool="back", wait=9), contact(wait=30), contact("web", "contained")]
    whole = replication(0, contacts=rows)
    chunks = pa.concat_tables([replication(0, contacts=[row]).contacts for row in rows])
    assert chunks.column("channel").num_chunks == 3
    parts = run_of(type(whole)(0, whole.journeys, chunks, whole.intervals))
    assert score_run(parts, WORLD).equals(score_run(run_of(whole), WORLD))


@pytest.fixture
def empty_registry(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))


def long_waits(name="long_waits", dimensions=("channel",)):
    return Measure(
        name=name,
        unit="share",
        meaning="Share of the answered contacts that waited more than a minute.",
        table="contacts",
        pair=lambda contacts, groups: (
            groups.count(contacts.answered & (contacts.wait > 60 * SECOND)),
            groups.count(contacts.answered),
        ),
        formula="answered after more than 1 m / answered",
        dimensions=dimensions,
    )


@pytest.mark.usefixtures("empty_registry")
def test_a_measure_of_the_users_own_is_scored_with_the_others():
    run = run_of_contacts([contact(wait=61), contact(wait=60)])
    unregistered = score_run(run, WORLD, measures=[long_waits()])
    assert measured(unregistered, "long_waits", channel="phone")["value"] == 0.5
    register(long_waits())
    assert measured(score_run(run, WORLD, by=()), "long_waits")["value"] == 0.5
    with pytest.raises(MeasureError, match="already"):
        register(long_waits())
    with pytest.raises(MeasureError, match="no breakdown by 'chanel'; did you mean 'channel'"):
        register(long_waits("other", ("chanel",)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ("chanel",)}, "did you mean 'channel'"),
        ({"by": ("channel", "channel")}, "each dimension once"),
        ({"measures": ["servicelevel"]}, "did you mean 'service_level'"),
        ({"level": 95}, "between 0 and 1"),
        ({"definitions": Definitions(threshold={"fone": 1})}, "no channel 'fone'"),
        ({"definitions": Definitions(threshold="soon")}, "not a duration"),
        ({"definitions": Definitions(target=80)}, "from 0 to 1"),
    ],
)
def test_what_does_not_exist_is_refused_with_a_remedy(options, message):
    with pytest.raises(MeasureError, match=message):
        score_run(run_of_contacts([contact()]), WORLD, **options)


def test_definitions_refuse_words_they_do_not_know():
    with pytest.raises(MeasureError, match="did you mean 'offered'"):
        Definitions(service_level="ofered")
    with pytest.raises(MeasureError, match="interval_of"):
        Definitions(interval_of="arival")


def test_a_run_of_another_world_or_without_replications_is_refused():
    with pytest.raises(MeasureError, match="has the channel 'fax'"):
        score_run(run_of_contacts([contact("fax")]), WORLD)
    with pytest.raises(RunError, match="no finished replication"):
        score_run(run_of(), WORLD)


def test_the_result_is_tidy_and_explains_itself():
    table = score_run(run_of_contacts([contact()]), WORLD, by=("channel", "interval"))
    assert table.column_names[:4] == ["measure", "channel", "interval", "value"]
    assert all(field.metadata[b"meaning"] for field in table.schema)
    assert not any("{" in text for text in table.column("formula").to_pylist())
    assert set(table.column("measure").to_pylist()) == set(known_measures())
    assert np.all([measure.meaning.endswith(".") for measure in known_measures().values()])


def test_idle_hours_of_the_run_out_do_not_count_for_agents() -> None:
    document = {
        "time": {"horizon": "1h", "run_out": "5h"},
        "segments": {"all": {"arrivals": {"rate": "1/min"}}},
        "channels": {"phone": {"kind": "queue", "talk": "30s"}},
        "pools": {"agents": {"agents": 2, "serves": ["phone"], "cost_per_hour": 10.0}},
    }
    run = simulate(Scenario.from_document(document), replications=2)
    table = score(run, by=(), measures=["staffed_hours", "agent_cost"])
    assert table["value"].to_pylist() == [2.0, 20.0]
