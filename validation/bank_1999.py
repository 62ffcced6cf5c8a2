"""Lay the simulated bank day beside the log's own figures, half hour by half hour.

    python -m validation.bank_1999 [--replications 200] [--out docs/bank-day.md]

Simulates scenarios/bank_1999.toml, one replication in memory at a time, prints a Markdown table,
puts it into the marked section of `--out`, and writes validation/results/bank_1999.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.stats import t as student

import journeysim as js

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "bank_1999.toml"
FIGURES = ROOT / "scenarios" / "bank_1999_figures.json"
RESULTS = ROOT / "validation" / "results" / "bank_1999.csv"
REPORT = ROOT / "docs" / "bank-day.md"
OPENS, CLOSES = 14, 48  # half hours since midnight: 07:00 and 24:00
TICKS = 1_000_000  # per second


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A ratio of sums: over replications here, over days in the log.

    `scale` and `digits` say how it is printed.
    """

    heading: str
    upper: str
    lower: str
    scale: float = 1
    digits: int = 1


MEASURES = {
    "offered_per_day": Measure(heading="offered per day", upper="offered", lower="days"),
    "mean_wait_s": Measure(heading="mean wait, s", upper="wait", lower="offered"),
    "abandoned_share": Measure(
        heading="abandoned, %", upper="abandoned", lower="offered", scale=100
    ),
    "queued_share": Measure(heading="queued, %", upper="queued", lower="offered", scale=100),
    "mean_handling_s": Measure(heading="handling, s", upper="service", lower="served", digits=0),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    mean: float
    low: float
    high: float

    def text(self, measure: Measure) -> str:
        """Return it as ``9.4 (9.0 to 9.8)``."""
        mean, low, high = (
            f"{value * measure.scale:.{measure.digits}f}"
            for value in (self.mean, self.low, self.high)
        )
        return f"{mean} ({low} to {high})"


def counted(contacts: pa.Table) -> dict[str, np.ndarray]:
    """Return what the measures need of one simulated day, by half hour of entering.

    Contacts after closing are refused and are no requests for an agent.
    """
    outcome = contacts["outcome"].cast(pa.string()).to_numpy(zero_copy_only=False)
    seconds = {
        name: contacts[name].cast(pa.int64()).fill_null(0).to_numpy() / TICKS
        for name in ("entered", "wait", "talk")
    }
    offered = outcome != "closed"
    abandoned = outcome == "abandoned"
    slot = (seconds["entered"] // 1800).astype(int) - OPENS

    def total(chosen: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
        weights = None if values is None else values[chosen]
        return np.bincount(slot[chosen], weights, minlength=CLOSES - OPENS)

    return {
        "offered": total(offered),
        "wait": total(offered, seconds["wait"]),
        "abandoned": total(abandoned),
        "queued": total(offered & (seconds["wait"] > 0)),
        "served": total(offered & ~abandoned),
        "service": total(offered & ~abandoned, seconds["talk"]),
        "days": np.ones(CLOSES - OPENS),
    }


def simulated(plan: Iterable[tuple[js.Scenario, Iterable[int]]]) -> dict[str, np.ndarray]:
    """Simulate scenarios, each with its replication numbers; arrays (replications, half hours)."""
    days = []
    for scenario, numbers in plan:
        for number in numbers:
            run = js.simulate(scenario, replications=[number])
            days.append(counted(run.contacts))
    return {name: np.array([day[name] for day in days]) for name in days[0]}


def ratio(upper: np.ndarray, lower: np.ndarray) -> Estimate:
    """Return the ratio of sums over replications, its interval by the delta method."""
    value = upper.sum() / lower.sum()
    rest = upper - value * lower
    error = rest.std(ddof=1) / np.sqrt(len(rest)) / lower.mean()
    half_width = student.ppf(0.975, len(rest) - 1) * error
    return Estimate(float(value), float(value - half_width), float(value + half_width))


def day_total(tables: dict[str, np.ndarray]) -> dict[str, Estimate]:
    """Return every measure of the whole day."""
    sums = {name: table.sum(axis=1) for name, table in tables.items()}
    sums["days"] = np.ones(len(sums["days"]))
    return {name: ratio(sums[m.upper], sums[m.lower]) for name, m in MEASURES.items()}


def half_hour(tables: dict[str, np.ndarray], at: int) -> dict[str, Estimate]:
    """Return every measure of one half hour."""
    return {
        name: ratio(tables[m.upper][:, at], tables[m.lower][:, at]) for name, m in MEASURES.items()
    }


Row = tuple[str, dict[str, Estimate], dict[str, Estimate]]


def compared(tables: dict[str, np.ndarray], figures: dict[str, object]) -> list[Row]:
    """Return (half hour, simulated, log) for the day and each of its half hours."""

    def measured(row: dict[str, dict[str, float]]) -> dict[str, Estimate]:
        return {name: Estimate(**row[name]) for name in MEASURES}

    rows = [("day", day_total(tables), measured(figures["totals"]))]
    for at, row in enumerate(figures["half_hours"]):
        rows.append((row["from"], half_hour(tables, at), measured(row)))
    return rows


def difference(here: Estimate, there: Estimate) -> Estimate:
    """Return simulated less log; the two are independent, so squared half-widths add."""
    gap = here.mean - there.mean
    half_width = np.hypot(here.high - here.low, there.high - there.low) / 2
    return Estimate(gap, float(gap - half_width), float(gap + half_width))


def markdown(rows: list[Row], replications: int) -> str:
    """Return the table; bold where the 95 % interval of the difference leaves out 0."""
    about = (
        f"Simulated over {replications} replications, then the log; in brackets the 95 % interval. "
        "Bold: the 95 % interval of the difference leaves out 0."
    )
    lines = [about, ""]
    heads = [part for m in MEASURES.values() for part in (f"{m.heading}: simulated", "log")]
    lines += [f"| from | {' | '.join(heads)} |", "| --- |" + " ---: |" * len(heads)]
    for name, here, there in rows:
        cells = []
        for key, measure in MEASURES.items():
            gap = difference(here[key], there[key])
            mark = "" if gap.low <= 0 <= gap.high else "**"
            cells += [f"{mark}{here[key].text(measure)}{mark}", there[key].text(measure)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "Half hours whose difference leaves out 0, of 34 (chance alone: 1 or 2):"]
    for key, measure in MEASURES.items():
        gaps = [difference(here[key], there[key]) for _, here, there in rows[1:]]
        high, low = sum(gap.low > 0 for gap in gaps), sum(gap.high < 0 for gap in gaps)
        name = measure.heading.split(",", maxsplit=1)[0]
        lines.append(f"- {name}: {high + low} (simulated too high in {high}, too low in {low})")
    return "\n".join(lines)


def write_csv(rows: list[Row], path: Path) -> None:
    """Write one line per half hour and measure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        sources = ("simulated", "log", "difference")
        parts = ("", "_low", "_high")
        out.writerow(["from", "measure", *(s + part for s in sources for part in parts)])
        for name, here, there in rows:
            for key in MEASURES:
                found = (here[key], there[key], difference(here[key], there[key]))
                values = [v for each in found for v in (each.mean, each.low, each.high)]
                out.writerow([name, key, *(f"{value:.5g}" for value in values)])


def put(text: str, section: str, path: Path) -> None:
    """Put a text between the marks of a section of a Markdown file."""
    begin, end = f"<!-- begin: {section} -->", f"<!-- end: {section} -->"
    old = path.read_text(encoding="utf-8") if path.is_file() else f"{begin}\n{end}\n"
    if begin not in old or end not in old:
        raise ValueError(f"{path} has no section between {begin} and {end}")
    before, rest = old.split(begin, maxsplit=1)
    after = rest.split(end, maxsplit=1)[1]
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def main() -> int:
    """Simulate, compare, print and write; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args()
    tables = simulated([(js.load_scenario(SCENARIO), range(options.replications))])
    rows = compared(tables, json.loads(FIGURES.read_text(encoding="utf-8")))
    table = markdown(rows, options.replications)
    print(table)
    put(table, "bank day", options.out)
    write_csv(rows, RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
