"""How many customers are better and worse off, all together and by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from journeysim.reports.charts.chart_style import (
    BLACK,
    GREEN,
    GREY,
    PALE,
    SMALL,
    TEXT,
    VERMILLION,
    axes_at,
    bare,
    is_wide,
    new_figure,
    short,
)
from journeysim.reports.charts.source_charts import ComparisonChart, filtered
from journeysim.reports.page_tables import PageTable
from journeysim.types import Row
from journeysim.wording.numbers import NONE, number_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PARTS: Final = (
    ("worse", "worse off", VERMILLION, "////"),
    ("not_known", "not known", GREY, "---"),
    ("same", "nothing changes", PALE, ""),
    ("better", "better off", GREEN, "\\\\\\\\"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """The customers of a segment.

    Attributes
    ----------
    label
        The segment.
    counted
        How many are worse off, not known, the same, and better off, per replication.
    half_widths
        Half-widths of all customers' intervals, where they are known.
    """

    label: str
    counted: Mapping[str, float]
    half_widths: Mapping[str, float]


class People(ComparisonChart):
    """How many customers are better and worse off (`customers`)."""

    name = "people"
    chapter = "answer"

    @cached_property
    def table(self) -> pa.Table:
        """What is counted of the customers of the variant."""
        return filtered(self.comparison.customers, variant=self.variant)

    @cached_property
    def marks(self) -> list[Bar]:
        """A bar of all customers, and one of each segment if there are several."""
        return bars_of(self.table.to_pylist())

    @property
    def title(self) -> str:
        """What is changed, in words."""
        return f"Who is better and who is worse off: {self.source.said(self.variant or '')}"

    @property
    def caption(self) -> str:
        """What better off means, and how many pairs of replications."""
        return (
            "Customers per replication, each compared with themselves: how the journey ends counts "
            f"first, then the time in queues. n = {self.comparison.record['replications']} pairs "
            "of replications."
        )

    @property
    def alt_text(self) -> str:
        """How many are better and worse off."""
        mean = self.marks[0].counted
        return (
            f"Per replication, {number_text(mean['worse'])} customers are worse off, "
            f"{number_text(mean['better'])} better off, and for {number_text(mean['same'])} "
            "nothing changes."
        )

    @property
    def cells(self) -> PageTable:
        """What is counted, with intervals."""
        found = []
        for row in self.table.to_pylist():
            half = None if row["upper"] is None else row["upper"] - row["mean"]
            lower, upper = number_text(row["lower"], half), number_text(row["upper"], half)
            interval = NONE if row["lower"] is None else f"{lower} to {upper}"
            segment = row["segment"] or "all"
            found.append((segment, row["meaning"], number_text(row["mean"], half), interval))
        header = ("segment", "counted", "per replication", "interval")
        return PageTable(header, tuple(found))

    def draw(self, width: float) -> Figure:
        """Draw a bar for each segment, from worse to better off."""
        return draw_bars(self.marks, width=width)


def bars_of(rows: Sequence[Row]) -> list[Bar]:
    """Return the bars of a table of customers of one variant."""
    by_segment: dict[str | None, dict[str, float]] = {}
    half: dict[str, float] = {}
    for row in rows:
        by_segment.setdefault(row["segment"], {})[row["counted"]] = row["mean"]
        if row["segment"] is None and row["upper"] is not None:
            half[row["counted"]] = row["upper"] - row["mean"]
    segments = [name for name in by_segment if name is not None]
    shown: list[str | None] = [None, *(segments if len(segments) > 1 else [])]
    return [
        Bar("all customers" if name is None else name, by_segment[name], half) for name in shown
    ]


def draw_bars(bars: Sequence[Bar], *, width: float) -> Figure:
    """Draw who is better and who is worse off, so many inches wide."""
    wide = is_wide(width)
    step = 0.4 if wide else 0.56
    top = 0.3 if wide else 0.5
    height = top + step * len(bars) + 0.05
    figure = new_figure(width, height)
    left = 2.0 if wide else 0.05
    axes = axes_at(figure, left, 0.05, width - left - 0.1, step * len(bars))
    bare(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    for place, bar in enumerate(bars):
        _draw_bar(axes, place, bar, wide=wide, width=width)
    _legend(figure, bars[0], top=top)
    return figure


def _draw_bar(axes: Axes, place: int, bar: Bar, *, wide: bool, width: float) -> None:
    counted = bar.counted
    at = place if wide else place + 0.2
    total = sum(counted[part] for part, *_ in _PARTS) or 1.0
    begin = 0.0
    for part, _, colour, hatch in _PARTS:
        share = counted[part] / total
        axes.barh(
            at,
            share,
            left=begin,
            height=0.62 if wide else 0.46,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.8,
        )
        text = f"{number_text(counted[part], bar.half_widths.get(part))} · {percent(share)}"
        room = share * (width - (2.1 if wide else 0.15))
        if room > 0.075 * len(text):
            axes.text(
                begin + share / 2,
                at,
                text,
                ha="center",
                va="center",
                size=SMALL,
                color=BLACK,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )
        begin += share
    if wide:
        axes.text(-0.015, at, short(bar.label, 1.9, size=TEXT), ha="right", va="center", size=TEXT)
    else:
        axes.text(
            0, place - 0.25, short(bar.label, width - 0.2), ha="left", va="center", size=SMALL
        )


def _legend(figure: Figure, everybody: Bar, *, top: float) -> None:
    width, height = figure.get_size_inches()
    axes = axes_at(figure, 0.0, height - top, width, top)
    bare(axes)
    axes.set_xlim(0, width)
    axes.set_ylim(0, top)
    seen = [each for each in _PARTS if everybody.counted[each[0]] > 0]
    place, line = 0.02, top - 0.14
    for _, words, colour, hatch in seen:
        needed = 0.42 + 0.075 * len(words)
        if place + needed > width:
            place, line = 0.02, line - 0.22
        axes.bar(
            place + 0.1,
            0.13,
            bottom=line - 0.065,
            width=0.2,
            color=colour,
            hatch=hatch,
            edgecolor="white" if hatch else GREY,
            linewidth=0.5,
        )
        axes.text(place + 0.26, line, words, va="center", size=SMALL, color=GREY)
        place += needed
