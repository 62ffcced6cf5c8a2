"""Whether the files of the shipped scenarios are still the same, byte for byte.

``python -m validation.file_digests`` makes runs (by both engines), scores, comparisons,
experiments and credits of touchpoints on the command line, and compares the SHA-256 of every file
with ``validation/results/file_digests.csv``; ``--record`` writes that file anew. What may differ
between two equal runs (host, versions, timings) stands in JSON records, which are left out.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parent.parent
_RECORDED: Final = Path(__file__).parent / "results" / "file_digests.csv"
_VARIANTS: Final = {
    "bank_1999": "pools.regular.agents-=1",
    "banner": "segments.*.arrivals.counts*=1.1",
    "erlang_a": "pools.*.agents-=1",
    "omnichannel": "pools.*.agents-=1",
}
_EXPERIMENTS: Final = ("bank_sensitivity", "bank_staffing")


def commands(out: Path) -> list[list[str]]:
    """Return the command lines that write the files, in order."""
    found = []
    for name, change in _VARIANTS.items():
        scenario = f"scenarios/{name}.toml"
        many = ["-n", "3", "--seed", "12"]
        for engine in ("compiled", "reference"):
            run = str(out / f"run_{engine}" / name)
            found.append(["run", scenario, *many, "--engine", engine, "--out", run, "-q"])
        found.append(["score", str(out / "run_compiled" / name), "-q"])
        compared = ["compare", scenario, "--set", change, *many, "--engine", "compiled"]
        found.append([*compared, "-o", str(out / "compare" / name), "-q"])
    drawn = ["compare", "scenarios/bank_1999.toml", "--set", _VARIANTS["bank_1999"]]
    drawn += ["--input-uncertainty", "3", "--draw-replications", "2", "--engine", "compiled"]
    found.append([*drawn, "-n", "3", "-o", str(out / "compare" / "inputs"), "-q"])
    credit = ["touchpoints", "scenarios/banner.toml", "-n", "3", "-q"]
    found.append([*credit, "-o", str(out / "touchpoints.arrow")])
    for name in _EXPERIMENTS:
        design = ["experiment", f"scenarios/experiments/{name}.toml", "-n", "2", "-q"]
        found.append([*design, "--engine", "compiled", "-o", str(out / "experiment" / name)])
    return found


def digests(out: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but JSON records, by its path."""
    files = sorted(path for path in out.rglob("*") if path.is_file() and path.suffix != ".json")
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def made(out: Path) -> dict[str, str]:
    """Run every command, and return the digests of what they wrote."""
    for command in commands(out):
        subprocess.run(
            [sys.executable, "-m", "journeysim", *command],
            cwd=_ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return digests(out)


def main() -> int:
    """Compare, or record."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--record", action="store_true", help="write what is found as expected")
    asked.add_argument("--out", type=Path, help="keep the files there")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = made(given.out or Path(folder))
    if given.record:
        with _RECORDED.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([("file", "sha256"), *found.items()])
        print(f"{len(found)} files recorded")
        return 0
    with _RECORDED.open(newline="", encoding="utf-8") as file:
        expected = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    different = sorted(
        name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
    )
    for name in different:
        what = "missing" if name not in found else "new" if name not in expected else "different"
        print(f"{what}: {name}")
    print(f"{len(expected)} files recorded, {len(different)} not the same")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
