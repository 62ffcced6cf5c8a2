"""Test why the simulated bank day differs from the log, each reason with its figures.

    python -m validation.bank_1999_explanations --data DIR [--replications 200]

Needs the log (see scenarios/bank_1999). Writes validation/results/bank_1999_explanations.csv and
the marked section of docs/bank-day.md. Nothing here changes the scenario.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import journeysim as js
from scenarios.bank_1999.centre import estimate_centre
from scenarios.bank_1999.erlang import day_abandonment
from scenarios.bank_1999.log import MONTHS, by_day, read_requests
from scenarios.bank_1999.presence import presence
from validation.bank_1999 import (
    FIGURES,
    MEASURES,
    REPORT,
    SCENARIO,
    Estimate,
    day_total,
    put,
    simulated,
)
from validation.bank_1999_availability import Availability, availability
from validation.bank_1999_variants import Source, handling_by_half_hour, variants

RESULTS = Path(__file__).parent / "results" / "bank_1999_explanations.csv"


def erlang_a_rows(folder: Path) -> list[tuple[str, list[float]]]:
    """Return the day's abandoned share by Erlang-A, rule by rule, under other readings."""
    used, _ = read_requests(folder)
    readings = [("as in the scenario's file", used, {})]
    readings.append(("by arrival, not by entering the queue", at_arrival(used), {}))
    everything, _ = read_requests(folder, keep_broken=True)
    readings.append(("39 days: the two broken ones kept", everything, {}))
    readings.append(("one mean handling for all half hours", used, {"handling": "one"}))
    readings.append(("39 days and one mean handling", everything, {"handling": "one"}))
    readings.append(("mean patience 300 s", used, {"patience": 300.0}))
    return [(name, erlang_a_by_rule(calls, **more)) for name, calls, more in readings]


def at_arrival(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls as if the queue were entered at arrival."""
    shift = calls["vru_s"].clip(lower=0)
    moved = calls.assign(**{name: calls[name] - shift for name in ("entered", "started", "ended")})
    slot = (moved["entered"] // 1800).astype(int)
    return moved.assign(slot=slot, is_open=slot.between(14, 47))


def erlang_a_by_rule(
    calls: pd.DataFrame, *, handling: str = "half hour", patience: float | None = None
) -> list[float]:
    """Return the abandoned share by the three rules of presence."""
    requests = calls[calls["is_open"]]
    served, agents = requests[~requests["abandoned"]], presence(calls[~calls["abandoned"]])[0]
    offered = by_day(requests).mean(axis=0)
    lengths = by_day(served, "service_s").sum(axis=0) / by_day(served).sum(axis=0)
    if handling == "one":
        lengths = np.full(len(lengths), served["service_s"].mean())
    mean = patience or float(requests["wait_s"].sum() / requests["abandoned"].sum())
    rules = ("distinct agents seen", "gaps over 15 minutes", "gaps over 5 minutes")
    return [day_abandonment(offered, lengths, agents[rule], patience=mean) for rule in rules]


def variant_table(found: dict[str, dict[str, Estimate]]) -> str:
    """Return the what-ifs as Markdown."""
    shown = {name: measure for name, measure in MEASURES.items() if name != "mean_handling_s"}
    lines = [f"| what if | {' | '.join(m.heading for m in shown.values())} |"]
    lines.append("| --- |" + " ---: |" * len(shown))
    for name, row in found.items():
        cells = " | ".join(row[key].text(measure) for key, measure in shown.items())
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


def erlang_a_table(rows: list[tuple[str, list[float]]]) -> str:
    """Return Erlang-A under each reading as Markdown."""
    lines = ["| reading | every agent seen | pauses over 15 min | pauses over 5 min |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for name, shares in rows:
        lines.append(f"| {name} | {' | '.join(f'{100 * share:.2f} %' for share in shares)} |")
    return "\n".join(lines)


def availability_text(found: Availability, mix: float) -> str:
    """Return what the log alone says about presence."""
    low, middle, high = found.changeover
    return f"""\
- present by the rule: {found.present:.1f} agent hours a day; on a call: {found.busy:.1f}
- while somebody waits: {found.present_while_waiting:.1f} present, of which
  {found.idle_while_waiting:.1f} on no call, so {found.share:.1%} are available
- of those who had to queue, {found.idle_at_queue:.1%} joined while an agent counted as present
  was on no call
- between two calls, where the next customer was waiting already: median {middle:.0f} s,
  quartiles {low:.0f} s and {high:.0f} s
- mean handling of a half hour is off the mix of its needs by up to {mix:.0%}"""


def write_csv(found: dict[str, dict[str, Estimate]], path: Path) -> None:
    """Write one line per what-if and measure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["what_if", "measure", "simulated", "simulated_low", "simulated_high"])
        for name, row in found.items():
            for key, each in row.items():
                values = (f"{value:.5g}" for value in (each.mean, each.low, each.high))
                out.writerow([name, key, *values])


def log_row() -> dict[str, Estimate]:
    """Return the log's own day."""
    totals = json.loads(FIGURES.read_text(encoding="utf-8"))["totals"]
    return {name: Estimate(**totals[name]) for name in MEASURES}


def main() -> int:
    """Run every what-if, print and write; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("JOURNEYSIM_DATA"))
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args()
    folder = Path(options.data or "") / "bank_1999"
    if not options.data or not all((folder / month).is_file() for month in MONTHS):
        print("Where is the log? Give --data or set JOURNEYSIM_DATA.", file=sys.stderr)
        return 2
    calls, _ = read_requests(folder)
    agents = availability(calls)
    with tempfile.TemporaryDirectory() as directory:
        source = Source(
            js.load_scenario(SCENARIO),
            estimate_centre(folder),
            calls,
            options.replications,
            Path(directory),
        )
        found = {"the log": log_row()}
        for name, plan in variants(source, agents.share).items():
            found[name] = day_total(simulated(plan()))
            print(variant_table({name: found[name]}).splitlines()[-1], flush=True)
    texts = {
        "what if": variant_table(found),
        "availability": availability_text(agents, handling_by_half_hour(source)),
        "Erlang-A": erlang_a_table(erlang_a_rows(folder)),
    }
    for section, text in texts.items():
        print(f"\n{text}")
        put(text, section, options.out)
    write_csv(found, RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
