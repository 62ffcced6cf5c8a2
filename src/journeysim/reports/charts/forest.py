"""The forest plot: paired differences with their intervals, a panel per unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from journeysim.reports.charts.chart_style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LINES,
    SMALL,
    TEXT,
    VERMILLION,
    axes_at,
    is_wide,
    new_figure,
    short,
)
from journeysim.types import Row
from journeysim.wording.labels import label_of
from journeysim.wording.numbers import true_minus
from journeysim.wording.scores import difference_text, text_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: What is drawn; the table has every measure.
DRAWN: Final = (
    *("service_level", "abandonment", "answered_within_target", "resolved", "occupancy"),
    *("speed_of_answer", "journey_wait"),
    *("journeys_given_up", "journeys_lost", "staffed_hours"),
    *("contacts_per_journey", "cost_total", "cost_per_resolved"),
)
_MEANS: Final = ("contacts_per_journey", "switches_per_journey")
_UNITS: Final = {
    "share": "percentage points",
    "s": "seconds",
    "min": "minutes",
    "count": "customers, contacts",
    "h": "hours",
    "d": "days",
    "currency": "currency",
}
_MARKS: Final = {
    "better": (GREEN, "^", "better"),
    "worse": (VERMILLION, "v", "worse"),
    "moved": (BLUE, "D", "moved, neither better nor worse"),
    "unseen": (GREY, "o", "no difference seen"),
}


def drawn_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the differences that are drawn: known ones, of the measures that matter most.

    What is the same in every replication is left to the table.
    """
    known = [
        row
        for row in rows
        if row["difference"] is not None
        and row["lower"] is not None
        and not row["lower"] == row["upper"] == 0.0
    ]
    chosen = [row for row in known if row["measure"] in DRAWN]
    return chosen or known


def verdict_of(row: Row) -> str:
    """Return whether a difference is better, worse, moved (neither) or unseen."""
    if row["lower"] <= 0.0 <= row["upper"]:
        return "unseen"
    if row["better"] is None:
        return "moved"
    return "better" if (row["difference"] > 0) == (row["better"] == "more") else "worse"


def draw_forest(rows: Sequence[Row], *, width: float) -> Figure:
    """Draw differences with their intervals.

    Parameters
    ----------
    rows
        Of the table of differences, of one variant.
    width
        Inches.
    """
    panels: dict[str, list[Row]] = {}
    for row in drawn_rows(rows):
        panels.setdefault(_panel_of(row), []).append(row)
    wide = is_wide(width)
    verdicts = {verdict_of(row) for rows_of in panels.values() for row in rows_of}
    marks = _legend_lines(verdicts, width)
    step = 0.27 if wide else 0.46
    heights = [step * len(mine) for mine in panels.values()]
    between, top, bottom = 0.62, 0.3 + 0.22 * len(marks), 0.4
    height = top + bottom + sum(heights) + between * max(len(panels) - 1, 0)
    figure = new_figure(width, height)
    channels = {row.get("channel") for rows_of in panels.values() for row in rows_of}
    several = len(channels - {None}) > 1
    edge = height - top
    for (title, mine), size in zip(panels.items(), heights, strict=True):
        left, right = (2.75, 2.35) if wide else (0.12, 0.12)
        axes = axes_at(figure, left, edge - size, width - left - right, size)
        _draw_panel(axes, mine, title, several=several, wide=wide, width=width)
        edge -= size + between
    _legend(figure, marks)
    return figure


def _panel_of(row: Row) -> str:
    if row["measure"] in _MEANS:
        return "contacts per customer"
    if row["measure"] == "cost_per_resolved":
        return "currency per need met"
    _, unit = text_scale(row, "difference", "lower", "upper")
    name = "share" if unit == "%" else unit or row["unit"]
    return _UNITS.get(name, name)


def _draw_panel(
    axes: Axes, rows: Sequence[Row], title: str, *, several: bool, wide: bool, width: float
) -> None:
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.axvline(0.0, color=BLACK, linewidth=0.9)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.set_title(title, size=SMALL, color=GREY, pad=4, weight="normal")
    for place, row in enumerate(rows):
        size, _ = text_scale(row, "difference", "lower", "upper")
        _draw_row(axes, row, place if wide else place + 0.22, size)
        axes.axhline(place + 0.5, color=LINES, linewidth=0.4)
        _write_row(axes, row, place, several=several, wide=wide, width=width)
    axes.margins(x=0.06)
    axes.locator_params(axis="x", nbins=6 if wide else 5)
    axes.xaxis.set_major_formatter(lambda value, _: true_minus(f"{value:+g}" if value else "0"))


def _draw_row(axes: Axes, row: Row, at: float, size: float) -> None:
    colour, mark, _ = _MARKS[verdict_of(row)]
    ends = [row["lower"] / size, row["upper"] / size]
    axes.plot(ends, [at, at], color=colour, linewidth=2.2, solid_capstyle="butt")
    face = "white" if mark == "o" else colour
    middle = [row["difference"] / size]
    axes.plot(middle, [at], marker=mark, color=colour, markerfacecolor=face, markersize=6)


def _write_row(
    axes: Axes, row: Row, place: int, *, several: bool, wide: bool, width: float
) -> None:
    """Write what a row is about and what it says: at both sides, or above its mark."""
    name, text = label_of(row, several_channels=several), difference_text(row)
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center"}
    if wide:
        name = short(name, 2.7, size=TEXT)
        axes.text(-0.02, place, name, ha="right", size=TEXT, color=BLACK, **beside)
        axes.text(1.02, place, text, ha="left", size=SMALL, color=BLACK, **beside)
        return
    beside["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    above = place - 0.27
    axes.text(0.0, above, short(name, width - 1.95), ha="left", size=SMALL, **beside)
    axes.text(1.0, above, text, ha="right", size=SMALL, color=BLACK, **beside)


def _legend_lines(verdicts: set[str], width: float) -> list[list[tuple[float, str]]]:
    """Return where the marks of a legend stand: for each line, a place and a verdict."""
    lines: list[list[tuple[float, str]]] = [[]]
    place = 0.0
    for name, (_, _, words) in _MARKS.items():
        if name not in verdicts:
            continue
        needed = 0.42 + 0.068 * len(words)
        if place and place + needed > width:
            lines.append([])
            place = 0.0
        lines[-1].append((place, name))
        place += needed
    return lines


def _legend(figure: Figure, lines: Sequence[Sequence[tuple[float, str]]]) -> None:
    width, height = figure.get_size_inches()
    size = 0.22 * len(lines)
    axes = axes_at(figure, 0.0, height - size - 0.02, width, size)
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    for line, marks in enumerate(lines):
        for place, name in marks:
            colour, mark, words = _MARKS[name]
            face = "white" if mark == "o" else colour
            axes.plot([place + 0.1], [line], marker=mark, color=colour, markerfacecolor=face, ms=6)
            axes.text(place + 0.22, line, words, va="center", size=SMALL, color=GREY)
