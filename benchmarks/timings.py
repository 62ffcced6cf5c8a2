"""Measuring in processes of their own, medians, and the history of results."""

from __future__ import annotations

import csv
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import reference

#: Customers of W1 for whom the figures are defined.
ENOUGH = 40_000
HISTORY = Path(__file__).parent / "history.csv"
COLUMNS = (
    "date",
    "version",
    "commit",
    "machine",
    "workload",
    "contender",
    "customers",
    "customers_per_second",
    "contacts_per_second",
    "seconds",
    "processor_seconds",
    "peak_megabytes",
    "compile_seconds",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """The middle of a contender's runs."""

    customers: int
    contacts: int
    wall: float
    processor: float
    peak: float

    def over(self, other: Median, clock: str) -> float:
        """Return the rate of customers as a multiple of another's."""
        rate = self.customers / getattr(self, clock)
        return float(rate * getattr(other, clock) / other.customers)


def child(
    workload: str,
    who: str,
    amount: int,
    *,
    agents: int = 100,
    repeats: int = 1,
    cache: str | None = None,
) -> dict[str, Any]:
    """Run a contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.timed_program", workload, who, str(amount)]
    command += ["--agents", str(agents), "--repeats", str(repeats)]
    # Threads of linear algebra, with which figures are checked, would spin into the next run.
    surroundings = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    if cache is not None:
        surroundings["JOURNEYSIM_CACHE"] = cache
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compile_seconds() -> float:
    """Return the processor time of a first run that finds no machine code on disk."""
    with tempfile.TemporaryDirectory() as folder:
        return float(child("W1", "general", ENOUGH, cache=folder)["ready"])


def medians(found: dict[str, list[dict[str, Any]]]) -> dict[str, Median]:
    """Return the middle of every contender that took part; of memory, the most."""
    result = {}
    for who, runs in found.items():
        if "absent" in runs[0]:
            continue
        result[who] = Median(
            customers=runs[0]["customers"],
            contacts=runs[0]["contacts"],
            wall=statistics.median(run["wall"] for run in runs),
            processor=statistics.median(run["processor"] for run in runs),
            peak=max(run["peak"] for run in runs),
        )
    return result


def machine() -> str:
    """Return what figures are measured on."""
    return f"{reference.machine()}, {os.cpu_count()} cores, numba {version('numba')}"


def commit() -> str:
    """Return the commit of the sources that run, with a plus sign if they were changed since."""
    found = find_spec("journeysim")
    if found is None or found.origin is None:
        return ""
    sources = Path(found.origin).parent

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], capture_output=True, text=True, check=False, cwd=sources
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", ".")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def remember(workload: str, middle: dict[str, Median], compiling: float | None) -> None:
    """Add a workload's results to the history."""
    new = not HISTORY.exists()
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M")
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        for who, each in middle.items():
            compiled = who in ("general", "fast") and compiling is not None
            writer.writerow(
                (
                    stamp,
                    version("journeysim"),
                    commit(),
                    f"{machine()}, {platform.release()}",
                    workload,
                    who,
                    each.customers,
                    round(each.customers / each.wall),
                    round(each.contacts / each.wall),
                    round(each.wall, 3),
                    round(each.processor, 3),
                    round(each.peak),
                    round(compiling, 1) if compiled and compiling is not None else "",
                )
            )
