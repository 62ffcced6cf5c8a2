"""What a report is about: a run or a comparison, with the portraits of its scenarios."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from journeysim.arguments import COPY_FIRST, local_path
from journeysim.comparison.comparison import Comparison, is_comparison, open_comparison
from journeysim.errors import CompareError, RunError, did_you_mean
from journeysim.measures.portrait import Portrait, portrait_of
from journeysim.measures.portrait.portrait import made_of
from journeysim.scenario.schema.world import World
from journeysim.tables.run import Run, open_run

#: What can be reported: a run, a comparison, or the directory of one.
Reportable = Run | Comparison | str | Path
#: Fewer replications have no band.
_FEWEST: Final = 9


@dataclass(frozen=True)
class ReportSource:
    """A run or a comparison.

    Attributes
    ----------
    run, comparison
        One of them; the other is None.
    """

    run: Run | None = None
    comparison: Comparison | None = None
    _read: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict, repr=False)

    @cached_property
    def portraits(self) -> Mapping[str, Portrait]:
        """The portraits by name, the baseline or the run first.

        Raises
        ------
        CompareError
            If the comparison has none.
        """
        if self.run is not None:
            return {self.names[0]: portrait_of(self.run)}
        assert self.comparison is not None
        if not self.comparison.portraits:
            raise CompareError(
                "this comparison keeps nothing to draw of its scenarios; compare again and keep "
                "it: --out DIR, out=..., or portraits=True"
            )
        return self.comparison.portraits

    @property
    def names(self) -> list[str]:
        """Names of the scenarios, the baseline first."""
        if self.run is not None:
            return [str(self.run.record["scenario"])]
        assert self.comparison is not None
        return [self.comparison.record["baseline"]["name"], *self.comparison.variants]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The scenarios as documents, the baseline first."""
        if self.run is not None:
            return [tomllib.loads(self.run.scenario_toml)]
        assert self.comparison is not None
        return [tomllib.loads(text) for text in self.comparison.scenarios.values()]

    @cached_property
    def world(self) -> World:
        """The baseline's world, or the run's."""
        return World.model_validate(self.documents[0])

    @property
    def baseline(self) -> Portrait:
        """The portrait of the baseline, or of the run."""
        return next(iter(self.portraits.values()))

    def rows(self, scenario: str, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table of a portrait, read once."""
        key = (scenario, table)
        if key not in self._read:
            self._read[key] = getattr(self.portraits[scenario], table).to_pylist()
        return self._read[key]

    def variant(self, name: str | None) -> tuple[str, Portrait] | None:
        """Return the portrait of a variant; the first for None; None for a run.

        Raises
        ------
        CompareError
            If there is no such variant.
        """
        chosen = self.variant_name(name)
        return None if chosen is None else (chosen, self.portraits[chosen])

    def variant_name(self, name: str | None) -> str | None:
        """Return the name of a variant; the first for None; None for a run.

        Raises
        ------
        CompareError
            If there is no such variant.
        """
        if self.comparison is None:
            if name is not None:
                raise CompareError("a run has no variants; report a comparison")
            return None
        chosen = self.comparison.variants[0] if name is None else name
        if chosen not in self.comparison.variants:
            remedy = did_you_mean(chosen, self.comparison.variants)
            raise CompareError(f"this comparison has no variant {chosen!r}{remedy}")
        return chosen

    def said(self, variant: str) -> str:
        """Return what a variant is in words."""
        assert self.comparison is not None
        found = {each["name"]: each["words"] for each in self.comparison.record["variants"]}
        return str(found[variant])

    @property
    def starts_on(self) -> str:
        """Weekday of the first day."""
        return self.world.time.starts_on

    @property
    def sample_note(self) -> str:
        """How many replications, customers and contacts there are, as a sentence."""
        made = self.baseline.steps
        count = made_of(made, "replications")
        words = "1 replication" if count == 1 else f"{count} replications"
        return (
            f"n = {words}, {made_of(made, 'journeys'):,} customers, "
            f"{made_of(made, 'contacts'):,} contacts in {self.names[0]}."
        )

    @property
    def band(self) -> str:
        """What bands over replications hold, as a clause."""
        if self.baseline.replications < _FEWEST:
            return f"; a band needs {_FEWEST} replications"
        return "; the band holds 8 of 10 replications, as the next such day would"


def source_of(what: Reportable | ReportSource) -> ReportSource:
    """Return what a report is to be about.

    Raises
    ------
    RunError, CompareError
        If a directory holds neither a run nor a comparison.
    """
    if isinstance(what, ReportSource):
        return what
    if isinstance(what, Comparison):
        return ReportSource(comparison=what)
    if isinstance(what, Run):
        return ReportSource(run=what)
    place = local_path("what", what, instead=COPY_FIRST)
    if is_comparison(place):
        return ReportSource(comparison=open_comparison(place))
    if not (place / "run.json").is_file():
        raise RunError(
            f"{place}: neither a run nor a comparison; make one with `journeysim run SCENARIO`, "
            "or `journeysim compare SCENARIO ... -o DIR`"
        )
    return ReportSource(run=open_run(place))
