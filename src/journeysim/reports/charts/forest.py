"""The forest plot: paired differences with their intervals, a panel per unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from journeysim.measures import catalogue
from journeysim.measures.portrait.portrait import made_of
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
from journeysim.reports.charts.source_charts import ComparisonChart, filtered
from journeysim.reports.page_tables import PageTable
from journeysim.types import Row
from journeysim.wording.labels import label_of
from journeysim.wording.numbers import NONE, number_text, true_minus
from journeysim.wording.scores import difference_text, text_scale, value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


@dataclass(frozen=True, slots=True)
class Mark:
    """A difference as it is drawn.

    Attributes
    ----------
    panel
        What the scale of its panel counts.
    label, text
        What it is about, and what it says.
    verdict
        Whether it is better, worse, moved (neither) or unseen.
    difference, lower, upper
        Difference and interval on the scale of the panel.
    """

    panel: str
    label: str
    text: str
    verdict: str
    difference: float
    lower: float
    upper: float


class Forest(ComparisonChart):
    """The paired differences with their intervals, a panel per unit (`headline`)."""

    name = "forest"
    chapter = "answer"

    @cached_property
    def table(self) -> pa.Table:
        """The differences of the variant by channel."""
        return filtered(self.comparison.headline, variant=self.variant)

    @cached_property
    def marks(self) -> list[Mark]:
        """A mark per difference that is drawn."""
        return marks_of(self.table.to_pylist())

    @property
    def title(self) -> str:
        """What is changed, in words."""
        return f"What changes: {self.source.said(self.variant or '')}"

    @property
    def caption(self) -> str:
        """The level of the intervals, and how many pairs of replications."""
        record = self.comparison.record
        customers = made_of(self.source.baseline.steps, "journeys")
        return (
            f"Variant less {self.source.names[0]}, with {100 * record['level']:g} % intervals; "
            f"n = {record['replications']} pairs of replications, {customers:,} customers. "
            "What is the same in every replication is in the table only."
        )

    @property
    def alt_text(self) -> str:
        """The differences, with which way they are."""
        return "; ".join(
            f"{mark.label} {mark.text}"
            + ("" if mark.verdict == "moved" else f", {_MARKS[mark.verdict][2]}")
            for mark in self.marks
        )

    @property
    def cells(self) -> PageTable:
        """All differences with what they are between, and how sure they are."""
        rows = self.table.to_pylist()
        several = len({row["channel"] for row in rows} - {None}) > 1
        found = tuple(
            (
                label_of(row, several_channels=several),
                value_text(row, "baseline"),
                value_text(row, "value"),
                difference_text(row),
                _shown(row["p_holm"], lambda p: "under 0.001" if p < 0.001 else f"{p:.3f}"),
                _shown(row["variance_reduction"], lambda factor: f"{number_text(factor)} x"),
            )
            for row in rows
            if row["difference"] is not None
        )
        header = ("", "baseline", "variant", "difference", "p, Holm", "variance saved by pairing")
        return PageTable(header, found)

    def draw(self, width: float) -> Figure:
        """Draw the marks, the better ones with a triangle that points up."""
        return draw_forest(self.marks, width=width)


def _shown(value: float | None, words: Callable[[float], str]) -> str:
    return NONE if value is None else words(value)


def marks_of(rows: Sequence[Row]) -> list[Mark]:
    """Return the marks of a table of differences of one variant."""
    drawn = drawn_rows(rows)
    several = len({row.get("channel") for row in drawn} - {None}) > 1
    found = []
    for row in drawn:
        size, _ = text_scale(row, "difference", "lower", "upper")
        difference, lower, upper = (row[name] / size for name in ("difference", "lower", "upper"))
        label = label_of(row, several_channels=several)
        what = (_panel_of(row), label, difference_text(row), verdict_of(row))
        found.append(Mark(*what, difference, lower, upper))
    return found


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
    drawn = catalogue.in_table("forest")
    chosen = [row for row in known if row["measure"] in drawn]
    return chosen or known


def verdict_of(row: Row) -> str:
    """Return whether a difference is better, worse, moved (neither) or unseen."""
    if row["lower"] <= 0.0 <= row["upper"]:
        return "unseen"
    if row["better"] is None:
        return "moved"
    return "better" if (row["difference"] > 0) == (row["better"] == "more") else "worse"


def _panel_of(row: Row) -> str:
    axis = catalogue.entry_of(row["measure"]).axis
    if axis:
        return axis
    _, unit = text_scale(row, "difference", "lower", "upper")
    name = "share" if unit == "%" else unit or row["unit"]
    return _UNITS.get(name, name)


def draw_forest(marks: Sequence[Mark], *, width: float) -> Figure:
    """Draw differences with their intervals, so many inches wide."""
    panels: dict[str, list[Mark]] = {}
    for mark in marks:
        panels.setdefault(mark.panel, []).append(mark)
    wide = is_wide(width)
    legend = _legend_lines({mark.verdict for mark in marks}, width)
    step = 0.27 if wide else 0.46
    heights = [step * len(mine) for mine in panels.values()]
    between, top, bottom = 0.62, 0.3 + 0.22 * len(legend), 0.4
    height = top + bottom + sum(heights) + between * max(len(panels) - 1, 0)
    figure = new_figure(width, height)
    edge = height - top
    for (title, mine), size in zip(panels.items(), heights, strict=True):
        left, right = (2.75, 2.35) if wide else (0.12, 0.12)
        axes = axes_at(figure, left, edge - size, width - left - right, size)
        _draw_panel(axes, mine, title, wide=wide, width=width)
        edge -= size + between
    _legend(figure, legend)
    return figure


def _draw_panel(axes: Axes, marks: Sequence[Mark], title: str, *, wide: bool, width: float) -> None:
    axes.set_ylim(len(marks) - 0.5, -0.5)
    axes.set_yticks([])
    axes.axvline(0.0, color=BLACK, linewidth=0.9)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.set_title(title, size=SMALL, color=GREY, pad=4, weight="normal")
    for place, mark in enumerate(marks):
        _draw_mark(axes, mark, place if wide else place + 0.22)
        axes.axhline(place + 0.5, color=LINES, linewidth=0.4)
        _write_mark(axes, mark, place, wide=wide, width=width)
    axes.margins(x=0.06)
    axes.locator_params(axis="x", nbins=6 if wide else 5)
    axes.xaxis.set_major_formatter(lambda value, _: true_minus(f"{value:+g}" if value else "0"))


def _draw_mark(axes: Axes, mark: Mark, at: float) -> None:
    colour, shape, _ = _MARKS[mark.verdict]
    ends = [mark.lower, mark.upper]
    axes.plot(ends, [at, at], color=colour, linewidth=2.2, solid_capstyle="butt")
    face = "white" if shape == "o" else colour
    middle = [mark.difference]
    axes.plot(middle, [at], marker=shape, color=colour, markerfacecolor=face, markersize=6)


def _write_mark(axes: Axes, mark: Mark, place: int, *, wide: bool, width: float) -> None:
    """Write what a mark is about and what it says: at both sides, or above it."""
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center"}
    if wide:
        name = short(mark.label, 2.7, size=TEXT)
        axes.text(-0.02, place, name, ha="right", size=TEXT, color=BLACK, **beside)
        axes.text(1.02, place, mark.text, ha="left", size=SMALL, color=BLACK, **beside)
        return
    beside["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    above = place - 0.27
    axes.text(0.0, above, short(mark.label, width - 1.95), ha="left", size=SMALL, **beside)
    axes.text(1.0, above, mark.text, ha="right", size=SMALL, color=BLACK, **beside)


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
