"""Customers simulated and scored with nothing stored: a phone line, nine measures, running sums.

    python -m benchmarks.billion [--customers 10_000_000] [--jobs 2] [--record]

Customers of W1 (one phone line, 100 agents, 20 a minute) come in replications of a million. Each
batch of journeys is scored as the engine hands it over, and only sums stay. The work is asserted:
as many journeys as contacts, and the mean wait that Erlang-A gives.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import math
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.timings import commit, machine
from benchmarks.workloads import scenario
from journeysim.bench.nine_measures import NINE
from journeysim.measures.estimates import ratio_of_sums
from journeysim.measures.experience.journey_registry import chosen_journey_measures
from journeysim.measures.experience.weights import weights_of
from journeysim.runs.tallied_run import simulate_tallies
from journeysim.runs.tallies import JourneyMeans, JourneySums
from journeysim.types import Progress
from journeysim.units import SECOND
from tests.theory.formulas import erlang_a

#: Customers of a replication.
EACH = 1_000_000
RECORDED = Path(__file__).parent / "billion.csv"


def simulated(customers: int, jobs: int | None) -> tuple[list[JourneySums], float, float]:
    """Return the sums of all replications, and what they took on the clock and in processors."""
    line = scenario("W1", min(EACH, customers))
    weights = weights_of(line.world)

    def means() -> JourneyMeans:
        return JourneyMeans(NINE, weights)

    # Everything is compiled, and read from disk, outside the clock.
    simulate_tallies(scenario("W1", 50_000), means, replications=1, seed=1, engine="compiled")
    replications = max(1, round(customers / EACH))
    begun, used = time.perf_counter(), time.process_time()
    found = simulate_tallies(
        line, means, replications=replications, engine="compiled", jobs=jobs, progress=_shown(begun)
    )
    return found, time.perf_counter() - begun, time.process_time() - used


def means_of(sums: list[JourneySums]) -> dict[str, tuple[float, float]]:
    """Return mean and half-width of every measure, times in seconds."""
    totals = np.array([each.totals for each in sums])
    counts = np.array([each.counts for each in sums], np.float64)
    found = ratio_of_sums(totals, counts, level=0.95)
    measures = chosen_journey_measures(NINE)
    scale = [1 / SECOND if measure.unit == "s" else 1.0 for measure in measures]
    return {
        measure.name: (float(value * factor), float(half * factor))
        for measure, value, half, factor in zip(measures, *found, scale, strict=True)
    }


def beside_erlang_a(wait: float, half_width: float, customers: int) -> tuple[float, bool]:
    """Return the exact mean wait in seconds, and whether the one found is that.

    Twice the half-width is four standard errors. The line starts empty, as nobody remembers after
    an hour: of the customers of a replication that share may have waited less.
    """
    exact = 60 * erlang_a(20.0, 0.2, 1 / 3, 100, threshold=1 / 3)["ew"]
    of_first_hour = 60 * 20 / min(EACH, customers)
    known = not math.isnan(half_width)
    return exact, not known or abs(wait - exact) < 2 * half_width + exact * of_first_hour


def _shown(begun: float) -> Progress:
    said = [begun]

    def show(done: int, total: int, _share: float) -> None:
        if time.perf_counter() - said[0] > 20:
            said[0] = time.perf_counter()
            print(f"{done} of {total}, {said[0] - begun:.0f} s", file=sys.stderr, flush=True)

    return show


def main(arguments: list[str]) -> int:
    """Simulate, score, print; 1 if the work was not done."""
    parser = argparse.ArgumentParser(description="Many customers, nothing stored.")
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--record", action="store_true", help=f"add a row to {RECORDED.name}")
    chosen = parser.parse_args(arguments)
    sums, seconds, processor = simulated(chosen.customers, chosen.jobs)
    customers = sum(each.journeys for each in sums)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    means = means_of(sums)
    print(machine())
    print(
        f"{customers:,} customers simulated and scored in {seconds:.1f} s "
        f"({customers / seconds:,.0f} a second, {processor:.1f} s of processor time), "
        f"at most {peak:.0f} MB resident, nothing stored"
    )
    for name, (mean, half) in means.items():
        print(f"{name:20} {mean:14.6f} ± {half:.6f}")
    exact, as_theory = beside_erlang_a(*means["total_wait"], customers)
    print(f"{'total_wait, exact':20} {exact:14.6f}")
    contacts = sum(each.contacts for each in sums)
    right = as_theory and contacts == customers and abs(customers / chosen.customers - 1) < 0.01
    if chosen.record:
        _record(customers, seconds, processor, peak, means)
    return 0 if right else 1


def _record(
    customers: int,
    seconds: float,
    processor: float,
    peak: float,
    means: dict[str, tuple[float, float]],
) -> None:
    row = {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "customers": customers,
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "peak_megabytes": round(peak),
        **{name: f"{mean:.6g}" for name, (mean, _) in means.items()},
    }
    is_new = not RECORDED.exists()
    with RECORDED.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
