"""The kinds of value that scenario files hold: durations, times of day, rates, shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from journeysim.units import parse_clock, parse_duration, parse_rate


class Part(BaseModel):
    """Base of every part of a scenario: immutable, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def shown(value: Any) -> str:
    """Return a value as a message quotes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str | int | float) else f"'{value}'"
    return text if len(text) <= 80 else f"{text[:76]} ..."


def _text(parse: Callable[[str], Any], kind: str, example: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            return parse(value)
        if value == 0 and not isinstance(value, bool):
            return 0
        raise ValueError(f"must be {kind} in quotes, e.g. {example!r}, got {shown(value)}")

    return read


def _schema(description: str, examples: list[str], pattern: str) -> WithJsonSchema:
    return WithJsonSchema(
        {
            "anyOf": [{"type": "string", "pattern": pattern}, {"const": 0}],
            "description": description,
            "examples": examples,
        }
    )


_DURATION = r"^\s*((\d+(\.\d+)?|\.\d+)\s*[a-zA-Z]+\s*)+$"

#: Ticks, written with units: "90s", "2m 30s", "7d".
Duration = Annotated[
    int,
    BeforeValidator(_text(parse_duration, "a duration with its unit", "90s")),
    _schema("A duration with its unit.", ["90s", "2m 30s", "7d"], _DURATION),
]

#: Ticks since midnight, written "07:30" or "24:00".
Clock = Annotated[
    int,
    BeforeValidator(_text(parse_clock, "a time of day", "07:30")),
    _schema(
        "A time of day.",
        ["07:30", "24:00"],
        r"^(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?|\s*((\d+(\.\d+)?|\.\d+)\s*[a-zA-Z]+\s*)+)$",
    ),
]

#: Arrivals per tick, written "20/min" or "4/h".
Rate = Annotated[
    float,
    BeforeValidator(_text(parse_rate, "a rate with its unit", "20/min")),
    _schema(
        "Arrivals per time.", ["20/min", "4/h"], r"^\s*[\d.]+(e[+-]?\d+)?\s*(/|per)\s*[a-zA-Z]+\s*$"
    ),
]

# Strict: "5", true and 5.0 are not counts, and "0.5" is not a share.
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False, strict=True)]
Count = Annotated[int, Field(ge=0, lt=2**53, strict=True)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False, strict=True)]
NotNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False, strict=True)]


def total_at_most_one(shares: Mapping[str, float]) -> Mapping[str, float]:
    """Return the shares, or raise ValueError where they add up to more than 1."""
    total = sum(shares.values())
    if total > 1.0 + 1e-9:
        raise ValueError(f"shares add up to {total:.4g}; they may be at most 1")
    return shares


def total_one(shares: Mapping[str, float]) -> Mapping[str, float]:
    """Return the shares, or raise ValueError unless they add up to 1 (or there are none)."""
    total = sum(shares.values())
    if shares and abs(total - 1.0) > 1e-6:
        raise ValueError(f"shares add up to {total:.4g}; they must add up to 1")
    return shares
