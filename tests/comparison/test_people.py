"""Who is better and who is worse off, by hand and against a plain loop over customers."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from journeysim.comparison.better_and_worse_off import (
    CHANGES,
    COUNTED,
    OUTCOMES,
    counts_of,
    middle_of,
    pairs_of,
    people_of,
    table_of,
)
from tests.tiny_runs import journey, replication

SEGMENTS = ("retail", "premium")
BETTER = {"resolved": 2, "given_up": 1, "exhausted": 1, "lost": 0}

people = st.dictionaries(
    st.integers(0, 12),
    st.tuples(st.sampled_from(OUTCOMES), st.integers(0, 4), st.sampled_from(SEGMENTS)),
    max_size=10,
)


def paired(before: dict, after: dict):
    sides = []
    for side in (before, after):
        rows = [
            journey(outcome, customer=customer, wait=wait / 2, segment=segment)
            for customer, (outcome, wait, segment) in side.items()
        ]
        sides.append(people_of(replication(0, journeys=rows).journeys, SEGMENTS))
    return pairs_of(*sides)


def counted(pairs) -> dict[str, np.ndarray]:
    return dict(zip(COUNTED, counts_of(pairs, len(SEGMENTS)), strict=True))


def plainly(before: tuple, after: tuple) -> str:
    was, now = before[0], after[0]
    if (was == "open") != (now == "open"):
        return "not_known"
    if was != "open" and BETTER[was] != BETTER[now]:
        return "better" if BETTER[now] > BETTER[was] else "worse"
    longer = (after[1] - before[1]) / 2
    if longer >= 1:
        return "worse"
    return "better" if longer <= -1 else "same"


def test_one_of_each():
    before = {
        1: ("resolved", 0, "retail"),
        2: ("resolved", 0, "retail"),
        3: ("given_up", 4, "premium"),
        4: ("resolved", 1, "premium"),
        5: ("open", 0, "retail"),
        6: ("lost", 0, "retail"),
    }
    after = {
        1: ("lost", 0, "retail"),
        2: ("resolved", 4, "retail"),
        3: ("given_up", 2, "premium"),
        4: ("resolved", 2, "premium"),
        5: ("resolved", 0, "retail"),
        7: ("resolved", 0, "retail"),
    }
    found = counted(paired(before, after))
    expected = {
        "paired": 5,
        "same": 1,
        "better": 1,
        "worse": 2,
        "not_known": 1,
        "ends_better": 0,
        "ends_worse": 1,
        "waits_less": 1,
        "waits_longer": 1,
        "resolved_now": 1,
        "resolved_before": 1,
        "lost_now": 1,
        "lost_before": 0,
        "only_baseline": 1,
        "only_variant": 1,
        "seconds_less": 1.0,
        "seconds_longer": 2.0,
    }
    assert {name: each[-1] for name, each in found.items()} == expected
    assert found["worse"].tolist() == [2, 0, 2]
    assert found["better"].tolist() == [0, 1, 1]


@given(people, people)
def test_counts_agree_with_a_loop_over_customers(before, after):
    after = {
        customer: (cells[0], cells[1], before.get(customer, cells)[2])
        for customer, cells in after.items()
    }
    pairs = paired(before, after)
    found = counted(pairs)
    both = before.keys() & after.keys()
    plain = Counter((plainly(before[c], after[c]), before[c][2]) for c in both)
    for name in CHANGES:
        assert found[name].tolist() == [
            plain[name, "retail"],
            plain[name, "premium"],
            plain[name, "retail"] + plain[name, "premium"],
        ]
    assert sum(found[name][-1] for name in CHANGES) == found["paired"][-1] == len(both)
    assert found["only_baseline"][-1] == len(before.keys() - both)
    assert found["only_variant"][-1] == len(after.keys() - both)
    rows = table_of(pairs, SEGMENTS, "v").to_pylist()
    assert {row["customer"]: row["change"] for row in rows} == {
        c: plainly(before[c], after[c]) for c in both if plainly(before[c], after[c]) != "same"
    }


@given(people, people)
def test_swapped_worlds_swap_who_is_better_and_worse_off(before, after):
    after = {c: (cells[0], cells[1], before.get(c, cells)[2]) for c, cells in after.items()}
    there, back = counted(paired(before, after)), counted(paired(after, before))
    for one, other in (
        ("better", "worse"),
        ("ends_better", "ends_worse"),
        ("waits_less", "waits_longer"),
        ("resolved_now", "resolved_before"),
        ("lost_now", "lost_before"),
        ("only_baseline", "only_variant"),
        ("seconds_less", "seconds_longer"),
        ("same", "same"),
        ("not_known", "not_known"),
    ):
        assert there[one].tolist() == back[other].tolist()


def test_nobody_is_better_or_worse_off_in_the_same_world():
    same = {c: ("resolved", c % 4, "retail") for c in range(5)}
    found = counted(paired(same, same))
    assert found["same"][-1] == found["paired"][-1] == 5
    assert middle_of(paired(same, same), "worse") is None


def test_the_middle_of_those_hit_hardest_is_told():
    before = dict.fromkeys(range(6), ("resolved", 0, "retail"))
    after = {
        0: ("lost", 2, "retail"),
        1: ("lost", 30, "retail"),
        2: ("lost", 10, "retail"),
        3: ("given_up", 90, "retail"),
        4: ("resolved", 99, "retail"),
        5: ("resolved", 0, "retail"),
    }
    pairs = paired(before, after)
    chosen = middle_of(pairs, "worse")
    assert pairs.baseline.customer[pairs.before[chosen]] == 2
    assert middle_of(pairs, "better") is None


def test_who_arrived_in_the_warm_up_is_not_counted():
    rows = [journey(customer=1), journey(customer=2, scored=False)]
    assert people_of(replication(0, journeys=rows).journeys, SEGMENTS).customer.tolist() == [1]
