"""Heat maps by hour: how many come, and how long they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray

from journeysim.measures.portrait.day_table import LEVEL
from journeysim.reports.charts.chart_style import (
    GREY,
    SMALL,
    axes_at,
    is_wide,
    new_figure,
    short,
)
from journeysim.reports.charts.source_charts import ScenarioChart
from journeysim.reports.report_source import ReportSource
from journeysim.types import Row
from journeysim.wording.numbers import number_text, seconds_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from journeysim.reports.report_subject import Subject

Grid = NDArray[np.float64]
_MEASURES: Final = (("offered", "contacts per hour"), ("wait", "mean wait, {unit}"))
_LONG: Final = 180.0


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A map of a measure.

    Attributes
    ----------
    measure, title
        What it shows, and its heading with the unit.
    members, hours
        Weekdays or channels, and hours of the day.
    values
        In the unit, shape (members, hours); NaN where there is none.
    darkest
        The value that is drawn darkest, the same in all maps of a measure.
    """

    measure: str
    title: str
    members: list[str]
    hours: list[int]
    values: Grid
    darkest: float


@dataclass(frozen=True)
class Heat(ScenarioChart):
    """How many come and how long they wait, by hour and weekday (`hours`).

    Attributes
    ----------
    channel
        Whose hours; None: the busiest's. Of a single day, all stand below each other.
    """

    channel: str | None = None

    name = "heat"
    chapter = "hours"
    identity = "hours"
    portrait_table = "hours"
    columns = ("weekday", "hour", "channel", "offered", "wait", LEVEL, "total")
    title = "How many come, and how long they wait"

    @classmethod
    def of(
        cls, source: ReportSource, *, channel: str | None = None, variant: str | None = None
    ) -> Self:
        """Return the maps of a channel, the busiest for None; of a single day, of all channels."""
        found = source.variant(variant)
        return cls(source, None if found is None else found[0], channel)

    @classmethod
    def all_of(cls, subject: Subject) -> list[Self]:
        """Return a chart for each variant drawn, none where nobody queues."""
        source = subject.source
        return super().all_of(subject) if source.rows(source.names[0], "hours") else []

    @cached_property
    def marks(self) -> list[HeatMap]:
        """The maps: who comes, and how long they wait in each scenario."""
        return maps_of(self.rows_by_name, self.channel)

    @property
    def caption(self) -> str:
        """Whose wait it is, and of how many replications it is."""
        return f"Wait of those who got in during the hour. {self.source.sample_note}"

    @property
    def alt_text(self) -> str:
        """The hours with most contacts and the longest wait."""
        rows = self.rows[0]
        busiest = max(rows, key=lambda row: row["offered"])
        text = (
            f"Most come to {busiest['channel']} on {busiest['weekday'].title()} at "
            f"{busiest['hour']}: {number_text(busiest['offered'])} in the hour."
        )
        waited = [row for row in rows if row["wait"] is not None]
        if waited:
            longest = max(waited, key=lambda row: row["wait"])
            text += (
                f" They wait longest for {longest['channel']} on {longest['weekday'].title()} at "
                f"{longest['hour']}: {seconds_text(longest['wait'])}."
            )
        return text

    def draw(self, width: float) -> Figure:
        """Draw the maps below each other."""
        return draw_maps(self.marks, width=width)


def maps_of(scenarios: Mapping[str, Sequence[Row]], channel: str | None) -> list[HeatMap]:
    """Return the maps of the tables of hours of each scenario, the baseline first."""
    baseline = next(iter(scenarios.values()))
    several = len({row["weekday"] for row in baseline}) > 1
    key = "weekday" if several else "channel"
    offered: dict[str, float] = {}
    for row in baseline:
        offered[row["channel"]] = offered.get(row["channel"], 0.0) + row["offered"]
    chosen = channel or max(offered, key=lambda name: offered[name])
    hours = _open_hours(baseline)
    grids = []
    for measure, title in _MEASURES:
        for number, (name, rows) in enumerate(scenarios.items()):
            # Who comes is nearly the same in both; who waits is not.
            if number and measure == "offered":
                continue
            mine = [row for row in rows if not several or row["channel"] == chosen]
            members = list(dict.fromkeys(row[key] for row in mine if several or offered[row[key]]))
            before = f"{chosen}: " if several else ""
            behind = f": {name}" if len(scenarios) > 1 and measure == "wait" else ""
            grid = _grid(mine, key, members, hours, measure)
            grids.append((measure, (before, title, behind), members, grid))
    waits = [_largest(grid) for measure, _, _, grid in grids if measure == "wait"]
    unit, size = ("min", 60.0) if max(waits) >= _LONG else ("s", 1.0)
    found = []
    for measure, (before, title, behind), members, grid in grids:
        by, most = (size, max(waits)) if measure == "wait" else (1.0, _largest(grid))
        words = f"{before}{title.format(unit=unit)}{behind}"
        found.append(HeatMap(measure, words, members, hours, grid / by, most / by or 1.0))
    return found


def _largest(grid: Grid) -> float:
    return float(np.nanmax(grid, initial=0.0))


def draw_maps(maps: Sequence[HeatMap], *, width: float) -> Figure:
    """Draw the maps below each other, so many inches wide."""
    wide = is_wide(width)
    size = max(len(each.members) for each in maps) * (0.24 if wide else 0.22)
    step = size + 0.86
    height = step * len(maps)
    figure = new_figure(width, height)
    days = all(name.endswith("day") for each in maps for name in each.members)
    left = 0.95 if wide else 0.42 if days else 0.72
    for place, each in enumerate(maps):
        edge = height - place * step - 0.3
        axes = axes_at(figure, left, edge - size, width - left - 0.1, size)
        _draw_map(axes, each, wide=wide)
        axes.set_title(short(each.title, width - 0.6, size=SMALL * 1.15), size=SMALL, pad=4)
    return figure


def _open_hours(rows: Sequence[Row]) -> list[int]:
    busy = [row["hour"] for row in rows if row["offered"] > 0]
    return list(range(min(busy, default=0), max(busy, default=23) + 1))


def _grid(
    rows: Sequence[Row], key: str, members: Sequence[str], hours: Sequence[int], measure: str
) -> Grid:
    grid = np.full((len(members), len(hours)), np.nan)
    for row in rows:
        if row[key] in members and row["hour"] in hours and row[measure] is not None:
            if measure == "offered" and not row["offered"]:
                continue
            grid[members.index(row[key]), hours.index(row["hour"])] = row[measure]
    return grid


def _draw_map(axes: Axes, drawn: HeatMap, *, wide: bool) -> None:
    grid, members, hours, top = drawn.values, drawn.members, drawn.hours, drawn.darkest
    edges = np.arange(len(hours) + 1), np.arange(len(members) + 1)
    axes.pcolormesh(
        *edges,
        np.ma.masked_invalid(grid),
        cmap="Blues",
        vmin=0,
        vmax=top,
        edgecolors="white",
        linewidth=0.6,
    )
    axes.set_ylim(len(members), 0)
    letters = 1.0 if wide else 0.62
    axes.set_yticks(
        np.arange(len(members)) + 0.5,
        [_member(name, letters) for name in members],
    )
    stride = 1 if wide and len(hours) <= 24 else 3
    axes.set_xticks(np.arange(0, len(hours), stride) + 0.5, [str(hour) for hour in hours[::stride]])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if wide or len(hours) <= 12:
        for (row, column), value in np.ndenumerate(grid):
            if not np.isnan(value):
                dark = value > 0.6 * top
                text = number_text(value) if value < 10 else f"{value:.0f}"
                axes.text(
                    column + 0.5,
                    row + 0.52,
                    text[: 3 if value < 10 else 5],
                    ha="center",
                    va="center",
                    size=6.4,
                    color="white" if dark else "#222222",
                )
    words = f"hour of the day; white: none, darkest: {number_text(top)}"
    axes.set_xlabel(words, size=SMALL, color=GREY, labelpad=1)


def _member(name: str, inches: float) -> str:
    if name.endswith("day"):
        name = name.title() if inches > 0.7 else name[:3].title()
    return short(name, inches)
