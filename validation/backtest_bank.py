"""January 1999 calibrated, February 1999 held out; and which assumption breaks.

    python -m validation.backtest_bank --data ../shared/data [--out docs/calibrate.md]

Needs the log (see docs/bank-day.md). Each what-if changes one thing of the run that is given
the volumes and agents of the held-out days. Writes validation/results/backtest_bank.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import journeysim as js
from journeysim.calibration.column_map import ColumnMap, read_map
from journeysim.calibration.held_out import simulated, with_own_volumes
from journeysim.calibration.held_out_backtest import (
    FORECAST,
    MEASURES,
    MECHANISM,
    THRESHOLD,
    Backtest,
    held_out_days,
)
from journeysim.calibration.verdicts import verdict_sentences
from journeysim.units import SECOND
from validation.bank_1999 import put

ROOT = Path(__file__).parents[1]
MAP = ROOT / "scenarios" / "bank_1999" / "columns.toml"
RESULTS = ROOT / "validation" / "results" / "backtest_bank.csv"
REPORT = ROOT / "docs" / "calibrate.md"
Change = Callable[[dict[str, Any], int], None]


def mechanism(
    found: js.Calibration, log: Path, replications: int, change: Change | None = None
) -> Backtest:
    """Return the held-out days with their own volumes and agents, one thing changed."""
    held_out, notes = held_out_days(found, log)
    whole, made = found.document(), []
    with tempfile.TemporaryDirectory() as folder:
        for row, day in enumerate(held_out.calendar.days):
            document = with_own_volumes(found, whole, held_out, row, Path(folder))
            if change is not None:
                change(document, int(day))
            numbers = list(range(row * replications, (row + 1) * replications))
            made.append(simulated(document, numbers, held_out.calendar, THRESHOLD))
    drawn = {name: np.array([day[name] for day in made]) for name in made[0]}
    return Backtest(
        source=log.name,
        calendar=held_out.calendar,
        log=held_out.tallies(THRESHOLD),
        simulations={MECHANISM: drawn},
        level=0.9,
        notes=notes,
    )


def with_own_handling(held_out_log: Any) -> Change:
    """Return a change that gives every contact the handling that the log has for it."""

    def change(document: dict[str, Any], day: int) -> None:
        file = Path(document["trace"]["file"])
        table = pd.read_csv(file)
        rows = held_out_log.day == day
        talk = np.where(held_out_log.served[rows], held_out_log.talk[rows] / SECOND, np.nan)
        table.assign(talk_1=talk).to_csv(file, index=False)

    return change


def without_pauses(document: dict[str, Any], _: int) -> None:
    """Let agents be ready at once after a contact."""
    document["channels"]["phone"]["wrap_up"] = "0s"


def without_head_start(document: dict[str, Any], _: int) -> None:
    """Serve in order of arrival."""
    for segment in document["segments"].values():
        segment.pop("head_start", None)


def patience_of(other: js.Calibration) -> Change:
    """Return a change that takes patience from another log."""

    def change(document: dict[str, Any], _: int) -> None:
        theirs = other.document()["segments"]
        for name, segment in document["segments"].items():
            if "patience" in theirs.get(name, {}):
                segment["patience"] = theirs[name]["patience"]

    return change


def line(name: str, test: Backtest, given: str = MECHANISM) -> list[str]:
    """Return a row of the table: simulated figures and coverage."""
    rows = {r["measure"]: r for r in test.whole().to_pylist() if r["given"] == given}
    lost, wait, talk = (rows[key]["simulated"] for key in ("abandonment", "mean_wait", "handling"))
    inside = [test.day_coverage(given, key) for key in ("abandonment", "mean_wait")]
    return [
        name,
        f"{100 * lost:.1f}",
        f"{wait:.1f}",
        f"{100 * rows['service_level']['simulated']:.1f}",
        f"{talk:.0f}",
        f"{100 * inside[0]:.0f} %",
        f"{100 * inside[1]:.0f} %",
    ]


def report(
    found: js.Calibration, used: ColumnMap, data: Path, replications: int
) -> list[list[str]]:
    """Return the rows of the table, the log first."""
    february = data / "feb_1999.csv"
    test = js.backtest(found, february, replications=replications)
    real = {row["measure"]: row["log"] for row in test.whole().to_pylist()}
    rows = [
        [
            "February's log",
            f"{100 * real['abandonment']:.1f}",
            f"{real['mean_wait']:.1f}",
            f"{100 * real['service_level']:.1f}",
            f"{real['handling']:.0f}",
            "",
            "",
        ]
    ]
    rows.append(line("**given volumes and agents**", test))
    rows.append(line("**given nothing**", test, FORECAST))
    for given in (MECHANISM, FORECAST):
        print(given, {m: round(test.day_coverage(given, m), 2) for m in MEASURES})
        print("\n".join(verdict_sentences(test, given)))
    print("contacts per half hour inside the forecast's band:", test.cell_coverage(FORECAST))
    held_out, _ = held_out_days(found, february)
    log = held_out.log
    later = js.calibrate(february, map=used)
    changes: dict[str, Change] = {
        "... and the handling of each contact": with_own_handling(log),
        "... and February's patience": patience_of(later),
        "... and no pause after a contact": without_pauses,
        "... and no head start": without_head_start,
    }
    each = max(replications // 3, 10)
    for name, change in changes.items():
        rows.append(line(name, mechanism(found, february, each, change)))
    for minutes in (5, 30):
        gap = replace(used, presence_gap=minutes * 60 * SECOND)
        other = js.calibrate(data / "jan_1999.csv", map=gap)
        name = f"... with presence split at {minutes} minutes"
        rows.append(line(name, mechanism(other, february, each)))
    return rows


def main() -> int:
    """Calibrate, back-test, print and write; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("JOURNEYSIM_DATA"))
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args()
    data = Path(options.data or "") / "bank_1999"
    if not options.data or not (data / "feb_1999.csv").is_file():
        print("Where is the log? Give --data or set JOURNEYSIM_DATA.", file=sys.stderr)
        return 2
    used = read_map([str(MAP)])
    found = js.calibrate(data / "jan_1999.csv", map=used)
    rows = report(found, used, data, options.replications)
    heads = ["simulated", "abandoned %", "mean wait s", "in 20 s %", "handling s"]
    heads += ["days inside: abandonment", "mean wait"]
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    text = "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])
    print(text)
    put(text, "bank", options.out)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
