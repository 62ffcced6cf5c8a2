"""A scenario: what is simulated, checked, and open to small changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any, Final, overload

from journeysim.arguments import COPY_FIRST, local_path, one_or_several_words, shown
from journeysim.errors import ArgumentError, Problem, ScenarioError, did_you_mean
from journeysim.scenario.changes.assignments import (
    Assignment,
    apply_assignment,
    apply_assignments,
    parse_assignment,
    set_path,
    split_changes,
)
from journeysim.scenario.changes.key_paths import Document, Path
from journeysim.scenario.changes.revalidation import rechecked_world
from journeysim.scenario.checks.validation import checked_world
from journeysim.scenario.checks.warnings import suspicions
from journeysim.scenario.reading.documents import read_document, with_extended
from journeysim.scenario.reading.inlined_tables import with_tables_inline
from journeysim.scenario.reading.merging import merge_documents
from journeysim.scenario.scenario_display import scenario_display
from journeysim.scenario.schema.world import World
from journeysim.scenario.shipped import find_scenario
from journeysim.scenario.toml_writing import to_toml

#: What `Scenario.change` gets where no value is given, which None could be.
_NO_VALUE: Final = object()


@dataclass(frozen=True, slots=True, repr=False)
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
    document: Document = field(hash=False)
    world: World = field(compare=False)

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

    def __repr__(self) -> str:
        return scenario_display(self.name, self.source, self.world).text()

    def _repr_html_(self) -> str:
        return scenario_display(self.name, self.source, self.world).html()

    @overload
    def change(self, change: str, value: Any, *, name: str | None = None) -> Scenario: ...

    @overload
    def change(self, change: str | Mapping[str, Any], *, name: str | None = None) -> Scenario: ...

    def change(
        self,
        change: str | Mapping[str, Any],
        value: Any = _NO_VALUE,
        *,
        name: str | None = None,
    ) -> Scenario:
        """Return a scenario that differs from this one.

        Parameters
        ----------
        change
            A path, whose value follows: ``change("pools.phone.agents", 18)``; values by paths:
            ``change({"pools.phone.agents": 18, "seed": 7})``; or a change as a text, several with
            semicolons between them: ``change("pools.phone.agents-=1; pools.chat.agents+=1")``.
        value
            What stands at the path.
        name
            Name of the new scenario; default: that of this one.

        Raises
        ------
        ScenarioError
            With everything that is wrong with the changes, or with what they make.
        """
        if isinstance(change, Mapping):
            if value is not _NO_VALUE:
                raise ArgumentError("change: values by paths take no other value beside them")
            changed, problems = _valued(self.document, change)
        elif not isinstance(change, str):
            raise ArgumentError(
                f"change must be a path, a change such as 'pools.phone.agents-=1', or values by "
                f"paths, got {shown(change)}"
            )
        elif value is _NO_VALUE:
            changed, problems = _assigned(self.document, split_changes(change) or [change])
        else:
            changed, problems = _valued(self.document, {change: value})
        if problems:
            raise ScenarioError(self.source, problems)
        found = self._with(changed)
        return found if name is None else replace(found, name=name)

    def set(self, *assignments: str) -> Scenario:
        """Return this scenario changed by texts such as ``"pools.phone.agents-=1"``, in order."""
        changed, problems = _assigned(self.document, assignments)
        if problems:
            raise ScenarioError(self.source, problems)
        return self._with(changed)

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
    path: str | FilePath | Mapping[str, Any],
    *,
    variant: str | None = None,
    set: str | Sequence[str] = (),  # noqa: A002 (as on the command line and in variants)
    name: str | None = None,
) -> Scenario:
    """Return the scenario in a file, or one of its variants, with changes made to it.

    Parameters
    ----------
    path
        The file; the name of a scenario that comes with the program, such as ``bank_1999``; or
        what a file would hold, as a mapping of mappings.
    variant
        Name of a variant that the file describes.
    set
        Changes such as ``"pools.phone.agents-=1"``, made in order.
    name
        What to call the scenario; default: the name of the file or of the variant, or
        ``"scenario"``.

    Raises
    ------
    ScenarioError
        If the file cannot be read or is not a scenario.
    """
    changes = one_or_several_words("set", set)
    if isinstance(path, Mapping):
        scenario = Scenario.from_document(path)
    else:
        file = local_path("scenario", path, instead=COPY_FIRST)
        file = find_scenario(file)
        document = read_document(file)
        scenario = _checked(document, name=file.stem, source=str(file))
        _with_checked_variants(scenario)
    if variant is not None:
        scenario = scenario.variant(variant)
    if changes:
        scenario = scenario.set(*changes)
    return scenario if name is None else replace(scenario, name=name)


def with_assignments(scenario: Scenario, assignments: Sequence[Assignment]) -> Scenario:
    """Return a scenario changed in order; only the parts that change are read again."""
    try:
        changed, touched = apply_assignments(scenario.document, assignments)
    except ValueError as error:
        raise ScenarioError(scenario.source, [Problem("", str(error))]) from None
    return with_document(scenario, changed, touched)


def with_document(scenario: Scenario, document: Document, touched: Sequence[Path]) -> Scenario:
    """Return the scenario of a document that differs from another's in some places alone."""
    world = rechecked_world(scenario.world, document, touched)
    # The long way opens files, and says all that is wrong.
    if world is None:
        return scenario._with(document)
    return replace(scenario, document=document, world=world)


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


def _valued(document: Document, values: Mapping[str, Any]) -> tuple[Document, list[Problem]]:
    problems = []
    for path, value in values.items():
        try:
            document = set_path(document, path, value)
        except ValueError as error:
            problems.append(Problem("", str(error)))
    return document, problems


def _assigned(document: Document, assignments: Sequence[str]) -> tuple[Document, list[Problem]]:
    problems = []
    for assignment in assignments:
        if not isinstance(assignment, str):
            raise ArgumentError(
                f"a change must be a text such as 'pools.phone.agents-=1', got {shown(assignment)}"
            )
        try:
            document = apply_assignment(document, parse_assignment(assignment))
        except ValueError as error:
            problems.append(Problem("", str(error)))
    return document, problems
