"""Portraits: nobody vanishes in any of the tables, and what they say is what the run says."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

import journeysim as js
from journeysim.measures.experience import weights_of
from journeysim.measures.experience.run_source import pieces_of
from journeysim.measures.experience.scoring_pass import contact_valence, score_columns
from journeysim.measures.portrait import (
    PORTRAIT_TABLES,
    evidence_table,
    personas_table,
    portrait_of,
    weights_table,
)
from journeysim.measures.portrait.observed_sums import STEPS, contact_effort
from journeysim.measures.portrait.portrait import made_of
from journeysim.measures.portrait.steps_table import modal_path
from tests.cli.program import TINY
from tests.comparison.line import line


@cache
def busy() -> js.Run:
    """A service of three channels, with retries, chases and switches, and a warm-up."""
    import tomllib

    document = tomllib.loads(TINY.replace("agents = 3", "agents = 4"))
    document["time"] |= {"warm_up": "30m", "horizon": "4h"}
    scenario = js.Scenario.from_document(document, name="busy")
    return js.simulate(scenario, replications=12)


def world():
    return js.scenario_of(busy()).world


def scored_contacts() -> list[dict]:
    return [row for row in busy().contacts.to_pylist() if row["scored"]]


def test_flows_are_conserved_at_every_step_and_everybody_ends_once():
    flows = portrait_of(busy()).flows.to_pylist()
    into, out = Counter(), Counter()
    for row in flows:
        if row["leads_to"] == "contact":
            into[row["step"] + 1, row["target"]] += row["total"]
        if row["step"] > 0:
            out[row["step"], row["source"]] += row["total"]
    assert into == out
    journeys = sum(row["scored"] for row in busy().journeys.to_pylist())
    ends = sum(row["total"] for row in flows if row["leads_to"] == "end")
    begins = sum(row["total"] for row in flows if row["step"] == 0)
    assert begins == ends == journeys == made_of(portrait_of(busy()).flows, "journeys")


def test_flows_are_those_of_a_plain_count():
    expected = Counter()
    contacts = scored_contacts()
    for before, after in pairwise(contacts):
        same = (before["replication"], before["journey"]) == (
            after["replication"],
            after["journey"],
        )
        if same:
            expected[before["contact"], before["channel"], after["channel"]] += 1
    found = {
        (row["step"], row["source"], row["target"]): row["total"]
        for row in portrait_of(busy()).flows.to_pylist()
        if row["step"] > 0 and row["leads_to"] == "contact"
    }
    assert found == {key: many for key, many in expected.items() if key[0] < STEPS}


def test_steps_have_the_means_of_a_plain_count():
    seen: dict[tuple[int, str], list[dict]] = {}
    for row in scored_contacts():
        seen.setdefault((row["contact"], row["channel"]), []).append(row)
    for row in portrait_of(busy()).steps.to_pylist():
        mine = seen[row["step"], row["channel"]]
        assert row["total"] == len(mine)
        waits = [each["wait"].total_seconds() for each in mine]
        assert math.isclose(row["wait"], sum(waits) / len(waits), abs_tol=1e-9)


def test_emotion_is_the_mean_valence_within_its_band():
    weights = weights_of(world())
    felt: dict[tuple[int, str], list[float]] = {}
    for replication in busy():
        contacts = replication.contacts.to_pylist()
        pieces = pieces_of(replication.contacts, replication.journeys)
        valence = np.concatenate([contact_valence(piece, weights) for piece in pieces])
        for row, value in zip(contacts, valence, strict=True):
            if row["scored"]:
                felt.setdefault((row["contact"], row["channel"]), []).append(value)
    for row in portrait_of(busy()).steps.to_pylist():
        mine = np.sort(felt[row["step"], row["channel"]])
        assert math.isclose(row["emotion"], mine.mean(), abs_tol=1e-9)
        for name, share in (("emotion_p10", 0.1), ("emotion_p90", 0.9)):
            exact = mine[max(math.ceil(share * len(mine)) - 1, 0)]
            assert abs(row[name] - exact) <= 0.0101


def test_efforts_of_contacts_add_up_to_those_of_journeys():
    weights = weights_of(world())
    compared = 0
    for replication in busy():
        for piece in pieces_of(replication.contacts, replication.journeys):
            added = contact_effort(piece, weights)
            whole = score_columns(piece, measures=["effort"], weights=weights)["effort"]
            sizes = np.diff(piece.offsets)
            parts = np.add.reduceat(added, piece.offsets[:-1] - piece.offsets[0])
            short = sizes <= STEPS
            assert np.allclose(parts[short], whole[short])
            compared += int(np.count_nonzero(short & (sizes > 1)))
    assert compared > 20


def test_funnels_lose_at_each_stage_exactly_who_leaves():
    rows = portrait_of(busy()).funnel.to_pylist()
    offered = Counter(row["channel"] for row in scored_contacts())
    met = Counter(row["channel"] for row in scored_contacts() if row["resolved"])
    for channel in offered:
        mine = [row for row in rows if row["channel"] == channel]
        stages = [row["total"] for row in mine if row["row"] == "stage"]
        for stage, (here, following) in enumerate(pairwise(stages), start=1):
            left = sum(r["total"] for r in mine if r["row"] == "exit" and r["stage"] == stage)
            assert here - left == following
        assert (stages[0], stages[-1]) == (offered[channel], met[channel])


def test_the_day_has_the_figures_of_the_intervals_table_and_of_the_score():
    portrait = portrait_of(busy())
    rows = portrait.day.to_pylist()
    intervals = busy().intervals.to_pylist()
    for kind, measure, column in (
        ("channel", "queue", "queued"),
        ("pool", "staffed", "staffed"),
        ("pool", "busy", "busy"),
    ):
        for row in rows:
            if (row["kind"], row["measure"]) != (kind, measure):
                continue
            length = row["end"] - row["start"]
            mine = [
                each[column] / length
                for each in intervals
                if (each["row"], each["name"], each["start"]) == (kind, row["name"], row["start"])
            ]
            assert math.isclose(row["mean"], sum(mine) / len(mine), abs_tol=1e-9)
            found = np.quantile(mine, (0.1, 0.9), method="weibull")
            assert np.allclose((row["lower"], row["upper"]), found, atol=1e-5)
    scores = js.score(busy(), by=("channel", "interval"), measures=["service_level"]).to_pylist()
    levels = {(each["channel"], each["interval"]): each["value"] for each in scores}
    compared = 0
    for row in rows:
        if row["measure"] == "service_level" and row["mean"] is not None:
            assert math.isclose(row["mean"], levels[row["name"], row["start"]])
            compared += 1
    assert compared > 3


def test_hours_count_every_contact_that_came_before_the_horizon():
    rows = [row for row in portrait_of(busy()).hours.to_pylist() if row["channel"] == "phone"]
    assert {row["weekday"] for row in rows} == {"sunday"}
    begin, end = world().time.warm_up, world().time.horizon
    came = sum(
        each["offered"]
        for each in busy().intervals.to_pylist()
        if (each["row"], each["name"]) == ("channel", "phone")
        and begin <= each["start"].total_seconds() * 1e6 < end
    )
    assert sum(row["total"] for row in rows) == came > 0
    for row in rows:
        if row["total"]:
            assert row["wait"] is None or row["wait"] >= 0


def test_weekdays_are_told_apart_and_days_are_averaged():
    two_weeks = js.Scenario.from_document(
        line().document | {"time": {"horizon": "14d", "starts_on": "thursday", "interval": "30m"}},
        name="two_weeks",
    )
    rows = portrait_of(js.simulate(two_weeks, replications=1)).hours.to_pylist()
    assert [row["weekday"] for row in rows if row["hour"] == 0][:3] == [
        "thursday",
        "friday",
        "saturday",
    ]
    assert len(rows) == 7 * 24
    for row in rows:
        assert math.isclose(row["offered"], row["total"] / 2)
        assert 15 < row["offered"] < 120  # 45 an hour, and retries


def test_long_worlds_have_days_of_bounded_length():
    long = js.Scenario.from_document(
        line().document | {"time": {"horizon": "14d", "interval": "30m"}}, name="long"
    )
    day = portrait_of(js.simulate(long, replications=1)).day.to_pylist()
    queue = [row for row in day if row["measure"] == "offered"]
    assert len(queue) <= 400
    assert queue[0]["start"].total_seconds() == 0
    assert all(one["end"] == two["start"] for one, two in pairwise(queue))
    assert queue[-1]["end"].total_seconds() == 14 * 86_400


def test_bands_need_nine_replications():
    few = portrait_of(js.simulate(line(), replications=8)).day.to_pylist()
    enough = portrait_of(js.simulate(line(), replications=9)).day.to_pylist()
    assert all(row["lower"] is None for row in few)
    assert any(row["lower"] is not None for row in enough)


def test_the_modal_path_goes_where_most_go_who_go_on():
    contacts = np.array([[10.0, 90.0], [40.0, 5.0], [0.0, 3.0], [0.0, 0.0]])
    onward = np.zeros((3, 2, 2))
    onward[0, 1] = [40.0, 5.0]
    onward[1, 0] = [0.0, 3.0]
    assert modal_path(contacts, onward) == [1, 0, 1]
    onward[1, 0] = [0.0, 0.4]
    assert modal_path(contacts, onward) == [1, 0]
    assert modal_path(np.zeros((4, 2)), onward) == []


def test_every_table_explains_itself_and_says_what_it_is_made_of():
    portrait = portrait_of(busy())
    assert portrait.replications == 12
    for name in PORTRAIT_TABLES:
        table = getattr(portrait, name)
        assert table.num_rows
        assert made_of(table, "contacts") == len(scored_contacts())
        assert all(field.metadata[b"meaning"] for field in table.schema)


def test_the_portrait_of_a_comparison_is_that_of_its_runs():
    found = js.compare(line(), ["more"], portraits=True, jobs=2)
    assert list(found.portraits) == ["line", "more"]
    for name, scenario in (("line", line()), ("more", line().variant("more"))):
        alone = portrait_of(js.simulate(scenario))
        for table in PORTRAIT_TABLES:
            assert getattr(found.portraits[name], table).equals(getattr(alone, table)), table
    assert js.compare(line(), ["more"]).portraits == {}


def test_portraits_are_kept_with_a_comparison(tmp_path):
    made = js.compare(line(), ["more"], out=tmp_path / "answer")
    again = js.open_comparison(tmp_path / "answer")
    for name, portrait in made.portraits.items():
        for table in PORTRAIT_TABLES:
            assert getattr(again.portraits[name], table).equals(getattr(portrait, table))


@pytest.mark.parametrize(
    ("interviews", "said"),
    [(3, "under 10 interviews"), (10, "enough"), (None, "no interviews stated")],
)
def test_personas_say_whether_their_interviews_are_enough(interviews, said):
    document = line().document
    gold = document["segments"]["gold"] | ({"interviews": interviews} if interviews else {})
    changed = document | {"segments": document["segments"] | {"gold": gold}}
    scenario = js.Scenario.from_document(changed, name="line")
    rows = {row["segment"]: row for row in personas_table(scenario.world).to_pylist()}
    assert rows["gold"]["interviews"] == interviews
    assert said in rows["gold"]["verdict"]


def test_evidence_is_listed_with_values_and_the_weakest_grade_first():
    evidence = {
        "segments.regular.arrivals.rate": {"source": "log", "grade": "measured", "n": 37},
        "channels.phone.resolution": {
            "source": "a guess",
            "grade": "assumption",
            "range": [0.7, 1],
        },
        "segments.*.arrivals.rate": {"source": "both", "grade": "published"},
    }
    scenario = js.Scenario.from_document(line().document | {"evidence": evidence}, name="line")
    rows = evidence_table(scenario.world, scenario.document).to_pylist()
    assert [row["grade"] for row in rows] == ["assumption", "published", "measured"]
    assert (rows[0]["value"], rows[0]["range"]) == ("0.9", "0.7 to 1")
    assert rows[1]["value"] is None
    assert (rows[2]["value"], rows[2]["n"]) == ("40/h", 37)
    paths = [row["path"] for row in weights_table(scenario.world).to_pylist()]
    assert "scoring.effort.repeat" in paths
