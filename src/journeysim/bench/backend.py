"""Who takes part: a tool, what it can express, and how it scores journeys."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final, Protocol, cast

from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean

#: One array of shape (journeys,) per measure, in the order of the journeys.
Scores = Mapping[str, NDArray[Any]]

#: The contender whose scores are those of the compiled kernels.
COMPILED: Final = "journeysim"
#: What this stands in, unless it is installed.
CHECKOUT: Final = Path(__file__).parents[3]
#: Names the folder of the rivals, also to the processes in which they work.
RIVALS: Final = "JOURNEYSIM_RIVALS"
WHERE_RIVALS_ARE: Final = "others are in benchmarks/rivals of a checkout"
#: The rivals' own name: they import each other relative to it.
_PACKAGE: Final = "journeysim_rivals"


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be scored.

    Attributes
    ----------
    directory
        A run directory, replication by replication.
    replication
        Its number.
    measures
        Names of the measures.
    jobs
        Threads that may work at once.
    kernel
        A file of own measures.
    """

    directory: Path
    replication: int
    measures: tuple[str, ...]
    jobs: int
    kernel: Path | None = None


class Opened(Protocol):
    """Data that is open and ready, as one contender likes it best."""

    def run(self) -> object:
        """Score all journeys; this is what is timed."""

    def scores(self, found: object) -> Scores:
        """Return what `run` returned as arrays in the order of the journeys; not timed."""


class Contender(Protocol):
    """A module `with_NAME`."""

    #: Measures that it can express; None: whatever is registered.
    EXPRESSES: Sequence[str] | None
    #: Whether it works on several threads.
    PARALLEL: bool
    open_work: Callable[[Work], Opened]


def contender(name: str) -> Contender:
    """Return a contender by name."""
    if name == COMPILED:
        return cast("Contender", import_module("journeysim.bench.with_journeysim"))
    _rivals()
    return cast("Contender", import_module(f"{_PACKAGE}.with_{name}"))


def rivals_folder() -> Path | None:
    """Return the folder of the other tools' modules: the one that was named, or the checkout's.

    Raises
    ------
    MeasureError
        If the folder that was named has none.
    """
    named = os.environ.get(RIVALS)
    folder = Path(named) if named else CHECKOUT / "benchmarks" / "rivals"
    if (folder / "__init__.py").is_file():
        return folder
    if named:
        raise MeasureError(f"{folder}: no folder of rivals, it has no __init__.py with NAMES")
    return None


def known_contenders() -> tuple[str, ...]:
    """Return the names of all contenders, in the order in which they stand in tables."""
    return (COMPILED, *(() if rivals_folder() is None else _rivals().NAMES))


def installed() -> tuple[str, ...]:
    """Return the names of the contenders whose package is there."""
    return tuple(name for name in known_contenders() if find_spec(name) is not None)


def chosen_contenders(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the contenders that take part.

    Raises
    ------
    MeasureError
        If a name is unknown, or its package is not installed.
    """
    there, known = installed(), known_contenders()
    for name in names or ():
        if name not in known:
            elsewhere = "" if len(known) > 1 else f"; {WHERE_RIVALS_ARE}"
            raise MeasureError(f"no backend {name!r}{did_you_mean(name, known)}{elsewhere}")
        if name not in there:
            raise MeasureError(f"backend {name!r} is not installed; pip install {name}")
    return tuple(name for name in there if names is None or name in names)


def _rivals() -> Any:
    """Return the package of the rivals, wherever its folder is."""
    if _PACKAGE in sys.modules:
        return sys.modules[_PACKAGE]
    folder = rivals_folder()
    if folder is None:
        raise MeasureError(f"there are no rivals; {WHERE_RIVALS_ARE}")
    spec = spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    return package
