"""How cost grows with customers and agents, what a second core brings, and whether memory is flat.

    python -m benchmarks.scaling [--quick] [--part customers,agents,cores,memory] [--runs 3]
        [--path general] [--most 20000000]

All on the phone line of W1, each point in a process of its own; costs are processor time, since
that hardly changes when others use the machine. With two cores the clock on the wall decides.
"""

from __future__ import annotations

import argparse
import inspect
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timings import child, machine

#: Bars: growth of cost a customer with customers and with agents, of time with a core of its own
#: for each of two replications, and of memory with customers.
MORE_CUSTOMERS, MORE_AGENTS, TWO_CORES, MEMORY = 1.3, 2.0, 1.15, 1.1
MILLION = 1_000_000


def line(what: str, found: dict[str, Any], base: float | None) -> tuple[str, float]:
    """Return a line of a table, and the cost of a customer, nanoseconds."""
    cost = 1e9 * found["processor"] / found["customers"]
    growth = "" if base is None else f"{cost / base:6.2f} x"
    wall = 1e9 * found["wall"] / found["customers"]
    return (
        f"{what:>22} {cost:7.0f} ns CPU {wall:7.0f} ns wall {found['peak']:6.0f} MB {growth}",
        cost,
    )


def middle(who: str, amount: int, *, agents: int, runs: int) -> dict[str, Any]:
    """Return the median run by processor time."""
    found = [child("W1", who, amount, agents=agents) for _ in range(runs)]
    found.sort(key=lambda each: each["processor"])
    return found[len(found) // 2]


def verdict(what: str, ratio: float, bar: float) -> str:
    """Return a line that lays a ratio beside its bar."""
    return f"{'ok  ' if ratio <= bar else 'MISS'} {what}: {ratio:.2f} x; bar: at most {bar} x"


def customers(who: str, *, quick: bool, runs: int) -> Iterator[str]:
    """Return the cost of a customer among few and among many."""
    costs: list[float] = []
    for amount in (100_000, MILLION) if quick else (100_000, MILLION, 10 * MILLION):
        found = middle(who, amount, agents=100, runs=runs)
        text, cost = line(f"{amount:,} customers", found, costs[0] if costs else None)
        costs.append(cost)
        yield text
    yield verdict("cost of a customer, most to fewest", costs[-1] / costs[0], MORE_CUSTOMERS)


def agents(who: str, *, quick: bool, runs: int) -> Iterator[str]:
    """Return the cost of a customer on lines of all sizes, with equal load for each agent."""
    costs: list[float] = []
    for size in (10, 1_000) if quick else (10, 100, 1_000, 10_000):
        found = middle(who, MILLION // (5 if quick else 1), agents=size, runs=runs)
        text, cost = line(f"{size:,} agents", found, costs[0] if costs else None)
        costs.append(cost)
        yield text
    yield verdict("cost of a customer, most to fewest agents", costs[-1] / costs[0], MORE_AGENTS)


def cores(who: str, *, quick: bool, runs: int) -> Iterator[str]:
    """Return the time of two replications on two cores beside that of one on one."""
    from benchmarks.timed_program import ENGINES
    from benchmarks.workloads import WARMING, scenario
    from journeysim import simulate
    from journeysim.engine.replication import prepare, run_one

    line = scenario("W1", MILLION * (1 if quick else 4))
    how: dict[str, Any] = {"seed": 1957, "engine": ENGINES[who][0]}
    if "path" in inspect.signature(run_one).parameters:
        how["path"] = ENGINES[who][1]
    world = prepare(line)
    run_one(prepare(scenario("W1", WARMING["W1"])), replication=0, **how)

    def take(replications: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            if "jobs" in inspect.signature(simulate).parameters:
                simulate(line, replications=replications, out=folder, engine="compiled", jobs=2)
            else:
                crew = [
                    threading.Thread(
                        target=run_one,
                        args=(world,),
                        kwargs={**how, "replication": number, "directory": Path(folder)},
                    )
                    for number in range(replications)
                ]
                for thread in crew:
                    thread.start()
                for thread in crew:
                    thread.join()
            return time.perf_counter() - begun

    seconds = [(take(1), take(2)) for _ in range(runs)]
    for one, two in seconds:
        yield f"{'one':>22} {one:7.2f} s, two at once {two:7.2f} s: {two / one:.2f} x"
    ratio = statistics.median(two / one for one, two in seconds)
    yield verdict("two replications on two cores, to one on one", ratio, TWO_CORES)


def memory(who: str, most: int) -> Iterator[str]:
    """Return the peak of short and long runs, and what they say of 100 million."""
    peaks = {}
    for amount in (MILLION, most // 4, most):
        found = child("W1", who, amount)
        peaks[found["contacts"]] = found["peak"]
        size = found["bytes"] / found["contacts"]
        text, _ = line(f"{amount:,} customers", found, None)
        yield f"{text} {size:.0f} bytes on disk a customer"
    (few, low), (_, _), (many, high) = sorted(peaks.items())
    slope = (high - low) / (many - few)
    expected = high + slope * max(0, 100 * MILLION - many)
    yield f"{1e9 * slope:.1f} MB more for a billion contacts; at 100 million {expected:.0f} MB"
    yield verdict("peak memory, longest run to shortest", high / low, MEMORY)


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How cost and memory grow.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--part", default="customers,agents,cores,memory")
    parser.add_argument("--path", choices=("general", "fast"), default="general")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--most", type=int, default=20 * MILLION, help="customers, for memory")
    chosen = parser.parse_args(arguments)
    if "absent" in (first := child("W1", chosen.path, 40_000)):
        parser.error(first["absent"])
    parts = {"customers": customers, "agents": agents, "cores": cores}
    print(f"{machine()}; {chosen.path} path")
    for name in chosen.part.split(","):
        print(f"\n{name}")
        if name == "memory":
            lines = memory(chosen.path, chosen.most // (10 if chosen.quick else 1))
        else:
            lines = parts[name](chosen.path, quick=chosen.quick, runs=chosen.runs)
        for text in lines:
            print(text, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
