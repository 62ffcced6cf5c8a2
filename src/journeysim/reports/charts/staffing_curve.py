"""What hours at work buy: agent hours against service level, a mark for each scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
from journeysim.types import Row
from journeysim.wording.numbers import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_staffing_curve(rows: Sequence[Row], *, width: float) -> Figure:
    """Draw service level by agent hours, with the interval of the service level.

    Parameters
    ----------
    rows
        Of the staffing table of a comparison, the baseline first.
    """
    wide = is_wide(width)
    height = 3.2 if wide else 3.0
    figure = new_figure(width, height)
    left = 0.62
    axes = axes_at(figure, left, 0.52, width - left - 0.15, height - 0.52 - 0.3)
    known = [row for row in rows if row["service_level"] is not None]
    ordered = sorted(known, key=lambda row: row["staffed_hours"])
    axes.plot(
        [row["staffed_hours"] for row in ordered],
        [row["service_level"] for row in ordered],
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
            ends = [row["service_level"] - half, row["service_level"] + half]
            axes.plot([row["staffed_hours"]] * 2, ends, color=colour, linewidth=1.8)
        axes.plot([row["staffed_hours"]], [row["service_level"]], color=colour, marker=mark, ms=7)
    hours = [row["staffed_hours"] for row in known]
    middle = (min(hours) + max(hours)) / 2 if hours else 0.0
    for row in known:
        right = row["staffed_hours"] > middle
        axes.annotate(
            short(row["scenario"], room),
            (row["staffed_hours"], row["service_level"]),
            xytext=(-9 if right else 9, 0),
            textcoords="offset points",
            ha="right" if right else "left",
            va="center",
            size=SMALL,
            color=BLACK,
        )
