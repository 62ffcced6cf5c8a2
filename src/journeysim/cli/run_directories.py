"""Where runs go: a directory that is free, or holds part of the same run."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path

from journeysim.tables.directory_lock import is_empty

RUNS = Path("runs")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes two runs the same run; the engine checks it once more."""

    scenario_hash: str
    seed: int
    version: str


def run_name(scenario_file: Path, variant: str | None) -> str:
    """Return what a run is called: the scenario's file, and the variant."""
    whole = scenario_file.stem + (f"-{variant}" if variant else "")
    return re.sub(r"[^\w.+-]+", "_", whole).strip(".") or "scenario"


def place_for(name: str, identity: Identity) -> Path:
    """Return the first of `runs/name`, `runs/name-2` ... that is free or holds this very run."""
    for number in itertools.count(1):
        place = RUNS / (name if number == 1 else f"{name}-{number}")
        if is_free(place) or holds(place, identity):
            return place
    raise AssertionError


def is_free(place: Path) -> bool:
    """Return whether nothing stands there yet."""
    if place.is_dir():
        return is_empty(place)
    return not place.exists() and not place.is_symlink()


def holds(place: Path, identity: Identity) -> bool:
    """Return whether a directory holds this run, finished or not."""
    try:
        record = json.loads((place / "run.json").read_text(encoding="utf-8"))
        found = Identity(record["scenario_hash"], record["seed"], record["versions"]["journeysim"])
        return found == identity and record.get("extension") is None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
