"""Memory that grows, batches that end anywhere, and other corners that random worlds leave out."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from journeysim.engine.compiled import engine
from journeysim.engine.compiled.single_queue import engine as fast
from journeysim.engine.replication import Prepared, run_one
from journeysim.tables.run import TABLES, Replication
from tests.engines.agreement import cramped, disagreement
from tests.engines.corners import (
    CORNERS,
    all_come_again,
    chased_at_the_end,
    thousands_at_once,
    under_way_at_the_end,
)
from tests.single_queue_worlds import simple_cases
from tests.strategies import Case, cases

some = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def made(case: Case, name: str, directory: Path | None = None) -> Replication:
    prepared = Prepared(*case.model(), "", b"")
    run = run_one(
        prepared,
        seed=1,
        replication=0,
        engine="reference" if name == "reference" else "compiled",
        path="general" if name == "general" else "chosen",
        directory=directory,
    )
    if run is None:
        assert directory is not None
        files = {table: directory / table / "rep=0000.arrow" for table in TABLES}
        run = Replication(0, **{t: pa.ipc.open_file(f).read_all() for t, f in files.items()})
    return run


@some
@given(cases())
def test_engines_agree_with_hardly_any_room(case: Case) -> None:
    with cramped(2, 5):
        assert disagreement(made(case, "reference"), made(case, "compiled")) == ""


@some
@given(simple_cases())
def test_engines_agree_on_simple_worlds(case: Case) -> None:
    assert disagreement(made(case, "reference"), made(case, "compiled")) == ""


@pytest.mark.parametrize("room", [(2, 5), (256, 32_768)], ids=["cramped", "roomy"])
@pytest.mark.parametrize("corner", CORNERS, ids=lambda corner: corner.__name__)
def test_engines_agree_in_corners(corner, room) -> None:
    with cramped(*room):
        plain = made(corner(), "reference")
        assert disagreement(plain, made(corner(), "compiled")) == ""
        assert disagreement(plain, made(corner(), "general")) == ""


@pytest.mark.parametrize("path", ["general", "compiled"])
def test_size_of_memory_and_of_batches_changes_no_row(path: str) -> None:
    roomy = made(thousands_at_once(), path)
    with cramped(1, 1):
        tight = made(thousands_at_once(), path)
    for table in TABLES:
        assert getattr(tight, table).equals(getattr(roomy, table))
    assert len(tight.contacts.to_batches()) > len(roomy.contacts.to_batches()) == 1


@pytest.mark.parametrize(
    ("path", "module", "loop"),
    [("general", engine, "run_until_full"), ("compiled", fast, "run_ahead")],
)
def test_rows_and_events_grow_and_are_swept(
    path: str, module: ModuleType, loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = []
    run = getattr(module, loop)

    def watched(*arguments):
        reasons.append(run(*arguments))
        return reasons[-1]

    monkeypatch.setattr(module, loop, watched)
    with cramped(64, 32_768):
        made(thousands_at_once(), path)
    assert {engine.MORE_CONTACTS, engine.MORE_JOURNEYS} <= set(reasons)
    with cramped(1, 7):
        made(all_come_again(), path)
    assert {engine.MORE_EVENTS, engine.WRITE, engine.OVER} <= set(reasons)


def test_batches_in_memory_hold_what_batches_in_files_hold(tmp_path: Path) -> None:
    with cramped(2, 10):
        held = made(thousands_at_once(), "compiled")
        written = made(thousands_at_once(), "compiled", tmp_path)
    assert len(held.contacts.to_batches()) > 50
    assert disagreement(held, written) == ""


@pytest.mark.parametrize("name", ["reference", "compiled"])
def test_a_chase_at_the_end_of_the_world_still_happens(name: str) -> None:
    run = made(chased_at_the_end(), name)
    rows = [row for row in run.contacts.to_pylist() if row["customer"] == 1]
    assert [(row["cause"], row["outcome"]) for row in rows] == [
        ("fresh", "waiting"),
        ("chase", "in_service"),
    ]
    assert run.journeys["outcome"].to_pylist() == ["resolved", "open"]
    assert run.journeys["contacts"].to_pylist() == [2, 2]


@pytest.mark.parametrize("name", ["reference", "compiled"])
def test_who_would_come_again_after_the_end_stays_open(name: str) -> None:
    run = made(under_way_at_the_end(), name)
    assert run.journeys["outcome"].to_pylist() == ["open", "open"]
    # The first comes again at the very end of the world, the second after it.
    assert run.journeys["contacts"].to_pylist() == [2, 1]
    assert run.contacts["next_step"].to_pylist() == ["recontact", "none", "recontact"]
