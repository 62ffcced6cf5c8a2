"""What the chapters of a report are about: a run, or a comparison and who is drawn of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from journeysim.comparison.comparison import Comparison
from journeysim.measures.portrait import Portrait
from journeysim.measures.portrait.portrait import made_of
from journeysim.reports.report_source import Source
from journeysim.types import Row

#: Variants that are drawn if none is named.
MOST_DRAWN: Final = 3
#: Fewer replications have no band.
_FEWEST: Final = 9


class Subject:
    """A run, or a comparison with the variants that are drawn.

    Parameters
    ----------
    source
        What the report is about.
    variants
        Names of variants to draw; none: the first few.

    Raises
    ------
    CompareError
        If there is no such variant, or nothing is kept to be drawn.
    """

    def __init__(self, source: Source, variants: Sequence[str]) -> None:
        self.source = source
        self.comparison: Comparison | None = source.comparison
        self.variants = list(variants)
        if self.comparison is not None and not self.variants:
            self.variants = self.comparison.variants[:MOST_DRAWN]
        for name in self.variants:
            source.variant(name)

    @property
    def names(self) -> list[str]:
        """Names of all scenarios, the baseline first."""
        return self.source.names

    @property
    def baseline(self) -> Portrait:
        """The portrait of the baseline, or of the run."""
        return self.source.baseline

    @property
    def starts_on(self) -> str:
        """Weekday of the first day."""
        return self.source.world.time.starts_on

    @property
    def is_comparison(self) -> bool:
        """Whether it is a comparison."""
        return self.comparison is not None

    @property
    def drawn(self) -> Sequence[str | None]:
        """The variants that are drawn; a single None for a run."""
        return self.variants if self.is_comparison else [None]

    @property
    def note(self) -> str:
        """How many replications, customers and contacts there are."""
        made = self.baseline.steps
        count = made_of(made, "replications")
        words = "1 replication" if count == 1 else f"{count} replications"
        return (
            f"n = {words}, {made_of(made, 'journeys'):,} customers, "
            f"{made_of(made, 'contacts'):,} contacts in {self.names[0]}."
        )

    @property
    def band(self) -> str:
        """What bands over replications hold."""
        if self.baseline.replications < _FEWEST:
            return f"; a band needs {_FEWEST} replications"
        return "; the band holds 8 of 10 replications, as the next such day would"

    def tables(self, table: str, variant: str | None) -> dict[str, pa.Table]:
        """Return a table of the portraits of the baseline and of a variant, by scenario."""
        found = {self.names[0]: self.baseline}
        if variant is not None:
            found[variant] = self.source.portraits[variant]
        return {name: getattr(portrait, table) for name, portrait in found.items()}

    def rows(self, table: str, variant: str | None) -> tuple[Sequence[Row], Sequence[Row] | None]:
        """Return the rows of such tables, None for a run's variant."""
        baseline = self.source.rows(self.names[0], table)
        return baseline, None if variant is None else self.source.rows(variant, table)

    def rows_by_name(self, table: str, variant: str | None) -> dict[str, Sequence[Row]]:
        """Return the rows of a table of the baseline and of a variant, by scenario."""
        names = [self.names[0], *([] if variant is None else [variant])]
        return {name: self.source.rows(name, table) for name in names}

    def name(self, figure: str, variant: str | None) -> str:
        """Return an identity for a figure that no other figure has."""
        plain = re.sub(r"[^a-z0-9]+", "-", figure.lower())
        if figure != plain:
            # Names that differ in other letters only must not be the same here.
            plain = f"{plain}-{figure.encode().hex()}"
        return plain if variant is None else f"{plain}-{self.names.index(variant)}"

    def heading(self, words: str, variant: str | None) -> str:
        """Return a heading, with the variant if several are drawn."""
        if variant is None or len(self.variants) < 2:
            return words
        return f"{words}: {self.said(variant)}"

    def said(self, variant: str) -> str:
        """Return what a variant is in words."""
        assert self.comparison is not None
        found = {each["name"]: each["words"] for each in self.comparison.record["variants"]}
        return str(found[variant])
