"""Whether contenders did the work: equal figures, exact theory, or a fair distance."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from typing import Any

#: Standard errors that may lie between two figures; by chance once in 16,000.
ERRORS = 4.0

Verdict = tuple[bool, str]


def check(workload: str, found: dict[str, list[dict[str, Any]]]) -> Iterator[Verdict]:
    """Return a verdict on every contender."""
    for who, runs in found.items():
        if "absent" in runs[0]:
            yield True, f"{who} took no part: {runs[0]['absent']}"
    first = {who: runs[0] for who, runs in found.items() if "absent" not in runs[0]}
    yield from _equal_engines(first)
    for who, figures in first.items():
        if workload == "W1":
            yield from _theory(who, figures)
        elif workload == "W2" and who in ("plain", "ciw"):
            yield from _days(who, figures, first["reference"])


def _equal_engines(first: dict[str, dict[str, Any]]) -> Iterator[Verdict]:
    """Compare journeysim's engines that had the same amount: the same run to the tick."""
    engines = {who: figures for who, figures in first.items() if "exact" in figures}
    seen: dict[int, str] = {}
    for who, figures in engines.items():
        other = seen.setdefault(figures["amount"], who)
        if other != who:
            parts = ("customers", "contacts", "exact")
            same = all(figures[part] == engines[other][part] for part in parts)
            yield same, f"{who} makes the journeys of {other}, to the tick"


def _theory(who: str, figures: dict[str, Any]) -> Iterator[Verdict]:
    for name, what in ("p_ab", "abandonment"), ("ew", "mean wait"):
        distance, error = figures[name]
        text = f"{who}: {what} {distance:+.2%} from Erlang-A (standard error {error:.2%})"
        yield abs(distance) < ERRORS * error, text


def _days(who: str, figures: dict[str, Any], reference: dict[str, Any]) -> Iterator[Verdict]:
    """Compare mean days; the reference engine's days say how much days differ."""
    for name, expected in reference["days"].items():
        days = figures["days"][name]
        # The day after the last holds whoever the end of the world finds on the way.
        spread = statistics.stdev(expected) * math.sqrt(1 / len(days) + 1 / len(expected))
        distance = (statistics.fmean(days) - statistics.fmean(expected)) / spread
        text = f"{who}: {name} {statistics.fmean(days):,.4g} a day, {distance:+.1f} standard errors"
        yield abs(distance) < ERRORS, f"{text} from the reference engine"
