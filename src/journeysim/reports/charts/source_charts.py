"""Charts of a run or a comparison: of one scenario, of two beside each other, of differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pyarrow as pa
import pyarrow.compute as pc

from journeysim.comparison.comparison import Comparison
from journeysim.errors import CompareError
from journeysim.reports.charts.chart import Chart
from journeysim.reports.page_tables import PageTable, plain_table
from journeysim.reports.report_source import ReportSource
from journeysim.types import Row

if TYPE_CHECKING:
    from journeysim.reports.report_subject import Subject


@dataclass(frozen=True)
class SourceChart(Chart):
    """A chart of a run or a comparison.

    Attributes
    ----------
    source
        The run or the comparison.
    variant
        Whom it shows, beside the baseline or alone; None for a run.
    """

    source: ReportSource
    variant: str | None = None

    #: The part of a report that it stands in.
    chapter: ClassVar[str]

    @classmethod
    def of(cls, *source: Any, **chosen: Any) -> Self:
        """Return the chart of a source; what is chosen of it goes by keyword."""
        raise NotImplementedError

    @classmethod
    def all_of(cls, subject: Subject) -> list[Self]:
        """Return the charts of this kind that a report has: one for each variant drawn."""
        return [cls.of(subject.source, variant=name) for name in subject.drawn]

    @property
    def identity(self) -> str:
        """What identities on a page begin with; variants get a number behind it."""
        return self.name

    def heading(self, *, several_variants: bool) -> str:
        """Return the title as it stands in a report in which several variants may be drawn."""
        return self.title


class ScenarioChart(SourceChart):
    """A chart of a table of the portraits: a run's, or the baseline's beside a variant's."""

    #: The table of a portrait, and what a page shows of it.
    portrait_table: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]

    @classmethod
    def of(cls, source: ReportSource, *, variant: str | None = None) -> Self:
        """Return the chart of a run, or of the baseline and a variant, the first for None."""
        found = source.variant(variant)
        return cls(source, None if found is None else found[0])

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios that are drawn."""
        return [self.source.names[0], *([] if self.variant is None else [self.variant])]

    @property
    def names(self) -> tuple[str, str] | None:
        """Names of the baseline and the variant for a legend; None for a run."""
        return None if self.variant is None else (self.scenarios[0], self.variant)

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """What is drawn of each scenario."""
        return {
            name: getattr(self.source.portraits[name], self.portrait_table)
            for name in self.scenarios
        }

    @property
    def table(self) -> pa.Table:
        """What is drawn, with a first column `scenario`."""
        parts = []
        for name, table in self.tables.items():
            scenario = pa.repeat(pa.scalar(name), table.num_rows)
            parts.append(table.replace_schema_metadata().add_column(0, "scenario", scenario))
        return pa.concat_tables(parts)

    @property
    def rows_by_name(self) -> dict[str, Sequence[Row]]:
        """The rows of each scenario."""
        return {name: self.source.rows(name, self.portrait_table) for name in self.scenarios}

    @property
    def rows(self) -> tuple[Sequence[Row], Sequence[Row] | None]:
        """The rows of the baseline or run, and of the variant."""
        first, *others = self.rows_by_name.values()
        return first, others[0] if others else None

    @property
    def cells(self) -> PageTable:
        """The chosen columns, with the scenario's name in a comparison."""
        return plain_table(self.tables, self.columns, named=self.source.comparison is not None)

    def heading(self, *, several_variants: bool) -> str:
        """Return the title, with the variant in words if several are drawn."""
        if self.variant is None or not several_variants:
            return self.title
        return f"{self.title}: {self.source.said(self.variant)}"


class ComparisonChart(SourceChart):
    """A chart of how a variant differs from the baseline."""

    @classmethod
    def of(cls, source: ReportSource, *, variant: str | None = None) -> Self:
        """Return the chart of a variant, the first for None."""
        compared(source)
        chosen = source.variant_name(variant)
        return cls(source, chosen)

    @property
    def comparison(self) -> Comparison:
        """What is drawn."""
        return compared(self.source)


def compared(source: ReportSource) -> Comparison:
    """Return the comparison.

    Raises
    ------
    CompareError
        If it is a run.
    """
    if source.comparison is None:
        raise CompareError("this is drawn of a comparison, and a run is none")
    return source.comparison


def filtered(table: pa.Table, **where: Any) -> pa.Table:
    """Return the rows of a table in which columns have these values."""
    for column, value in where.items():
        table = table.filter(pc.equal(table[column], value))
    return table
