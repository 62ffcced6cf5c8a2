"""What the record of a comparison says of its scenarios and of the precision reached."""

from __future__ import annotations

from typing import Any

from journeysim.comparison.comparison_tables import unit_of
from journeysim.comparison.scenarios import ComparedScenario
from journeysim.comparison.stopping_rule import HalfWidth
from journeysim.measures.service.registry import known_measures
from journeysim.tables.provenance import scenario_hash


def described(contender: ComparedScenario) -> dict[str, Any]:
    """Return what a scenario is called, and what identifies it."""
    return {
        "name": contender.name,
        "title": contender.scenario.world.title,
        "words": contender.words.text,
        "grammar": contender.words.grammar,
        "changes": list(contender.changes),
        "scenario_hash": scenario_hash(contender.toml),
        "directory": None if contender.run is None else str(contender.run.directory),
    }


def reached(found: HalfWidth) -> dict[str, Any]:
    """Return what a precision came to; widths in units of the measure."""
    unknown = found.half_width != found.half_width
    return {
        "target": found.target.text,
        "of": found.target.of,
        "unit": unit_of(known_measures()[found.target.measure]),
        "where": found.where,
        "half_width": None if unknown else found.half_width,
        "estimate": None if unknown else found.estimate,
        "asked": None if unknown else found.target.asked(found.estimate),
        "reached": found.reached,
    }
