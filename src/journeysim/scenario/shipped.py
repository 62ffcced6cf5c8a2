"""The scenarios that come with the program, each known by the name of its file.

In a checkout they stand in `scenarios/` at its top; in an installed package, beside its modules.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from journeysim.errors import Problem, ScenarioError, did_you_mean

_PACKAGE: Final = Path(__file__).parents[1]
_TEACHES: Final = "What this teaches: "


@dataclass(frozen=True, slots=True)
class ShippedScenario:
    """A scenario, or the plan of an experiment, that comes with the program.

    Attributes
    ----------
    name
        The name of its file without the ending, which every command takes.
    path
        Its file.
    title
        Its title, as in the file.
    teaches
        What it is there to show: the first sentence of its first comment.
    """

    name: str
    path: Path
    title: str
    teaches: str


def shipped_scenarios() -> tuple[ShippedScenario, ...]:
    """Return the scenarios that come with the program, by name."""
    return _described(shipped_folder())


def shipped_experiments() -> tuple[ShippedScenario, ...]:
    """Return the plans of experiments that come with the program, by name."""
    return _described(shipped_folder() / "experiments")


def shipped_folder() -> Path:
    """Return the folder of the scenarios that come with the program."""
    installed = _PACKAGE / "shipped_scenarios"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "scenarios"


def find_scenario(name: str | Path) -> Path:
    """Return the file of a scenario that is named by its path, or by the name of a shipped one.

    A file of that name in the current folder, with or without `.toml`, comes first.

    Raises
    ------
    ScenarioError
        If a bare name is neither.
    """
    return _found(name, shipped_scenarios, "scenario")


def find_experiment(name: str | Path) -> Path:
    """Return the file of an experiment's plan, or the directory of an experiment, in the same way.

    Raises
    ------
    ScenarioError
        If a bare name is neither.
    """
    return Path(name) if Path(name).is_dir() else _found(name, shipped_experiments, "experiment")


def is_shipped(name: str | Path) -> bool:
    """Return whether a scenario of this name comes with the program."""
    return str(name) in {scenario.name for scenario in shipped_scenarios()}


def _found(name: str | Path, shipped: Callable[[], Sequence[ShippedScenario]], kind: str) -> Path:
    path = Path(name)
    if path.is_file() or path.suffix or len(path.parts) != 1:
        return path
    beside = path.with_suffix(".toml")
    if beside.is_file():
        return beside
    known = {each.name: each.path for each in shipped()}
    if str(name) in known:
        return known[str(name)]
    if path.is_dir():
        return path
    remedy = did_you_mean(str(name), known)
    text = f"there is no such file, and no shipped {kind} {str(name)!r}{remedy}"
    raise ScenarioError(str(name), [Problem("", text)])


@cache
def _described(folder: Path) -> tuple[ShippedScenario, ...]:
    found = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        title = str(tomllib.loads(text).get("title", path.stem))
        found.append(ShippedScenario(path.stem, path, title, _first_sentence(text)))
    return tuple(found)


def _first_sentence(text: str) -> str:
    """Return the first sentence of a file's first comment."""
    lines = re.match(r"(#.*\n)*", text)
    assert lines is not None
    words = " ".join(line.lstrip("# ").strip() for line in lines[0].splitlines())
    first = re.split(r"(?<=[.?!]) (?=[A-Z])", words.removeprefix(_TEACHES), maxsplit=1)[0]
    return first[:1].upper() + first[1:]
