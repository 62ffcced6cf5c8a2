"""The flow of customers between channels, contact by contact, and how their journeys end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa

from journeysim.reports.charts.chart_style import (
    BLACK,
    CHANNELS,
    GREEN,
    GREY,
    SMALL,
    TEXT,
    VERMILLION,
    axes_at,
    bare,
    is_wide,
    new_figure,
    short,
)
from journeysim.reports.charts.source_charts import SourceChart
from journeysim.reports.page_tables import PageTable, plain_table
from journeysim.reports.report_source import ReportSource
from journeysim.types import Row
from journeysim.wording.numbers import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from journeysim.reports.report_subject import Subject

#: A node: the column it stands in, and its name; `leads_to` tells channels from ends.
Node = tuple[int, str, str]

ENDS: Final = {
    "resolved": ("need met", "met", GREEN),
    "given_up": ("given up", "unmet", "#E69F00"),
    "lost": ("lost for good", "lost", VERMILLION),
    "exhausted": ("too many contacts", "too many", "#7a7a7a"),
    "open": ("still open", "open", "#b8c0c6"),
    **dict.fromkeys(("more contacts", "later"), ("further contacts", "further", "#4d4d4d")),
}
_ORDER: Final = tuple(ENDS)
#: Contacts that have a column at most, in a narrow chart and in a wide one.
_COLUMNS: Final = (3, 5)
#: A further column is drawn while this share of the journeys gets there.
_WORTH_A_COLUMN: Final = 0.02
#: Nodes of at least this share have a name.
_NAMED: Final = 0.008
#: How thick a node is, in columns.
_THICK: Final = 0.06
#: Inches above the flow, for its title and the words over the columns.
_TOP: Final = 0.5


@dataclass(frozen=True, slots=True)
class Band:
    """A flow between two nodes, as a share of all journeys."""

    source: Node
    target: Node
    share: float


class Flow(SourceChart):
    """How customers move between channels and how it ends, of one scenario (`flows`)."""

    name = "flow"
    chapter = "flow"

    @classmethod
    def of(cls, source: ReportSource, *, scenario: str | None = None) -> Self:
        """Return the flow of the baseline, or of the variant that is named."""
        if scenario is None or scenario == source.names[0]:
            return cls(source)
        source.variant(scenario)
        return cls(source, scenario)

    @classmethod
    def all_of(cls, subject: Subject) -> list[Self]:
        """Return the flow of the baseline and of each variant that is drawn."""
        return [cls.of(subject.source, scenario=name) for name in (None, *subject.variants)]

    @property
    def scenario(self) -> str:
        """Whose flow it is."""
        return self.variant or self.source.names[0]

    @property
    def table(self) -> pa.Table:
        """The flows of the scenario."""
        return self.source.portraits[self.scenario].flows

    @property
    def rows(self) -> Sequence[Row]:
        """The rows of the table."""
        return self.source.rows(self.scenario, "flows")

    @cached_property
    def marks(self) -> list[Band]:
        """The flows between the first contacts."""
        return bands_of(self.rows, columns=_COLUMNS[-1])

    @property
    def channels(self) -> list[str]:
        """Channels in the order that gives them the same colours in every scenario."""
        met = (row["target"] for row in self.rows if row["leads_to"] == "contact")
        return list(dict.fromkeys((*self.source.world.channels, *met)))

    @property
    def title(self) -> str:
        """Whose flow it is."""
        return f"Flow between channels: {self.scenario}"

    @property
    def caption(self) -> str:
        """What has no name, and of how many replications it is."""
        return f"Flows of less than 1 in 125 journeys have no name. {self.source.sample_note}"

    @property
    def alt_text(self) -> str:
        """Where journeys begin and how they end."""
        begin: Counter[str] = Counter()
        end: Counter[str] = Counter()
        for row in self.rows:
            if row["step"] == 0:
                begin[row["target"]] += row["journeys"]
            if row["leads_to"] == "end":
                end[row["target"]] += row["journeys"]
        total = begin.total() or 1.0
        first, last = (
            ", ".join(f"{words(name)} {percent(many / total)}" for name, many in who.most_common())
            for who, words in ((begin, str), (end, lambda name: ENDS[name][0]))
        )
        return f"Journeys begin in: {first}. They end: {last}."

    @property
    def cells(self) -> PageTable:
        """A row per step, channel, and where people go."""
        columns = ("step", "source", "target", "journeys", "total")
        return plain_table({self.scenario: self.table}, columns, named=False)

    def draw(self, width: float) -> Figure:
        """Draw bands between nodes; fewer contacts have a column where there is little room."""
        bands = bands_of(self.rows, columns=_COLUMNS[is_wide(width)])
        return draw_flow(bands, title=self.scenario, channels=self.channels, width=width)


def bands_of(rows: Sequence[Row], *, columns: int) -> list[Band]:
    """Return what is drawn of a table of flows.

    Parameters
    ----------
    columns
        Contacts that have a column at most; whoever goes on after the last of them is `later`.
    """
    total = sum(row["journeys"] for row in rows if row["step"] == 0) or 1.0
    reached = [
        sum(row["journeys"] for row in rows if row["step"] == step and row["leads_to"] == "contact")
        for step in range(columns)
    ]
    last = sum(1 for each in reached if each >= _WORTH_A_COLUMN * total)
    found: dict[tuple[Node, Node], float] = {}
    for row in rows:
        step = row["step"]
        if not 1 <= step <= last:
            continue
        target, leads_to = row["target"], row["leads_to"]
        if leads_to == "contact" and step == last:
            target, leads_to = "later", "end"
        ends = ((step - 1, "contact", row["source"]), (step, leads_to, target))
        found[ends] = found.get(ends, 0.0) + row["journeys"] / total
    return [Band(source, target, share) for (source, target), share in found.items()]


def draw_flow(
    bands: Sequence[Band], *, title: str, channels: Sequence[str], width: float
) -> Figure:
    """Draw the flow of one scenario; heights are shares of all journeys.

    Parameters
    ----------
    channels
        Their order, which gives them the same colours in several charts.
    """
    wide = is_wide(width)
    height = 4.3
    figure = new_figure(width, height)
    axes = axes_at(figure, 0.05, 0.05, width - 0.1, height - _TOP)
    bare(axes)
    words = short(title, width - 0.2, size=9.4)
    figure.text(0.06 / width, 1 - 0.13 / height, words, weight="bold", size=TEXT, va="center")
    colours = {name: CHANNELS[place % len(CHANNELS)] for place, name in enumerate(channels)}
    places, last = _placed(bands, channels)
    # Behind the last column there is room for its names.
    behind = 1.2 if wide else 0.92
    room = (width - 0.1 - behind) / max(last, 1)
    axes.set_xlim(-0.01, last + behind / room)
    axes.set_ylim(-1.16, 0.0)
    _draw_bands(axes, bands, places, colours)
    _draw_nodes(axes, places, colours, (room, behind), height - _TOP)
    for column in range(last + 1):
        words = f"contact {column + 1}" if column < last else "in the end"
        axes.text(column, 0.01, words, size=SMALL, color=GREY, va="bottom")
    return figure


def _placed(
    bands: Sequence[Band], channels: Sequence[str]
) -> tuple[dict[Node, tuple[float, float]], int]:
    """Return where each node begins and how high it is, and the last column."""
    heights: dict[Node, float] = {}
    for band in bands:
        if band.source[0] == 0:
            heights[band.source] = heights.get(band.source, 0.0) + band.share
        heights[band.target] = heights.get(band.target, 0.0) + band.share
    last = max((node[0] for node in heights), default=0)
    places: dict[Node, tuple[float, float]] = {}
    for column in range(last + 1):
        at = 0.0
        mine = [node for node in heights if node[0] == column]
        mine.sort(key=lambda node: _rank(node, channels))
        gap = min(0.16 / max(len(mine) - 1, 1), 0.035)
        for node in mine:
            places[node] = (at, heights[node])
            at -= heights[node] + gap
    return places, last


def _rank(node: Node, channels: Sequence[str]) -> tuple[int, int]:
    if node[1] == "contact":
        return 0, channels.index(node[2])
    return 1, _ORDER.index(node[2])


def _draw_bands(
    axes: Axes,
    bands: Sequence[Band],
    places: Mapping[Node, tuple[float, float]],
    colours: Mapping[str, str],
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    leaving = {node: place[0] for node, place in places.items()}
    arriving = dict(leaving)
    order = list(places)
    ranked = sorted(bands, key=lambda each: (order.index(each.source), order.index(each.target)))
    for band in ranked:
        begin, end = leaving[band.source], arriving[band.target]
        leaving[band.source] -= band.share
        arriving[band.target] -= band.share
        left, right = band.source[0] + _THICK, float(band.target[0])
        middle = (left + right) / 2
        corners = [
            *((left, begin), (middle, begin), (middle, end), (right, end)),
            *((right, end - band.share), (middle, end - band.share)),
            *((middle, begin - band.share), (left, begin - band.share)),
        ]
        path = Path(corners, [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3])
        colour = _colour(band.target, colours)
        axes.add_patch(PathPatch(path, facecolor=colour, alpha=0.32, linewidth=0))


def _draw_nodes(
    axes: Axes,
    places: Mapping[Node, tuple[float, float]],
    colours: Mapping[str, str],
    rooms: tuple[float, float],
    height: float,
) -> None:
    room, behind = rooms
    last = max((node[0] for node in places), default=0)
    # A line of text, in units of the axis.
    line = 1.16 * 0.155 / height
    below: dict[int, float] = {}
    for node, (top, size) in places.items():
        axes.fill_between(
            [node[0], node[0] + _THICK], top, top - size, color=_colour(node, colours), linewidth=0
        )
        if size < _NAMED:
            continue
        at = min(top - size / 2, below.get(node[0], 1.0) - line)
        below[node[0]] = at
        words = 0 if min(room, behind) > 1.05 else 1
        name = node[2] if node[1] == "contact" else ENDS[node[2]][words]
        free = room * (1 - _THICK) if node[0] < last else behind - _THICK * room
        text = f"{short(name, free - 0.4)} {percent(size)}"
        axes.text(node[0] + _THICK + 0.04 / room, at, text, size=SMALL, color=BLACK, va="center")


def _colour(node: Node, colours: Mapping[str, str]) -> str:
    return colours[node[2]] if node[1] == "contact" else ENDS[node[2]][2]
