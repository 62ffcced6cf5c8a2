"""Held-out days over the day: what the log holds, within the band of what was simulated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from journeysim.reports.charts.chart_style import (
    BASELINE,
    VARIANT,
    axes_at,
    is_wide,
    legend_of_two,
    new_figure,
    styled,
)
from journeysim.reports.charts.time_axis import mark_time
from journeysim.types import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Measures with a panel: heading, and how many of what is shown make one of the table's.
PANELS: Final = {
    "offered": ("contacts per interval, all days", 1.0),
    "abandonment": ("abandoned, %", 100.0),
    "mean_wait": ("mean wait, s", 1.0),
    "handling": ("handling, s", 1.0),
}
_TALL: Final = 1.35  # inches
_GAP: Final = 0.55


def draw_back_test(rows: Sequence[Row], *, width: float) -> Figure:
    """Draw measures by interval of the day.

    Parameters
    ----------
    rows
        Rows of `Backtest.intervals` of one way of simulating, with `measure`, `from`, `log`,
        `simulated`, `low` and `high`.
    width
        Inches.
    """
    shown = [name for name in PANELS if any(row["measure"] == name for row in rows)]
    height = 0.4 + len(shown) * (_TALL + _GAP)
    with styled():
        figure = new_figure(width, height)
        legend_of_two(figure, ("simulated, with its band", "log"), top=0.05)
        for place, name in enumerate(shown):
            bottom = height - 0.4 - (place + 1) * (_TALL + _GAP) + 0.3
            axes = axes_at(figure, 0.6, bottom, width - 0.9, _TALL)
            _panel(axes, [row for row in rows if row["measure"] == name], name, width)
    return figure


def _panel(axes: Axes, rows: Sequence[Row], name: str, width: float) -> None:
    title, scale = PANELS[name]
    hours = np.array([_hours(row["from"]) for row in rows])
    log, simulated, low, high = (
        scale * np.array([row[key] for row in rows], float)
        for key in ("log", "simulated", "low", "high")
    )
    axes.fill_between(hours, low, high, color=BASELINE, alpha=0.2, linewidth=0, step="mid")
    axes.plot(hours, simulated, color=BASELINE, linewidth=1.8)
    axes.plot(hours, log, color=VARIANT, ls=(0, (3, 1.5)), marker="s", markersize=3, linewidth=1.2)
    axes.set_title(title)
    axes.set_ylim(bottom=0)
    step = hours[1] - hours[0] if hours.size > 1 else 0.5
    mark_time(axes, hours[0], hours[-1] + step, starts_on="monday", wide=is_wide(width))


def _hours(clock: str) -> float:
    """Return hours since midnight of "07:30"."""
    hour, minute = clock.split(":")[:2]
    return int(hour) + int(minute) / 60
