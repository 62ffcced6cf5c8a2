"""What holds in every world, whatever its settings."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import HealthCheck, given, settings

from journeysim.tables.columns import Cause, ContactOutcome, JourneyOutcome, NextStep
from tests.engines.reconstruction import Floor, contact_rows, journey_rows
from tests.engines.running import run_reference
from tests.naive.random_inputs import RandomInputs
from tests.strategies import Case, cases

worlds = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
GOING_ON = {NextStep.RETRY, NextStep.SWITCH, NextStep.RECONTACT, NextStep.TRANSFER}
ENDINGS = {
    NextStep.RESOLVED: JourneyOutcome.RESOLVED,
    NextStep.GIVEN_UP: JourneyOutcome.GIVEN_UP,
    NextStep.LOST: JourneyOutcome.LOST,
    NextStep.EXHAUSTED: JourneyOutcome.EXHAUSTED,
}


@worlds
@given(cases())
def test_everybody_who_comes_has_one_journey_and_nobody_else_has(case: Case) -> None:
    model, names = case.model()
    _, journeys = run_reference(model, names)
    arrivals = [
        (tick, customer, segment)
        for tick, customer, segment, _ in RandomInputs(model, 1, 0).arrivals()
    ]
    rows = journey_rows(journeys)
    found = [(row["arrived"], row["customer"], row["segment"]) for row in rows]
    assert sorted(found) == sorted(arrivals)
    by_number = sorted(rows, key=lambda row: row["journey"])
    assert [row["journey"] for row in by_number] == list(range(len(arrivals)))
    assert [(row["arrived"], row["customer"]) for row in by_number] == sorted(
        (tick, customer) for tick, customer, _ in arrivals
    )


@worlds
@given(cases())
def test_contacts_stand_with_their_journey_and_lead_to_one_another(case: Case) -> None:
    model, names = case.model()
    contacts, journeys = run_reference(model, names)
    rows, place = contact_rows(contacts), 0
    for journey in journey_rows(journeys):
        assert journey["first_contact"] == place
        own = rows[place : place + journey["contacts"]]
        place += journey["contacts"]
        assert [row["contact"] for row in own] == list(range(1, len(own) + 1))
        assert {row["journey"] for row in own} == {journey["journey"]}
        assert len(own) <= model.max_contacts
        steps = Counter(row["next_step"] for row in own if row["next_step"] in GOING_ON)
        causes = Counter(row["cause"] for row in own)
        chases, fresh = causes.pop(Cause.CHASE, 0), causes.pop(Cause.FRESH)
        assert fresh == 1
        # Who is on the way at the world's end has taken a step that led to no contact yet.
        on_the_way = steps - causes
        assert causes - steps == Counter()
        assert on_the_way.total() <= (journey["outcome"] == JourneyOutcome.OPEN)
        ends = [ENDINGS[row["next_step"]] for row in own if row["next_step"] in ENDINGS]
        assert ends == ([] if journey["outcome"] == JourneyOutcome.OPEN else [journey["outcome"]])
        if not chases:
            # One contact after another: nobody is in two places at once.
            for one, other in pairwise(own):
                assert 0 <= one["ended"] <= other["entered"]
    assert place == len(rows)


@worlds
@given(cases())
def test_every_contact_ends_in_one_way_and_its_times_fit(case: Case) -> None:
    model, names = case.model()
    contacts, _ = run_reference(model, names)
    served = {ContactOutcome.SERVED_RESOLVED, ContactOutcome.SERVED_UNRESOLVED}
    served |= {ContactOutcome.TRANSFERRED}
    alone = {ContactOutcome.CONTAINED, ContactOutcome.STUCK}
    refused = {ContactOutcome.BALKED, ContactOutcome.BLOCKED}
    for row in contact_rows(contacts):
        outcome = row["outcome"]
        assert outcome in set(ContactOutcome)
        by_agent, finished = row["pool"] >= 0, row["ended"] >= 0
        assert finished == (outcome not in {ContactOutcome.WAITING, ContactOutcome.IN_SERVICE})
        assert (row["started"] >= 0) == (outcome in served | alone | {ContactOutcome.IN_SERVICE})
        assert (row["talk"] >= 0) == (outcome in served | alone)
        assert (row["wrap_up"] >= 0) == (outcome in served) == (by_agent and finished)
        assert 0 <= row["entered"] <= model.end
        if row["started"] >= 0:
            assert row["wait"] == row["started"] - row["entered"]
        else:
            left = row["ended"] if finished else model.end
            assert row["wait"] == left - row["entered"]
        if row["talk"] >= 0:
            assert row["ended"] == row["started"] + row["talk"] <= model.end
        if outcome in refused:
            assert row["wait"] == 0
        if row["resolved"]:
            assert outcome in {ContactOutcome.SERVED_RESOLVED, ContactOutcome.CONTAINED}


@worlds
@given(cases())
def test_no_agent_is_idle_who_may_take_somebody_waiting_now(case: Case) -> None:
    model, names = case.model()
    contacts, _ = run_reference(model, names)
    floor = Floor(model, contacts)
    for tick in floor.moments():
        for row, pool in floor.entitled(tick):
            free = floor.capacity(pool, tick) - floor.used(pool, tick)
            assert free < model.share[pool, row["channel"]], (tick, pool, row)


@worlds
@given(cases())
def test_nobody_begins_in_a_pool_that_is_full_or_finishing(case: Case) -> None:
    model, names = case.model()
    contacts, _ = run_reference(model, names)
    floor = Floor(model, contacts)
    for tick in floor.moments():
        for pool in range(len(names.pools)):
            if floor.used(pool, tick) > floor.capacity(pool, tick):
                # Only the finish rule brings this about: staff fell, and nobody began.
                assert not floor.started(pool, tick)
    for row in floor.contacts:
        if row["pool"] >= 0:
            assert model.level[row["pool"], row["channel"], row["need"]] >= 0
            assert floor.capacity(row["pool"], row["started"]) > 0


@worlds
@given(cases())
def test_lines_are_never_exceeded_and_closed_channels_never_entered(case: Case) -> None:
    model, names = case.model()
    contacts, _ = run_reference(model, names)
    rows = contact_rows(contacts)
    refused = {ContactOutcome.BLOCKED, ContactOutcome.CLOSED, ContactOutcome.BALKED}
    for channel in range(len(names.channels)):
        own = [row for row in rows if row["channel"] == channel]
        inside = [row for row in own if row["outcome"] not in refused or row["wait"] > 0]
        for row in inside if model.lines[channel] >= 0 else []:
            tick = row["entered"]
            present = [
                one for one in inside if one["entered"] <= tick and not 0 <= one["ended"] <= tick
            ]
            assert len(present) <= model.lines[channel]
        changes = [
            (tick, is_open)
            for tick, which, is_open in zip(
                model.opening_tick, model.opening_channel, model.opening_open, strict=True
            )
            if which == channel
        ]
        for row in inside:
            known = [is_open for tick, is_open in changes if tick <= row["entered"]]
            assert known
            assert known[-1]


@worlds
@given(cases())
def test_engines_leave_the_model_as_it_was_and_replications_alone(case: Case) -> None:
    model, names = case.model()
    before = [np.copy(part) for part in model[:-3]]
    alone = run_reference(model, names, seed=5, replication=2)
    for replication in (3, 0):
        run_reference(model, names, seed=5, replication=replication)
    again = run_reference(model, names, seed=5, replication=2)
    for rows, others in zip(alone, again, strict=True):
        np.testing.assert_array_equal(rows, others)
    for part, old in zip(model[:-3], before, strict=True):
        np.testing.assert_array_equal(part, old)
