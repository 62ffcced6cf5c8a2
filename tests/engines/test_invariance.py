"""What must not change the outcome: bystanders, another clock, another order of rows."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeysim.scenario.flat.flat_model import DETERMINISTIC, VALUES, FlatModel
from journeysim.tables.batches import CONTACT_ROW, JOURNEY_ROW
from journeysim.units import DAY, SECOND
from tests.engines.reconstruction import same_but
from tests.engines.running import Rows, run_reference
from tests.strategies import Case, cases

worlds = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CONTACT_TIMES = ("entered", "started", "ended")
JOURNEY_TIMES = ("arrived", "ended")
NOBODY = {"rates": ["0/s"], "every": "1h"}


def same_run(case: Case, other: Case, ignored: tuple[str, ...]) -> None:
    (contacts, journeys), (others, more) = (run_reference(*each.model()) for each in (case, other))
    same_but(contacts, others, CONTACT_ROW, ignored)
    same_but(journeys, more, JOURNEY_ROW, ignored)


# Bystanders.


@worlds
@given(cases())
def test_a_segment_of_which_nobody_comes_changes_nothing_for_the_others(case: Case) -> None:
    document = copy.deepcopy(case.document)
    nobody = {**document["segments"]["s0"], "arrivals": NOBODY, "patience": "1us"}
    document["segments"] = {"nobody": nobody, **document["segments"]}
    trace = case.trace
    if trace is not None and "segment" not in trace.column_names:
        trace = trace.append_column("segment", pa.array(["s0"] * trace.num_rows))
    same_run(case, Case(document, trace), ("segment",))


@worlds
@given(cases())
def test_a_channel_and_a_pool_that_nobody_meets_change_nothing(case: Case) -> None:
    document = copy.deepcopy(case.document)
    unmet = {"kind": "queue", "talk": "1s", "patience": "1s"}
    document["channels"] = {"unmet": unmet, **document["channels"]}
    document["pools"] = {"idle": {"agents": 3, "serves": ["unmet"]}, **document["pools"]}
    if len(case.document["channels"]) == 1:
        for segment in document["segments"].values():
            segment.setdefault("first", {"c0": 1.0})
    codes = ("channel", "pool", "first_channel", "last_channel")
    same_run(case, Case(document, case.trace), codes)


@worlds
@given(cases())
def test_an_agent_whom_nobody_needs_changes_nothing(case: Case) -> None:
    documents = [copy.deepcopy(case.document) for _ in range(2)]
    for agents, document in zip((1000, 1001), documents, strict=True):
        for pool in document["pools"].values():
            pool["agents"] = agents
            pool.pop("paid", None)
            pool.pop("shrinkage", None)
        for channel in document["channels"].values():
            # Who has to wait for a pool's overflow delay hears how many agents there are.
            channel.pop("announce", None)
            if "announced_wait" in channel.get("balking", {}):
                del channel["balking"]
    enough, more = documents
    same_run(Case(enough, case.trace), Case(more, case.trace), ())


@worlds
@given(cases())
def test_other_customers_change_nobodys_arrival_need_or_first_channel(case: Case) -> None:
    document = copy.deepcopy(case.document)
    many = {**document["segments"]["s0"], "arrivals": {"counts": [20.0], "every": "5s"}}
    document["segments"] = {"many": many, **document["segments"]}
    wanted = [JOURNEY_ROW.index(name) for name in ("arrived", "need", "first_channel")]
    luck = []
    for each in (case, Case(document, case.trace)):
        _, journeys = run_reference(*each.model())
        luck.append({row[0]: row[wanted].tolist() for row in journeys})
    assert luck[0].items() <= luck[1].items()


# Another clock.


def moved(rows: Rows, columns: tuple[str, ...], times: tuple[str, ...], by: int) -> Rows:
    """Return rows as they would be `by` ticks later."""
    later = rows.copy()
    for place, name in enumerate(columns):
        if name in times:
            later[later[:, place] >= 0, place] += by
    return later


@worlds
@given(cases(exact=True), st.integers(1, 3))
def test_the_same_day_weeks_later_is_the_same_day(case: Case, weeks: int) -> None:
    later = copy.deepcopy(case.document)
    by = 7 * weeks * DAY
    later["time"]["horizon"] = f"{7 * weeks}d {later['time']['horizon']}"
    later["time"].pop("warm_up", None)
    later["time"]["interval"] = "7d"
    assert case.trace is not None
    place = case.trace.column_names.index("arrival")
    arrival = pa.array([tick + by for tick in case.trace.column("arrival").to_pylist()])
    trace = case.trace.set_column(place, "arrival", arrival)
    contacts, journeys = run_reference(*case.model())
    others, more = run_reference(*Case(later, trace).model())
    same_but(moved(contacts, CONTACT_ROW, CONTACT_TIMES, by), others, CONTACT_ROW, ("scored",))
    same_but(moved(journeys, JOURNEY_ROW, JOURNEY_TIMES, by), more, JOURNEY_ROW, ("scored",))


def shifted(model: FlatModel, by: int) -> FlatModel:
    """Return a model in which everything happens later."""
    later = {
        name: getattr(model, name) + by
        for name in ("horizon", "end", "warm_up", "shift_tick", "paid_tick", "opening_tick")
    }
    trace = model.trace._replace(arrival=model.trace.arrival + by)
    return model._replace(**later, trace=trace)


@worlds
@given(cases(exact=True))
def test_a_million_seconds_later_all_outcomes_are_the_same(case: Case) -> None:
    model, names = case.model()
    by = 10**6 * SECOND
    contacts, journeys = run_reference(model, names)
    others, more = run_reference(shifted(model, by), names)
    same_but(moved(contacts, CONTACT_ROW, CONTACT_TIMES, by), others, CONTACT_ROW, ())
    same_but(moved(journeys, JOURNEY_ROW, JOURNEY_TIMES, by), more, JOURNEY_ROW, ())


def stretched(model: FlatModel, factor: int) -> FlatModel:
    """Return a model in which every time is longer by a factor."""
    times = ("horizon", "end", "warm_up", "interval", "head_start", "route_after")
    times += ("shift_tick", "paid_tick", "opening_tick")
    longer: dict[str, Any] = {name: getattr(model, name) * factor for name in times}
    longer["announce"] = np.where(model.announce >= 0, model.announce * factor, -1)
    bounds = model.balk_bound.copy()
    for first, last, rule in zip(model.balk_first, model.balk_last, model.balk_rule, strict=True):
        bounds[first:last] *= factor if rule == 2 else 1
    shapes = model.distributions
    values, parameters = shapes.values.copy(), shapes.parameters.copy()
    for code, kind in enumerate(shapes.kind):
        assert kind in (DETERMINISTIC, VALUES)
        parameters[code] *= factor if kind == DETERMINISTIC else 1
        values[shapes.first[code] : shapes.last[code]] *= factor
    cells = {name: getattr(model.trace, name) for name in ("patience", "talk", "wrap_up", "delay")}
    trace = model.trace._replace(
        arrival=model.trace.arrival * factor,
        **{name: np.where(cell >= 0, cell * factor, -1) for name, cell in cells.items()},
    )
    return model._replace(
        **longer,
        balk_bound=bounds,
        distributions=shapes._replace(values=values, parameters=parameters),
        trace=trace,
    )


@worlds
@given(cases(exact=True))
def test_sixty_times_as_slow_all_outcomes_are_the_same(case: Case) -> None:
    model, names = case.model()
    contacts, journeys = run_reference(model, names)
    others, more = run_reference(stretched(model, 60), names)
    lengths = {*CONTACT_TIMES, *JOURNEY_TIMES, "wait", "talk", "wrap_up", "handling"}
    for rows, columns in ((contacts, CONTACT_ROW), (journeys, JOURNEY_ROW)):
        for place, name in enumerate(columns):
            if name in lengths:
                rows[:, place] = np.where(rows[:, place] >= 0, rows[:, place] * 60, -1)
    # An announcement is rounded down to a tick.
    same_but(contacts, others, CONTACT_ROW, ("announced_wait",))
    same_but(journeys, more, JOURNEY_ROW, ())


# Another order.

LINE: dict[str, Any] = {
    "time": {"horizon": "1h", "run_out": "10m"},
    "segments": {"s": {"arrivals": NOBODY}},
    "channels": {"phone": {"kind": "queue", "talk": "3s", "patience": "4s"}},
    "pools": {"desk": {"agents": 1, "serves": ["phone"]}},
}
ARRIVALS = st.lists(st.integers(0, 12), min_size=1, max_size=12)


def trace_of(seconds: list[int]) -> pa.Table:
    return pa.table({"arrival": pa.array([second * SECOND for second in seconds], pa.int64())})


@worlds
@given(ARRIVALS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_in_a_trace_means_nothing(rows: tuple[list[int], list[int]]) -> None:
    document = copy.deepcopy(LINE)
    # By the half second: nobody comes again just when another comes, so identities settle no tie.
    again = {"phone": {"share": 1.0, "delay": "2500ms"}}
    document["channels"]["phone"] |= {"after": {"abandoned": again}, "lines": 4}
    document["max_contacts"] = 3
    told = []
    for seconds in rows:
        contacts, journeys = run_reference(*Case(document, trace_of(seconds)).model())
        told.append((contacts[:, 1:].tolist(), journeys[:, 1:].tolist()))
    assert told[0] == told[1]


@worlds
@given(ARRIVALS, st.integers(0, 5), st.lists(st.integers(0, 3), min_size=2, max_size=4), st.data())
def test_last_arrival_never_changes_an_earlier_journey(
    seconds: list[int], later: int, staff: list[int], data: st.DataObject
) -> None:
    document = copy.deepcopy(LINE)
    at = [f"{4 * place}s" for place in range(len(staff))]
    document["pools"]["desk"]["agents"] = {"at": at, "counts": staff}
    phone = document["channels"]["phone"]
    phone["patience"] = {"distribution": "exponential", "mean": "3s"}
    phone["talk"] = {"distribution": "empirical", "values": ["0s", "1s", "4s"]}
    phone["lines"] = data.draw(st.integers(1, 6))
    seconds = sorted(seconds)
    rows = []
    for arrivals in (seconds, [*seconds, seconds[-1] + later]):
        _, journeys = run_reference(*Case(document, trace_of(arrivals)).model())
        journeys = journeys[np.argsort(journeys[:, 0])]
        rows.append(np.delete(journeys, JOURNEY_ROW.index("first_contact"), axis=1))
    np.testing.assert_array_equal(rows[1][:-1], rows[0])
