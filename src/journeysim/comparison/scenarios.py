"""Who is compared: a baseline and its variants, as scenarios to simulate or as finished runs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeysim.arguments import shown
from journeysim.comparison.changed_keys import changed_paths, changes_as_texts, shown_value
from journeysim.errors import ArgumentError, CompareError, did_you_mean
from journeysim.scenario.changes.assignments import split_changes
from journeysim.scenario.scenario import Scenario, load_scenario
from journeysim.scenario.shipped import is_shipped
from journeysim.wording.change_words import (
    Words,
    words_for_changes,
    words_for_text,
)

if TYPE_CHECKING:
    from journeysim.tables.run import Run

#: The name of a variant of the baseline, a file, a scenario, or changes to the baseline: as a text,
#: as several texts, or as values by paths.
AnyVariant = str | Path | Scenario | Sequence[str] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ComparedScenario:
    """One of the scenarios that are compared.

    Attributes
    ----------
    name
        What its rows are called.
    words
        What stands for it in a sentence.
    scenario
        What is, or was, simulated.
    changes
        What was asked to change, as texts; empty where it is a scenario of its own.
    run
        The finished run, where it is not to be simulated.
    """

    name: str
    words: Words
    scenario: Scenario
    changes: tuple[str, ...] = ()
    run: Run | None = None

    @property
    def toml(self) -> str:
        """The scenario as a file."""
        return self.scenario.to_toml() if self.run is None else self.run.scenario_toml


def loaded_baseline(
    baseline: str | Path | Mapping[str, Any] | Scenario, name: str | None
) -> tuple[Scenario, Scenario]:
    """Return the file's scenario, and the one that all others are compared with.

    Parameters
    ----------
    name
        The variant of the file that is the baseline; None for the scenario itself.
    """
    whole = baseline if isinstance(baseline, Scenario) else load_scenario(baseline)
    return whole, whole if name is None else whole.variant(name)


def scenario_contenders(
    baseline: str | Path | Mapping[str, Any] | Scenario,
    variants: Sequence[Any] | Mapping[str, Any],
    changes: Sequence[str | Sequence[str]],
    *,
    baseline_name: str | None = None,
) -> list[ComparedScenario]:
    """Return the baseline and its variants, in the order given: named ones, then changes.

    Parameters
    ----------
    baseline
        A scenario or its file.
    variants
        Names of variants in the file, other scenarios or their files, or changes to the baseline;
        or those by a name of one's own.
    changes
        Each makes a variant of the baseline: a text such as ``"pools.*.agents-=1"``, several with
        semicolons between them, or a sequence of texts.
    baseline_name
        A variant of the file that takes the place of the scenario itself.

    Raises
    ------
    CompareError
        If there is nothing to compare, two have the same name, or one changes nothing.
    ScenarioError
        If a variant does not exist or is no scenario.
    """
    whole, base = loaded_baseline(baseline, baseline_name)
    first = ComparedScenario(base.name, words_for_text(base.world.title or base.name), base)
    named = variants.items() if isinstance(variants, Mapping) else [(None, v) for v in variants]
    found = [first]
    for name, variant in named:
        found.append(_variant(whole, base, variant, name, {each.name for each in found}))
    found += [_changed(base, texts, None) for texts in changes]
    _check_names(found)
    for contender in found[1:]:
        if not changed_paths(base.document, contender.scenario.document):
            raise CompareError(
                f"{contender.name!r} is the same scenario as the baseline {first.name!r}: "
                "there is nothing to compare; change something, e.g. --set pools.phone.agents-=1"
            )
    return found


def _variant(
    whole: Scenario, base: Scenario, variant: AnyVariant, name: str | None, taken: Set[str]
) -> ComparedScenario:
    """Return what a variant is called and means; `taken` are names of others before it."""
    if isinstance(variant, Scenario):
        if name is None and variant.name in taken:
            return _renamed(base, variant, taken)
        title = variant.world.title or variant.name
        return ComparedScenario(name or variant.name, words_for_text(name or title), variant)
    if isinstance(variant, Mapping) or not isinstance(variant, str | Path):
        return _changed(base, variant, name)
    if isinstance(variant, str) and variant in whole.variants:
        words = words_for_text(name or whole.variants[variant] or variant)
        return ComparedScenario(name or variant, words, whole.variant(variant), (variant,))
    if (
        isinstance(variant, Path)
        or variant.endswith(".toml")
        or Path(variant).is_file()
        or is_shipped(variant)
    ):
        other = load_scenario(variant)
        same = other.world.title == whole.world.title
        title = other.name if same or not other.world.title else other.world.title
        return ComparedScenario(name or other.name, words_for_text(name or title), other)
    if "=" in variant:
        return _changed(base, variant, name)
    remedy = did_you_mean(variant, whole.variants)
    has = "" if whole.variants else "; the file describes none, use --set PATH=VALUE"
    raise CompareError(f"{whole.source}: no variant {variant!r}{remedy}{has}")


def _renamed(base: Scenario, variant: Scenario, taken: Set[str]) -> ComparedScenario:
    """Name a scenario that is called like another by its changes."""
    texts = changes_as_texts(base.document, variant.document)
    if texts and "; ".join(texts) not in taken:
        words = words_for_changes(texts, base.world)
        return ComparedScenario("; ".join(texts), words, variant, changes=tuple(texts))
    name = next(n for n in map(f"{variant.name} {{}}".format, itertools.count(2)) if n not in taken)
    return ComparedScenario(name, words_for_text(name), variant)


def _changed(
    base: Scenario, change: str | Sequence[str] | Mapping[str, Any], name: str | None
) -> ComparedScenario:
    """Return the baseline with changes made to it: texts in order, or values by paths."""
    if isinstance(change, Mapping):
        scenario = base.change(change)
        texts = [f"{path}={shown_value(value)}" for path, value in change.items()]
        words = words_for_text(name or "; ".join(texts))
        return ComparedScenario(name or "; ".join(texts), words, scenario, changes=tuple(texts))
    parts = split_changes(change) if isinstance(change, str) else _texts(change)
    if not parts:
        raise CompareError(f"{change!r} changes nothing; write e.g. 'pools.phone.agents-=1'")
    scenario = base.set(*parts)
    words = words_for_changes(parts, base.world)
    return ComparedScenario(name or "; ".join(parts), words, scenario, changes=tuple(parts))


def _texts(changes: Any) -> list[str]:
    if not isinstance(changes, Sequence) or not all(isinstance(text, str) for text in changes):
        raise ArgumentError(
            "a variant must be a scenario, its file, the name of a variant, or changes such as "
            f"'pools.phone.agents-=1', got {shown(changes)}; finished runs are compared with a "
            "finished run"
        )
    return list(changes)


def run_contenders(
    runs: Sequence[Run], scenarios: Sequence[Scenario], variant_names: Sequence[str] = ()
) -> list[ComparedScenario]:
    """Return finished runs as contenders; the first is the baseline.

    They are named after their directories, or their scenarios where they have none, unless the
    variants are given names.
    """
    names = [
        run.directory.name if run.directory is not None else str(run.record["scenario"])
        for run in runs
    ]
    if len(set(names)) < len(names):
        names = [str(run.directory or run.record["scenario"]) for run in runs]
    base = scenarios[0]
    for place, (name, run) in enumerate(zip(names, runs, strict=True)):
        again = any(run is other for other in runs[:place])
        if name in names[:place] and run.directory is None and not again:
            names[place] = _renamed(base, scenarios[place], {*names[:place]}).name
    if variant_names:
        names = [names[0], *variant_names]
    found = []
    for name, run, scenario in zip(names, runs, scenarios, strict=True):
        paths = changed_paths(base.document, scenario.document) if run is not runs[0] else []
        found.append(ComparedScenario(name, words_for_text(name), scenario, tuple(paths), run))
    _check_names(found)
    return found


def _check_names(contenders: Sequence[ComparedScenario]) -> None:
    if len(contenders) < 2:
        raise CompareError(
            "nothing to compare with the baseline: name a variant, a change or another run "
            "(--variant NAME, --set pools.phone.agents-=1, a second directory)"
        )
    seen: set[str] = set()
    for contender in contenders:
        if contender.name in seen:
            raise CompareError(f"{contender.name!r} is named twice; each is compared once")
        seen.add(contender.name)
