"""Simulated figures against exact ones, at the accuracy that VALIDATION asks for.

    python -m validation.theory [--case ID ...] [--tolerance 0.003] [--minutes 10]

Every case runs as in the tests, then again with as many replications as bring the standard error
of each figure down to the tolerance (of its value; 0.002 for a proportion; ten times as much for
a variance or a number at one instant). A figure differs if it is more than 4.2 standard errors
from the exact value, or more than 3.3 tolerances (1 % at 0.3 %). A case in which one differs runs
once more, four times as long and with another seed, and that run decides.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.theory import day_cases, several_queues, single_queues, what_if
from tests.theory.estimates import Case, Estimate, estimates

RESULTS = Path(__file__).parent / "results" / "theory.csv"
COLUMNS = (
    "case",
    "figure",
    "exact",
    "simulated",
    "standard_error",
    "z",
    "verdict",
    "replications",
    "seed",
    "tolerance",
    "seconds",
)


@dataclass(frozen=True)
class Trial:
    """A case as something to run with so many replications and a seed."""

    name: str
    replications: int
    run: Callable[[int, int], list[Estimate]]


def trials(tolerance: float) -> list[Trial]:
    """Return every case."""
    cases = [*single_queues.cases(), *several_queues.cases(), *day_cases.cases()]

    def of(case: Case) -> Trial:
        return Trial(
            case.name,
            case.replications,
            lambda replications, seed: estimates(
                case, replications=replications, seed=seed, tolerance=tolerance
            ),
        )

    def differences(replications: int, seed: int) -> list[Estimate]:
        return what_if.differences(replications=replications, seed=seed, tolerance=tolerance)

    return [*map(of, cases), Trial(what_if.NAME, 260, differences)]


def verdict(estimate: Estimate) -> str:
    """Return `agrees`, `wide` or `differs`."""
    far = abs(estimate.simulated - estimate.exact) > estimate.widest / 0.3
    return "differs" if far and estimate.verdict == "agrees" else estimate.verdict


def needed(found: list[Estimate], replications: int) -> int:
    """Return how many replications bring every error down to the tolerance."""
    ratio = max(
        (estimate.error / estimate.widest for estimate in found if estimate.widest > 0), default=0
    )
    return replications if ratio <= 1 else math.ceil(1.2 * replications * ratio**2)


def judged(
    trial: Trial, *, most: Callable[[float, int], int]
) -> Iterator[tuple[Estimate, str, int, int, float]]:
    """Yield each figure with its verdict, replications, seed and seconds."""
    begun, replications, seed = time.perf_counter(), trial.replications, 21
    found = trial.run(replications, seed)
    spent = time.perf_counter() - begun
    affordable = most(spent, replications)
    # The first error is uncertain itself, so a second step may be needed.
    for _ in range(3):
        wanted = min(needed(found, replications), affordable)
        if wanted > replications:
            replications, seed = wanted, 22
            found = trial.run(replications, seed)
    if any(verdict(estimate) == "differs" for estimate in found):
        replications, seed = 4 * replications, 23
        found = trial.run(replications, seed)
    spent = time.perf_counter() - begun
    for estimate in found:
        yield estimate, verdict(estimate), replications, seed, spent


def record(rows: list[tuple[object, ...]], order: list[str]) -> None:
    """Write the results; of cases that did not run now, the ones from before stay."""
    old: list[list[str]] = []
    if RESULTS.exists():
        with RESULTS.open(newline="", encoding="utf-8") as file:
            old = list(csv.reader(file))[1:]
    new = {row[0] for row in rows}
    kept = [*rows, *(row for row in old if row and row[0] in order and row[0] not in new)]
    kept.sort(key=lambda row: order.index(str(row[0])))
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *kept])


def main(arguments: list[str]) -> int:
    """Run cases, print a table, write the results; return 1 if a figure does not agree."""
    parser = argparse.ArgumentParser(description="Simulated figures against exact ones.")
    parser.add_argument("--case", action="append", help="id of a case; default: all")
    parser.add_argument("--tolerance", type=float, default=0.003)
    parser.add_argument("--minutes", type=float, default=math.inf, help="most per case")
    chosen = parser.parse_args(arguments)
    every = trials(chosen.tolerance)
    unknown = set(chosen.case or ()) - {trial.name for trial in every}
    if unknown:
        parser.error(f"no case {', '.join(sorted(unknown))}")

    def most(seconds: float, replications: int) -> int:
        affordable = 60 * chosen.minutes / seconds * replications
        return sys.maxsize if math.isinf(affordable) else int(affordable)

    rows: list[tuple[object, ...]] = []
    print("case               figure                        exact    simulated      error      z")
    for trial in every:
        if chosen.case and trial.name not in chosen.case:
            continue
        for estimate, word, replications, seed, seconds in judged(trial, most=most):
            print(str(estimate).removesuffix(estimate.verdict) + word)
            numbers = (estimate.exact, estimate.simulated, estimate.error, estimate.z)
            rows.append(
                (
                    estimate.case,
                    estimate.figure,
                    *(f"{number:.8g}" for number in numbers),
                    word,
                    replications,
                    seed,
                    chosen.tolerance,
                    f"{seconds:.1f}",
                )
            )
        print(f"   {trial.name}: {replications} replications, {seconds:.0f} s", flush=True)
    record(rows, [trial.name for trial in every])
    wrong = [row for row in rows if row[COLUMNS.index("verdict")] != "agrees"]
    print(f"{len(rows)} figures, {len(wrong)} that do not agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
