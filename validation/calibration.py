"""Known scenarios, back from their own logs: coverage of intervals and rank histograms.

    python -m validation.calibration [--worlds 60] [--out docs/calibrate.md]

Draws the parameters of a phone line at random, simulates four weeks, exports the log, calibrates
it, and looks where the truth lies among what the calibration holds possible (simulation-based
calibration; Talts and others, 2018). Writes validation/results/calibration.csv.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.stats import binom, norm

import journeysim as js
from journeysim.scenario.scenario import Scenario
from validation.bank_1999 import put

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "validation" / "results" / "calibration.csv"
REPORT = ROOT / "docs" / "calibrate.md"
BINS = 10
#: Parameter: part and name of its figure.
FIGURES = {
    "contacts a day": ("arrivals", "segment"),
    "mean handling": ("handling", "all, phone"),
    "mean wrap-up": ("wrap-up", "phone"),
    "mean patience": ("patience", "all, phone"),
    "share that tries again": ("next", "phone abandoned -> phone"),
    "cv of the day factor": ("swing", "day factor"),
}


def drawn_world(luck: np.random.Generator) -> tuple[Scenario, dict[str, float]]:
    """Return a scenario with drawn parameters, and the parameters."""
    truth = {
        "contacts a day": float(luck.uniform(120, 300)),
        "mean handling": float(luck.uniform(120, 360)),
        "mean wrap-up": float(luck.uniform(10, 60)),
        "mean patience": float(luck.uniform(60, 300)),
        "share that tries again": float(luck.uniform(0.2, 0.7)),
        "cv of the day factor": float(luck.uniform(0.1, 0.3)),
    }
    work = truth["contacts a day"] * (truth["mean handling"] + truth["mean wrap-up"])
    agents = max(round(work / (8 * 3600) * luck.uniform(0.95, 1.15)), 1)
    document = {
        "time": {"horizon": "28d", "run_out": "1d"},
        "demand": {"day_factor": {"cv": truth["cv of the day factor"]}},
        "needs": {"question": {"first": {"phone": 1.0}}},
        "segments": {
            "everybody": {
                "patience": {
                    "distribution": "exponential",
                    "mean": f"{truth['mean patience']:.3f}s",
                },
                "arrivals": {
                    "from": "09:00",
                    "every": "1h",
                    "counts": (truth["contacts a day"] / 8 * np.ones(8)).tolist(),
                },
            }
        },
        "channels": {
            "phone": {
                "kind": "queue",
                "opening": "09:00-17:00",
                "talk": {
                    "distribution": "lognormal",
                    "mean": f"{truth['mean handling']:.3f}s",
                    "cv": 0.8,
                },
                "wrap_up": {
                    "distribution": "gamma",
                    "mean": f"{truth['mean wrap-up']:.3f}s",
                    "cv": 0.5,
                },
                "after": {
                    "abandoned": {
                        "phone": {"share": truth["share that tries again"], "delay": "5m"}
                    }
                },
            }
        },
        "pools": {
            "agents": {
                "serves": ["phone"],
                "agents": {"from": "09:00", "every": "10h", "counts": [agents]},
            }
        },
    }
    return Scenario.from_document(document, name="world"), truth


def ranks_of_world(number: int, folder: Path) -> list[dict[str, float | str | int]]:
    """Return, for each parameter of a world, its estimate, its interval and its rank."""
    scenario, truth = drawn_world(np.random.default_rng([2024, number]))
    run = js.simulate(scenario, replications=[number])
    found = js.calibrate(js.export(run, "csv", out=folder / "log.csv"))
    rows = {(row["part"], row["name"]): row for row in found.estimates().to_pylist()}
    made: list[dict[str, float | str | int]] = []
    for parameter, (part, name) in FIGURES.items():
        row = rows.get((part, found.grouping.groups[0].name if name == "segment" else name))
        if row is None:
            continue
        spread = max((row["high"] - row["low"]) / (2 * 1.96), 1e-12)
        made.append(
            {
                "world": number,
                "parameter": parameter,
                "truth": truth[parameter],
                "estimate": row["value"],
                "low": row["low"],
                "high": row["high"],
                "rank": float(norm.cdf((truth[parameter] - row["value"]) / spread)),
            }
        )
    return made


def summary(rows: list[dict[str, float | str | int]]) -> str:
    """Return the table of coverage and rank histograms in Markdown."""
    lines = [
        "| parameter | worlds | inside the 95 % interval | off on average | ranks, ten bins |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for parameter in FIGURES:
        own = [row for row in rows if row["parameter"] == parameter]
        inside = sum(float(r["low"]) <= float(r["truth"]) <= float(r["high"]) for r in own)
        off = np.mean([float(r["estimate"]) / float(r["truth"]) - 1 for r in own])
        bins, _ = np.histogram([float(r["rank"]) for r in own], BINS, (0, 1))
        mark = "" if binom.cdf(inside, len(own), 0.95) > 0.005 else " (too few)"
        lines.append(
            f"| {parameter} | {len(own)} | {inside / len(own):.0%}{mark} | {off:+.1%} | "
            f"{' '.join(map(str, bins))} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Simulate, calibrate, print and write; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args()
    rows: list[dict[str, float | str | int]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.worlds):
            rows += ranks_of_world(number, Path(folder))
    text = summary(rows)
    print(text)
    put(text, "recovery", options.out)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        for row in rows:
            out.writerow({k: f"{v:.5g}" if isinstance(v, float) else v for k, v in row.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
