"""A scenario: what is simulated, checked, and open to small changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from journeysim.errors import Problem, ScenarioError, did_you_mean
from journeysim.scenario.changes.assignments import (
    Assignment,
    apply_assignment,
    apply_assignments,
    parse_assignment,
    set_path,
)
from journeysim.scenario.changes.key_paths import Document, Path
from journeysim.scenario.changes.revalidation import rechecked_world
from journeysim.scenario.checks.validation import checked_world
from journeysim.scenario.checks.warnings import suspicions
from journeysim.scenario.reading.documents import read_document, with_extended
from journeysim.scenario.reading.inlined_tables import with_tables_inline
from journeysim.scenario.reading.merging import merge_documents
from journeysim.scenario.schema.world import World
from journeysim.scenario.shipped import find_scenario
from journeysim.scenario.toml_writing import to_toml


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is simulated: a checked document, and the world it describes.

    A scenario never changes; `change`, `set` and `variant` return new ones, checked as well.

    Attributes
    ----------
    name
        The name of the file without its ending, or of the variant.
    source
        The file, or ``"<python>"``.
    document
        The scenario as a file would hold it, without references to other tables.
    world
        The same, validated, with every default in place.
    """

    name: str
    source: str
    document: Document = field(hash=False, repr=False)
    world: World = field(compare=False, repr=False)

    @classmethod
    def from_document(
        cls,
        document: Mapping[str, Any],
        *,
        name: str = "scenario",
        source: str = "<python>",
        directory: str | FilePath | None = None,
    ) -> Scenario:
        """Return the scenario that a document (nested dicts and lists) describes.

        Parameters
        ----------
        directory
            Folder from which files named in the document are looked up; default: the current one.

        Raises
        ------
        ScenarioError
            With every problem of the document.
        """
        folder = FilePath.cwd() if directory is None else FilePath(directory)
        complete = with_extended(document, folder, source)
        return _with_checked_variants(_checked(complete, name=name, source=source))

    def __reduce__(self) -> tuple[Any, ...]:
        # The world is read again where it arrives: what it is made of need not travel.
        return _arrived, (self.name, self.source, self.document)

    def change(self, path: str, value: Any) -> Scenario:
        """Return this scenario with `value` at `path`, e.g. ``("pools.phone.agents", 18)``."""
        try:
            changed = set_path(self.document, path, value)
        except ValueError as error:
            raise ScenarioError(self.source, [Problem("", str(error))]) from None
        return self._with(changed)

    def set(self, *assignments: str) -> Scenario:
        """Return this scenario changed by texts such as ``"pools.phone.agents-=1"``, in order."""
        changed, problems = _assigned(self.document, assignments)
        if problems:
            raise ScenarioError(self.source, problems)
        return self._with(changed)

    def assigned(self, assignments: Sequence[Assignment]) -> Scenario:
        """Return this scenario changed in order; only the parts that change are read again."""
        try:
            changed, touched = apply_assignments(self.document, assignments)
        except ValueError as error:
            raise ScenarioError(self.source, [Problem("", str(error))]) from None
        return self.retouched(changed, touched)

    def retouched(self, document: Document, touched: Sequence[Path]) -> Scenario:
        """Return the scenario of a document that differs from this one in some places alone."""
        world = rechecked_world(self.world, document, touched)
        # The long way opens files, and says all that is wrong.
        return (
            self._with(document) if world is None else replace(self, document=document, world=world)
        )

    @property
    def variants(self) -> dict[str, str]:
        """Names of the what-ifs in the file, each with its description."""
        return {name: variant.description for name, variant in self.world.variants.items()}

    def variant(self, name: str) -> Scenario:
        """Return one of the what-ifs that the file describes."""
        if name not in self.world.variants:
            text = f"no variant {name!r}{did_you_mean(name, self.world.variants)}"
            raise ScenarioError(self.source, [Problem("variants", text)])
        changed, problems = _varied(self, name)
        if problems:
            raise ScenarioError(self.source, problems)
        return replace(self._with(changed), name=name)

    def to_toml(self) -> str:
        """Return a file that describes this scenario alone: no variants, nothing to extend."""
        return to_toml({key: item for key, item in self.document.items() if key != "variants"})

    def warnings(self) -> list[Problem]:
        """Return what is legal but suspicious, each with its remedy."""
        return suspicions(self.world)

    def _with(self, document: Document) -> Scenario:
        """Return the scenario of a changed document; files it names are beside the source."""
        folder = FilePath(self.source).parent if FilePath(self.source).is_file() else FilePath.cwd()
        complete = with_extended(document, folder, self.source)
        return _checked(complete, name=self.name, source=self.source)


def load_scenario(
    path: str | FilePath,
    *,
    variant: str | None = None,
    set: Sequence[str] = (),  # noqa: A002 (as on the command line and in variants)
) -> Scenario:
    """Return the scenario in a file, or one of its variants, with changes made to it.

    Parameters
    ----------
    path
        The file, or the name of a scenario that comes with the program, such as ``bank_1999``.

    Raises
    ------
    ScenarioError
        If the file cannot be read or is not a scenario.
    """
    path = find_scenario(path)
    document = read_document(path)
    scenario = _checked(document, name=FilePath(path).stem, source=str(path))
    _with_checked_variants(scenario)
    if variant is not None:
        scenario = scenario.variant(variant)
    return scenario.set(*set) if set else scenario


def _arrived(name: str, source: str, document: Document) -> Scenario:
    """Return a scenario that was checked in another process."""
    return Scenario(name, source, document, World.model_validate(document))


def _checked(document: Document, *, name: str, source: str) -> Scenario:
    inlined, found = with_tables_inline(document)
    return Scenario(name, source, inlined, checked_world(inlined, source, found))


def _with_checked_variants(scenario: Scenario) -> Scenario:
    """Return the scenario, once each of its variants is known to be one as well."""
    problems: list[Problem] = []
    for name in scenario.world.variants:
        changed, wrong = _varied(scenario, name)
        problems += wrong
        if not wrong:
            try:
                scenario._with(changed)
            except ScenarioError as error:
                problems += [
                    Problem(f"variants.{name}", f"makes {problem}") for problem in error.problems
                ]
    if problems:
        raise ScenarioError(scenario.source, problems)
    return scenario


def _varied(scenario: Scenario, name: str) -> tuple[Document, list[Problem]]:
    variant = scenario.world.variants[name]
    merged = merge_documents(scenario.document, variant.change)
    merged.pop("variants", None)
    changed, problems = _assigned(merged, variant.set)
    return changed, [Problem(f"variants.{name}.set", str(problem)) for problem in problems]


def _assigned(document: Document, assignments: Sequence[str]) -> tuple[Document, list[Problem]]:
    problems = []
    for assignment in assignments:
        try:
            document = apply_assignment(document, parse_assignment(assignment))
        except ValueError as error:
            problems.append(Problem("", str(error)))
    return document, problems
