"""The reference and the compiled engine on many random worlds: equal bytes, or a disagreement.

    python -m validation.twins [--worlds 20000] [--seed 1]

Two worlds in five are simple ones, in which each pool serves one queue. In every third world the
compiled engine begins with room for two contacts and both write batches of five, so that memory
grows, events are swept and batches end in the middle of everything.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import json
import sys
import time
from collections import Counter
from pathlib import Path

import journeysim
from journeysim.scenario.flat.flat_model import FlatModel, Names
from journeysim.tables.run import Replication
from tests.engines.agreement import cramped, disagreement
from tests.strategies import Case
from validation.features import FEATURES, features
from validation.worlds import PATHS, each_world, made_by

RESULTS = Path(__file__).parent / "results" / "twins.csv"
COLUMNS = (
    "date",
    "version",
    "engine",
    "seed",
    "worlds",
    "simple_worlds",
    "runs_by_path",
    "cramped_worlds",
    "journeys",
    "contacts",
    "features",
    "rarest_feature",
    "disagreements",
    "seconds",
)
_SHOWN = 3


class Comparison:
    """What has been compared so far."""

    def __init__(self, worlds: int, seed: int) -> None:
        self.worlds = worlds
        self.seed = seed
        self.engine = engine_sources()
        self.count: Counter[str] = Counter()
        self.features: Counter[str] = Counter()
        self.paths: Counter[str] = Counter()
        self.disagreements = 0
        self.begun = time.perf_counter()

    def look(self, case: Case, simple: bool, number: int) -> None:
        """Run one world on both engines."""
        tight = number % 3 == 2
        model, names = case.model()
        self.count.update(worlds=1, simple=int(simple), cramped=int(tight))
        with cramped(*((2, 5) if tight else (256, 32_768))):
            seed = self.seed + number
            plain = made_by("reference", model, names, seed=seed)
            self.count.update(journeys=len(plain.journeys), contacts=len(plain.contacts))
            self.features.update(features(model, plain))
            for path in PATHS:
                found = self._compare(plain, model, names, path, seed)
                if found:
                    self._report(case, number, path, found)
        if (number + 1) % 1000 == 0:
            passed = time.perf_counter() - self.begun
            print(f"{number + 1} worlds, {self.disagreements} disagreements, {passed:.0f} s")
            sys.stdout.flush()

    def _compare(
        self, plain: Replication, model: FlatModel, names: Names, path: str, seed: int
    ) -> str:
        self.paths[path] += 1
        try:
            other = made_by("compiled", model, names, path=path, seed=seed)
        except Exception as error:
            return f"raised {error!r}"
        return disagreement(plain, other)

    def _report(self, case: Case, number: int, path: str, found: str) -> None:
        self.disagreements += 1
        if self.disagreements <= _SHOWN:
            trace = case.trace.to_pydict() if case.trace is not None else None
            print(f"world {number}, path {path}: {found}")
            print(json.dumps({"document": case.document, "trace": trace}))

    def row(self) -> dict[str, object]:
        """Return the row of the results."""
        rarest = min(FEATURES, key=lambda name: self.features[name])
        return {
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "version": journeysim.__version__,
            "engine": self.engine,
            "seed": self.seed,
            "worlds": self.count["worlds"],
            "simple_worlds": self.count["simple"],
            "runs_by_path": "; ".join(f"{path} {runs}" for path, runs in self.paths.items()),
            "cramped_worlds": self.count["cramped"],
            "journeys": self.count["journeys"],
            "contacts": self.count["contacts"],
            "features": sum(self.features[name] > 0 for name in FEATURES),
            "rarest_feature": f"{rarest} {self.features[rarest]}",
            "disagreements": self.disagreements,
            "seconds": round(time.perf_counter() - self.begun),
        }


def engine_sources() -> str:
    """Return what identifies the sources of both engines, whatever the version says."""
    digest = hashlib.blake2b(digest_size=4)
    root = Path(journeysim.__file__).parent
    for path in sorted((root / "engine").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def record(path: Path, columns: tuple[str, ...], row: dict[str, object]) -> None:
    """Append a row to the results."""
    path.parent.mkdir(exist_ok=True)
    begin = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if begin:
            writer.writeheader()
        writer.writerow(row)


def main(arguments: list[str]) -> int:
    """Compare, print a verdict and the coverage, write the results; return 1 if not all agree."""
    parser = argparse.ArgumentParser(description="Two engines on many random worlds.")
    parser.add_argument("--worlds", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    comparison = Comparison(chosen.worlds, chosen.seed)
    each_world(chosen.worlds, chosen.seed, comparison.look)
    row = comparison.row()
    print("seen in worlds:")
    for name in FEATURES:
        print(f"  {name:24} {comparison.features[name]:7}")
    for name, value in row.items():
        print(f"{name:16} {value}")
    print("the engines agree" if not comparison.disagreements else "THE ENGINES DISAGREE")
    record(RESULTS, COLUMNS, row)
    return 1 if comparison.disagreements else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
