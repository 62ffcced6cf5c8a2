"""What a run says about itself: `run.json` and `scenario.toml`, written whole or not at all."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from journeysim.errors import RunError

#: Raised with every change of the layout of a run directory.
LAYOUT = 1

Status = Literal["running", "complete", "interrupted", "failed"]

#: The rules of the simulated world that differ between tools, named in every run.
DEFINITIONS = {
    "time": "whole microseconds",
    "draws": "Philox4x32-10 by address (seed, replication, identity, contact, purpose, sub-draw)",
    "simultaneous_events": "tick, rank, customer, journey, contact, pool",
    "falling_staff": "finish: idle agents leave first, busy ones finish, no start until below",
    "end_of_world": "inclusive; what is open then is recorded as open",
}


def scenario_hash(scenario_toml: str, trace: bytes = b"") -> str:
    """Return what identifies a scenario: a hash of its resolved text and its trace."""
    return hashlib.blake2b(scenario_toml.encode() + trace, digest_size=16).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of everything that could change a run."""
    found = {"python": platform.python_version()}
    for package in ("journeysim", "simpy", "numpy", "numba", "pyarrow"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found


def host() -> dict[str, Any]:
    """Return where a run was made, as far as it explains its speed."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
    }


def now() -> str:
    """Return the time of day in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a small file so that a reader sees the old one or the new one, never half of it."""
    partial = path.with_name(f".{path.name}.partial")
    content = text.encode() if isinstance(text, str) else text
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise RunError(f"{path}: cannot be written ({error.strerror or error})") from error


def write_record(directory: Path, record: Mapping[str, Any]) -> None:
    """Write `run.json`."""
    write_whole(directory / "run.json", json.dumps(record, indent=2, ensure_ascii=False) + "\n")
