"""Who takes part: a tool, what it can express, and how it scores journeys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol, cast

from numpy.typing import NDArray

from journeysim.errors import MeasureError, did_you_mean

#: One array of shape (journeys,) per measure, in the order of the journeys.
Scores = Mapping[str, NDArray[Any]]

#: The contender whose scores are those of the compiled kernels.
COMPILED: Final = "journeysim"
#: In this order they stand in tables; each has a module `with_NAME` and needs a package.
_PACKAGES: Final = {
    COMPILED: "numba",
    "numpy": "numpy",
    "pyarrow": "pyarrow",
    "polars": "polars",
    "duckdb": "duckdb",
    "pandas": "pandas",
}
NAMES: Final = tuple(_PACKAGES)


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
    return cast("Contender", import_module(f"journeysim.bench.with_{name}"))


def installed() -> tuple[str, ...]:
    """Return the names of the contenders whose package is there."""
    return tuple(name for name, package in _PACKAGES.items() if find_spec(package) is not None)


def chosen_contenders(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the contenders that take part.

    Raises
    ------
    MeasureError
        If a name is unknown, or its package is not installed.
    """
    there = installed()
    for name in names or ():
        if name not in NAMES:
            raise MeasureError(f"no backend {name!r}{did_you_mean(name, NAMES)}")
        if name not in there:
            raise MeasureError(f"backend {name!r} is not installed; pip install {_PACKAGES[name]}")
    return tuple(name for name in there if names is None or name in names)
