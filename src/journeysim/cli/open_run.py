"""Opening a run directory with its scenario."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from journeysim.errors import RunError, ScenarioError

if TYPE_CHECKING:
    from journeysim.scenario.scenario import Scenario
    from journeysim.tables.run import Run

_NEEDED = ("layout", "status", "scenario", "seed", "replications", "engine", "versions")


def opened(place: Path) -> tuple[Run, Scenario]:
    """Return a run and the scenario that it was made from.

    Raises
    ------
    RunError
        If the directory is no run, is damaged, or was written by a later program.
    """
    from journeysim.study import open_run, scenario_of
    from journeysim.tables.provenance import LAYOUT

    if place.is_dir() and not (place / "run.json").exists():
        inside = ", ".join(_runs_in(place))
        text = f"but it holds some: {inside}" if inside else "it has no run.json"
        raise RunError(f"{place}: not a run directory, {text}")
    run = open_run(place)
    record = run.record
    if not isinstance(record, dict) or any(key not in record for key in _NEEDED):
        raise RunError(f"{place}: run.json is not that of a run; run the scenario again")
    if record["layout"] != LAYOUT:
        raise RunError(
            f"{place}: has layout {record['layout']!r}, and this program reads layout {LAYOUT}; "
            "use the version of journeysim named in its run.json"
        )
    try:
        return run, scenario_of(run)
    except (ScenarioError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RunError(f"{place}: scenario.toml is damaged ({error})") from None


def _runs_in(place: Path) -> list[str]:
    return sorted(found.parent.name for found in place.glob("*/run.json"))
