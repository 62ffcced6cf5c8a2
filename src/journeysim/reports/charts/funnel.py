"""The funnel of each channel: who came, got in, was served, had the need met, and who fell out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from journeysim.reports.charts.chart_style import (
    BASELINE,
    BLACK,
    GREY,
    PALE,
    SMALL,
    TEXT,
    VARIANT,
    axes_at,
    bare,
    is_wide,
    legend_of_two,
    new_figure,
    short,
)
from journeysim.types import Row
from journeysim.wording.numbers import NONE, number_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Ways out of less than this share are in the table only.
_SHOWN: Final = 0.0005


def draw_funnel(
    baseline: Sequence[Row],
    variant: Sequence[Row] | None = None,
    *,
    names: tuple[str, str] = ("baseline", "variant"),
    width: float,
) -> Figure:
    """Draw the funnels of all channels below each other.

    Parameters
    ----------
    baseline, variant
        Rows of their tables of the funnel.
    """
    wide = is_wide(width)
    scenarios = [baseline] if variant is None else [baseline, variant]
    channels = list(dict.fromkeys(row["channel"] for rows in scenarios for row in rows))
    lines = {name: _lines(scenarios, name) for name in channels}
    step = 0.205
    top = 0.4 if variant is not None else 0.1
    height = top + sum(0.36 + step * len(mine) for mine in lines.values()) + 0.05
    figure = new_figure(width, height)
    if variant is not None:
        legend_of_two(figure, names, top=0.04)
    edge = height - top
    for name, mine in lines.items():
        size = step * len(mine)
        axes = axes_at(figure, 0.05, edge - 0.26 - size, width - 0.1, size)
        figure.text(
            0.05 / width,
            (edge - 0.12) / height,
            short(name, width - 0.3, size=TEXT * 1.15),
            weight="bold",
            size=TEXT,
            va="center",
        )
        _draw_lines(axes, mine, wide=wide, width=width)
        edge -= 0.36 + size
    return figure


def _lines(
    scenarios: Sequence[Sequence[Row]], channel: str
) -> list[tuple[str, str, list[Row | None]]]:
    """Return the lines of a channel: what kind, what it is called, a row of each scenario."""
    found: dict[tuple[int, str, str], list[Row | None]] = {}
    for which, rows in enumerate(scenarios):
        for row in rows:
            if row["channel"] == channel:
                order = (row["stage"], "0" if row["row"] == "stage" else "1", row["name"])
                found.setdefault(order, [None] * len(scenarios))[which] = row
    return [
        ("stage" if kind == "0" else "exit", name, rows)
        for (_, kind, name), rows in sorted(found.items(), key=_place)
        if kind == "0" or any(row is not None and row["share"] >= _SHOWN for row in rows)
    ]


def _place(item: tuple[tuple[int, str, str], list[Row | None]]) -> tuple[int, str, float]:
    (stage, kind, _), rows = item
    return stage, kind, -max((row["contacts"] for row in rows if row is not None), default=0.0)


def _draw_lines(
    axes: Axes, lines: Sequence[tuple[str, str, list[Row | None]]], *, wide: bool, width: float
) -> None:
    bare(axes)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    label, text = (0.2, 0.3) if wide else (0.3, 0.37)
    axes.set_xlim(0, 1)
    most = max(row["contacts"] for _, _, rows in lines for row in rows if row is not None) or 1.0
    room = 1.0 - label - text
    for place, (kind, name, rows) in enumerate(lines):
        words = name if kind == "stage" else f"{NONE} {name}"
        axes.text(
            label - 0.01,
            place,
            short(words, label * width),
            ha="right",
            va="center",
            size=SMALL,
            color=BLACK if kind == "stage" else GREY,
        )
        if kind == "stage":
            axes.barh(place, room, left=label, height=0.86, color=PALE)
        _draw_bars(axes, place, rows, left=label, scale=room / most, faint=kind != "stage")
        figures = [_figures(row, wide=wide) for row in rows]
        axes.text(
            1.0 - text + 0.01,
            place,
            " → ".join(figures),
            ha="left",
            va="center",
            size=SMALL,
            color=BLACK if kind == "stage" else GREY,
        )


def _draw_bars(
    axes: Axes, place: int, rows: Sequence[Row | None], *, left: float, scale: float, faint: bool
) -> None:
    thick = 0.72 / len(rows)
    for which, row in enumerate(rows):
        if row is None:
            continue
        axes.barh(
            place - 0.36 + thick * (which + 0.5),
            scale * row["contacts"],
            left=left,
            height=thick,
            color=(BASELINE, VARIANT)[which],
            hatch=("", "////")[which],
            edgecolor="white",
            linewidth=0.3,
            alpha=0.55 if faint else 1.0,
        )


def _figures(row: Row | None, *, wide: bool) -> str:
    if row is None:
        return "0"
    number = number_text(row["contacts"], row["half_width"])
    return f"{number} ({percent(row['share'])})" if wide else percent(row["share"])
