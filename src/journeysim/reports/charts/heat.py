"""Heat maps by hour: how many come, and how long they wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from journeysim.reports.charts.chart_style import (
    GREY,
    SMALL,
    axes_at,
    is_wide,
    new_figure,
    short,
)
from journeysim.types import Row
from journeysim.wording.numbers import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Grid = NDArray[np.float64]
_MEASURES: Final = (("offered", "contacts per hour"), ("wait", "mean wait, {unit}"))
_LONG: Final = 180.0


def draw_heat(
    baseline: Sequence[Row],
    variant: Sequence[Row] | None = None,
    *,
    channel: str | None = None,
    names: tuple[str, str] = ("baseline", "variant"),
    width: float,
) -> Figure:
    """Draw heat maps of one channel by weekday and hour, or of all channels of a single day.

    Parameters
    ----------
    baseline, variant
        Rows of their tables of hours.
    channel
        Default: the busiest. Of a single day, all channels stand below each other.
    """
    several = len({row["weekday"] for row in baseline}) > 1
    key = "weekday" if several else "channel"
    offered: dict[str, float] = {}
    for row in baseline:
        offered[row["channel"]] = offered.get(row["channel"], 0.0) + row["offered"]
    chosen = channel or max(offered, key=lambda name: offered[name])
    hours = _open_hours(baseline)
    panels = []
    for measure, title in _MEASURES:
        both = [(baseline, names[0])]
        # Who comes is nearly the same in both; who waits is not.
        if variant is not None and measure == "wait":
            both.append((variant, names[1]))
        for rows, name in both:
            mine = [row for row in rows if not several or row["channel"] == chosen]
            members = list(dict.fromkeys(row[key] for row in mine if several or offered[row[key]]))
            grid = _grid(mine, key, members, hours, measure)
            panels.append((measure, title, name, grid, members))
    return _drawn(panels, hours, chosen if several else "", variant is not None, width)


def _drawn(
    panels: Sequence[tuple[str, str, str, Grid, list[str]]],
    hours: Sequence[int],
    channel: str,
    named: bool,  # noqa: FBT001
    width: float,
) -> Figure:
    wide = is_wide(width)
    rows = max(len(panel[4]) for panel in panels)
    size = rows * (0.24 if wide else 0.22)
    step = size + 0.86
    height = step * len(panels)
    figure = new_figure(width, height)
    waits = [np.nanmax(grid, initial=0.0) for measure, _, _, grid, _ in panels if measure == "wait"]
    unit, scale = ("min", 60.0) if max(waits, default=0.0) >= _LONG else ("s", 1.0)
    days = all(name.endswith("day") for panel in panels for name in panel[4])
    left = 0.95 if wide else 0.42 if days else 0.72
    for place, (measure, title, name, grid, members) in enumerate(panels):
        edge = height - place * step - 0.3
        axes = axes_at(figure, left, edge - size, width - left - 0.1, size)
        shown = grid / (scale if measure == "wait" else 1.0)
        top = max(waits) / scale if measure == "wait" else np.nanmax(grid, initial=0.0)
        words = title.format(unit=unit)
        words = f"{channel}: {words}" if channel else words
        words = f"{words}: {name}" if named and measure == "wait" else words
        _draw_grid(axes, shown, members, hours, top=float(top) or 1.0, wide=wide)
        axes.set_title(short(words, width - 0.6, size=SMALL * 1.15), size=SMALL, pad=4)
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


def _draw_grid(
    axes: Axes, grid: Grid, members: Sequence[str], hours: Sequence[int], *, top: float, wide: bool
) -> None:
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
