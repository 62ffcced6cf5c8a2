"""The compiled engine gives the reference engine's journeys, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import journeysim as js
from journeysim.engine.run import Prepared, run_one
from journeysim.journeys.runs import Replication
from tests.strategies import Case, cases

SCENARIOS = sorted(Path("scenarios").glob("*.toml"))


def assert_twins(prepared: Prepared, seed: int, replication: int) -> None:
    made: list[Replication | None] = [
        run_one(prepared, seed=seed, replication=replication, engine=engine)
        for engine in ("reference", "compiled")
    ]
    for name in ("contacts", "journeys", "intervals"):
        plain, fast = (getattr(replication, name) for replication in made)
        assert plain.schema == fast.schema
        assert plain.to_pydict() == fast.to_pydict()


@settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_engines_agree_on_random_worlds_full_of_ties(case: Case) -> None:
    model, names = case.model()
    assert_twins(Prepared(model, names, "", b""), seed=1, replication=0)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_engines_write_the_same_bytes_for_a_scenario(path: Path, tmp_path: Path) -> None:
    scenario = js.load_scenario(path)
    folders = {}
    for engine in ("reference", "compiled"):
        folders[engine] = tmp_path / engine
        js.simulate(scenario, replications=[0, 3], out=folders[engine], engine=engine)
    files = sorted(folders["reference"].rglob("*.arrow"))
    assert len(files) == 6
    for file in files:
        twin = folders["compiled"] / file.relative_to(folders["reference"])
        assert file.read_bytes() == twin.read_bytes(), file.name
