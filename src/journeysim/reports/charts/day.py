"""Service level, queue and agents over the day, with the band that 8 of 10 replications are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from journeysim.errors import CompareError
from journeysim.measures.portrait.day_table import LEVEL
from journeysim.reports.charts.interval_panels import (
    Panel,
    agents_panel,
    draw_panels,
    panel_of,
    panel_table,
    waking_hours,
)
from journeysim.reports.charts.source_charts import ScenarioChart
from journeysim.reports.page_tables import PageTable
from journeysim.reports.report_source import ReportSource
from journeysim.types import Row
from journeysim.wording.numbers import number_text, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from journeysim.reports.report_subject import Subject

#: Channels with a day of their own in a report.
_MOST_CHANNELS: Final = 3


@dataclass(frozen=True)
class Day(ScenarioChart):
    """Service level, queue and agents of a channel over the day, with bands (`day`).

    Attributes
    ----------
    channel
        A channel where people queue.
    """

    channel: str = ""

    name = "day"
    chapter = "day"
    portrait_table = "day"

    @classmethod
    def of(
        cls, source: ReportSource, *, channel: str | None = None, variant: str | None = None
    ) -> Self:
        """Return the day of a channel where people queue, the busiest for None."""
        channels = queue_channels(source.rows(source.names[0], "day"))
        if not channels or (channel is not None and channel not in channels):
            known = ", ".join(channels) or "none"
            raise CompareError(
                f"no queue {channel or ''!r} that anybody came to; there are: {known}"
            )
        found = source.variant(variant)
        return cls(source, None if found is None else found[0], channel or channels[0])

    @classmethod
    def all_of(cls, subject: Subject) -> list[Self]:
        """Return the days of the busiest queues, of each variant that is drawn."""
        source = subject.source
        channels = queue_channels(source.rows(source.names[0], "day"))[:_MOST_CHANNELS]
        return [
            cls.of(source, channel=channel, variant=variant)
            for channel in channels
            for variant in subject.drawn
        ]

    @cached_property
    def marks(self) -> list[Panel]:
        """The panels: service level, queue, and the pool that serves the channel most."""
        scenarios = self.rows_by_name
        channel = ("channel", self.channel)
        found = [
            panel_of(f"{self.channel}: {words}", *channel, (measure,), scenarios)
            for words, measure in (
                ("service level by arrival", LEVEL),
                ("contacts waiting", "queue"),
            )
        ]
        pool = main_pool(self.rows[0], self.channel)
        return found if pool is None else [*found, agents_panel(pool, scenarios)]

    @property
    def identity(self) -> str:
        """What identities begin with: each channel has its own."""
        return f"{self.name}-{self.channel}"

    @property
    def title(self) -> str:
        """The day of whom."""
        return f"The day of {self.channel}"

    @property
    def caption(self) -> str:
        """What bands hold, and of how many replications it is."""
        return f"Mean by interval{self.source.band}. {self.source.sample_note}"

    @property
    def alt_text(self) -> str:
        """The least service level and the longest queue."""
        said = [f"Over the day in {self.channel}"]
        for measure, words, show in (
            (LEVEL, "service level", percent),
            ("queue", "contacts waiting", number_text),
        ):
            mean = [
                row["mean"]
                for row in self.rows[0]
                if (row["name"], row["measure"]) == (self.channel, measure)
                and row["mean"] is not None
            ]
            if mean:
                said.append(f"{words} between {show(min(mean))} and {show(max(mean))} by interval")
        return ", ".join(said) + "."

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
        )


def queue_channels(rows: Sequence[Row]) -> list[str]:
    """Return the channels with a service level, the busiest first."""
    offered: dict[str, float] = {}
    leveled = {row["name"] for row in rows if row["measure"] == LEVEL}
    for row in rows:
        if row["measure"] == "offered" and row["name"] in leveled:
            offered[row["name"]] = offered.get(row["name"], 0.0) + (row["mean"] or 0.0)
    return sorted((name for name in offered if offered[name] > 0), key=lambda name: -offered[name])


def main_pool(rows: Sequence[Row], channel: str) -> str | None:
    """Return the pool with most agents of those that serve a channel."""
    staffed: dict[str, float] = {}
    for row in rows:
        serves = (row["serves"] or "").split(", ")
        if row["measure"] == "staffed" and channel in serves:
            staffed[row["name"]] = staffed.get(row["name"], 0.0) + (row["mean"] or 0.0)
    return max(staffed, key=lambda name: staffed[name]) if staffed else None
