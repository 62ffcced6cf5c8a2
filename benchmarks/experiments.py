"""What an experiment costs beside the engine: `python -m benchmarks.experiments`.

Points of a Latin hypercube over agents and volume of the bank of 1999, 10 replications each, by
threads. Processor time inside `run_into` is the engine's, all else is overhead: reading the changed
scenario, scoring, writing parts, joining them, summing up. Memory is the peak of a process of its
own, at two sizes. The bar: at most 2 ms of overhead per replication, and memory flat.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

from journeysim.experiments import How, load_plan, run_experiment
from journeysim.experiments.parts import PartMaker
from journeysim.runs import grid
from journeysim.runs.compile_ahead import get_all_ready

REPLICATIONS = 10


def main() -> None:
    """Print a line per size, each measured in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        print(json.dumps(measured(chosen.one, chosen.jobs)))
        return
    for points in chosen.points:
        command = [sys.executable, "-m", "benchmarks.experiments", "--one", str(points)]
        command += ["--jobs", str(chosen.jobs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{points} points x {REPLICATIONS}, {chosen.jobs} jobs: {found['seconds']:.1f} s; "
            f"per replication {found['overhead']:.2f} ms of overhead and {found['engine']:.2f} ms "
            f"in the engine (processor time), {found['wall']:.2f} ms by the clock; "
            f"{found['megabytes']:.0f} MB at the peak"
        )


def measured(points: int, jobs: int) -> dict[str, float]:
    """Make an experiment and return milliseconds per replication, and the peak of memory."""
    plan = load_plan(
        {
            "scenario": "scenarios/bank_1999.toml",
            "replications": REPLICATIONS,
            "measures": ["service_level", "abandonment", "journeys_given_up"],
            "design": {"kind": "latin_hypercube", "points": points},
            "factors": {
                "agents": {
                    "path": "pools.regular.agents",
                    "change": "+=",
                    "range": [-2, 2],
                    "whole": True,
                },
                "volume": {
                    "path": "segments.*.arrivals.counts",
                    "change": "*=",
                    "range": [0.9, 1.1],
                },
            },
        }
    )
    get_all_ready(PartMaker(plan, "compiled").models, even_if_kept=True)
    spent = _engine_time()
    begun, worked = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        found = run_experiment(plan, folder, How(engine="compiled", jobs=jobs))
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        # The work was done: every replication is there, and volume makes waits longer.
        assert found.results.num_rows == points * REPLICATIONS * 3
        assert found.results["value"].null_count == 0
    engine = sum(spent)
    return {
        "seconds": seconds,
        "wall": seconds / plan.total * 1000,
        "engine": engine / plan.total * 1000,
        "overhead": (worked - engine) / plan.total * 1000,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _engine_time() -> list[float]:
    """Have the processor time of every call of the engine put into a list."""
    spent: list[float] = []
    original, lock = grid.run_into, threading.Lock()

    def timed(*arguments: Any, **named: Any) -> Any:
        begun = time.thread_time()
        made = original(*arguments, **named)
        taken = time.thread_time() - begun
        with lock:
            spent.append(taken)
        return made

    grid.run_into = timed
    return spent


if __name__ == "__main__":
    main()
