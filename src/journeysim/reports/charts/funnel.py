"""The funnel of each channel: who came, got in, was served, had the need met, and who fell out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
from journeysim.reports.charts.source_charts import ScenarioChart
from journeysim.types import Row
from journeysim.wording.numbers import NONE, number_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Ways out of less than this share are in the table only.
_SHOWN: Final = 0.0005


@dataclass(frozen=True, slots=True)
class Line:
    """A stage of a channel, or a way out of it.

    Attributes
    ----------
    kind, name
        "stage" or "exit", and what it is called.
    rows
        Its row in each scenario; None where there is none.
    """

    kind: str
    name: str
    rows: list[Row | None]


class Funnel(ScenarioChart):
    """Who came, got in, was served and had the need met, and who fell out why (`funnel`)."""

    name = "funnel"
    chapter = "funnel"
    portrait_table = "funnel"
    columns = ("channel", "row", "stage", "name", "contacts", "share", "total")
    title = "Contacts of each channel"

    @cached_property
    def by_channel(self) -> dict[str, list[Line]]:
        """The lines of each channel."""
        scenarios = [rows for rows in self.rows if rows is not None]
        channels = dict.fromkeys(row["channel"] for rows in scenarios for row in rows)
        return {name: _lines(scenarios, name) for name in channels}

    @property
    def marks(self) -> list[tuple[str, list[Line]]]:
        """The channels with their lines."""
        return list(self.by_channel.items())

    @property
    def caption(self) -> str:
        """What is counted, and of how many replications it is."""
        return (
            "Contacts per replication, and their share of all that came. Whose need was not met "
            f"may come again. {self.source.sample_note}"
        )

    @property
    def alt_text(self) -> str:
        """For each channel who came and had the need met, and the largest way out."""
        said = []
        for channel in dict.fromkeys(row["channel"] for row in self.rows[0]):
            mine = [row for row in self.rows[0] if row["channel"] == channel]
            stages = [row for row in mine if row["row"] == "stage"]
            exits = [row for row in mine if row["row"] == "exit"]
            text = (
                f"{channel}: {number_text(stages[0]['contacts'])} came, "
                f"{percent(stages[-1]['share'])} had the need met"
            )
            if exits:
                most = max(exits, key=lambda row: row["share"])
                text += f", most others: {most['name']} {percent(most['share'])}"
            said.append(text)
        return ". ".join(said) + "."

    def draw(self, width: float) -> Figure:
        """Draw the funnels of all channels below each other."""
        return draw_funnel(self.by_channel, names=self.names, width=width)


def _lines(scenarios: Sequence[Sequence[Row]], channel: str) -> list[Line]:
    """Return the lines of a channel, stage by stage, the largest ways out first."""
    found: dict[tuple[int, str, str], list[Row | None]] = {}
    for which, rows in enumerate(scenarios):
        for row in rows:
            if row["channel"] == channel:
                order = (row["stage"], "0" if row["row"] == "stage" else "1", row["name"])
                found.setdefault(order, [None] * len(scenarios))[which] = row
    return [
        Line("stage" if kind == "0" else "exit", name, rows)
        for (_, kind, name), rows in sorted(found.items(), key=_place)
        if kind == "0" or any(row is not None and row["share"] >= _SHOWN for row in rows)
    ]


def _place(item: tuple[tuple[int, str, str], list[Row | None]]) -> tuple[int, str, float]:
    (stage, kind, _), rows = item
    return stage, kind, -max((row["contacts"] for row in rows if row is not None), default=0.0)


def draw_funnel(
    lines: Mapping[str, Sequence[Line]], *, names: tuple[str, str] | None, width: float
) -> Figure:
    """Draw the lines of each channel, of two scenarios if they have names."""
    wide = is_wide(width)
    step = 0.205
    top = 0.1 if names is None else 0.4
    height = top + sum(0.36 + step * len(mine) for mine in lines.values()) + 0.05
    figure = new_figure(width, height)
    if names is not None:
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


def _draw_lines(axes: Axes, lines: Sequence[Line], *, wide: bool, width: float) -> None:
    bare(axes)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    label, text = (0.2, 0.3) if wide else (0.3, 0.37)
    axes.set_xlim(0, 1)
    most = max(row["contacts"] for line in lines for row in line.rows if row is not None) or 1.0
    room = 1.0 - label - text
    for place, line in enumerate(lines):
        stage = line.kind == "stage"
        words = line.name if stage else f"{NONE} {line.name}"
        axes.text(
            label - 0.01,
            place,
            short(words, label * width),
            ha="right",
            va="center",
            size=SMALL,
            color=BLACK if stage else GREY,
        )
        if stage:
            axes.barh(place, room, left=label, height=0.86, color=PALE)
        _draw_bars(axes, place, line.rows, left=label, scale=room / most, faint=not stage)
        texts = [_count_text(row, wide=wide) for row in line.rows]
        axes.text(
            1.0 - text + 0.01,
            place,
            " → ".join(texts),
            ha="left",
            va="center",
            size=SMALL,
            color=BLACK if stage else GREY,
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


def _count_text(row: Row | None, *, wide: bool) -> str:
    if row is None:
        return "0"
    number = number_text(row["contacts"], row["half_width"])
    return f"{number} ({percent(row['share'])})" if wide else percent(row["share"])
