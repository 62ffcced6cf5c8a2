"""What hours at work buy: agent hours against service level, a mark for each scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from journeysim.comparison.agent_hours import HOURS, LEVEL, staffing_table
from journeysim.errors import CompareError
from journeysim.measures.portrait.portrait import made_of
from journeysim.reports.charts.chart_style import (
    BASELINE,
    BLACK,
    GREY,
    SMALL,
    VARIANT,
    axes_at,
    is_wide,
    new_figure,
    short,
)
from journeysim.reports.charts.source_charts import ComparisonChart
from journeysim.reports.charts.staffing import pools
from journeysim.reports.page_tables import PageTable, plain_table
from journeysim.reports.report_source import ReportSource
from journeysim.types import Row
from journeysim.wording.numbers import number_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from journeysim.reports.report_subject import Subject


class StaffingCurve(ComparisonChart):
    """Service level by agent hours, a mark for each scenario (`staffing_table`)."""

    name = "staffing_curve"
    chapter = "staffing"
    identity = "curve"
    title = "What hours at work buy"

    @classmethod
    def of(cls, source: ReportSource) -> Self:  # type: ignore[override]
        """Return the chart of all scenarios of a comparison.

        Raises
        ------
        CompareError
            If it was not compared by channel, with service level and hours at work.
        """
        chart = cls(source)
        if not chart.table.num_rows:
            raise CompareError(f"no staffing curve: compare by channel, with {LEVEL} and {HOURS}")
        return chart

    @classmethod
    def all_of(cls, subject: Subject) -> list[Self]:
        """Return the one chart, if there are agents at work and it can be drawn."""
        source = subject.source
        if source.comparison is None or not pools(source.rows(source.names[0], "day")):
            return []
        chart = cls(source)
        return [chart] if chart.table.num_rows else []

    @cached_property
    def table(self) -> pa.Table:
        """A row per scenario, the baseline first."""
        return staffing_table(self.comparison)

    @cached_property
    def marks(self) -> list[Row]:
        """The scenarios with a service level."""
        rows: list[Row] = self.table.to_pylist()
        return [row for row in rows if row[LEVEL] is not None]

    @property
    def caption(self) -> str:
        """What a mark is, and how many replications each scenario has."""
        count = made_of(self.source.baseline.steps, "replications")
        return (
            "Each mark is a scenario, with the 95 % interval of its service level. "
            f"n = {count} replications each."
        )

    @property
    def alt_text(self) -> str:
        """Hours and service level of each scenario."""
        return "; ".join(
            f"{row['scenario']}: {number_text(row[HOURS])} agent hours, service level "
            f"{percent(row[LEVEL])}"
            for row in self.table.to_pylist()
        )

    @property
    def cells(self) -> PageTable:
        """A row per scenario."""
        columns = ("scenario", "channel", HOURS, LEVEL, "replications")
        return plain_table({"": self.table}, columns, named=False)

    def draw(self, width: float) -> Figure:
        """Draw the marks, joined in the order of hours."""
        return draw_staffing_curve(self.marks, width=width)


def draw_staffing_curve(known: Sequence[Row], *, width: float) -> Figure:
    """Draw service level by agent hours, with the interval of the service level."""
    wide = is_wide(width)
    height = 3.2 if wide else 3.0
    figure = new_figure(width, height)
    left = 0.62
    axes = axes_at(figure, left, 0.52, width - left - 0.15, height - 0.52 - 0.3)
    ordered = sorted(known, key=lambda row: row[HOURS])
    axes.plot(
        [row[HOURS] for row in ordered],
        [row[LEVEL] for row in ordered],
        color=GREY,
        linewidth=0.9,
        linestyle=":",
    )
    _draw_marks(axes, known, room=2.6 if wide else 1.5)
    axes.margins(x=0.12, y=0.2)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axes.xaxis.set_major_formatter(lambda value, _: number_text(value))
    axes.locator_params(axis="x", nbins=6 if wide else 4)
    axes.grid()
    channel = known[0]["channel"] if known else ""
    axes.set_title(short(f"{channel}: service level", width - 1), size=SMALL, pad=4)
    axes.set_xlabel("agent hours at work per replication")
    return figure


def _draw_marks(axes: Axes, known: Sequence[Row], *, room: float) -> None:
    for place, row in enumerate(known):
        colour, mark = (BASELINE, "o") if place == 0 else (VARIANT, "s")
        half = row["half_width"]
        if half is not None:
            ends = [row[LEVEL] - half, row[LEVEL] + half]
            axes.plot([row[HOURS]] * 2, ends, color=colour, linewidth=1.8)
        axes.plot([row[HOURS]], [row[LEVEL]], color=colour, marker=mark, ms=7)
    hours = [row[HOURS] for row in known]
    middle = (min(hours) + max(hours)) / 2 if hours else 0.0
    for row in known:
        right = row[HOURS] > middle
        axes.annotate(
            short(row["scenario"], room),
            (row[HOURS], row[LEVEL]),
            xytext=(-9 if right else 9, 0),
            textcoords="offset points",
            ha="right" if right else "left",
            va="center",
            size=SMALL,
            color=BLACK,
        )
