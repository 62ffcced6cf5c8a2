"""What a scenario says of how well its figures are known: the ranges under `evidence`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from journeysim.errors import Problem, ScenarioError
from journeysim.scenario.changes.key_paths import Path, parse_path
from journeysim.scenario.changes.quantities import Unit, read_quantity
from journeysim.scenario.scenario import Scenario
from journeysim.scenario.schema.distributions import Distribution

Spread = Literal["uniform", "triangular", "normal"]

#: Definitions of what is measured are chosen, not known more or less well.
_DEFINITIONS: Final = "measures"
_DISTRIBUTION: Final[TypeAdapter[Distribution]] = TypeAdapter(Distribution)


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter that is known within a range, or by values from a bootstrap.

    Attributes
    ----------
    text, path
        Where it stands; a wildcard stands for several places that are moved by one factor.
    unit
        What the numbers below are: times are ticks, rates arrivals per tick.
    current
        What the scenario says now: a number, the mean of a distribution, the total of a day.
    low, high
        The range; of a bootstrap, its smallest and largest value.
    spread
        How the parameter lies in its range.
    bootstrap
        Values to choose from in place of the range; empty for none.
    """

    text: str
    path: Path
    unit: Unit
    current: float
    low: float
    high: float
    spread: Spread
    bootstrap: tuple[float, ...] = ()


def declared_uncertainty(scenario: Scenario) -> list[Declared]:
    """Return the parameters of a scenario that have a range or bootstrap values, in file order.

    Raises
    ------
    ScenarioError
        If a range cannot be read, or does not fit what stands at its path.
    """
    found: list[Declared] = []
    problems: list[Problem] = []
    for text, evidence in scenario.world.evidence.items():
        path = parse_path(text)
        if (evidence.range is None and evidence.bootstrap is None) or path[0] == _DEFINITIONS:
            continue
        where = f'evidence."{text}"'
        try:
            found.append(_declared(scenario, text, path))
        except ValueError as error:
            problems.append(Problem(where, str(error)))
    if problems:
        raise ScenarioError(scenario.source, problems)
    return found


def _declared(scenario: Scenario, text: str, path: Path) -> Declared:
    evidence = scenario.world.evidence[text]
    given = evidence.bootstrap if evidence.range is None else evidence.range
    read = [read_quantity(value) for value in given or []]
    units = {unit for unit, value in read if value != 0.0} or {read[0][0]}
    if len(units) > 1:
        raise ValueError("mixes numbers, times and rates; give all in one unit")
    unit = units.pop()
    values = [value for _, value in read]
    low, high = min(values), max(values)
    if evidence.range is not None and values[0] > values[1]:
        raise ValueError("the range begins above its end; write the lowest value first")
    if any(
        isinstance(item, dict) and "share" in item for item in _standing(scenario.document, path)
    ):
        path = (*path, "share")
    current = _current(scenario, path)
    if current is not None and current[0] != unit and current[1] != 0.0:
        raise ValueError(f"is given as a {unit}, and a {current[0]} stands there; use one unit")
    bootstrap = tuple(values) if evidence.range is None else ()
    middle = (low + high) / 2 if current is None else current[1]
    return Declared(text, path, unit, middle, low, high, evidence.spread, bootstrap)


def _current(scenario: Scenario, path: Path) -> tuple[Unit, float] | None:
    """Return the unit and mean of what stands at a path; None where a default holds."""
    values = [_size(value) for value in _standing(scenario.document, path)]
    if not values:
        return None
    return values[0][0], sum(value for _, value in values) / len(values)


def _standing(value: Any, path: Path) -> Iterator[Any]:
    """Yield what stands at a path in a document; several with a wildcard."""
    if not path:
        yield value
        return
    part, below = path[0], path[1:]
    if part is ...:
        items = value if isinstance(value, list) else value.values()
        for item in items:
            yield from _standing(item, below)
    elif isinstance(value, dict) and part in value:
        yield from _standing(value[part], below)
    elif isinstance(value, list) and str(part).isdigit() and int(str(part)) < len(value):
        yield from _standing(value[int(str(part))], below)
    elif not below and part in ("share", "counts") and isinstance(value, int | float):
        # Both may be written in short, as a bare number.
        yield value


def _size(value: Any) -> tuple[Unit, float]:
    """Return the unit of a value, and how large it is as a range would say it."""
    if isinstance(value, dict) and "distribution" in value:
        try:
            return "time", _DISTRIBUTION.validate_python(value).mean_ticks()
        except ValidationError:
            raise ValueError("has a distribution that cannot be read") from None
    if isinstance(value, dict):
        kept = [value[key] for key in ("counts", "rates", "rate") if key in value]
        if not kept:
            raise ValueError("names a table; name a number, a time or a rate in it")
        return _size(kept[0])
    if isinstance(value, list):
        sizes = [_size(item) for item in value]
        total = sum(size for _, size in sizes)
        unit: Unit = sizes[0][0] if sizes else "number"
        # Counts of a day add up, rates do not.
        return unit, total / len(sizes) if unit == "rate" else total
    return read_quantity(value)
