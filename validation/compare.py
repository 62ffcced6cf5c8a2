"""Do the paired intervals cover? And how much does pairing save?

    python -m validation.compare [--seeds 200] [--pairs 20]

One agent more, 5 % more customers, 5 % longer handling on an Erlang-A line (case `whatif_open`),
whose differences are known exactly. Each seed is a comparison as a user makes it, and each of its
95 % intervals covers the exact difference or not: of 200, 180 to 198 have to. Then what pairing
saves on the bank's day with one agent more: a variance at least 5 times as small.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from pathlib import Path

import journeysim as js
from tests.theory.cases import EXACT
from tests.theory.single_queues import exponential, one_queue
from tests.theory.what_if import AFTER, BEFORE, NAME

RESULTS = Path(__file__).parent / "results" / "compare.csv"
COLUMNS = ("case", "figure", "wanted", "found", "verdict", "comparisons", "pairs", "seconds")
#: The names of the oracle's figures here, and what one of its units is: a minute is 60 s.
FIGURES = {
    "p_ab": ("abandonment", 1.0),
    "ew": ("mean_wait", 60.0),
    "sl_offered": ("service_level", 1.0),
}
LOW, HIGH = 0.90, 0.99
LEAST_REDUCTION = 5.0
BANK = Path(__file__).parent.parent / "scenarios" / "bank_1999.toml"


def scenario(name: str, rate: float, service: float, agents: int) -> js.Scenario:
    """Return the line of the case; the unit of the case is a minute."""
    document = one_queue(
        rate=rate,
        agents=agents,
        talk=exponential(service),
        patience=exponential(0.5),
        start=40,
        span=60,
    )
    return js.Scenario.from_document(document, name=name)


def coverage(seeds: int, pairs: int) -> list[tuple[object, ...]]:
    """Return how often each interval covers the exact difference, and what pairing saves there."""
    begun = time.perf_counter()
    before = scenario("before", *BEFORE)
    after = {change: scenario(change, *world) for change, world in AFTER.items()}
    covered: dict[tuple[str, str], list[bool]] = {}
    saved: dict[tuple[str, str], list[float]] = {}
    for seed in range(seeds):
        found = js.compare(
            before,
            after,
            seed=seed,
            replications=pairs,
            measures=[measure for measure, _ in FIGURES.values()],
            threshold="20s",
            engine="compiled",
        )
        rows = {(row["variant"], row["measure"]): row for row in found.differences.to_pylist()}
        for change in AFTER:
            for figure, (measure, unit) in FIGURES.items():
                row = rows[change, measure]
                exact = EXACT[NAME][f"{change}: {figure}"] * unit
                covered.setdefault((change, figure), []).append(
                    row["lower"] <= exact <= row["upper"]
                )
                saved.setdefault((change, figure), []).append(row["variance_reduction"])
    seconds = time.perf_counter() - begun
    found_rows: list[tuple[object, ...]] = []
    for (change, figure), hits in covered.items():
        share = sum(hits) / seeds
        verdict = "covers" if LOW <= share <= HIGH else "DIFFERS"
        wanted = f"{round(LOW * seeds)} to {round(HIGH * seeds)}"
        found_rows.append(
            (NAME, f"{change}: {figure}", wanted, sum(hits), verdict, seeds, pairs, seconds)
        )
    for (change, figure), ratios in saved.items():
        middle = statistics.median(ratios)
        name = f"{change}: {figure}, variance reduction"
        found_rows.append((NAME, name, "", f"{middle:.3g}", "shown", seeds, pairs, seconds))
    return found_rows


def bank(pairs: int) -> list[tuple[object, ...]]:
    """Return what pairing saves on the bank's day with one agent more."""
    begun = time.perf_counter()
    found = js.compare(BANK, set=["pools.regular.agents+=1"], replications=pairs, engine="compiled")
    seconds = time.perf_counter() - begun
    rows = []
    for row in found.differences.to_pylist():
        ratio = row["variance_reduction"]
        if ratio is not None:
            headline = row["measure"] in ("service_level", "abandonment", "speed_of_answer")
            verdict = "shown"
            if headline:
                verdict = "saves" if ratio >= LEAST_REDUCTION else "DIFFERS"
            wanted = f"at least {LEAST_REDUCTION:g}" if headline else ""
            name = f"{row['measure']}, variance reduction"
            rows.append(
                ("bank_1999 +1 agent", name, wanted, f"{ratio:.3g}", verdict, 1, pairs, seconds)
            )
    return rows


def main(arguments: list[str]) -> int:
    """Print and write the results; return 1 if an interval does not cover as it should."""
    parser = argparse.ArgumentParser(description="Do the paired intervals cover?")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=20)
    chosen = parser.parse_args(arguments)
    rows = [*bank(100), *coverage(chosen.seeds, chosen.pairs)]
    for case, figure, wanted, found, verdict, *_ in rows:
        print(f"{case!s:<20}{figure!s:<42}{wanted!s:>12}{found!s:>9}  {verdict}")
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        written = [(*row[:-1], f"{row[-1]:.1f}") for row in rows]
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *written])
    wrong = [row for row in rows if row[4] == "DIFFERS"]
    print(f"{len(rows)} figures, {len(wrong)} that are not as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
