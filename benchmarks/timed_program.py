"""One contender on one workload, in a process of its own; its figures go to standard output.

    python -m benchmarks.timed_program W1 general 1000000 [--agents 100] [--repeats 3]

Importing, reading the scenario, compiling and a first small run are outside the clock. Inside it
journeysim's engines write Arrow files to a temporary directory; the others keep rows in lists.
"""

from __future__ import annotations

import argparse
import inspect
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.reference import clocks, peak, since
from benchmarks.workloads import WARMING, scenario

#: Engine and path of journeysim's contenders.
ENGINES = {
    "reference": ("reference", None),
    "general": ("compiled", "general"),
    "fast": ("compiled", "single_queue"),
}


def engine(workload: str, who: str, amount: int, agents: int, repeats: int) -> dict[str, Any]:
    """Run one of journeysim's engines."""
    from benchmarks.work_done import of_tables
    from journeysim.engine.replication import prepare, run_one

    how: dict[str, Any] = {"seed": 1957, "replication": 0, "engine": ENGINES[who][0]}
    if "path" in inspect.signature(run_one).parameters and ENGINES[who][1]:
        how["path"] = ENGINES[who][1]
    elif who == "fast":
        return {"absent": "run_one has no single-queue path yet"}
    small = prepare(scenario(workload, WARMING[workload] * max(1, agents // 100), agents=agents))
    world = prepare(scenario(workload, amount, agents=agents))
    begun = clocks()
    try:
        run_one(small, **how)
    except ValueError as error:
        # What the single-queue path cannot make is refused, and the refusal is the result.
        return {"absent": str(error)}
    ready, spent, most = since(begun), [], 0.0
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            begun = clocks()
            run_one(world, directory=Path(folder), **how)
            spent.append(since(begun))
            # The first time; later what looked at the files would count.
            most = most or peak()
            written = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
            found = of_tables(workload, Path(folder), agents=agents)
    return found | middle(spent) | {"peak": most, "ready": ready["processor"], "bytes": written}


def middle(spent: list[dict[str, float]]) -> dict[str, float]:
    """Return the median by each clock."""
    return {clock: statistics.median(each[clock] for each in spent) for clock in spent[0]}


def by_hand(workload: str, who: str, amount: int) -> dict[str, Any]:
    """Run plain SimPy or Ciw."""
    run = _plain(workload) if who == "plain" else _ciw(workload)
    if workload == "W1":
        run(WARMING["W1"])
    begun = clocks()
    made = run(amount)
    spent = since(begun) | {"peak": peak(), "ready": 0.0}
    # Only now: what it imports would count as the contender's memory.
    from benchmarks import work_done

    if workload == "W1":
        rows = made if who == "plain" else work_done.ciw_rows(made)
        return work_done.of_phone_rows(rows) | spent
    return work_done.of_three_channels(made, ciw=who == "ciw") | spent


def _plain(workload: str) -> Callable[[int], Any]:
    from benchmarks import plain_simpy, plain_simpy_w2

    return plain_simpy.run if workload == "W1" else plain_simpy_w2.run


def _ciw(workload: str) -> Callable[[int], Any]:
    from benchmarks import ciw_lines

    return ciw_lines.phone_line if workload == "W1" else ciw_lines.three_channels


def main(arguments: list[str]) -> int:
    """Run one contender and print what it did."""
    parser = argparse.ArgumentParser(description="One contender in a process of its own.")
    parser.add_argument("workload", choices=("W1", "W2", "W3"))
    parser.add_argument("who", choices=("plain", "ciw", *ENGINES))
    parser.add_argument("amount", type=int)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=1)
    chosen = parser.parse_args(arguments)
    if chosen.who in ENGINES:
        found = engine(
            chosen.workload, chosen.who, chosen.amount, chosen.agents, max(1, chosen.repeats)
        )
    else:
        found = by_hand(chosen.workload, chosen.who, chosen.amount)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
