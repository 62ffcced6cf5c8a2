"""Many random worlds, and what each engine makes of one."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from journeysim.engine.engine_choice import Engine, PathChoice
from journeysim.engine.replication import Prepared, run_one
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.tables.run import Replication
from tests.single_queue_worlds import simple_cases
from tests.strategies import Case, cases

#: Worlds that are drawn under one seed of hypothesis.
CHUNK = 500
#: Ways through the compiled engine: the one that it chooses, and the general one where it has more.
PATHS: tuple[PathChoice, ...] = ("chosen", "general")


def each_world(worlds: int, first_seed: int, look: Callable[[Case, bool, int], None]) -> None:
    """Show worlds one by one, with whether they are simple, and their number.

    Of five chunks two are simple worlds.
    """
    for chunk in range(-(-worlds // CHUNK)):
        simple = chunk % 5 in (1, 3)
        count = min(CHUNK, worlds - chunk * CHUNK)
        strategy = simple_cases() if simple else cases()
        _draw(strategy, count, first_seed + chunk, _numbered(look, simple, chunk * CHUNK))


def _numbered(
    look: Callable[[Case, bool, int], None], simple: bool, number: int
) -> Callable[[Case], None]:
    def numbered(case: Case) -> None:
        nonlocal number
        look(case, simple, number)
        number += 1

    return numbered


def _draw(
    strategy: SearchStrategy[Case], count: int, at_seed: int, look: Callable[[Case], None]
) -> None:
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(at_seed)
    @given(strategy)
    def drawn(case: Case) -> None:
        look(case)

    drawn()


def made_by(
    engine: Engine, model: FlatModel, names: Names, *, path: PathChoice = "chosen", seed: int = 1
) -> Replication:
    """Return what an engine makes of a model."""
    prepared = Prepared(model, names, "", b"")
    made = run_one(prepared, seed=seed, replication=0, engine=engine, path=path)
    assert made is not None
    return made
