"""Whether contenders did the work: equal figures, exact theory, or a fair distance."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from typing import Any

from benchmarks.timings import child

#: Standard errors that may lie between two figures; by chance once in 16,000.
ERRORS = 4.0
#: Of W2, to know how much its days differ: five would say too little about that.
DAYS = 40

Verdict = tuple[bool, str]


def check(workload: str, found: dict[str, list[dict[str, Any]]]) -> Iterator[Verdict]:
    """Return a verdict on every contender."""
    for who, runs in found.items():
        if "absent" in runs[0]:
            yield True, f"{who} took no part: {runs[0]['absent']}"
    many_days = child("W2", "general", DAYS)["days"] if workload == "W2" else {}
    first = {who: runs[0] for who, runs in found.items() if "absent" not in runs[0]}
    yield from _equal_engines(first)
    for who, figures in first.items():
        if workload == "W1":
            yield from _theory(who, figures)
        elif workload == "W2" and who in ("plain", "ciw"):
            yield from _days(who, figures["days"], many_days)


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


def _days(who: str, days: dict[str, Any], many_days: dict[str, Any]) -> Iterator[Verdict]:
    """Compare mean days with those of a long run of journeysim, which says how much days differ."""
    for name, expected in many_days.items():
        found, mean = statistics.fmean(days[name]), statistics.fmean(expected)
        spread = math.sqrt(1 / len(days[name]) + 1 / len(expected))
        distance = (found - mean) / (statistics.stdev(expected) * spread)
        text = f"{who}: {name} {found:,.4g} a day, {distance:+.1f} standard errors from ours"
        yield abs(distance) < ERRORS, text
