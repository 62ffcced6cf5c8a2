"""Agents at work and busy over the day, a panel for each pool."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

from journeysim.reports.charts.interval_panels import (
    Panel,
    agents_panel,
    draw_panels,
    panel_table,
    waking_hours,
)
from journeysim.reports.charts.source_charts import ScenarioChart
from journeysim.reports.page_tables import PageTable
from journeysim.types import Row
from journeysim.wording.numbers import number_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from journeysim.reports.report_subject import Subject

#: Height of a panel, inches.
_TALL = 1.05


class Staffing(ScenarioChart):
    """Agents at work and busy over the day, a panel for each pool (`day`)."""

    name = "staffing"
    chapter = "staffing"
    portrait_table = "day"
    title = "Agents at work and busy"

    @classmethod
    def all_of(cls, subject: Subject) -> list[Self]:
        """Return a chart for each variant drawn, none where there are no agents at work."""
        source = subject.source
        return super().all_of(subject) if pools(source.rows(source.names[0], "day")) else []

    @cached_property
    def marks(self) -> list[Panel]:
        """A panel for each pool."""
        return [agents_panel(pool, self.rows_by_name) for pool in pools(self.rows[0])]

    @property
    def caption(self) -> str:
        """What bands hold, and of how many replications it is."""
        return f"Mean by interval{self.source.band}. {self.source.sample_note}"

    @property
    def alt_text(self) -> str:
        """How many agents of each pool are at work at most."""
        most: dict[str, float] = {}
        for row in self.rows[0]:
            if row["measure"] == "staffed":
                most[row["name"]] = max(most.get(row["name"], 0.0), row["mean"] or 0.0)
        said = ", ".join(f"{name} {number_text(count)}" for name, count in most.items())
        return f"Agents at work at most: {said}."

    @property
    def cells(self) -> PageTable:
        """A row per interval."""
        return panel_table(self.rows_by_name, self.marks, starts_on=self.source.starts_on)

    def draw(self, width: float) -> Figure:
        """Draw the panels below each other."""
        return draw_panels(
            self.marks,
            names=self.names,
            span=waking_hours(self.rows[0]),
            starts_on=self.source.starts_on,
            width=width,
            size=_TALL,
        )


def pools(rows: Sequence[Row]) -> list[str]:
    """Return the pools with agents at work, in their order."""
    found = dict.fromkeys(
        row["name"] for row in rows if row["measure"] == "staffed" and (row["mean"] or 0.0) > 0
    )
    return list(found)
