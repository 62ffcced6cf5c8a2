"""How long a large log takes to calibrate, and how much memory: python -m benchmarks.calibration.

Makes a log of ten million contacts (250 days, 900 agents, three needs, two segments), calibrates it
in a process of its own, and checks that what was put in came out.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

import journeysim as js

DAYS = 250
ABANDONED = 0.08
MEAN_TALK = 200.0


def make_log(path: Path, contacts: int) -> None:
    """Write a log with known shares and means, from 08:00 to 20:00 every day."""
    luck = np.random.default_rng(7)
    day = np.sort(luck.integers(0, DAYS, contacts))
    clock = 8 * 3600 + 12 * 3600 * luck.beta(2, 2, contacts)
    entered = (19723 + day) * 86_400 + clock
    entered.sort()
    lost = luck.random(contacts) < ABANDONED
    wait = np.where(lost | (luck.random(contacts) < 0.4), luck.exponential(45, contacts), 0)
    talk = np.where(lost, 0, luck.gamma(2.0, MEAN_TALK / 2, contacts))
    agents = pa.array([f"A{number}" for number in range(900)])
    agent = agents.take(pa.array(luck.integers(0, 900, contacts), mask=lost))
    words = pa.array(["served", "abandoned"])
    table = pa.table(
        {
            "entered": pa.array((entered * 1e6).astype("datetime64[us]")),
            "customer": luck.integers(0, 3_000_000, contacts),
            "agent": agent,
            "wait": wait.round(1),
            "talk": talk.round(1),
            "outcome": words.take(pa.array(lost.astype(np.int8))),
            "need": pa.array(["billing", "fault", "order"]).take(
                pa.array(luck.integers(0, 3, contacts))
            ),
            "segment": pa.array(["private", "business"]).take(
                pa.array(luck.integers(0, 2, contacts))
            ),
        }
    )
    if path.suffix == ".csv":
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path)


def calibrate_once(path: Path) -> None:
    """Calibrate in this process and print seconds and gigabytes."""
    begun, work = time.perf_counter(), time.process_time()
    found = js.calibrate(path)
    text = found.to_toml()
    seconds, work = time.perf_counter() - begun, time.process_time() - work
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    assert len(found.log) + sum(found.log.excluded.values()) == found.log.rows
    assert abs(found.handling["", 0].mean.mean / MEAN_TALK - 1) < 0.01
    assert abs(found.log.abandoned.mean() - ABANDONED) < 0.001
    assert "[evidence" in text
    rows = f"{path.suffix[1:]}: {found.log.rows:,} rows"
    print(f"{rows}, {seconds:.1f} s ({work:.1f} s of processor), {peak:.2f} GiB at most")


def main() -> int:
    """Make the log, calibrate it, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--form", choices=["parquet", "csv"], default="parquet")
    parser.add_argument("--log", type=Path, help="A log made before; only calibrate it.")
    options = parser.parse_args()
    if options.log is not None:
        calibrate_once(options.log)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"log.{options.form}"
        make_log(path, options.contacts)
        # A process of its own, so that making the log does not count.
        command = [sys.executable, "-m", "benchmarks.calibration", "--log", str(path)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
