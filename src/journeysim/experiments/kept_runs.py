"""Keeping the runs of an experiment: a run directory per point, and per draw of the inputs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from journeysim.engine.engine_choice import Engine
from journeysim.engine.replication import prepare
from journeysim.experiments.plan import Cell
from journeysim.runs.scenario_run import ScenarioRun
from journeysim.runs.storage import Place
from journeysim.scenario.scenario import Scenario
from journeysim.tables.run import Replication
from journeysim.types import Progress, ReportShare


def run_folder(point: int, draw: int | None) -> str:
    """Return the folder of a run in the place of its experiment."""
    folder = f"runs/point={point:06d}"
    return folder if draw is None else f"{folder}/draw={draw:04d}"


def kept_replications(
    scenario: Scenario,
    cell: Cell,
    *,
    seed: int,
    engine: Engine,
    place: Place,
    at_once: int,
    report: ReportShare,
) -> Iterator[Replication]:
    """Make the replications of a cell into a run directory, and yield them.

    Elsewhere than on this machine, the directory is made here and copied.

    Parameters
    ----------
    at_once
        How many are made before the first of them is yielded.
    """
    folder = run_folder(cell.point, cell.draw)
    if place.local is not None:
        yield from _made(scenario, cell, seed, engine, place.local / folder, at_once, report)
        return
    with tempfile.TemporaryDirectory(prefix="journeysim-") as name:
        here = Path(name)
        yield from _made(scenario, cell, seed, engine, here, at_once, report)
        for path in sorted(here.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                place.write(f"{folder}/{path.relative_to(here).as_posix()}", path.read_bytes())


def _made(
    scenario: Scenario,
    cell: Cell,
    seed: int,
    engine: Engine,
    directory: Path,
    at_once: int,
    report: ReportShare,
) -> Iterator[Replication]:
    prepared = prepare(scenario)
    wanted = cell.replications
    for first in range(0, len(wanted), at_once):
        numbers = wanted[first : first + at_once]
        run = ScenarioRun(
            scenario=scenario,
            prepared=prepared,
            seed=seed,
            replications=numbers,
            directory=directory,
            engine=engine,
            progress=_reported(report, first, len(wanted)),
            jobs=1,
        ).run()
        for number in numbers:
            yield run.replication(number)


def _reported(report: ReportShare, before: int, count: int) -> Progress:
    return lambda done, _, share: report((before + done + share) / count)
