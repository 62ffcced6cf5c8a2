"""Scenarios that could be true as well: parameters drawn again within what is known of them.

A draw is a pure function of its address (seed, draw, path), so a baseline and its variants get the
same draw, and draw 7 is the same however many are made.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence

from journeysim.errors import Problem, ScenarioError
from journeysim.scenario.changes.assignments import Assignment, apply_assignments
from journeysim.scenario.changes.key_paths import Document, Path, fits
from journeysim.scenario.changes.quantities import written_quantity
from journeysim.scenario.scenario import Scenario, with_document
from journeysim.uncertainty.declared_ranges import Declared, declared_uncertainty

#: Shares that add up to 1: the ones that were not drawn give way.
_WHOLES = ("segments.*.needs", "segments.*.first", "needs.*.first", "segments.*.first.*")


def drawn_values(declared: Sequence[Declared], *, seed: int, draw: int) -> dict[str, float]:
    """Return the value of each parameter in a draw, by its path, in its own unit.

    Bootstrap lists of equal length were resampled together, so one draw takes the same place of
    each of them.
    """
    return {each.text: _value(each, seed, draw) for each in declared}


def drawn_scenario(
    scenario: Scenario, baseline: Scenario, *, seed: int, draw: int
) -> tuple[Scenario, dict[str, float]]:
    """Return a scenario with its uncertain parameters drawn, and what was drawn.

    Parameters
    ----------
    scenario
        A variant of the baseline, or the baseline itself.
    baseline
        Where a variant has changed a parameter, the baseline's is drawn, and the variant's moves
        in proportion.

    Raises
    ------
    ScenarioError
        If what is drawn is no scenario; the text names the draw.
    """
    of_baseline = {each.text: each for each in declared_uncertainty(baseline)}
    own = declared_uncertainty(scenario)
    known = [of_baseline.get(each.text, each) for each in own]
    values = drawn_values(known, seed=seed, draw=draw)
    try:
        changed, touched = apply_assignments(
            scenario.document, [_assignment(each, values[each.text]) for each in known]
        )
    except ValueError as error:
        raise _refused(scenario, draw, [Problem("", str(error))]) from None
    touched = [*touched, *_made_whole(changed, touched)]
    try:
        return with_document(scenario, changed, touched), values
    except ScenarioError as error:
        raise _refused(scenario, draw, error.problems) from None


def _refused(scenario: Scenario, draw: int, problems: Sequence[Problem]) -> ScenarioError:
    remedy = "narrow the ranges under evidence until any values of them go together"
    place = f"draw {draw} of the inputs"
    found = [
        Problem(f"{place}: {each.path}" if each.path else place, each.text) for each in problems
    ]
    return ScenarioError(scenario.source, [*found, Problem("evidence", remedy)])


def _value(declared: Declared, seed: int, draw: int) -> float:
    if declared.bootstrap:
        count = len(declared.bootstrap)
        return declared.bootstrap[int(_uniform(seed, draw, f"bootstrap of {count}") * count)]
    return _quantile(declared, _uniform(seed, draw, declared.text))


def _uniform(seed: int, draw: int, what: str) -> float:
    """Return a number in [0, 1): the first 53 bits of the BLAKE2b hash of the address."""
    address = f"{seed}/{draw}/{what}".encode()
    bits = int.from_bytes(hashlib.blake2b(address, digest_size=8).digest(), "big") >> 11
    return math.ldexp(bits, -53)


def _quantile(declared: Declared, share: float) -> float:
    """Return the value below which a share of the values of a range lies."""
    low, high = declared.low, declared.high
    if low == high:
        return low
    if declared.spread == "uniform":
        return low + (high - low) * share
    if declared.spread == "triangular":
        mode = min(max(declared.current, low), high)
        below = (mode - low) / (high - low)
        if share < below:
            return low + math.sqrt(share * (high - low) * (mode - low))
        return high - math.sqrt((1 - share) * (high - low) * (high - mode))
    from scipy.special import ndtri

    # The range is the middle 95 % of a normal law, which is cut where the range is left by as much.
    middle, error = (low + high) / 2, (high - low) / (2 * float(ndtri(0.975)))
    drawn = middle + error * float(ndtri(min(max(share, 1e-12), 1 - 1e-12)))
    widest = high - low
    return min(max(drawn, middle - widest, 0.0 if low >= 0 else -math.inf), middle + widest)


def _assignment(declared: Declared, value: float) -> Assignment:
    """Return the change that brings a parameter from what it is to what was drawn."""
    if declared.current != 0.0:
        return Assignment(declared.path, "*=", value / declared.current)
    written = written_quantity(declared.unit, value)
    return Assignment(declared.path, "=", written)


def _made_whole(document: Document, touched: Iterable[Path]) -> list[Path]:
    """Let shares that have to add up to 1, or to at most 1, do so again; return what changed."""
    drawn: dict[Path, set[str]] = {}
    for place in touched:
        parent = place[:-2] if place[-1] == "share" else place[:-1]
        inner = place[-2] if place[-1] == "share" else place[-1]
        drawn.setdefault(parent, set()).add(str(inner))
    changed: list[Path] = []
    for parent, names in drawn.items():
        table = _at(document, parent)
        if not isinstance(table, dict):
            continue
        if any(fits(parent, pattern) for pattern in _WHOLES):
            changed += _filled_up(table, names, parent)
        elif len(parent) > 1 and parent[-2] == "after":
            changed += _shrunk(table, names, parent)
    return changed


def _filled_up(table: Document, drawn: set[str], parent: Path) -> list[Path]:
    """Scale the shares that were not drawn; where all were drawn, all of them."""
    mine = sum(float(table[name]) for name in drawn)
    others = [name for name in table if name not in drawn]
    rest = sum(float(table[name]) for name in others)
    if others and rest > 0 and mine <= 1:
        factor, moved = (1 - mine) / rest, others
    elif others and mine <= 1:
        table[others[0]] = 1 - mine
        return [(*parent, others[0])]
    else:
        factor, moved = 1 / (mine + rest), list(table)
    for name in moved:
        table[name] = float(table[name]) * factor
    return [(*parent, name) for name in moved]


def _shrunk(table: Document, drawn: set[str], parent: Path) -> list[Path]:
    """Scale the next steps that were drawn until no more than everybody goes somewhere."""
    total = sum(_share(item) for item in table.values())
    mine = sum(_share(table[name]) for name in drawn)
    if total <= 1 or mine == 0:
        return []
    factor = max(0.0, 1 - (total - mine)) / mine
    for name in drawn:
        item = table[name]
        if isinstance(item, Mapping):
            table[name] = {**item, "share": _share(item) * factor}
        else:
            table[name] = item * factor
    return [(*parent, name) for name in drawn]


def _share(item: object) -> float:
    if isinstance(item, Mapping):
        return float(item.get("share", 0.0))
    return float(item) if isinstance(item, int | float) else 0.0


def _at(document: Document, path: Path) -> object:
    value: object = document
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value
