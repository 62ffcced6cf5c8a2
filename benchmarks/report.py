"""How long a report takes, and how large it is.

python -m benchmarks.report [--replications 100] [--scenario scenarios/bank_1999.toml]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import journeysim as js

#: What a report of a comparison of 100 replications may take.
MOST_SECONDS, MOST_MEGABYTES = 15.0, 3.0
RUNS = 3


def main() -> int:
    """Compare, report in a process of its own, print both figures; 1 if one is beyond its bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--scenario", default="scenarios/bank_1999.toml")
    parser.add_argument("--set", default="pools.*.agents-=1")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "answer"
        changes = [asked.set]
        js.compare(asked.scenario, set=changes, replications=asked.replications, out=place)
        report = Path(folder) / "report.html"
        command = [sys.executable, "-m", "journeysim", "report", place, "-o", report, "-q"]
        seconds = []
        for _ in range(RUNS):
            begun = time.perf_counter()
            subprocess.run(command, check=True)
            seconds.append(time.perf_counter() - begun)
        megabytes = report.stat().st_size / 1e6
    middle = sorted(seconds)[RUNS // 2]
    print(
        f"{asked.scenario}, {asked.replications} replications: {middle:.1f} s "
        f"({min(seconds):.1f} to {max(seconds):.1f}, {RUNS} runs), {megabytes:.2f} MB"
    )
    return int(middle > MOST_SECONDS or megabytes > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
