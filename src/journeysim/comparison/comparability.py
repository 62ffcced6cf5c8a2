"""May these be compared? What differs by intention may differ; all else is named and refused."""

from __future__ import annotations

from collections.abc import Sequence

from journeysim.errors import CompareError, RunError
from journeysim.measures.definitions import spoken
from journeysim.measures.scoring_context import Rules
from journeysim.tables.provenance import LAYOUT
from journeysim.tables.run import Run


def check_definitions(names: Sequence[str], rules: Sequence[Rules], by: Sequence[str]) -> None:
    """Refuse scenarios of other spans, or scored by other definitions, than the first.

    Raises
    ------
    CompareError
        With everything that differs.
    """
    problems = []
    for name, other in zip(names[1:], rules[1:], strict=True):
        found = [*_spans(rules[0], other, by), *_definitions(rules[0], other)]
        problems += [f"{name}: {text}" for text in found]
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise CompareError(
            f"not comparable with {names[0]}, for they are not measured alike:\n{lines}\n"
            "  Give all the same: change the scenarios, or say --threshold and --service-level"
        )


def _spans(base: Rules, other: Rules, by: Sequence[str]) -> list[str]:
    spans = [
        ("warm-up", base.warm_up, other.warm_up),
        ("horizon", base.horizon, other.horizon),
        ("run-out", base.end - base.horizon, other.end - other.horizon),
    ]
    if "interval" in by:
        spans.append(("interval", base.interval, other.interval))
    return [f"{word} {spoken(b)}, not {spoken(a)}" for word, a, b in spans if a != b]


def _definitions(base: Rules, other: Rules) -> list[str]:
    found = []
    if base.headline_formula != other.headline_formula:
        found.append(
            f"service level by {other.headline_formula!r}, not by {base.headline_formula!r}"
        )
    if base.window != other.window:
        found.append(f"recontact window {spoken(other.window)}, not {spoken(base.window)}")
    said = dict(zip(base.channels, base.definitions, strict=True))
    for channel, mine in zip(other.channels, other.definitions, strict=True):
        if channel not in said:
            continue
        theirs = said[channel]
        times = (
            ("threshold", theirs.threshold, mine.threshold),
            ("short-abandon threshold", theirs.short_abandon, mine.short_abandon),
        )
        found += [
            f"{word} of {channel} {spoken(b)}, not {spoken(a)}" for word, a, b in times if a != b
        ]
        if theirs.target != mine.target:
            found.append(f"target of {channel} {mine.target:g}, not {theirs.target:g}")
    return found


def check_runs(names: Sequence[str], runs: Sequence[Run], *, replications: int | None) -> list[int]:
    """Refuse finished runs whose customers are not the same; return the replications they share.

    Parameters
    ----------
    replications
        Only the first so many, which every run has to hold; None: all, which have to be equal.

    Raises
    ------
    CompareError
        If seeds, program versions or replications differ, or two are runs of the same scenario.
    RunError
        If a run has a layout that this program does not read.
    """
    problems: list[str] = []
    for name, run in zip(names, runs, strict=True):
        if run.record.get("layout", LAYOUT) != LAYOUT:
            raise RunError(
                f"{name}: has layout {run.record['layout']!r}, and this program reads layout "
                f"{LAYOUT}; use the version of journeysim named in its run.json"
            )
    base = runs[0]
    for name, run in zip(names[1:], runs[1:], strict=True):
        problems += [f"{name}: {text}" for text in _other_customers(base, run)]
    numbers = [
        [n for n in run.replications if replications is None or n < replications] for run in runs
    ]
    for name, mine in zip(names, numbers, strict=True):
        if replications is not None and len(mine) < replications:
            problems.append(f"{name}: holds {len(mine)} of the first {replications} replications")
        elif mine != numbers[0]:
            fewest = min(map(len, numbers))
            problems.append(
                f"{name}: {_range(mine)}, not {_range(numbers[0])}; run more, or compare the first "
                f"(--replications {fewest})"
            )
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise CompareError(f"not comparable with {names[0]}:\n{lines}")
    return numbers[0]


def check_customers(name: str, other_name: str, base: Run, run: Run) -> None:
    """Refuse two runs whose customers are not the same people.

    Raises
    ------
    CompareError
        Saying why.
    """
    problems = _other_customers(base, run)
    if problems:
        lines = "\n".join(f"  {other_name}: {problem}" for problem in problems)
        raise CompareError(f"not comparable with {name}:\n{lines}")


def _other_customers(base: Run, run: Run) -> list[str]:
    one, other = base.record, run.record
    found = []
    if one["seed"] != other["seed"]:
        found.append(
            f"seed {other['seed']}, not {one['seed']}: other customers, with other luck; "
            f"run it again with --seed {one['seed']}"
        )
    versions = [record.get("versions", {}).get("journeysim") for record in (one, other)]
    if versions[0] != versions[1]:
        found.append(
            f"made by journeysim {versions[1]}, not {versions[0]}, which may draw another luck; "
            "run one of them again"
        )
    same = one.get("scenario_hash") == other.get("scenario_hash")
    if same and one.get("extension") == other.get("extension"):
        found.append("the same scenario, so there is no difference")
    return found


def _range(numbers: Sequence[int]) -> str:
    if not numbers:
        return "no replications"
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"replications {numbers[0]} to {numbers[-1]}"
    return f"{len(numbers)} replications between {numbers[0]} and {numbers[-1]}"
