"""Adding to and scaling what a scenario holds: numbers, durations, rates, tables, distributions."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any, Final, Literal

from journeysim.scenario.changes.key_paths import Document, Path, fits
from journeysim.scenario.schema.distributions import DISTRIBUTIONS
from journeysim.units import (
    WEEKDAYS,
    format_clock,
    format_duration,
    parse_clock,
    parse_duration,
    parse_rate,
)

Operator = Literal["=", "+=", "-=", "*="]

#: Keys that hold whole numbers, so that +10 % of them is a whole number again.
_WHOLE: Final = ("lines", "max_contacts", "priority", "replications", "seed", "interviews")
_RATE: Final = re.compile(r"\s*[\d.]+(?:e[+-]?\d+)?\s*(/|per)\s*([a-zA-Z]+)\s*", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
#: The times of a distribution; its other keys are pure numbers, which scaling leaves alone.
_TIMES: Final = {time: None for kind in DISTRIBUTIONS.values() for time in kind.times}


def changed_amount(current: Any, operator: Operator, amount: Any, path: Path) -> Any:
    """Return what stands at `path` after adding, subtracting or scaling.

    Raises
    ------
    ValueError
        If what stands there, or the amount, is not of a kind that allows it.
    """
    if operator == "*=" and not _is_number(amount):
        raise ValueError(f"can be multiplied by a number only, got {amount!r}")
    if isinstance(current, dict):
        return _changed_table(current, operator, amount, path)
    if isinstance(current, list):
        if any(isinstance(item, list | dict) for item in current):
            raise ValueError("is a list of tables or lists; name the number in it")
        return [changed_amount(item, operator, amount, path) for item in current]
    if isinstance(current, str):
        return _changed_text(current, operator, amount)
    if not _is_number(current):
        raise ValueError(f"is {str(current).lower()}; only numbers, durations and rates can change")
    if not _is_number(amount):
        raise ValueError(f"is the number {current:g}; {amount!r} is no number to change it by")
    return _changed_number(current, operator, amount, path)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _combine(current: Fraction, operator: Operator, amount: Fraction) -> Fraction:
    if operator == "*=":
        return current * amount
    return current + amount if operator == "+=" else current - amount


def _changed_number(current: float, operator: Operator, amount: float, path: Path) -> float:
    exact = _combine(_decimal(current), operator, _decimal(amount))
    if "agents" in path[2:3] or "agents" in path[-1:]:
        return max(0, math.floor(exact + Fraction(1, 2)))
    if path[-1] in _WHOLE or "concurrency" in path:
        return math.floor(exact + Fraction(1, 2))
    if isinstance(current, int) and isinstance(amount, int):
        return int(exact)
    return float(exact)


def _decimal(value: float) -> Fraction:
    # As written: 0.1 is a tenth, so that 10 * 1.15 rounds as people expect.
    return Fraction(repr(value))


def _changed_text(current: str, operator: Operator, amount: Any) -> str:
    rate = _RATE.fullmatch(current)
    if rate is not None:
        return _changed_rate(current, operator, amount, unit=rate.group(2))
    is_clock = _CLOCK.fullmatch(current.strip()) is not None
    try:
        ticks = parse_clock(current) if is_clock else parse_duration(current)
    except ValueError:
        raise ValueError(f"is {current!r}, which is not a number, a duration or a rate") from None
    if operator == "*=":
        exact = ticks * _decimal(amount)
    elif isinstance(amount, str):
        exact = _combine(Fraction(ticks), operator, Fraction(parse_duration(amount)))
    else:
        raise ValueError(f"is the time {current!r}; change it by a time such as '10s'")
    changed = math.floor(exact + Fraction(1, 2))
    if changed < 0:
        raise ValueError(f"is {current!r}; it would become negative")
    return format_clock(changed) if is_clock else format_duration(changed)


def _changed_rate(current: str, operator: Operator, amount: Any, *, unit: str) -> str:
    number = _decimal(float(re.split(r"/|per", current.lower(), maxsplit=1)[0]))
    if operator != "*=":
        if not isinstance(amount, str):
            raise ValueError(f"is the rate {current!r}; change it by a rate such as '2/{unit}'")
        per_unit = parse_rate(amount) / parse_rate(f"1/{unit}")
        amount = float(f"{per_unit:.12g}")
    changed = _combine(number, operator, _decimal(amount))
    if changed < 0:
        raise ValueError(f"is {current!r}; it would become negative")
    return f"{float(changed):.12g}/{unit}"


def _changed_table(table: Document, operator: Operator, amount: Any, path: Path) -> Document:
    if fits(path, "segments.*.arrivals") or fits(path, "pools.*.agents"):
        forms = [key for key in ("counts", "rates", "rate", *WEEKDAYS) if key in table]
        if "gaps" in table:
            raise ValueError("has gaps between arrivals; change a time of arrivals.gaps")
        changed = {**table}
        for key in forms:
            changed[key] = changed_amount(table[key], operator, amount, path)
        return changed
    if "distribution" in table:
        if operator != "*=":
            raise ValueError("is a distribution; only *= changes it as a whole, or name its mean")
        return _scaled_distribution(table, amount, path)
    raise ValueError("is a table; name a number, a duration or a rate in it")


def _scaled_distribution(table: Document, factor: float, path: Path) -> Document:
    scaled = {**table}
    for key in _TIMES:
        if key in table:
            scaled[key] = changed_amount(table[key], "*=", factor, (*path, key))
    for key in ("parts", "otherwise"):
        if key in table:
            inner = table[key]
            parts = inner if isinstance(inner, list) else [inner]
            changed = [changed_amount(part, "*=", factor, (*path, key)) for part in parts]
            scaled[key] = changed if isinstance(inner, list) else changed[0]
    if isinstance(table.get("quantiles"), list):
        scaled["quantiles"] = [
            [pair[0], changed_amount(pair[1], "*=", factor, path)] for pair in table["quantiles"]
        ]
    return scaled
