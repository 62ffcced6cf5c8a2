"""Measures by interval of the day, in panels below each other, with bands over replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from journeysim.measures.portrait.day_table import LEVEL
from journeysim.reports.charts.chart_style import (
    BASELINE,
    GREY,
    PURPLE,
    SMALL,
    VARIANT,
    axes_at,
    is_wide,
    legend_of_two,
    new_figure,
    short,
)
from journeysim.reports.charts.time_axis import mark_time
from journeysim.reports.page_tables import PageTable
from journeysim.scenario.schema.world import Weekday
from journeysim.types import Row
from journeysim.units import HOUR, SECOND
from journeysim.wording.numbers import NONE, number_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DASHED: Final = (0, (3, 1.5))
#: The hours are drawn in which at least this share of the busiest interval comes.
_AWAKE: Final = 0.005
#: Bands of fewer intervals have an outline, which tells them apart without colour.
_OUTLINED: Final = 120
_DAYS: Final[tuple[str, ...]] = get_args(Weekday)


@dataclass(frozen=True, slots=True)
class Series:
    """A measure of one scenario by interval.

    Attributes
    ----------
    scenario, measure
        Of whom it is, and what.
    starts, ends
        Hours since the start of the first day, shape (intervals,).
    mean, lower, upper
        Mean and band over replications, shape (intervals,); NaN where there is none.
    """

    scenario: str
    measure: str
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    mean: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands in one panel.

    Attributes
    ----------
    title
        Its heading.
    name, measures
        The channel or pool, and what is drawn of it.
    series
        The measures of the baseline, then those of the variant.
    """

    title: str
    name: str
    measures: tuple[str, ...]
    series: tuple[Series, ...]


def panel_of(
    title: str,
    kind: str,
    name: str,
    measures: tuple[str, ...],
    scenarios: Mapping[str, Sequence[Row]],
) -> Panel:
    """Return a panel of a channel or a pool from the rows of each scenario's table of the day."""
    found = []
    for scenario, rows in scenarios.items():
        for measure in measures:
            wanted = (kind, name, measure)
            mine = [row for row in rows if (row["kind"], row["name"], row["measure"]) == wanted]
            found.append(_series_of(scenario, measure, mine))
    return Panel(title, name, measures, tuple(found))


def agents_panel(pool: str, scenarios: Mapping[str, Sequence[Row]]) -> Panel:
    """Return the panel of the agents of a pool."""
    title = f"{pool}: agents at work (steps) and busy (curve)"
    return panel_of(title, "pool", pool, ("staffed", "busy"), scenarios)


def _series_of(scenario: str, measure: str, rows: Sequence[Row]) -> Series:
    starts = np.array([_hours(row["start"]) for row in rows])
    ends = np.array([_hours(row["end"]) for row in rows])
    mean, lower, upper = (
        np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64)
        for name in ("mean", "lower", "upper")
    )
    return Series(scenario, measure, starts, ends, mean, lower, upper)


def draw_panels(
    panels: Sequence[Panel],
    *,
    names: tuple[str, str] | None,
    span: tuple[float, float],
    starts_on: str,
    width: float,
    size: float = 1.45,
) -> Figure:
    """Draw panels below each other.

    Parameters
    ----------
    names
        Of the baseline and the variant; None for a run.
    span
        The hours that are drawn, since the start of the first day.
    width, size
        Of the figure, and the height of a panel, inches.
    """
    wide = is_wide(width)
    top = 0.28 if names is None else 0.56
    step = size + 0.5
    height = top + step * len(panels) + 0.05
    figure = new_figure(width, height)
    if names is not None:
        legend_of_two(figure, names, top=0.04)
    left = 0.58
    for place, panel in enumerate(panels):
        edge = height - top - place * step
        axes = axes_at(figure, left, edge - size, width - left - 0.28, size)
        for number, series in enumerate(panel.series):
            _draw_series(axes, series, number // len(panel.measures))
        axes.set_title(short(panel.title, width - 0.7, size=SMALL * 1.15), size=SMALL, pad=4)
        _scale(axes, panel.measures[0])
        mark_time(axes, *span, starts_on=starts_on, wide=wide)
    return figure


def _draw_series(axes: Axes, series: Series, which: int) -> None:
    if not series.mean.size:
        return
    mean, lower, upper = series.mean, series.lower, series.upper
    colour = (BASELINE, VARIANT)[which]
    if series.measure == "staffed":
        axes.stairs(
            mean,
            np.append(series.starts, series.ends[-1]),
            color=(GREY, PURPLE)[which],
            linewidth=1.6,
            linestyle=("-", _DASHED)[which],
            baseline=None,
        )
        return
    middle = (series.starts + series.ends) / 2
    if not np.isnan(lower).all():
        axes.fill_between(
            middle, lower, upper, color=colour, alpha=(0.17, 0.13)[which], linewidth=0
        )
        if which == 1 and mean.size < _OUTLINED:
            for bound in (lower, upper):
                axes.plot(middle, bound, color=colour, linewidth=0.7, linestyle=_DASHED)
    marked = "os"[which] if np.count_nonzero(~np.isnan(mean)) < 3 else None
    axes.plot(
        middle, mean, color=colour, linewidth=1.6, linestyle=("-", _DASHED)[which], marker=marked
    )


def _scale(axes: Axes, measure: str) -> None:
    if measure == LEVEL:
        axes.set_ylim(0, 1.02)
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    else:
        axes.set_ylim(bottom=0)
        axes.locator_params(axis="y", nbins=4, integer=True)
    axes.grid(axis="y")


def _hours(time: Any) -> float:
    return float(time.total_seconds() * SECOND / HOUR)


def waking_hours(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the hours between which people come; a few in the night are left to the table."""
    offered = [row for row in rows if row["measure"] == "offered" and row["mean"]]
    least = _AWAKE * max((row["mean"] for row in offered), default=0.0)
    busy = [row for row in offered if row["mean"] >= least]
    if not busy:
        return 0.0, max((_hours(row["end"]) for row in rows), default=24.0)
    return _hours(min(row["start"] for row in busy)), _hours(max(row["end"] for row in busy))


def panel_table(
    scenarios: Mapping[str, Sequence[Row]], panels: Sequence[Panel], *, starts_on: str
) -> PageTable:
    """Return a row per interval: of each measure and scenario the mean with its band."""
    cells: dict[Any, dict[tuple[str, str, str], str]] = {}
    series = [(panel.name, measure) for panel in panels for measure in panel.measures]
    wanted = set(series)
    quiet: dict[Any, bool] = {}
    for scenario, rows_of in scenarios.items():
        for row in rows_of:
            key = (row["name"], row["measure"])
            if key in wanted:
                cells.setdefault(row["start"], {})[scenario, *key] = _banded(row)
                silent = not row["mean"]
                quiet[row["start"]] = quiet.get(row["start"], True) and silent
    columns = [(scenario, *key) for key in series for scenario in scenarios]
    header = ["from"]
    for scenario, name, measure in columns:
        words = f"{name} {measure.replace('_', ' ')}"
        header.append(f"{words}, {scenario}" if len(scenarios) > 1 else words)
    rows = tuple(
        (_clock(start, starts_on), *(mine.get(column, NONE) for column in columns))
        for start, mine in sorted(cells.items())
        if not quiet[start]
    )
    return PageTable(tuple(header), rows)


def _banded(row: Row) -> str:
    show = percent if row["unit"] == "share" else number_text
    if row["mean"] is None or row["lower"] is None or row["lower"] == row["upper"]:
        return show(row["mean"])
    return f"{show(row['mean'])} ({show(row['lower'])} to {show(row['upper'])})"


def _clock(start: Any, starts_on: str) -> str:
    day = _DAYS[(_DAYS.index(starts_on) + start.days) % 7][:3].title()
    return f"{day} {start.seconds // 3600:02d}:{start.seconds // 60 % 60:02d}"
