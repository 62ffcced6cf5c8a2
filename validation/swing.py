"""False alarms of the swing test, and the bias of what it finds, on counts whose truth is known.

    python -m validation.swing [--tries 300]

Counts of a working week (09:00 to 17:00, volumes that differ by weekday) over 10, 20 and 40 days:
of pure chance, and with a day factor and an interval factor. Writes
validation/results/swing.csv with a verdict per row: 5 % false alarms within what so many tries can
tell, and a bias of each figure under a tenth of its 95 % interval.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binom

from journeysim.calibration.arrivals_fit import fit_profile
from journeysim.calibration.calendar import Calendar
from journeysim.calibration.swing_fit import Swing, fit_swing
from journeysim.units import MINUTE

RESULTS = Path(__file__).parent / "results" / "swing.csv"
DAYS = (10, 20, 40)
#: Truths: cv of the day factor, cv and correlation of the interval factor.
TRUTHS = ((0.0, 0.0, 0.0), (0.15, 0.0, 0.0), (0.1, 0.15, 0.6))
SLOTS = range(18, 34)
FIGURES = ("day cv", "interval cv")


def working_days(days: int) -> Calendar:
    """Return a calendar of Mondays to Fridays, by half hours."""
    every = np.arange(19723, 19723 + 7 * days)
    chosen = every[(every + 3) % 7 < 5][:days]
    spans = dict.fromkeys(range(5), (SLOTS.start, SLOTS.stop))
    return Calendar(days=chosen, every=30 * MINUTE, spans=spans)


def drawn_counts(calendar: Calendar, truth: tuple[float, float, float], seed: int) -> np.ndarray:
    """Return counts by day and interval, with these factors."""
    generator = np.random.default_rng(seed)
    day_cv, interval_cv, correlation = truth
    days, slots = len(calendar.days), len(SLOTS)
    shape = (
        20.0 * np.sin(np.linspace(0.4, 2.6, slots)) * (1 + 0.3 * (calendar.weekdays == 0))[:, None]
    )
    factor = np.ones((days, slots))
    if day_cv:
        factor *= generator.gamma(1 / day_cv**2, day_cv**2, days)[:, None]
    if interval_cv:
        spread = np.log(1 + interval_cv**2)
        steps = generator.normal(size=(days, slots))
        for slot in range(1, slots):
            steps[:, slot] = (
                correlation * steps[:, slot - 1] + np.sqrt(1 - correlation**2) * steps[:, slot]
            )
        factor *= np.exp(np.sqrt(spread) * steps - spread / 2)
    counts = np.zeros((days, 48))
    counts[:, SLOTS.start : SLOTS.stop] = generator.poisson(shape * factor)
    return counts


def fitted(days: int, truth: tuple[float, float, float], seed: int) -> Swing:
    """Return the swing that is found in one drawn log."""
    calendar = working_days(days)
    counts = drawn_counts(calendar, truth, seed)
    return fit_swing(counts[None], [fit_profile(counts, calendar)], calendar)


def row_of(days: int, truth: tuple[float, float, float], tries: int) -> dict[str, object]:
    """Return what many tries found, with its verdict."""
    found = [fitted(days, truth, seed) for seed in range(tries)]
    alarms = sum(swing.is_more_than_chance for swing in found)
    row: dict[str, object] = {
        "days": days,
        "truth": " ".join(map(str, truth)),
        "tries": tries,
        "found": alarms,
    }
    good = True
    if not any(truth):
        low, high = binom.ppf([0.005, 0.995], tries, 0.05)
        good = low <= alarms <= high
    for place, name in enumerate(FIGURES):
        values = np.array([(swing.day_cv, swing.interval_cv)[place] for swing in found])
        widths = [float(np.ptp(swing.ranges[place])) for swing in found]
        row |= {
            f"{name} mean": round(float(values.mean()), 4),
            f"{name} interval": round(float(np.mean(widths)), 4),
        }
        if truth[place]:
            good &= bool(abs(values.mean() - truth[place]) <= 0.1 * np.mean(widths))
    return row | {"verdict": "agrees" if good else "differs"}


def main() -> int:
    """Print and write the table; the exit code says whether every row agrees."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tries", type=int, default=300)
    asked.add_argument("--out", type=Path, default=RESULTS)
    given = asked.parse_args()
    rows = []
    for truth in TRUTHS:
        for days in DAYS:
            rows.append(row_of(days, truth, given.tries))
            print(rows[-1], flush=True)
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return int(any(row["verdict"] != "agrees" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
