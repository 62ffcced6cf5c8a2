"""What the figures of a scenario rest on, as tables: every graded parameter, every persona."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from journeysim.measures.experience.weights import weights_of
from journeysim.measures.portrait.portrait import table_of
from journeysim.scenario.changes.key_paths import parse_path
from journeysim.scenario.schema.world import World

EVIDENCE_MEANINGS: Final = {
    "path": "Path of the parameter in the scenario, or of a weight of the scoring.",
    "value": "Its value in this scenario; null if several stand there.",
    "grade": "measured, published, convention or assumption.",
    "said": "The source.",
    "n": "How many records or interviews it rests on.",
    "range": "The range in which nobody should be surprised.",
}
PERSONAS_MEANINGS: Final = {
    "segment": "Name of the segment (persona).",
    "interviews": "Interviews that it rests on; null where none are stated.",
    "verdict": "Whether that is enough.",
}
#: Persona interviews below which a report warns.
FEW_INTERVIEWS: Final = 10
_GRADES: Final = ("assumption", "convention", "published", "measured")
#: What the letters stand for that grade the weights of the scoring.
_LETTERS: Final = {
    "A": "published: field experiment or meta-analysis",
    "B": "published: single study",
    "C": "published: vendor or practitioner",
    "D": "computed",
    "M": "published, source not looked up again",
    "K": "convention",
}
#: Sections of the weights that emotion and effort are made of.
_FELT: Final = ("wait", "valence", "effort")
_LONGEST_VALUE: Final = 60


def evidence_table(world: World, document: Mapping[str, Any]) -> pa.Table:
    """Return what each graded parameter rests on, the weakest grade first.

    Parameters
    ----------
    document
        The scenario as a document, from which values are read.
    """
    rows = [
        {
            "path": path,
            "value": _value_at(document, path),
            "grade": item.grade,
            "said": item.source,
            "n": item.n,
            "range": None if item.range is None else " to ".join(map(_shown, item.range)),
        }
        for path, item in world.evidence.items()
    ]
    rows.sort(key=lambda row: _GRADES.index(row["grade"]))
    return table_of(EVIDENCE_MEANINGS, rows, {})


def personas_table(world: World) -> pa.Table:
    """Return how many interviews each persona rests on."""
    rows = []
    for name, segment in world.segments.items():
        if segment.interviews is None:
            verdict = "no interviews stated"
        elif segment.interviews < FEW_INTERVIEWS:
            verdict = f"under {FEW_INTERVIEWS} interviews: do not rely on it"
        else:
            verdict = "enough to rely on"
        rows.append({"segment": name, "interviews": segment.interviews, "verdict": verdict})
    return table_of(PERSONAS_MEANINGS, rows, {})


def weights_table(world: World) -> pa.Table:
    """Return what the weights of emotion and effort rest on, in their order."""
    rows = [
        {
            "path": f"scoring.{path}",
            "value": f"{weight.value:g}",
            "grade": _LETTERS.get(weight.grade, weight.grade),
            "said": weight.source,
            "n": None,
            "range": f"{weight.low:g} to {weight.high:g}",
        }
        for path, weight in weights_of(world).known.items()
        if path.partition(".")[0] in _FELT
    ]
    return table_of(EVIDENCE_MEANINGS, rows, {})


def _value_at(document: Mapping[str, Any], path: str) -> str | None:
    value: Any = document
    for part in parse_path(path):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    text = _shown(value)
    return text if len(text) <= _LONGEST_VALUE else None


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
