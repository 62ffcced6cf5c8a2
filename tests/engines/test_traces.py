"""Exact days, customer by customer, from the tests of others and from our own rules.

Sources: Ciw (github.com/CiwPython/Ciw at 05f1727, tests/test_node.py and test_scheduling.py), SimPy
(docs/examples/code/bank_renege, seed 42), and ties that every engine has to settle one way. Times
in seconds; customers count from 1 as in the sources, so row 0 of a trace is customer 1.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from journeysim import Scenario, score, simulate
from journeysim.tables.run import Run
from journeysim.units import SECOND

pytestmark = pytest.mark.parametrize("engine", ["reference", "compiled"])

#: (from, agents), each until the next.
Staff = Sequence[tuple[float, int]]


def clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"


def pool(channel: str, staff: int | Staff) -> dict[str, Any]:
    if isinstance(staff, int):
        return {"agents": staff, "serves": [channel]}
    table = {"at": [clock(at) for at, _ in staff], "counts": [agents for _, agents in staff]}
    return {"agents": table, "serves": [channel]}


def replay(
    folder: Path,
    columns: Mapping[str, Sequence[float | None]],
    *,
    staff: int | Staff = 1,
    channel: Mapping[str, Any] | None = None,
    engine: str,
    horizon: str = "100s",
    run_out: str = "1h",
    out: Path | None = None,
    **parts: Any,
) -> Run:
    """Run one replication of the customers of a trace, written as a file."""
    with (folder / "trace.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    phone = {"kind": "queue", "talk": "1s", "resolution": 1.0, **(channel or {})}
    document = {
        "time": {"horizon": horizon, "run_out": run_out, "interval": "10s"},
        "trace": {"file": str(folder / "trace.csv"), "unit": "1s"},
        "segments": {"all": {}},
        "channels": {"phone": phone},
        "pools": {"desk": pool("phone", staff)},
    }
    return simulate(
        Scenario.from_document(document | parts), replications=1, engine=engine, out=out
    )


def rows(run: Run) -> list[dict[str, Any]]:
    """Return the contacts in order of customer and contact; times in whole ticks."""
    table = run.contacts
    for place, field in enumerate(table.schema):
        if pa.types.is_duration(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.int64()))
    return sorted(table.to_pylist(), key=lambda row: (row["customer"], row["contact"]))


def ticks(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * SECOND)


def served(run: Run) -> list[tuple[int, float, float]]:
    """Return customer (from 1), start and end of every service, seconds."""
    return [
        (row["customer"] + 1, row["started"] / SECOND, row["ended"] / SECOND)
        for row in rows(run)
        if row["outcome"] == "served_resolved"
    ]


def abandoned(run: Run) -> list[tuple[int, float]]:
    """Return customer (from 1) and time of every abandonment, seconds."""
    return [
        (row["customer"] + 1, row["ended"] / SECOND)
        for row in rows(run)
        if row["outcome"] == "abandoned"
    ]


def starts(run: Run) -> list[int | None]:
    return [row["started"] for row in rows(run)]


def test_customers_leave_when_their_patience_ends(tmp_path: Path, engine: str):
    channel = {"talk": "11s", "patience": "3s"}
    run = replay(tmp_path, {"arrival": [7, 14, 21, 28]}, channel=channel, engine=engine)
    assert abandoned(run) == [(2, 17), (4, 31)]
    assert served(run) == [(1, 7, 18), (3, 21, 32)]


def test_who_abandons_goes_to_another_queue_at_that_instant(tmp_path: Path, engine: str):
    first = {"kind": "queue", "talk": "11s", "patience": "3s", "resolution": 1.0}
    second = {"kind": "queue", "talk": "2s", "patience": "3s", "resolution": 1.0}
    run = replay(
        tmp_path,
        {"arrival": [7, 14]},
        segments={"all": {"first": {"one": 1.0}}},
        channels={"one": first | {"after": {"abandoned": {"two": 1.0}}}, "two": second},
        pools={"one": pool("one", 1), "two": pool("two", 1)},
        engine=engine,
    )
    _, left, reached = rows(run)
    assert (left["entered"], left["ended"]) == (ticks(14), ticks(17))
    assert (reached["channel"], reached["cause"]) == ("two", "switch")
    assert (reached["started"], reached["ended"]) == (ticks(17), ticks(19))


def test_two_leave_at_the_same_instant(tmp_path: Path, engine: str):
    columns = {"arrival": [3, 4, 5, 20], "patience_1": [100, 7, 6, 100]}
    run = replay(tmp_path, columns, channel={"talk": "20s"}, engine=engine)
    assert served(run) == [(1, 3, 23), (4, 23, 43)]
    assert abandoned(run) == [(2, 11), (3, 11)]


def test_nobody_is_served_after_the_shift(tmp_path: Path, engine: str):
    channel = {"talk": "11s", "patience": "3s"}
    staff = [(0, 1), (16, 0)]
    run = replay(
        tmp_path, {"arrival": [7, 14, 21, 28]}, staff=staff, channel=channel, engine=engine
    )
    assert served(run) == [(1, 7, 18)]
    assert abandoned(run) == [(2, 17), (3, 24), (4, 31)]


def test_waits_behind_one_agent(tmp_path: Path, engine: str):
    # Ciw's customers change class while they wait; first come, first served stays.
    run = replay(tmp_path, {"arrival": [3, 6, 9, 12, 15]}, channel={"talk": "4.5s"}, engine=engine)
    assert [row["wait"] for row in rows(run)] == [ticks(wait) for wait in (0, 1.5, 3, 4.5, 6)]


def test_a_contact_begun_is_finished_after_the_shift(tmp_path: Path, engine: str):
    staff = [(0, 1), (5, 0), (9, 1)]
    run = replay(tmp_path, {"arrival": [1], "talk_1": [10]}, staff=staff, engine=engine)
    assert served(run) == [(1, 1, 11)]


def test_a_rise_in_staff_takes_as_many_as_there_are_agents(tmp_path: Path, engine: str):
    cycle = [(0, 1), (5, 0), (20, 6), (23, 0)]
    staff = [(30 * turn + at, agents) for turn in range(3) for at, agents in cycle]
    run = replay(
        tmp_path, {"arrival": [0.1] * 10}, staff=staff, channel={"talk": "10s"}, engine=engine
    )
    assert starts(run) == [ticks(at) for at in (0.1, *[20] * 6, 30, 50, 50)]


def test_the_bank_of_simpy(tmp_path: Path, engine: str):
    columns = {
        "arrival": [0, 10.2006, 12.7265, 34.9993, 40.4798],
        "talk_1": [3.8595, 13.5501, None, 2.9606, 2.6603],
        "patience_1": [9, 9, 1.1738, 9, 9],
    }
    run = replay(tmp_path, columns, engine=engine)
    ends = {row["customer"] + 1: row["ended"] for row in rows(run)}
    expected = {1: 3.8595, 2: 23.7507, 3: 13.9003, 4: 37.9599, 5: 43.1401}
    assert ends == {customer: ticks(end) for customer, end in expected.items()}
    assert abandoned(run) == [(3, 13.9003)]


def test_service_wins_over_patience_at_the_same_tick(tmp_path: Path, engine: str):
    columns = {"arrival": [0, 1], "talk_1": [5, 3], "patience_1": [99, 4]}
    assert served(replay(tmp_path, columns, engine=engine)) == [(1, 0, 5), (2, 5, 8)]
    columns["patience_1"] = [99, 3.999999]
    assert abandoned(replay(tmp_path, columns, engine=engine)) == [(2, 4.999999)]


def test_an_arrival_finds_the_agent_who_is_done_at_that_tick(tmp_path: Path, engine: str):
    run = replay(tmp_path, {"arrival": [0, 5]}, channel={"talk": "5s"}, engine=engine)
    assert [row["wait"] for row in rows(run)] == [0, 0]
    run = replay(tmp_path, {"arrival": [0, 4.999999]}, channel={"talk": "5s"}, engine=engine)
    assert [row["wait"] for row in rows(run)] == [0, 1]


def test_the_shift_ends_before_the_contact_that_ends_at_that_tick(tmp_path: Path, engine: str):
    channel = {"talk": "5s", "patience": "99s"}
    staff = [(0, 1), (5, 0), (20, 1), (30, 0)]
    run = replay(tmp_path, {"arrival": [0, 1]}, staff=staff, channel=channel, engine=engine)
    assert starts(run) == [0, ticks(20)]


def test_an_agent_past_the_shift_takes_nobody(tmp_path: Path, engine: str):
    channel = {"talk": "5s", "patience": "99s"}
    staff = [(0, 1), (3, 0), (20, 1), (30, 0)]
    run = replay(tmp_path, {"arrival": [0, 1]}, staff=staff, channel=channel, engine=engine)
    assert served(run) == [(1, 0, 5), (2, 20, 25)]


def test_nobody_starts_until_fewer_are_busy_than_there_are_agents(tmp_path: Path, engine: str):
    columns = {"arrival": [0, 0, 1.5, 3.6], "talk_1": [4, 6, 2, 1]}
    run = replay(
        tmp_path, columns, staff=[(0, 3), (2, 2)], channel={"patience": "99s"}, engine=engine
    )
    assert starts(run)[3] == ticks(4.0)


def test_no_arrival_in_pieces_of_rate_zero(tmp_path: Path, engine: str):
    edges = [clock(at) for at in (0, 1, 2, 2.001)]
    arrivals = {"at": edges, "rates": ["0/s", "0/s", "1000000/s", "0/s"]}
    document = {
        "time": {"horizon": "3s", "interval": "1s"},
        "segments": {"all": {"arrivals": arrivals}},
        "channels": {"web": {"kind": "self_service", "time_spent": "1ms"}},
    }
    run = simulate(Scenario.from_document(document), replications=20, engine=engine)
    entered = run.contacts["entered"].cast(pa.int64()).to_numpy()
    assert entered.min() >= ticks(2)
    # 20,000 expected; Poisson with a standard deviation of 141.
    assert abs(len(entered) - 20_000) < 4.2 * 141
    # A gap carried over an edge would leave pieces empty, or start them late.
    for replication in run:
        first = replication.contacts["entered"].cast(pa.int64()).to_numpy().min()
        assert first < ticks(2) + 20


def test_the_service_level_belongs_to_the_interval_of_arrival(tmp_path: Path, engine: str):
    run = replay(
        tmp_path,
        {"arrival": [9]},
        staff=[(0, 0), (10, 1), (20, 0)],
        horizon="20s",
        run_out="0s",
        measures={"threshold": "2s"},
        out=tmp_path / "run",
        engine=engine,
    )
    channel = pc.equal(run.intervals["row"], "channel")
    table = run.intervals.filter(channel)
    assert table["offered"].to_pylist() == [1, 0]
    assert table["answered"].to_pylist() == [1, 0]
    levels = score(run, by=["channel", "interval"], measures=["service_level"]).to_pylist()
    assert [(level["numerator"], level["denominator"]) for level in levels] == [(1, 1), (0, 0)]


@pytest.mark.parametrize(
    ("rule", "second", "outcome", "ended"),
    [
        ("fresh", "8s", "served_resolved", 13),
        ("fresh", "7.999999s", "abandoned", 11.999999),
        ("budget", "99s", "abandoned", 10),
    ],
)
def test_patience_at_a_switch(
    tmp_path: Path, engine: str, rule: str, second: str, outcome: str, ended: float
):
    channels = {
        "one": {"kind": "queue", "talk": "1s", "patience": "4s", "resolution": 1.0},
        "two": {"kind": "queue", "talk": "1s", "patience": second, "resolution": 1.0},
    }
    channels["one"]["after"] = {"abandoned": {"two": 1.0}}
    segment = {"patience_rule": rule, "first": {"one": 1.0}}
    if rule == "budget":
        segment["patience_budget"] = "10s"
    run = replay(
        tmp_path,
        {"arrival": [0]},
        segments={"all": segment},
        channels=channels,
        pools={"one": pool("one", 0), "two": pool("two", [(0, 0), (12, 1)])},
        engine=engine,
    )
    left, last = rows(run)
    assert (left["outcome"], left["ended"]) == ("abandoned", ticks(4))
    assert (last["outcome"], last["ended"]) == (outcome, ticks(ended))


def test_nobody_vanishes_at_the_end_of_the_world(tmp_path: Path, engine: str):
    columns = {"arrival": [0, 1, 2]}
    run = replay(
        tmp_path, columns, channel={"talk": "10s"}, horizon="15s", run_out="0s", engine=engine
    )
    assert [row["outcome"] for row in rows(run)] == ["served_resolved", "in_service", "waiting"]
    assert run.journeys["outcome"].to_pylist() == ["resolved", "open", "open"]
