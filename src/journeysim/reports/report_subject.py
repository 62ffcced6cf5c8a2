"""What a report is about: a run, or a comparison and who is drawn of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from journeysim.reports.charts.source_charts import SourceChart
from journeysim.reports.report_source import ReportSource

#: Variants that are drawn if none is named.
MOST_DRAWN: Final = 3


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

    def __init__(self, source: ReportSource, variants: Sequence[str]) -> None:
        self.source = source
        self.variants = list(variants)
        if source.comparison is not None and not self.variants:
            self.variants = source.comparison.variants[:MOST_DRAWN]
        for name in self.variants:
            source.variant(name)

    @property
    def drawn(self) -> Sequence[str | None]:
        """The variants that are drawn; a single None for a run."""
        return [None] if self.source.comparison is None else self.variants

    def identity(self, chart: SourceChart) -> str:
        """Return an identity for a chart that no other chart of the report has."""
        plain = re.sub(r"[^a-z0-9]+", "-", chart.identity.lower())
        if chart.identity != plain:
            # Names that differ in other letters only must not be the same here.
            plain = f"{plain}-{chart.identity.encode().hex()}"
        if chart.variant is None:
            return plain
        return f"{plain}-{self.source.names.index(chart.variant)}"

    def heading(self, chart: SourceChart) -> str:
        """Return the heading of a chart, with the variant if several are drawn."""
        return chart.heading(several_variants=len(self.variants) > 1)
