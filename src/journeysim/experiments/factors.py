"""Factors: what is varied, and the value at each share of its spread."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from journeysim.errors import Problem
from journeysim.experiments.plan_file import RESERVED, FactorPart, Law
from journeysim.scenario.changes.assignments import Assignment
from journeysim.scenario.changes.key_paths import Path, parse_path
from journeysim.scenario.changes.quantities import (
    Unit,
    read_quantity,
    shown_quantity,
    written_quantity,
)

#: Sampling never goes to the very ends of a law that has none.
_END: Final = 1e-12
_LAW_KEYS: Final = {
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "triangular": ("low", "mode", "high"),
    "beta": ("a", "b", "low", "high"),
}
_PURE: Final = ("cv", "a", "b")


@dataclass(frozen=True, slots=True)
class CheckedFactor:
    """One factor, checked.

    Attributes
    ----------
    name, part
        What it is called, and what the file says of it.
    paths
        Places of the scenario that get its value.
    unit
        Of its sizes; None where the values are texts, lists or tables.
    sizes
        Ends of the range, or what describes the law, in ticks or per tick.
    """

    name: str
    part: FactorPart
    paths: tuple[Path, ...]
    unit: Unit | None
    sizes: dict[str, float]

    def levels(self) -> list[Any]:
        """Return its values in a full factorial; a range is cut into its steps."""
        if self.part.values is not None:
            return list(self.part.values)
        steps = self.part.steps or 2
        return [self._between(step / (steps - 1)) for step in range(steps)]

    def at(self, share: float) -> Any:
        """Return the value below which a share of its spread lies, as a file writes it."""
        if self.part.values is not None:
            return self.part.values[min(int(share * len(self.part.values)), self._last)]
        if self.part.range is None:
            return self._written(_quantile(self.part.distribution, self.sizes, share))
        if not self.part.whole:
            return self._between(share)
        low, high = self.sizes["low"], self.sizes["high"]
        # Every whole number gets an equal part.
        return self._written(min(math.floor(low + share * (high - low + 1)), high))

    def assignments(self, value: Any) -> list[Assignment]:
        """Return the changes that give the scenario a value."""
        return [Assignment(path, self.part.change, value) for path in self.paths]

    def column(self, values: Sequence[Any]) -> pa.Array:
        """Return values as a column: times in seconds, rates per hour, all else as text."""
        if self.unit is None:
            texts = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
            return pa.array(texts, pa.string())
        sizes = [shown_quantity(self.unit, read_quantity(value)[1]) for value in values]
        return pa.array(sizes, pa.float64())

    def field(self) -> pa.Field:
        """Return the field of its column."""
        said = f"{', '.join(map(str, _texts(self.part.path)))} {self.part.change} this value."
        meaning = {"meaning": said}
        if self.unit in ("time", "rate"):
            meaning["unit"] = "s" if self.unit == "time" else "per hour"
        kind = pa.string() if self.unit is None else pa.float64()
        return pa.field(self.name, kind, metadata=meaning)

    @property
    def _last(self) -> int:
        return len(self.part.values or ()) - 1

    def _between(self, share: float) -> Any:
        low, high = self.sizes["low"], self.sizes["high"]
        if share in (0.0, 1.0):
            size = high if share else low
        elif self.part.scale == "log":
            size = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        else:
            size = low + share * (high - low)
        return self._written(size)

    def _written(self, size: float) -> Any:
        if self.part.whole:
            return round(size)
        return written_quantity(self.unit or "number", float(size))


def checked_factors(parts: dict[str, FactorPart]) -> tuple[list[CheckedFactor], list[Problem]]:
    """Return the factors, and what is wrong with those that are left out."""
    factors, problems = [], []
    for name, part in parts.items():
        place = f"factors.{name}"
        found = [Problem(place + at, text) for at, text in _wrong(name, part, parts)]
        try:
            paths = tuple(parse_path(text) for text in _texts(part.path))
        except ValueError as error:
            found.append(Problem(f"{place}.path", str(error)))
            paths = ()
        if not found:
            try:
                factors.append(CheckedFactor(name, part, paths, *_sizes(part)))
            except ValueError as error:
                found.append(Problem(place, str(error)))
        problems += found
    return factors, problems


def _texts(path: str | list[str]) -> list[str]:
    return [path] if isinstance(path, str) else path


def _wrong(name: str, part: FactorPart, parts: dict[str, FactorPart]) -> list[tuple[str, str]]:
    found = []
    if name in RESERVED:
        found.append(("", "is the name of a column of the results; choose another name"))
    given = [key for key in ("values", "range", "distribution") if getattr(part, key) is not None]
    if len(given) != 1:
        said = " and ".join(given) or "none"
        found.append(("", f"give one of values, range and distribution, got {said}"))
    for key, wanted in (("steps", "range"), ("scale", "range"), ("whole", "range")):
        default = type(part).model_fields[key].default
        if getattr(part, key) != default and wanted not in given:
            found.append((f".{key}", f"has no effect without a {wanted}"))
    if part.paired_with is not None:
        other = parts.get(part.paired_with)
        if other is None or other is part or other.paired_with is not None:
            found.append((".paired_with", f"{part.paired_with!r} is no other factor of its own"))
    return found


def _sizes(part: FactorPart) -> tuple[Unit | None, dict[str, float]]:
    """Return the unit of a factor, and the sizes that it is sampled by."""
    if part.values is not None:
        units = set()
        for value in part.values:
            try:
                units.add(read_quantity(value)[0])
            except ValueError:
                return None, {}
        return (units.pop() if len(units) == 1 else None), {}
    if part.range is not None:
        unit, sizes = _read({"low": part.range[0], "high": part.range[1]})
        if not sizes["low"] < sizes["high"]:
            raise ValueError("the range must begin below its end")
        if part.scale == "log" and sizes["low"] <= 0:
            raise ValueError("a log scale needs a range above 0")
        return unit, sizes
    law = part.distribution
    assert law is not None
    return _law_sizes(law)


def _law_sizes(law: Law) -> tuple[Unit | None, dict[str, float]]:
    wanted = _LAW_KEYS[law.law]
    given = {key: value for key, value in law if key != "law" and value is not None}
    for key in wanted:
        if key not in given:
            raise ValueError(f"distribution.{key}: is missing; {law.law} has {', '.join(wanted)}")
    for key in given:
        if key not in wanted:
            raise ValueError(
                f"distribution.{key}: has no effect; {law.law} has {', '.join(wanted)}"
            )
    unit, sizes = _read({key: given[key] for key in wanted if key not in _PURE})
    sizes |= {key: float(given[key]) for key in wanted if key in _PURE}
    if sizes.get("low", 0) > sizes.get("high", math.inf):
        raise ValueError("distribution.low: must be below high")
    if law.law in ("lognormal", "gamma") and sizes["mean"] <= 0:
        raise ValueError("distribution.mean: must be above 0")
    if law.law == "triangular" and not sizes["low"] <= sizes["mode"] <= sizes["high"]:
        raise ValueError("distribution.mode: must lie between low and high")
    return unit, sizes


def _read(values: dict[str, Any]) -> tuple[Unit, dict[str, float]]:
    read = {key: read_quantity(value) for key, value in values.items()}
    units = {unit for unit, size in read.values() if size != 0.0} or {"number"}
    if len(units) > 1:
        raise ValueError("mixes numbers, times and rates; give all in one unit")
    unit: Unit = next(iter(units))
    return unit, {key: size for key, (_, size) in read.items()}


def _quantile(law: Law | None, sizes: dict[str, float], share: float) -> float:
    """Return the quantile of a law, in the unit of its sizes."""
    from scipy import stats

    assert law is not None
    share = min(max(share, _END), 1 - _END)
    match law.law:
        case "normal":
            found = stats.norm.ppf(share, sizes["mean"], sizes["sd"])
        case "lognormal":
            spread = math.sqrt(math.log1p(sizes["cv"] ** 2))
            found = stats.lognorm.ppf(
                share, spread, scale=sizes["mean"] * math.exp(-(spread**2) / 2)
            )
        case "gamma":
            shape = 1 / sizes["cv"] ** 2
            found = stats.gamma.ppf(share, shape, scale=sizes["mean"] / shape)
        case "triangular":
            width = sizes["high"] - sizes["low"]
            mode = (sizes["mode"] - sizes["low"]) / width if width else 0.5
            found = stats.triang.ppf(share, mode, sizes["low"], width) if width else sizes["low"]
        case "beta":
            width = sizes["high"] - sizes["low"]
            found = sizes["low"] + width * stats.beta.ppf(share, sizes["a"], sizes["b"])
    return float(np.float64(found))
