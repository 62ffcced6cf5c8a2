"""Write the scenario and the data's own figures, and print what the rules of presence give."""

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
    parser = argparse.ArgumentParser(prog="python -m scenarios.bank_1999", description=__doc__)
    parser.add_argument("--data", help="folder that holds bank_1999/; default: $JOURNEYSIM_DATA")
    parser.add_argument("--out", type=Path, required=True, help="the scenario to write")
    parser.add_argument("--figures", type=Path, help="the data's own figures to write")
    options = parser.parse_args()
    data = options.data or os.environ.get("JOURNEYSIM_DATA")
    if not data:
        print("Where is the log? Give --data or set JOURNEYSIM_DATA.", file=sys.stderr)
        return 2
    missing = [month for month in MONTHS if not (Path(data) / "bank_1999" / month).is_file()]
    if missing:
        print(f"{data}: no bank_1999/{missing[0]} there.", file=sys.stderr)
        return 2
    centre = estimate_centre(Path(data) / "bank_1999")
    options.out.write_text(scenario_text(centre), encoding="utf-8")
    if options.figures is not None:
        options.figures.write_text(json_text(measured_figures(centre)), encoding="utf-8")
    report(centre)
    return 0


if __name__ == "__main__":
    sys.exit(main())
