"""How many customers are better and worse off, all together and by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

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
from journeysim.types import Row
from journeysim.wording.numbers import number_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PARTS: Final = (
    ("worse", "worse off", VERMILLION, "////"),
    ("not_known", "not known", GREY, "---"),
    ("same", "nothing changes", PALE, ""),
    ("better", "better off", GREEN, "\\\\\\\\"),
)


def draw_people(rows: Sequence[Row], *, width: float) -> Figure:
    """Draw who is better and who is worse off.

    Parameters
    ----------
    rows
        Of the table of customers, of one variant.
    """
    by_segment: dict[str | None, dict[str, float]] = {}
    half: dict[str, float] = {}
    for row in rows:
        by_segment.setdefault(row["segment"], {})[row["counted"]] = row["mean"]
        if row["segment"] is None and row["upper"] is not None:
            half[row["counted"]] = row["upper"] - row["mean"]
    segments = [name for name in by_segment if name is not None]
    shown: list[str | None] = [None, *(segments if len(segments) > 1 else [])]
    wide = is_wide(width)
    step = 0.4 if wide else 0.56
    top = 0.3 if wide else 0.5
    height = top + step * len(shown) + 0.05
    figure = new_figure(width, height)
    left = 2.0 if wide else 0.05
    axes = axes_at(figure, left, 0.05, width - left - 0.1, step * len(shown))
    bare(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    for place, segment in enumerate(shown):
        name = "all customers" if segment is None else segment
        _draw_bar(axes, place, by_segment[segment], half, name, wide=wide, width=width)
    _legend(figure, by_segment, top=top)
    return figure


def _draw_bar(
    axes: Axes,
    place: int,
    counted: Mapping[str, float],
    half: Mapping[str, float],
    name: str,
    *,
    wide: bool,
    width: float,
) -> None:
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
        text = f"{number_text(counted[part], half.get(part))} · {percent(share)}"
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
        axes.text(-0.015, at, short(name, 1.9, size=TEXT), ha="right", va="center", size=TEXT)
    else:
        axes.text(0, place - 0.25, short(name, width - 0.2), ha="left", va="center", size=SMALL)


def _legend(
    figure: Figure, by_segment: Mapping[str | None, Mapping[str, float]], *, top: float
) -> None:
    width, height = figure.get_size_inches()
    axes = axes_at(figure, 0.0, height - top, width, top)
    bare(axes)
    axes.set_xlim(0, width)
    axes.set_ylim(0, top)
    seen = [each for each in _PARTS if by_segment[None][each[0]] > 0]
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
