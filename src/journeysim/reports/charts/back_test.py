"""Held-out days over the day: what the log holds, within the band of what was simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.measures import catalogue
from journeysim.reports.charts.chart import Chart
from journeysim.reports.charts.chart_style import (
    BASELINE,
    VARIANT,
    axes_at,
    is_wide,
    legend_of_two,
    new_figure,
)
from journeysim.reports.charts.time_axis import mark_time
from journeysim.reports.page_tables import PageTable
from journeysim.types import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Measures: words in a table, words over a panel (None: it has none), how many of what is shown
#: make one of the table's, and decimals.
MEASURES: Final = {
    "offered": ("contacts", "contacts per interval, all days", 1.0, 0),
    "abandonment": ("abandoned %", "abandoned, %", 100.0, 1),
    "mean_wait": ("mean wait s", "mean wait, s", 1.0, 1),
    catalogue.with_role("in_time"): ("within 20 s %", None, 100.0, 1),
    "handling": ("handling s", "handling, s", 1.0, 0),
}
_TALL: Final = 1.35  # inches
_GAP: Final = 0.55


@dataclass(frozen=True, slots=True)
class Panel:
    """A measure by interval of the day, in the unit that is shown.

    Attributes
    ----------
    title
        Its heading.
    starts
        Hours since midnight, shape (intervals,).
    log, simulated, low, high
        What the log holds, and what was simulated with its band, shape (intervals,).
    """

    title: str
    starts: NDArray[np.float64]
    log: NDArray[np.float64]
    simulated: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class BackTest(Chart):
    """Held-out days laid over each other, beside what was simulated.

    Attributes
    ----------
    intervals
        `Backtest.intervals` of one way of simulating: columns `measure`, `from`, `log`,
        `simulated`, `low` and `high`.
    level
        Share of what was simulated that is within the bands.
    days, log
        How many days, and the name of the log.
    """

    intervals: pa.Table
    level: float
    days: int
    log: str

    name = "back_test"
    title = "The days laid over each other"

    @property
    def table(self) -> pa.Table:
        """What is drawn."""
        return self.intervals

    @cached_property
    def marks(self) -> list[Panel]:
        """A panel per measure."""
        return panels_of(self.intervals.to_pylist())

    @property
    def caption(self) -> str:
        """How many days, of which log."""
        return f"n = {self.days} days of {self.log}."

    @property
    def alt_text(self) -> str:
        """What is drawn, and how."""
        return (
            "Contacts, abandonment, wait and handling by time of day: the log as a dashed line "
            f"with marks, within the band that holds {self.level:.0%} of what was simulated."
        )

    @property
    def cells(self) -> PageTable:
        """A row per measure and interval."""
        return measures_table(self.intervals.to_pylist(), "from")

    def draw(self, width: float) -> Figure:
        """Draw the panels below each other."""
        return draw_back_test(self.marks, width=width)


def measures_table(rows: Sequence[Row], place: str) -> PageTable:
    """Return the log beside what was simulated, by measure and by the column of a place."""
    order = list(MEASURES)
    ordered = sorted(rows, key=lambda row: order.index(row["measure"]))
    found = tuple((row[place], *measure_cells(row)) for row in ordered)
    return PageTable((place, "", "log", "simulated", "band"), found)


def measure_cells(row: Row) -> tuple[str, str, str, str]:
    """Return a measure's name, the log's value, the simulated one, and its band."""
    name, _, scale, digits = MEASURES[row["measure"]]
    log, simulated, low, high = (
        f"{row[key] * scale:.{digits}f}" for key in ("log", "simulated", "low", "high")
    )
    return name, log, simulated, f"{low} to {high}"


def panels_of(rows: Sequence[Row]) -> list[Panel]:
    """Return a panel for each measure that has one and is there."""
    found = []
    for measure, (_, title, scale, _) in MEASURES.items():
        mine = [row for row in rows if row["measure"] == measure]
        if mine and title is not None:
            starts = np.array([_hours(row["from"]) for row in mine])
            values = (
                scale * np.array([row[key] for row in mine], np.float64)
                for key in ("log", "simulated", "low", "high")
            )
            found.append(Panel(title, starts, *values))
    return found


def draw_back_test(panels: Sequence[Panel], *, width: float) -> Figure:
    """Draw measures by interval of the day, so many inches wide."""
    height = 0.4 + len(panels) * (_TALL + _GAP)
    figure = new_figure(width, height)
    legend_of_two(figure, ("simulated, with its band", "log"), top=0.05)
    for place, panel in enumerate(panels):
        bottom = height - 0.4 - (place + 1) * (_TALL + _GAP) + 0.3
        _draw_panel(axes_at(figure, 0.6, bottom, width - 0.9, _TALL), panel, width)
    return figure


def _draw_panel(axes: Axes, panel: Panel, width: float) -> None:
    hours = panel.starts
    axes.fill_between(
        hours, panel.low, panel.high, color=BASELINE, alpha=0.2, linewidth=0, step="mid"
    )
    axes.plot(hours, panel.simulated, color=BASELINE, linewidth=1.8)
    axes.plot(
        hours, panel.log, color=VARIANT, ls=(0, (3, 1.5)), marker="s", markersize=3, linewidth=1.2
    )
    axes.set_title(panel.title)
    axes.set_ylim(bottom=0)
    step = hours[1] - hours[0] if hours.size > 1 else 0.5
    mark_time(axes, hours[0], hours[-1] + step, starts_on="monday", wide=is_wide(width))


def _hours(clock: str) -> float:
    """Return hours since midnight of "07:30"."""
    hour, minute = clock.split(":")[:2]
    return int(hour) + int(minute) / 60
