"""From the file of an experiment to a checked plan; all that is wrong is said at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from journeysim.comparison.comparison_tables import unit_of
from journeysim.comparison.precision import Target, parse_target
from journeysim.errors import ExperimentError, MeasureError, Problem, ScenarioError
from journeysim.experiments.designs import Point, design_points, design_problems
from journeysim.experiments.factors import CheckedFactor, checked_factors
from journeysim.experiments.plan import Plan
from journeysim.experiments.plan_file import PlanFile
from journeysim.measures.definitions import Definitions
from journeysim.measures.scoring_context import scoring_rules
from journeysim.measures.service.registry import checked_breakdown, chosen_measures, known_measures
from journeysim.scenario.changes.assignments import apply_assignments
from journeysim.scenario.changes.key_paths import Document, format_path
from journeysim.scenario.reading.validation_messages import explain
from journeysim.scenario.scenario import Scenario, load_scenario, with_assignments
from journeysim.scenario.shipped import find_experiment, is_shipped
from journeysim.tables.provenance import versions
from journeysim.uncertainty import declared_uncertainty


def load_plan(plan: str | Path | Mapping[str, Any], **changes: Any) -> Plan:
    """Return a checked experiment from its file, or from a mapping with the same keys.

    Parameters
    ----------
    plan
        In a mapping, `scenario` may be a scenario.
    changes
        Keys of the file that are given another value, where that is not None.

    Raises
    ------
    ExperimentError
        With everything that is wrong with the file.
    ScenarioError
        If the scenario cannot be read.
    """
    document, source, folder = _document(plan)
    document |= {key: value for key, value in changes.items() if value is not None}
    given = document.get("scenario")
    if isinstance(given, Scenario):
        document["scenario"] = given.source
    try:
        file = PlanFile.model_validate(document)
    except ValidationError as error:
        found = explain(error, document, part=PlanFile)
        problems = [Problem(format_path(path), text) for path, text in found]
        raise ExperimentError(source, problems) from None
    scenario = given if isinstance(given, Scenario) else _scenario(folder, file.scenario)
    if file.variant is not None:
        scenario = scenario.variant(file.variant)
    if file.set:
        scenario = scenario.set(*file.set)
    return _checked(file, source, _alone(scenario))


def _document(plan: str | Path | Mapping[str, Any]) -> tuple[Document, str, Path]:
    if isinstance(plan, Mapping):
        return dict(plan), "<python>", Path.cwd()
    try:
        path = find_experiment(plan)
    except ScenarioError as error:
        raise ExperimentError(error.source, error.problems) from None
    if path.is_dir():
        path = path / "experiment.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), str(path), path.parent
    except OSError as error:
        text = f"cannot be read: {error.strerror}"
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        text = f"is not TOML: {error}"
    raise ExperimentError(str(path), [Problem("", text)])


def _scenario(folder: Path, named: str) -> Scenario:
    path = folder / named
    return load_scenario(named if is_shipped(named) and not path.exists() else path)


def _alone(scenario: Scenario) -> Scenario:
    """Return a scenario without variants: they would be read again at every point."""
    document = {key: item for key, item in scenario.document.items() if key != "variants"}
    return replace(
        scenario, document=document, world=scenario.world.model_copy(update={"variants": {}})
    )


def _checked(file: PlanFile, source: str, scenario: Scenario) -> Plan:
    factors, problems = checked_factors(file.factors)
    problems += design_problems(file.design, factors)
    problems += _consistency(file)
    definitions, targets, found = _scoring(file, scenario)
    problems += found
    points: list[Point] = []
    if not problems:
        points = design_points(file.design, factors)
        problems += _point_problems(scenario, factors, points)
    if file.input_draws is not None and not declared_uncertainty(scenario):
        text = "the scenario says of no parameter how well it is known; add ranges under evidence"
        problems.append(Problem("input_draws", text))
    if problems:
        raise ExperimentError(source, problems)
    plan = Plan(
        file=file,
        source=source,
        scenario=scenario,
        factors=tuple(factors),
        points=tuple(points),
        definitions=definitions,
        targets=tuple(targets),
    )
    return replace(plan, identity=_identity(plan))


def _scoring(file: PlanFile, scenario: Scenario) -> tuple[Definitions, list[Target], list[Problem]]:
    """Return what scores an experiment and what precision is asked for, and what is wrong."""
    problems = []
    targets: list[Target] = []
    definitions = Definitions()
    try:
        definitions = Definitions(**file.definitions)
        scoring_rules(scenario.world, definitions)
    except (MeasureError, TypeError) as error:
        problems.append(Problem("definitions", str(error).replace("Definitions.__init__() ", "")))
    try:
        checked_breakdown(file.by)
    except MeasureError as error:
        problems.append(Problem("by", str(error)))
    try:
        targets = _targets(file)
    except MeasureError as error:
        problems.append(Problem("precision", str(error)))
    try:
        known = {measure.name for measure in chosen_measures(file.measures)}
    except MeasureError as error:
        problems.append(Problem("measures", str(error)))
    else:
        problems += [
            Problem("precision", f"{target.measure} is not among the measures")
            for target in targets
            if target.measure not in known
        ]
    return definitions, targets, problems


def _targets(file: PlanFile) -> list[Target]:
    """Return what precision is asked for; in an experiment it is that of the values."""
    units = {name: unit_of(measure) for name, measure in known_measures().items()}
    return [replace(parse_target(text, units), of="value") for text in file.precision]


def _consistency(file: PlanFile) -> list[Problem]:
    found = []
    if file.precision and file.input_draws is not None:
        found.append(Problem("precision", "cannot be asked for together with input_draws"))
    if file.precision and file.replications is not None:
        text = "has no effect with a precision; leave it out, or say max_replications"
        found.append(Problem("replications", text))
    if not file.precision and "max_replications" in file.model_fields_set:
        found.append(Problem("max_replications", "has no effect without a precision"))
    if file.input_draws is not None and file.replications == 1:
        text = "one replication of a draw cannot tell chance from inputs; make at least 2"
        found.append(Problem("replications", text))
    return found


def _point_problems(
    scenario: Scenario, factors: Sequence[CheckedFactor], points: Sequence[Point]
) -> list[Problem]:
    """Try the points with the lowest and highest value of each factor; say all that is wrong."""
    found = []
    for place, factor in enumerate(factors):
        try:
            apply_assignments(scenario.document, factor.assignments(points[0][place]))
        except ValueError as error:
            found.append(Problem(f"factors.{factor.name}", str(error)))
    tried: set[int] = set()
    for place in range(len(factors)) if not found else ():
        values = [point[place] for point in points]
        try:
            tried |= {values.index(min(values)), values.index(max(values))}
        except TypeError:
            tried |= {0, len(values) - 1}
    for number in sorted(tried):
        pairs = list(zip(factors, points[number], strict=True))
        try:
            with_assignments(
                scenario, [each for factor, value in pairs for each in factor.assignments(value)]
            )
        except ScenarioError as error:
            values = [f"{factor.name} = {value!r}" for factor, value in pairs]
            where = f"point {number} ({', '.join(values)})"
            found += [Problem(where, str(problem)) for problem in error.problems]
    return found


def _identity(plan: Plan) -> str:
    """Return a hash of all that results follow from: file, scenario, points, program."""
    said = plan.file.model_dump(mode="json", exclude={"title", "description", "scenario"})
    content = {
        "plan": said,
        "scenario": plan.scenario.to_toml(),
        "points": plan.points,
        "seed": plan.seed,
        "versions": versions(),
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
