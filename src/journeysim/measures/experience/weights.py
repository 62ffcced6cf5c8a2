"""The weights that score journeys: each with its default, its range, its source and its grade."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from journeysim.errors import MeasureError, Problem, ScenarioError, did_you_mean
from journeysim.scenario.changes.key_paths import format_path
from journeysim.scenario.channel_kinds import KindName
from journeysim.scenario.reading.validation_messages import explain
from journeysim.scenario.schema.scoring_weights import Scoring, scoring_defaults
from journeysim.scenario.schema.world import World
from journeysim.units import MINUTE

#: What a result that moves with a default of these grades has to say of itself.
ASSUMED = ("C", "M", "K")


@dataclass(frozen=True, slots=True)
class WeightEvidence:
    """What a weight is and what it rests on.

    Attributes
    ----------
    value, low, high
        The value in use, and the range for sweeps; minutes where it is a time.
    grade
        A meta-analysis or field experiment, B single study, C vendor or practitioner, D computed,
        M from memory, K convention; ``set``: not the default; or the scenario's own grade.
    source
        Where it comes from.
    meaning
        What it weighs.
    """

    value: float
    low: float
    high: float
    grade: str
    source: str
    meaning: str

    @property
    def is_assumption(self) -> bool:
        """Whether a result that moves with it rests on an assumption."""
        return self.grade in (*ASSUMED, "convention", "assumption")


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What is known of a channel; None where only its name tells."""

    kind: KindName | None = None
    accept: float | None = None
    warmth: float | None = None
    cost: float | None = None
    humanised: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The weights of all built-in measures; immutable, and equal only to themselves.

    ``weights["wait.beta"]`` is a number; times are in minutes.

    Attributes
    ----------
    known
        Every weight by path, with its evidence.
    channels
        What is known of channels, by name.
    pool_costs
        Cost of an hour of handling, by pool.
    value_is
        Whether `journey.value` is a ``margin`` per year or a ``worth`` for life.
    """

    known: Mapping[str, WeightEvidence]
    channels: Mapping[str, ChannelFacts] = field(default_factory=dict)
    pool_costs: Mapping[str, float] = field(default_factory=dict)
    value_is: str = "margin"

    def __getitem__(self, path: str) -> float:
        return self.evidence(path).value

    def evidence(self, path: str) -> WeightEvidence:
        """Return a weight with what it rests on.

        Raises
        ------
        MeasureError
            If there is no such weight.
        """
        if path not in self.known:
            raise MeasureError(f"no weight {path!r}{did_you_mean(path, self.known)}")
        return self.known[path]

    def assumptions(self, paths: Iterable[str]) -> list[str]:
        """Return those of some weights that are assumptions: ``churn.base = 0.05 (K)``."""
        return [
            f"{path} = {self[path]:g} ({self.evidence(path).grade})"
            for path in paths
            if self.evidence(path).is_assumption
        ]

    def used(self, paths: Iterable[str]) -> list[str]:
        """Return those of some weights that count: default costs do not beside stated ones."""
        stated = bool(self.channels) and all(
            channel.cost is not None for channel in self.channels.values()
        )
        return [path for path in paths if not (stated and path.startswith("cost."))]

    def changed(self, values: Mapping[str, float]) -> Weights:
        """Return these weights with others at some paths, times in minutes.

        Raises
        ------
        MeasureError
            If there is no such weight, or it may not have the value.
        """
        document: dict[str, Any] = {}
        for path, value in values.items():
            self.evidence(path)
            section, name = path.split(".")
            is_time = _is_time(path)
            document.setdefault(section, {})[name] = f"{value!r}min" if is_time else value
        fresh = _read_document(document, "<python>")
        moved = {path: fresh.known[path] for path in values}
        return replace(self, known={**self.known, **moved})

    @classmethod
    def default(cls) -> Weights:
        """Return the defaults."""
        return _from_scoring(Scoring(), {})

    @classmethod
    def read(cls, path: str | Path) -> Weights:
        """Return the weights in a file: TOML with the sections of `[scoring]` at the top.

        Raises
        ------
        ScenarioError
            If the file cannot be read, or says what no weight is; all problems at once.
        """
        try:
            document = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            problem = Problem("", f"cannot be read: {error.strerror or error}")
            raise ScenarioError(str(path), [problem]) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ScenarioError(str(path), [Problem("", f"is not TOML: {error}")]) from None
        return _read_document(document.get("scoring", document), str(path))


def weights_of(world: World) -> Weights:
    """Return the weights of a scenario, with the kinds and costs of its channels and pools.

    Where the scenario states any cost, its costs count, and the default costs do not.
    """
    grades = {
        path.removeprefix("scoring."): evidence.grade for path, evidence in world.evidence.items()
    }
    weights = _from_scoring(world.scoring, grades)
    pool_costs = {name: pool.cost_per_hour for name, pool in world.pools.items()}
    costs = [channel.cost_per_contact for channel in world.channels.values()]
    has_costs = any(costs) or any(pool_costs.values())
    channels = {}
    for name, channel in world.channels.items():
        said = weights.channels.get(name, ChannelFacts())
        stated = channel.cost_per_contact if has_costs else None
        cost = stated if said.cost is None else said.cost
        channels[name] = replace(said, kind=channel.kind, cost=cost)
    return replace(weights, channels=channels, pool_costs=pool_costs if has_costs else {})


def _read_document(document: Mapping[str, Any], source: str) -> Weights:
    try:
        scoring = Scoring.model_validate(document)
    except ValidationError as error:
        found = explain(error, dict(document), part=Scoring)
        problems = [Problem(format_path(path), text) for path, text in found]
        raise ScenarioError(source, problems) from None
    return _from_scoring(scoring, {})


def _from_scoring(scoring: Scoring, grades: Mapping[str, str]) -> Weights:
    known = {}
    for section, weights in scoring_defaults().items():
        said = getattr(scoring, section)
        for name, weight in weights.items():
            path = f"{section}.{name}"
            value = float(getattr(said, name))
            is_set = name in said.model_fields_set
            known[path] = WeightEvidence(
                value=value / MINUTE if _is_time(path) else value,
                low=float(weight["range"][0]),
                high=float(weight["range"][1]),
                grade=grades.get(path, "set" if is_set else weight["grade"]),
                source="as set" if is_set else weight["source"],
                meaning=weight["meaning"],
            )
    channels = {
        name: ChannelFacts(
            accept=None if channel.accept is None else channel.accept / MINUTE,
            warmth=channel.warmth,
            cost=channel.cost_per_contact,
            humanised=channel.humanised,
        )
        for name, channel in scoring.channels.items()
    }
    return Weights(known, channels, {}, scoring.value_is)


def _is_time(path: str) -> bool:
    section, name = path.split(".")
    return scoring_defaults()[section][name].get("unit") == "min"
