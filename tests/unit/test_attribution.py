"""Credit from a log: the golden values of the demonstration, and the naive twin on any log."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import journeysim as js
from journeysim.measures.attribution import (
    ListedJourneys,
    ReplicationJourneys,
    count,
    removal_effects,
    shapley_values,
    shares_of,
    sums_over_subsets,
)
from journeysim.measures.attribution import counts as counts_module
from journeysim.measures.attribution.chain import removal_in_flow
from journeysim.measures.attribution.counting import count_tuples
from journeysim.measures.attribution.counts import ChainOrder, Flow
from journeysim.tables.run import Replication
from tests import tiny_runs
from tests.naive import attribution as naive

#: Steps of a made-up chain: start, web, chat, phone; then to the goal.
BETWEEN = np.array([[0, 0.6, 0.1, 0.3], [0, 0, 0.3, 0.2], [0, 0.1, 0, 0.4], [0, 0, 0, 0]])
TO_GOAL = np.array([0, 0.2, 0.3, 0.7])
#: Journeys that met their goal, by set of channels: bit 1 web, 2 chat, 4 phone.
BY_SET = {1: 30, 2: 10, 4: 40, 3: 25, 5: 35, 6: 20, 7: 15}
TOUCHPOINTS = 5

paths = st.lists(st.integers(0, TOUCHPOINTS - 1), max_size=6)
logs = st.lists(st.tuples(paths, st.booleans()), min_size=1, max_size=30)


def table_of(log, *, chunks=1) -> pa.Table:
    """Return a log as an Arrow table in which every touchpoint has its code as its name."""
    kind = pa.list_(pa.dictionary(pa.int8(), pa.string()))
    edges = [len(log) * part // chunks for part in range(chunks + 1)]
    parts = []
    for start, stop in pairwise(edges):
        rows = [[f"t{code}" for code in path] for path, _ in log[start:stop]]
        offsets = np.cumsum([0, *map(len, rows)])
        codes = pa.array([int(name[1:]) for row in rows for name in row], pa.int8())
        words = pa.array([f"t{code}" for code in range(TOUCHPOINTS)])
        values = pa.DictionaryArray.from_arrays(codes, words)
        parts.append(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values))
    won = pa.array([met for _, met in log])
    return pa.table({"path": pa.chunked_array(parts, kind), "won": won})


def source_of(log, *, chunks=1) -> ListedJourneys:
    return ListedJourneys(table_of(log, chunks=chunks), path="path", outcome="won", goal=())


def test_the_chain_of_the_demonstration():
    found = removal_effects(BETWEEN, TO_GOAL, removed=[np.array([state]) for state in (1, 2, 3)])
    assert round(found.goal, 6) == 0.591237
    assert found.effects.round(6).tolist() == [0.546713, 0.299773, 0.640802]
    shares = found.effects / found.effects.sum()
    assert shares.round(6).tolist() == [0.367591, 0.201557, 0.430853]
    goal = naive.without(BETWEEN, TO_GOAL, [])
    assert found.goal == pytest.approx(goal, abs=1e-12)
    brute = [1 - naive.without(BETWEEN, TO_GOAL, [state]) / goal for state in (1, 2, 3)]
    assert_allclose(found.effects, brute, rtol=0, atol=1e-12)


def test_several_states_are_removed_together():
    removed = [np.array([1, 3]), np.array([1, 2, 3])]
    found = removal_effects(BETWEEN, TO_GOAL, removed=removed)
    goal = naive.without(BETWEEN, TO_GOAL, [])
    brute = [1 - naive.without(BETWEEN, TO_GOAL, list(states)) / goal for states in removed]
    assert_allclose(found.effects, brute, rtol=0, atol=1e-12)


def test_the_shapley_values_of_the_demonstration():
    amounts = np.array([float(BY_SET.get(some, 0)) for some in range(8)])
    assert_allclose(shapley_values(sums_over_subsets(amounts)), [65, 37.5, 72.5], atol=1e-12)
    log = [
        ([c for c in range(3) if some >> c & 1], True)
        for some in BY_SET
        for _ in range(BY_SET[some])
    ]
    shares = shares_of(count(source_of(log)))["shapley"]
    assert_allclose(shares[:3] * 175, [65, 37.5, 72.5], atol=1e-12)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(logs)
def test_credits_are_those_of_the_naive_twin(log):
    counts = count(source_of(log))
    met = sum(met for _, met in naive.touched(log))
    assert (counts.journeys, counts.met) == (len(naive.touched(log)), met)
    shares = shares_of(counts)
    for method in ("first_touch", "last_touch", "linear", "shapley"):
        expected = [float(part) for part in naive.split(log, TOUCHPOINTS, method)]
        if met:
            assert_allclose(shares[method] * met, expected, rtol=0, atol=1e-12)
            assert shares[method].sum() == pytest.approx(1.0, abs=1e-12)
        else:
            assert np.isnan(shares[method]).all()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(logs, st.integers(1, 3))
def test_the_closed_form_is_removal_by_deleting_states(log, order):
    shares = shares_of(count(source_of(log), order=order))
    if not any(met for _, met in naive.touched(log)):
        assert np.isnan(shares["removal_effect"]).all()
        return
    _, expected = naive.removal(log, TOUCHPOINTS, order)
    assert_allclose(shares["removal_effect"], expected, rtol=0, atol=1e-11)
    assert shares["markov"].sum() == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(logs)
def test_the_general_chain_with_a_memory_of_one_is_the_plain_chain(log):
    source = source_of(log)
    memory = ChainOrder(TOUCHPOINTS, 1)
    flow = np.zeros((memory.states, TOUCHPOINTS + 2), np.int64)
    count_tuples(*source.block(0, len(source)), shift=memory.shift, flow=flow)
    seen = np.flatnonzero(flow.any(axis=1))
    plain = count(source).flow
    assert_array_equal(plain.states, seen)
    assert_array_equal(plain.steps, flow[seen])
    general = removal_in_flow(Flow(seen, flow[seen]), memory)
    assert_array_equal(general.effects, removal_in_flow(plain, memory).effects)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(logs, st.integers(1, 9), st.integers(1, 3), st.integers(1, 4), st.integers(1, 3))
def test_threads_blocks_and_chunks_change_nothing(log, block, threads, chunks, order):
    once = count(source_of(log), order=order, threads=1)
    again = count(source_of(log, chunks=chunks), order=order, threads=threads, block=block)
    for name, plain in shares_of(once).items():
        assert_array_equal(plain, shares_of(again)[name])
    assert_array_equal(once.sets, again.sets)
    assert_array_equal(once.flow.states, again.flow.states)
    assert_array_equal(once.flow.steps, again.flow.steps)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(logs, logs)
def test_counts_add_up_and_can_be_taken_away_again(one, other):
    both = count(source_of(one + other), order=2)
    summed = count(source_of(one), order=2) + count(source_of(other), order=2)
    left = both - count(source_of(other), order=2)
    for whole, part in ((both, summed), (count(source_of(one), order=2), left)):
        for name, plain in shares_of(whole).items():
            assert_array_equal(plain, shares_of(part)[name])


def test_more_touchpoints_than_fit_into_sets_get_the_same_credit(monkeypatch):
    dice = np.random.default_rng(5)
    log = [
        (dice.integers(0, 5, dice.integers(0, 9)).tolist(), bool(dice.random() < 0.5))
        for _ in range(300)
    ]
    few = count(source_of(log))
    monkeypatch.setattr(counts_module, "MOST_IN_SETS", 4)
    many = count(source_of(log), block=37)
    assert few.sets is not None
    assert many.sets is None
    assert_array_equal(few.distinct, many.distinct)


def test_a_journey_longer_than_the_table_of_lengths_has_its_part():
    log = [([0] * 300 + [1] * 100, True), ([1], True), ([2] * 500, False), ([3] * 255, True)]
    log += [([4] * 400, True), ([0, 2] * 150, True)]
    expected = [float(part) for part in naive.split(log, TOUCHPOINTS, "linear")]
    for threads in (1, 3):
        credit = shares_of(count(source_of(log), block=2, threads=threads))["linear"] * 5
        assert_allclose(credit, expected, rtol=0, atol=1e-12)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(-5, 5), min_size=16, max_size=16))
def test_shapley_values_of_any_worth_are_averages_over_orders(worth):
    def of(some):
        return naive.Fraction(worth[sum(1 << player for player in some)])

    by_subsets = naive.shapley_by_subsets(of, 4)
    assert by_subsets == naive.shapley_by_orders(of, 4)
    found = shapley_values(np.array(worth, dtype=np.float64))
    assert_allclose(found, [float(value) for value in by_subsets], rtol=0, atol=1e-12)
    assert found.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-12)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(logs)
def test_the_shapley_value_of_a_log_is_an_equal_split(log):
    by_subsets = naive.shapley_by_subsets(naive.worth_of_log(log), TOUCHPOINTS)
    assert by_subsets == naive.split(log, TOUCHPOINTS, "shapley")
    counts = count(source_of(log))
    assert counts.sets is not None
    worth = sums_over_subsets(counts.sets[1].astype(np.float64))
    expected = [float(value) for value in by_subsets]
    assert_allclose(shapley_values(worth), expected, rtol=0, atol=1e-12)


def test_sets_that_are_not_sets_are_refused():
    with pytest.raises(js.MeasureError, match="3 amounts"):
        shapley_values(np.zeros(3))
    with pytest.raises(js.MeasureError, match="21 players"):
        shapley_values(np.zeros(2**21))


def test_a_replication_counts_its_scored_journeys_by_channel_and_touchpoint():
    rows = [("web", "shop"), ("phone", "shop"), ("web", "shop"), ("chat", "desk")]
    contacts = [tiny_runs.contact(channel, touchpoint=place) for channel, place in rows]
    journeys = [
        tiny_runs.journey(contacts=2, first_contact=0),
        tiny_runs.journey("lost", contacts=1, first_contact=2),
        tiny_runs.journey(contacts=1, first_contact=3, scored=False),
    ]
    made = tiny_runs.replication(0, contacts=contacts, journeys=journeys)
    channels = ("web", "phone", "chat")
    by_channel = ReplicationJourneys(made, by="channel", goal={"resolved"}, touchpoints=channels)
    counts = count(by_channel)
    assert (counts.journeys, counts.met) == (2, 1)
    assert_array_equal(shares_of(counts)["linear"], [0.5, 0.5, 0.0])
    lost = count(ReplicationJourneys(made, by="channel", goal={"lost"}, touchpoints=channels))
    assert_array_equal(shares_of(lost)["linear"], [1.0, 0.0, 0.0])
    places = ReplicationJourneys(made, by="touchpoint", goal={"resolved"})
    assert places.touchpoints == ("shop", "desk")
    assert_array_equal(shares_of(count(places))["linear"], [1.0, 0.0])


def test_journeys_that_lie_across_batches_count_as_one():
    whole = js.simulate("scenarios/omnichannel.toml", replications=1).replication(0)
    batches = {
        name: pa.concat_tables([table.slice(start, 997) for start in range(0, table.num_rows, 997)])
        for name, table in (("journeys", whole.journeys), ("contacts", whole.contacts))
    }
    broken = Replication(0, **batches, intervals=whole.intervals)
    assert broken.contacts["channel"].num_chunks > 20
    one, other = (
        count(ReplicationJourneys(each, by="channel", goal={"resolved"}), order=2, block=5000)
        for each in (whole, broken)
    )
    assert one.journeys == whole.journeys.num_rows
    assert_array_equal(one.steps, other.steps)
    assert_array_equal(one.sets, other.sets)
    assert_array_equal(one.flow.steps, other.flow.steps)
    # Against the plain way: rows of a journey are where the journeys table says.
    channels = whole.contacts["channel"].to_pylist()
    codes = whole.contacts["channel"].chunk(0).dictionary.to_pylist()
    log = [
        (
            [codes.index(c) for c in channels[row["first_contact"] :][: row["contacts"]]],
            row["outcome"] == "resolved",
        )
        for row in whole.journeys.slice(0, 400).to_pylist()
    ]
    source = ReplicationJourneys(broken, by="channel", goal={"resolved"})
    credit = shares_of(count(source, rows=(0, 400), block=77))["linear"]
    expected = naive.split(log, len(codes), "linear")
    assert_allclose(credit * sum(met for _, met in log), [float(e) for e in expected], atol=1e-12)


def test_a_replication_whose_journeys_point_nowhere_is_refused():
    made = tiny_runs.replication(
        3, contacts=[tiny_runs.contact()], journeys=[tiny_runs.journey(contacts=2, first_contact=0)]
    )
    with pytest.raises(js.RunError, match="replication 3"):
        count(ReplicationJourneys(made, by="channel", goal={"resolved"}))


def test_orders_that_are_not_possible_say_so():
    log = [([0, 1], True)]
    with pytest.raises(js.MeasureError, match="at least 1"):
        count(source_of(log), order=0)
    with pytest.raises(js.MeasureError, match="lower order"):
        count(source_of(log), order=12)
