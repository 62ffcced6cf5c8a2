"""Factors and designs as Python programs give them; a file says the same in its own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from journeysim.arguments import shown, whole_number
from journeysim.errors import ArgumentError
from journeysim.experiments.plan_file import DesignKind, Operator

#: Seeds of samples are below it.
_SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Factor:
    """What an experiment varies: a path of the scenario, or several, and the values it takes.

    Attributes
    ----------
    path
        ``"pools.phone.agents"``, or several paths that get the same value.
    values
        The values; or instead
    range
        the lowest and the highest; or
    distribution
        how it is spread where points are sampled: ``{"law": "normal", "mean": "4m", "sd": "30s"}``.
    change
        How a value changes what stands at the path: ``=``, ``+=``, ``-=`` or ``*=``.
    steps
        In a factorial, how many values of a range; default: its two ends.
    scale
        Of a range: ``linear`` or ``log``.
    whole
        Whole numbers only.
    paired_with
        In a factorial, a factor whose steps it follows.
    """

    path: str | Sequence[str]
    values: Sequence[Any] | None = None
    range: Sequence[Any] | None = None
    distribution: Mapping[str, Any] | None = None
    change: Operator = "="
    steps: int | None = None
    scale: Literal["linear", "log"] = "linear"
    whole: bool = False
    paired_with: str | None = None


@dataclass(frozen=True, slots=True)
class Factorial:
    """Every combination of the values of all factors; the last factor varies fastest."""

    kind: ClassVar[DesignKind] = "factorial"


@dataclass(frozen=True, slots=True)
class LatinHypercube:
    """So many points, each of which has a part of the spread of every factor to itself."""

    kind: ClassVar[DesignKind] = "latin_hypercube"
    points: int
    seed: int = 1

    def __post_init__(self) -> None:
        _check(self, points=1)


@dataclass(frozen=True, slots=True)
class Sobol:
    """So many points of a scrambled Sobol' sequence; powers of 2 keep its balance."""

    kind: ClassVar[DesignKind] = "sobol"
    points: int
    seed: int = 1

    def __post_init__(self) -> None:
        _check(self, points=1)


@dataclass(frozen=True, slots=True)
class PointList:
    """Points one by one, each a mapping of every factor to its value."""

    kind: ClassVar[DesignKind] = "list"
    points: Sequence[Mapping[str, Any]]

    def __post_init__(self) -> None:
        several = isinstance(self.points, Iterable) and not isinstance(self.points, str | Mapping)
        if not several or not all(isinstance(point, Mapping) for point in self.points):
            raise ArgumentError(
                "points must be a list of values by factor, such as [{'agents': 7}], "
                f"got {shown(self.points)}"
            )


@dataclass(frozen=True, slots=True)
class Morris:
    """Morris' elementary effects: which factors matter at all, by a few runs for each.

    Attributes
    ----------
    trajectories
        Each changes one factor after the other; at least 2, usually 10 to 50.
    levels
        Of every factor, an even number; default 4.
    seed
        Of the trajectories.
    """

    kind: ClassVar[DesignKind] = "morris"
    trajectories: int
    levels: int | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        _check(self, trajectories=2, levels=2)


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """Saltelli's sample for Sobol' indices: which share of the variance each factor makes.

    Attributes
    ----------
    base
        A power of 2; there are ``base * (factors + 2)`` points.
    seed
        Of the sample.
    """

    kind: ClassVar[DesignKind] = "sobol_indices"
    base: int
    seed: int = 1

    def __post_init__(self) -> None:
        _check(self, base=2)


Design = Factorial | LatinHypercube | Sobol | PointList | Morris | SobolIndices


def factor_part(name: str, given: Factor | Mapping[str, Any]) -> dict[str, Any]:
    """Return a factor as a file says it."""
    if isinstance(given, Mapping):
        return dict(given)
    if not isinstance(given, Factor):
        raise ArgumentError(f"factors: {name} must be a journeysim.Factor, got {shown(given)}")
    return _said(given)


def design_part(given: Design | Mapping[str, Any] | str) -> dict[str, Any]:
    """Return a design as a file says it."""
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, str):
        return {"kind": given}
    if not isinstance(given, Design):
        raise ArgumentError(
            f"design must be a design such as journeysim.LatinHypercube(200), got {shown(given)}"
        )
    return {"kind": given.kind, **_said(given)}


def _said(given: Factor | Design) -> dict[str, Any]:
    """Return what differs from what a file means where it says nothing."""
    said = {each.name: getattr(given, each.name) for each in fields(given)}
    return {
        each.name: _plain(said[each.name])
        for each in fields(given)
        if said[each.name] is not each.default and said[each.name] is not None
    }


def _plain(value: Any) -> Any:
    """Return a value as a file could hold it: numbers of NumPy, ranges and tuples are not."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value


def _check(design: Any, **least: int) -> None:
    """Let whole numbers of a design be such, of Python."""
    for name, lowest in least.items():
        given = getattr(design, name)
        if given is not None:
            object.__setattr__(design, name, whole_number(name, given, least=lowest))
    object.__setattr__(design, "seed", whole_number("seed", design.seed, least=0, most=_SEEDS - 1))
