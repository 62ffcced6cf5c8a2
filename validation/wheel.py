"""The package as people install it: wheel and sdist, in an empty environment and an empty folder.

    python -m validation.wheel [--python python3.12 ...] [--dependencies lock newest]

The sdist is built, a wheel from it, and one from the checkout: both have to hold the same. The
wheel goes into a new environment of each Python, with the dependencies of `requirements/run.lock`
or the newest that pip finds. There, in a folder without anything, the first commands are run, and
the block of Python in the README. All Pythons have to make the same bytes. A Python that is not
here is named and not tested; results of others stay.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "wheel.csv"
LOCK = ROOT / "requirements" / "run.lock"
COMMANDS = (
    ("--version",),
    ("scenarios",),
    ("check", "omnichannel"),
    ("show", "bank_1999"),
    ("run", "bank_1999", "-n", "2", "--engine", "compiled", "--out", "run", "-q"),
    ("run", "bank_1999", "-n", "2", "--engine", "reference", "--out", "twin", "-q"),
    ("score", "run", "-q"),
    ("report", "run", "--out", "page.html"),
    ("compare", "erlang_a", "--set", "pools.*.agents-=1", "-n", "2", "-q"),
    ("init", "mine.toml"),
    ("check", "mine.toml"),
    ("completion", "bash"),
)


def built(folder: Path) -> Path:
    """Return the wheel, once that made from the sdist is known to hold the same."""
    build = [sys.executable, "-m", "hatchling", "build", "-t"]
    run([*build, "wheel", "-d", str(folder / "wheel")], ROOT)
    run([*build, "sdist", "-d", str(folder / "sdist")], ROOT)
    (sdist,) = (folder / "sdist").glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    run([*build, "wheel", "-d", str(folder / "again")], source)
    (wheel,), (again,) = (folder / "wheel").glob("*.whl"), (folder / "again").glob("*.whl")
    if contents(wheel) != contents(again):
        raise SystemExit("the wheel made from the sdist is another than that of the checkout")
    return wheel


def contents(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as packed:
        return {name: hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()}


def run(words: Sequence[str], folder: Path, **surroundings: str) -> str:
    # Nothing of this checkout is to be seen from the new environment.
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        words,
        cwd=folder,
        env=known | surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise subprocess.SubprocessError(f"{' '.join(map(str, words))}\n{tail}")
    return done.stdout


def installed(python: str, wheel: Path, dependencies: str, folder: Path) -> Path:
    """Return the folder of programs of a new environment that has the wheel."""
    run([python, "-m", "venv", str(folder)], ROOT)
    programs = folder / "bin"
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    if dependencies == "lock":
        run([*pip, "--require-hashes", "-r", str(LOCK)], ROOT)
        run([*pip, "--no-deps", str(wheel)], ROOT)
    else:
        run([*pip, "--upgrade", str(wheel)], ROOT)
    return programs


def used(programs: Path, folder: Path, blocks: Sequence[str]) -> str:
    """Use what is installed in an empty folder; return a digest of the run that it makes."""
    folder.mkdir()
    cache = {"JOURNEYSIM_CACHE": str(folder.parent / "cache")}
    for words in COMMANDS:
        run([str(programs / "journeysim"), *words], folder, **cache)
    for block in blocks:
        run([str(programs / "python"), "-W", "error", "-c", block], folder, **cache)
    where = "import journeysim; print(journeysim.__file__)"
    if str(ROOT / "src") in run([str(programs / "python"), "-c", where], folder):
        raise subprocess.SubprocessError("it is the checkout that was used, not the wheel")
    if digest(folder / "run") != digest(folder / "twin"):
        raise subprocess.SubprocessError("the engines made different bytes")
    return digest(folder / "run")


def python_blocks() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def digest(directory: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(directory.glob("*/rep=*.arrow")):
        if path.parent.name != "scores":
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def tried(pythons: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the version of a Python, the kind of dependencies, the verdict, and a digest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Of the same moment as the wheel.
        wheel, blocks = built(folder), python_blocks()
        for number, (python, kind) in enumerate((p, k) for p in pythons for k in kinds):
            version = run([python, "-c", "import platform; print(platform.python_version())"], ROOT)
            place = folder / str(number)
            place.mkdir()
            try:
                programs = installed(python, wheel, kind, place / "environment")
                yield version.strip(), kind, "works", used(programs, place / "empty", blocks)
            except subprocess.SubprocessError as error:
                sys.stderr.write(f"{error}\n")
                yield version.strip(), kind, f"fails: {str(error).splitlines()[-1]}", ""
            shutil.rmtree(place)


def main() -> int:
    plain = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--python", nargs="+", default=[sys.executable])
    parser.add_argument("--dependencies", nargs="+", default=["lock", "newest"])
    given = parser.parse_args()
    there = [python for python in given.python if shutil.which(python)]
    for python in set(given.python) - set(there):
        sys.stdout.write(f"{python}: not here\n")
    rows = {}
    if RESULTS.exists():
        with RESULTS.open(encoding="utf-8", newline="") as source:
            rows = {(row[0], row[1]): tuple(row) for row in list(csv.reader(source))[1:]}
    for row in tried(there, given.dependencies):
        sys.stdout.write("  ".join(row) + "\n")
        sys.stdout.flush()
        rows[row[0], row[1]] = row
    with RESULTS.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(
            [("python", "dependencies", "verdict", "run"), *sorted(rows.values())]
        )
    digests = {row[3] for row in rows.values()}
    return 0 if len(digests) == 1 and "" not in digests else 1


if __name__ == "__main__":
    sys.exit(main())
