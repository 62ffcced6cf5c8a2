"""Service level, queue and agents over the day, with the band that 8 of 10 replications are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

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
from journeysim.types import Row
from journeysim.units import HOUR, SECOND

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DASHED: Final = (0, (3, 1.5))
#: The hours are drawn in which at least this share of the busiest interval comes.
_AWAKE: Final = 0.005
#: Bands of fewer intervals have an outline, which tells them apart without colour.
_OUTLINED: Final = 120


def queue_channels(rows: Sequence[Row]) -> list[str]:
    """Return the channels with a service level, the busiest first."""
    offered: dict[str, float] = {}
    leveled = {row["name"] for row in rows if row["measure"] == "service_level"}
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


def pools(rows: Sequence[Row]) -> list[str]:
    """Return the pools with agents at work, in their order."""
    found = dict.fromkeys(
        row["name"] for row in rows if row["measure"] == "staffed" and (row["mean"] or 0.0) > 0
    )
    return list(found)


def draw_day(
    baseline: Sequence[Row],
    variant: Sequence[Row] | None = None,
    *,
    channel: str,
    starts_on: str,
    names: tuple[str, str] = ("baseline", "variant"),
    width: float,
) -> Figure:
    """Draw the day of one channel, and of the pool that serves it most.

    Parameters
    ----------
    baseline, variant
        Rows of their tables of the day.
    """
    pool = main_pool(baseline, channel)
    panels: list[tuple[str, str, str, tuple[str, ...]]] = [
        (f"{channel}: service level by arrival", "channel", channel, ("service_level",)),
        (f"{channel}: contacts waiting", "channel", channel, ("queue",)),
    ]
    if pool is not None:
        title = f"{pool}: agents at work (steps) and busy (curve)"
        panels.append((title, "pool", pool, ("staffed", "busy")))
    return _stacked(baseline, variant, panels, starts_on=starts_on, names=names, width=width)


def draw_staffing(
    baseline: Sequence[Row],
    variant: Sequence[Row] | None = None,
    *,
    starts_on: str,
    names: tuple[str, str] = ("baseline", "variant"),
    width: float,
) -> Figure:
    """Draw agents at work and busy, a panel for each pool."""
    panels = [
        (f"{pool}: agents at work (steps) and busy (curve)", "pool", pool, ("staffed", "busy"))
        for pool in pools(baseline)
    ]
    return _stacked(
        baseline, variant, panels, starts_on=starts_on, names=names, width=width, size=1.05
    )


def _stacked(
    baseline: Sequence[Row],
    variant: Sequence[Row] | None,
    panels: Sequence[tuple[str, str, str, tuple[str, ...]]],
    *,
    starts_on: str,
    names: tuple[str, str],
    width: float,
    size: float = 1.45,
) -> Figure:
    wide = is_wide(width)
    top = 0.56 if variant is not None else 0.28
    step = size + 0.5
    height = top + step * len(panels) + 0.05
    figure = new_figure(width, height)
    if variant is not None:
        legend_of_two(figure, names, top=0.04)
    begin, end = _awake(baseline)
    left = 0.58
    for place, (title, kind, name, measures) in enumerate(panels):
        edge = height - top - place * step
        axes = axes_at(figure, left, edge - size, width - left - 0.28, size)
        for which, rows in enumerate((baseline, variant)):
            for measure in measures if rows is not None else ():
                assert rows is not None
                mine = [
                    row
                    for row in rows
                    if (row["kind"], row["name"], row["measure"]) == (kind, name, measure)
                ]
                _draw_series(axes, mine, measure, which)
        axes.set_title(short(title, width - 0.7, size=SMALL * 1.15), size=SMALL, pad=4)
        _scale(axes, measures[0])
        mark_time(axes, begin, end, starts_on=starts_on, wide=wide)
    return figure


def _draw_series(axes: Axes, rows: Sequence[Row], measure: str, which: int) -> None:
    starts = np.array([_hours(row["start"]) for row in rows])
    ends = np.array([_hours(row["end"]) for row in rows])
    mean, lower, upper = (
        np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64)
        for name in ("mean", "lower", "upper")
    )
    colour = (BASELINE, VARIANT)[which]
    if measure == "staffed":
        axes.stairs(
            mean,
            np.append(starts, ends[-1]),
            color=(GREY, PURPLE)[which],
            linewidth=1.6,
            linestyle=("-", _DASHED)[which],
            baseline=None,
        )
        return
    middle = (starts + ends) / 2
    if not np.isnan(lower).all():
        axes.fill_between(
            middle, lower, upper, color=colour, alpha=(0.17, 0.13)[which], linewidth=0
        )
        if which == 1 and len(rows) < _OUTLINED:
            for bound in (lower, upper):
                axes.plot(middle, bound, color=colour, linewidth=0.7, linestyle=_DASHED)
    marked = "os"[which] if np.count_nonzero(~np.isnan(mean)) < 3 else None
    axes.plot(
        middle, mean, color=colour, linewidth=1.6, linestyle=("-", _DASHED)[which], marker=marked
    )


def _scale(axes: Axes, measure: str) -> None:
    if measure == "service_level":
        axes.set_ylim(0, 1.02)
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    else:
        axes.set_ylim(bottom=0)
        axes.locator_params(axis="y", nbins=4, integer=True)
    axes.grid(axis="y")


def _hours(time: Any) -> float:
    return float(time.total_seconds() * SECOND / HOUR)


def _awake(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the hours between which people come; a few in the night are left to the table."""
    offered = [row for row in rows if row["measure"] == "offered" and row["mean"]]
    least = _AWAKE * max((row["mean"] for row in offered), default=0.0)
    busy = [row for row in offered if row["mean"] >= least]
    if not busy:
        return 0.0, max((_hours(row["end"]) for row in rows), default=24.0)
    return _hours(min(row["start"] for row in busy)), _hours(max(row["end"] for row in busy))
