"""Main."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from scenarios.bank_1999.centre import Centre, estimate_centre
from scenarios.bank_1999.figures import clock, json_text, measured_figures
from scenarios.bank_1999.log import MONTHS, SLOTS
from scenarios.bank_1999.scenario import scenario_text


def report(centre: Centre) -> None:
    """Print presence and Erlang-A under each rule, half hour by half hour and for the day."""
    print("half hour  offered  " + "  ".join(rule for rule in centre.agents))
    for at, slot in enumerate(SLOTS):
        cells = [f"{present[at]:{len(rule)}.2f}" for rule, present in centre.agents.items()]
        print(f"{clock(slot):<10} {centre.offered[at]:7.1f}  " + "  ".join(cells))
    print(f"abandoned share, measured: {centre.measured_abandonment.mean:.1%}; by Erlang-A:")
    for rule, share in centre.erlang_a.items():
        print(f"  {rule:<52}{share:6.1%}")


def main() -> int:
    """Write the scenario, and the figures if asked; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("JOURNEYSIM_DATA"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args()
    folder = Path(options.data) if options.data else None
    if folder is None or not all((folder / month).is_file() for month in MONTHS):
        print(
            f"The log is not here: give --data (or JOURNEYSIM_DATA) a folder with {MONTHS}.",
            file=sys.stderr,
        )
        return 2
    centre = estimate_centre(folder)
    options.out.write_text(scenario_text(centre), encoding="utf-8")
    if options.figures is not None:
        options.figures.write_text(json_text(measured_figures(centre)), encoding="utf-8")
    report(centre)
    return 0
