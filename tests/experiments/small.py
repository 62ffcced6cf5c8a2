"""A small experiment, quickly made, and what its folder holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import journeysim as js
from journeysim.experiments import ExperimentOptions, load_plan, run_experiment
from journeysim.experiments.experiment import RECORD
from tests.comparison.line import line

#: Tables that have to be the same however an experiment is made.
TABLES = ("results.arrow", "summary.arrow", "points.arrow", "scenario.toml", "experiment.toml")


def plan_of(**parts: Any) -> dict[str, Any]:
    """Return an experiment of 6 points on the line of two hours."""
    return {
        "scenario": line(),
        "replications": 4,
        "measures": ["service_level", "abandonment", "journeys_lost"],
        "design": {"kind": "factorial"},
        "factors": {
            "agents": {"path": "pools.agents.agents", "values": [2, 3, 4]},
            "talk": {"path": "channels.phone.talk", "change": "*=", "values": [1.0, 1.2]},
        },
    } | parts


def made(place: Path | str, how: ExperimentOptions | None = None, **parts: Any) -> js.Experiment:
    """Make it on the reference engine, which needs no compiling."""
    chosen = ExperimentOptions(engine="reference") if how is None else how
    return run_experiment(load_plan(plan_of(**parts)), place, chosen)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files of an experiment but for its record."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (RECORD, ".lock", "run.json")
    }


def written(folder: Path, **parts: Any) -> Path:
    """Write the experiment and its scenario as files, for other processes."""
    plan = plan_of(**parts)
    (folder / "line.toml").write_text(plan["scenario"].to_toml(), encoding="utf-8")
    from journeysim.scenario.toml_writing import to_toml

    path = folder / "plan.toml"
    path.write_text(to_toml(plan | {"scenario": "line.toml"}), encoding="utf-8")
    return path


def record_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    return found
