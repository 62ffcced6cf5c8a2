"""The file format as a JSON Schema, so that editors complete and check scenario files.

Made from the classes, and then widened where a file may write less than the class holds: a bare
duration for a constant distribution, a number for a share or a schedule, a span for opening hours.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from journeysim.scenario.schema.world import World

Schema = dict[str, Any]

_DURATION: Final = {
    "description": "A constant, as a duration with its unit.",
    "anyOf": [
        {"type": "string", "pattern": r"^\s*((\d+(\.\d+)?|\.\d+)\s*[a-zA-Z]+\s*)+$"},
        {"const": 0},
    ],
}
_SPAN: Final = {
    "type": "string",
    "pattern": r"^[^-]+-[^-]+$",
    "examples": ["07:00-17:30", "00:00-24:00"],
}
_SPANS: Final = {"anyOf": [_SPAN, {"type": "array", "items": _SPAN}]}
_SHARE: Final = {
    "type": "number",
    "minimum": 0,
    "maximum": 1,
    "description": "A share, without delay.",
}
_AGENTS: Final = {"type": "integer", "minimum": 0, "description": "As many agents all the time."}
_FIRST: Final = {
    "description": "First channels, by need, or for every need.",
    "anyOf": [
        {"type": "object", "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1}},
        {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
            },
        },
    ],
}


#: What a file must say unless it extends another, which may have said it.
_WHOLE: Final = {
    "required": ["segments", "channels"],
    "properties": {
        "channels": {"additionalProperties": {"required": ["kind"]}},
        "pools": {"additionalProperties": {"required": ["agents", "serves"]}},
    },
}
#: Parts that stand in lists, so that no other file completes them; distributions come besides.
_COMPLETE: Final = ("Break", "ServesNeeds", "Overflow")


def scenario_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of scenario files."""
    schema = World.model_json_schema(by_alias=True, mode="validation")
    parts = schema["$defs"]
    _widen(schema, "Step", _SHARE)
    _widen(schema, "Schedule", _AGENTS)
    _widen(schema, "Opening", _SPANS)
    parts["Segment"]["properties"]["first"] = _FIRST
    for weekday, described in parts["Opening"]["properties"].items():
        parts["Opening"]["properties"][weekday] = {**_SPANS, "title": described["title"]}
    kinds = [name for name, part in parts.items() if "distribution" in part["properties"]]
    for name, part in [("", schema), *parts.items()]:
        if name in kinds:
            part["required"] = sorted({"distribution", *part["required"]})
        elif name not in _COMPLETE:
            part.pop("required", None)
    written = _as_written(schema)
    written["$defs"]["Distribution"] = _distribution(written["$defs"], kinds)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **written,
        "title": "A journeysim scenario",
        "description": "Customers, channels and agents, and what is to be simulated.",
        "if": {"required": ["extends"]},
        "else": _WHOLE,
    }


def _distribution(parts: Schema, kinds: list[str]) -> Schema:
    changed: Schema = {}
    for name in kinds:
        changed |= parts[name]["properties"]
    changed.pop("distribution")
    return {
        "description": "A duration, drawn again each time.",
        "anyOf": [
            _DURATION,
            *({"$ref": f"#/$defs/{name}"} for name in kinds),
            {
                "description": "A change to the distribution in the file that this one extends.",
                "type": "object",
                "properties": dict.fromkeys(changed, True),
                "additionalProperties": False,
            },
        ],
    }


def _widen(value: Any, part: str, shorthand: Schema) -> None:
    """Let `shorthand` stand wherever a part is referred to; changes the schema in place."""
    reference = f"#/$defs/{part}"
    if isinstance(value, list):
        for item in value:
            _widen(item, part, shorthand)
    elif isinstance(value, dict):
        if value.get("$ref") == reference:
            del value["$ref"]
            value["anyOf"] = [{"$ref": reference}, shorthand]
            return
        for item in value.values():
            _widen(item, part, shorthand)


def _as_written(value: Any, *, is_properties: bool = False) -> Any:
    """Copy a schema without what files cannot say: null, and defaults counted in ticks."""
    if isinstance(value, list):
        return [_as_written(item) for item in value if item != {"type": "null"}]
    if not isinstance(value, dict):
        return value
    copied = {
        key: _as_written(item, is_properties=key == "properties")
        for key, item in value.items()
        if is_properties or key not in ("default", "discriminator")
    }
    if {"$ref": "#/$defs/Exponential"} in copied.get("oneOf", []):
        del copied["oneOf"]
        copied["$ref"] = "#/$defs/Distribution"
    if len(copied.get("anyOf", [])) == 1:
        copied |= copied.pop("anyOf")[0]
    return copied


if __name__ == "__main__":
    sys.stdout.write(json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n")
