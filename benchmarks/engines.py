"""Engines side by side: journeysim's three, a plain SimPy script, and Ciw where it can.

    python -m benchmarks.engines [--workload W1,W2,W3] [--quick] [--runs 5]

Contenders take turns, each in a process of its own, so that a busy machine is busy for all; what is
printed are medians. Ratios are to the plain SimPy script, in W3 to the reference engine. The
work is asserted: equal figures among journeysim's engines, Erlang-A in W1, and in W2 at most four
standard errors between journeysim and others. Every result is added to `history.csv`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.agreement import check
from benchmarks.timings import Median, child, compile_seconds, machine, medians, remember
from benchmarks.workloads import AMOUNTS, QUICK

#: Bars: how many times the rate of the yardstick.
BARS = {
    ("W1", "general"): 50,
    ("W1", "fast"): 200,
    ("W2", "general"): 40,
    ("W2", "fast"): 100,
    ("W3", "general"): 40,
    ("W3", "fast"): 40,
}
#: Runs of a quick contender within one process, of which the median counts.
REPEATS = {"general": 3, "fast": 3}


def measure(workload: str, *, quick: bool, runs: int) -> dict[str, list[dict[str, Any]]]:
    """Return what every contender did, run by run."""
    amounts = dict((QUICK if quick else AMOUNTS)[workload])
    amounts["fast"] = amounts["general"]
    found: dict[str, list[dict[str, Any]]] = {who: [] for who in amounts}
    for run in range(runs):
        for who, amount in amounts.items():
            if found[who] and "absent" in found[who][0]:
                continue
            result = child(workload, who, amount, repeats=REPEATS.get(who, 1))
            found[who].append(result | {"amount": amount})
            if "absent" not in result:
                rate = result["customers"] / result["processor"]
                line = f"{workload} {run + 1}/{runs} {who}: {rate:,.0f} customers a CPU second"
                print(line, file=sys.stderr, flush=True)
    return found


def table(workload: str, middle: dict[str, Median]) -> Iterator[str]:
    """Return the lines of a workload's table, and of its bars."""
    yardstick = "plain" if "plain" in middle else "reference"
    base = middle[yardstick]
    yield (
        f"{workload:9} {'customers':>10} {'contacts':>10} {'wall s':>7} {'CPU s':>7} "
        f"{'customers/s':>12} {'contacts/s':>12} {'/CPU s':>12} {'x wall':>7} {'x CPU':>7} "
        f"{'peak MB':>8}"
    )
    for who, each in middle.items():
        yield (
            f"{who:9} {each.customers:10,} {each.contacts:10,} {each.wall:7.2f} "
            f"{each.processor:7.2f} {each.customers / each.wall:12,.0f} "
            f"{each.contacts / each.wall:12,.0f} {each.customers / each.processor:12,.0f} "
            f"{each.over(base, 'wall'):7.1f} {each.over(base, 'processor'):7.1f} {each.peak:8.0f}"
        )
    for who in "general", "fast":
        bar = BARS[workload, who]
        if who in middle:
            ratio = middle[who].over(base, "processor")
            verdict = "ok  " if ratio >= bar else "MISS"
            yield f"{verdict} {who}: {ratio:.0f} x {yardstick} in processor time; bar: {bar}"


def main(arguments: list[str]) -> int:
    """Measure, print, remember; 1 if some contender did not do the work."""
    parser = argparse.ArgumentParser(description="Engines side by side.")
    parser.add_argument("--workload", default="W1,W2,W3", help="any of W1,W2,W3")
    parser.add_argument("--quick", action="store_true", help="a fraction of the work; not history")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args(arguments)
    print(machine())
    compiling = None if chosen.quick else compile_seconds()
    if compiling is not None:
        print(f"compiling, once after an installation: {compiling:.0f} s of processor time")
    right = True
    for workload in chosen.workload.split(","):
        found = measure(workload, quick=chosen.quick, runs=chosen.runs)
        middle = medians(found)
        print()
        print("\n".join(table(workload, middle)))
        for passed, text in check(workload, found):
            right = right and passed
            print(f"{'ok  ' if passed else 'WRONG'} {text}")
        if not chosen.quick:
            remember(workload, middle, compiling)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
