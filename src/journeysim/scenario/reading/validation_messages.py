"""Validation errors of pydantic in the words of the file format.

Pydantic reports a place with the names of union branches in it and a text about Python types.
Walking the classes along that place gives the path as the user wrote it, and the keys that
would have been known there.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from journeysim.errors import did_you_mean
from journeysim.scenario.changes.key_paths import Document, PathPart
from journeysim.scenario.schema.distributions import DISTRIBUTIONS
from journeysim.scenario.schema.fields import shown
from journeysim.scenario.schema.world import World
from journeysim.units import format_duration

#: A path, and what is wrong there.
Found = tuple[tuple[PathPart, ...], str]

_WANTED: Final = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number below 2**63",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text in quotes",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_BOUNDS: Final = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def explain(
    error: ValidationError, document: Document, *, part: type[BaseModel] = World
) -> list[Found]:
    """Return all that pydantic found in a part, each once, with the user's paths."""
    found: dict[Found, None] = {}
    for details in error.errors(include_url=False):
        explained = _explain_one(details, document, part)
        if explained is not None:
            found[explained] = None
    return list(found)


def _explain_one(details: ErrorDetails, document: Document, part: type[BaseModel]) -> Found | None:
    annotation: Any = part
    value: Any = document
    path: list[PathPart] = []
    for step in details["loc"]:
        members = _members(annotation)
        if len(members) > 1:
            if not _is_distribution(members):
                wanted = _branch_for(value, members)
                if wanted is None:
                    return tuple(path), f"must be {_choices(members)}, got {shown(value)}"
                if not _is_label(str(step), wanted, members):
                    return None
                annotation = wanted
            else:
                annotation = next(member for member in members if _tag(member) == step)
            continue
        annotation = _below(members[0], step)
        if isinstance(value, dict) and (step in value or step != "*"):
            path.append(step)
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            path.append(step)
            value = value[step] if step < len(value) else None
    return tuple(path), _text(details, annotation, value, path)


def _members(annotation: Any) -> list[Any]:
    """Return what an annotation allows, without wrapping and without None."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [member for member in get_args(annotation) if member is not type(None)]
        return [found for member in inner for found in _members(member)]
    return [annotation]


def _below(annotation: Any, step: PathPart) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                return field.annotation
        return annotation
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple and isinstance(step, int) and step < len(arguments):
        return arguments[step]
    return arguments[-1] if arguments else annotation


def _tag(member: Any) -> str | None:
    field = getattr(member, "model_fields", {}).get("distribution")
    return None if field is None else get_args(field.annotation)[0]


def _is_distribution(members: list[Any]) -> bool:
    return all(_tag(member) is not None for member in members)


def _branch_for(value: Any, members: list[Any]) -> Any:
    """Return the branch of a union that the value was meant for."""
    lists = [member for member in members if get_origin(member) is list]
    if isinstance(value, list) and lists:
        texts = any(isinstance(item, str) for item in value)
        return lists[-1] if texts else lists[0]
    if isinstance(value, dict):
        return next((member for member in members if hasattr(member, "model_fields")), None)
    if isinstance(value, str) and str in members:
        return str
    return None


def _is_label(label: str, branch: Any, members: list[Any]) -> bool:
    """Return whether pydantic means this branch by its label."""
    if get_origin(branch) is not list:
        return label == str(branch.__name__)
    lists = [member for member in members if get_origin(member) is list]
    # Two lists occur together only as counts or rates; the rates are read by a function.
    is_rates = len(lists) > 1 and branch is lists[-1]
    return label.startswith("list[") and is_rates == label.startswith("list[function")


def _choices(members: list[Any]) -> str:
    words = []
    for member in members:
        if member is str:
            words.append("a name in quotes")
        elif hasattr(member, "model_fields"):
            words.append("a table")
        else:
            words.append("a list")
    return " or ".join(dict.fromkeys(words))


def _text(details: ErrorDetails, annotation: Any, value: Any, path: list[PathPart]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(path[-1]), _keys(annotation))}"
    if kind == "value_error":
        return str(context["error"])
    if kind in _BOUNDS:
        words, key = _BOUNDS[kind]
        bound = format_duration(context[key]) if isinstance(value, str) else f"{context[key]:g}"
        return f"must be {words} {bound}, got {shown(value)}"
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, got {shown(value)}"
    if kind == "literal_error":
        return _text_for_choice(value, annotation)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _text_for_distribution(value)
    if kind in ("too_short", "too_long"):
        return _text_for_length(kind, context, value)
    return f"{details['msg'][0].lower()}{details['msg'][1:]}"


def _keys(annotation: Any) -> list[str]:
    fields = getattr(_members(annotation)[0], "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _text_for_choice(value: Any, annotation: Any) -> str:
    choices = [str(choice) for choice in get_args(_members(annotation)[0])]
    near = did_you_mean(value, choices) if isinstance(value, str) else ""
    guess = near if near.startswith("; did") else ""
    return f"must be one of {', '.join(choices)}, got {shown(value)}{guess}"


def _text_for_distribution(value: Any) -> str:
    if not isinstance(value, dict):
        return (
            "must be a duration such as '5m', or a table such as "
            f'{{ distribution = "exponential", mean = "5m" }}, got {shown(value)}'
        )
    kind = value.get("distribution")
    if kind is None:
        return "has no key 'distribution', e.g. distribution = \"exponential\""
    return f"no distribution {shown(kind)}{did_you_mean(str(kind), DISTRIBUTIONS)}"


def _text_for_length(kind: str, context: Mapping[str, Any], value: Any) -> str:
    words, key = {"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")}[
        kind
    ]
    bound = context[key]
    entries = "entry" if bound == 1 else "entries"
    got = len(value) if isinstance(value, dict | list) else context.get("actual_length")
    return f"must have {words} {bound} {entries}, got {got}"
