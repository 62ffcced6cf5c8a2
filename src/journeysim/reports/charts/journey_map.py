"""The journey map: touchpoints along the modal path as columns, what they are like as lanes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from journeysim.reports.charts.chart_style import (
    BASELINE,
    BLACK,
    GREY,
    LINES,
    PALE,
    SMALL,
    TEXT,
    VARIANT,
    axes_at,
    legend_of_two,
    new_figure,
    short,
)
from journeysim.reports.charts.source_charts import ScenarioChart
from journeysim.types import Row
from journeysim.wording.numbers import NONE, number_text, percent, seconds_text, true_minus

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Rows of the same columns in each scenario; None where nobody came.
Columns = Sequence[Sequence[Row | None]]

_LANES: Final[tuple[tuple[str, str, Callable[[float | None], str]], ...]] = (
    ("contacts", "Contacts per replication", number_text),
    ("wait", "Mean time in queue", seconds_text),
    ("effort", "Effort added", number_text),
    ("left", "Leave here with the need unmet", percent),
)
_LANE, _EMOTION, _HEAD, _GAP = 0.84, 1.45, 0.86, 0.34


class JourneyMap(ScenarioChart):
    """Touchpoints along the modal path as columns, and what they are like (`steps`)."""

    name = "journey_map"
    chapter = "map"
    identity = "map"
    portrait_table = "steps"
    columns = (
        *("step", "touchpoint", "path_place", "handler", "control", "contacts", "share"),
        *("wait", "effort", "emotion", "emotion_p10", "emotion_p90", "left", "total"),
    )
    title = "Journey map"

    @cached_property
    def marks(self) -> Columns:
        """The touchpoints of the modal path of the baseline, in each scenario."""
        return on_path(*self.rows)

    @property
    def caption(self) -> str:
        """What is counted, and of how many replications it is."""
        return (
            "Contacts at each step, of all who get there; lines at the ends of bars are 95 % "
            f"intervals. {self.source.sample_note}"
        )

    @property
    def alt_text(self) -> str:
        """Each touchpoint with its wait, emotion and who leaves."""
        said = []
        for row, *others in zip(*self.marks, strict=True):
            assert row is not None
            text = (
                f"contact {row['step']}, {row['touchpoint']} ({row['control']}): "
                f"{percent(row['share'])} of journeys, {_experience(row)}"
            )
            said += ["; in the variant ".join([text, *map(_experience, filter(None, others))])]
        return ". ".join(said)

    def draw(self, width: float) -> Figure:
        """Draw the lanes below each other."""
        return draw_journey_map(self.marks, names=self.names, width=width)


def _experience(row: Row) -> str:
    return (
        f"wait {seconds_text(row['wait'])}, emotion {row['emotion']:+.2f}, "
        f"{percent(row['left'])} leave"
    )


def on_path(baseline: Sequence[Row], variant: Sequence[Row] | None) -> list[list[Row | None]]:
    """Return the columns of the map: the modal path of the baseline, in each scenario."""
    path = sorted((row for row in baseline if row["path_place"]), key=lambda row: row["path_place"])
    found: list[list[Row | None]] = [list(path)]
    if variant is not None:
        by_place = {(row["step"], row["channel"]): row for row in variant}
        found.append([by_place.get((row["step"], row["channel"])) for row in path])
    return found


def draw_journey_map(columns: Columns, *, names: tuple[str, str] | None, width: float) -> Figure:
    """Draw the map of a scenario, or of two beside each other if they have names."""
    top = 0.08 if names is None else 0.34
    height = top + _HEAD + len(_LANES) * (_LANE + _GAP) + _EMOTION + _GAP + 0.1
    figure = new_figure(width, height)
    if names is not None:
        legend_of_two(figure, names, top=0.04)
    edge = height - top
    count = max(len(columns[0]), 1)
    room = (width - 0.2) / count
    _draw_heads(_lane(figure, edge, _HEAD, count), columns[0], room)
    edge -= _HEAD
    for measure, title, words in _LANES:
        edge -= _GAP
        if measure == "left":
            _draw_emotion(_lane(figure, edge, _EMOTION, count), columns, room)
            edge -= _EMOTION + _GAP
        axes = _lane(figure, edge, _LANE, count)
        _draw_lane(axes, columns, measure, words, room)
        axes.set_title(title, size=SMALL, color=GREY, pad=3)
        edge -= _LANE
    return figure


def _lane(figure: Figure, edge: float, height: float, count: int) -> Axes:
    axes = axes_at(figure, 0.1, edge - height, figure.get_size_inches()[0] - 0.2, height)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    for place in range(1, count):
        axes.axvline(place - 0.5, color=LINES, linewidth=0.6)
    return axes


def _draw_heads(axes: Axes, path: Sequence[Row | None], room: float) -> None:
    axes.set_ylim(0, 1)
    for place, row in enumerate(path):
        assert row is not None
        axes.axvspan(place - 0.46, place + 0.46, color=PALE)
        lines = (
            (0.84, f"contact {row['step']}", SMALL, GREY, "normal"),
            (0.61, row["touchpoint"], TEXT, BLACK, "bold"),
            (0.36, f"{row['handler']}, {row['control']}", SMALL, GREY, "normal"),
            (0.14, f"{percent(row['share'])} come", SMALL, GREY, "normal"),
        )
        if room < 1.05:
            lines = (lines[0], lines[1], (0.36, row["control"], SMALL, GREY, "normal"), lines[3])
        for at, text, size, colour, weight in lines:
            if text.endswith(" come") and room < 0.8:
                text = text.removesuffix(" come")
            wide = size * (1.15 if weight == "bold" else 1.0)
            axes.text(
                place,
                at,
                short(text, room * 0.96, size=wide),
                ha="center",
                va="center",
                size=size,
                color=colour,
                weight=weight,
            )


def _draw_lane(
    axes: Axes,
    columns: Columns,
    measure: str,
    words: Callable[[float | None], str],
    room: float,
) -> None:
    tops = [
        (row[measure] or 0.0) + (row.get(f"{measure}_half_width") or 0.0)
        for mine in columns
        for row in mine
        if row is not None
    ]
    largest = max(tops, default=0.0) or 1.0
    axes.set_ylim(0, 1.85 * largest)
    both = len(columns) == 2
    for which, mine in enumerate(columns):
        shift = (which - 0.5) * 0.3 if both else 0.0
        for place, row in enumerate(mine):
            if row is None or row[measure] is None:
                continue
            axes.bar(
                place + shift,
                row[measure],
                width=0.28,
                color=(BASELINE, VARIANT)[which],
                hatch=("", "////")[which],
                edgecolor="white",
                linewidth=0.5,
            )
            half = row.get(f"{measure}_half_width")
            if half is not None:
                low, high = max(row[measure] - half, 0.0), row[measure] + half
                axes.plot([place + shift] * 2, [low, high], color=BLACK, linewidth=1.0)
    for place in range(len(columns[0])):
        texts = [
            words(None if mine[place] is None else mine[place][measure])  # type: ignore[index]
            for mine in columns
        ]
        _write(axes, place, texts, room)


def _draw_emotion(axes: Axes, columns: Columns, room: float) -> None:
    axes.set_title("Emotion (up is better): mean, 8 of 10 contacts", size=SMALL, color=GREY, pad=3)
    for which, mine in enumerate(columns):
        _draw_curve(axes, mine, which)
    bottom, top = axes.get_ylim()
    bottom, top = min(bottom, -0.4), max(top, 0.4)
    # Room above for the figures.
    axes.set_ylim(bottom, top + 0.34 * (top - bottom))
    axes.axhline(0, color=GREY, linewidth=0.7, linestyle=":")
    for place in range(len(columns[0])):
        texts = [_emotion_text(mine[place]) for mine in columns]
        _write(axes, place, texts, room)


def _draw_curve(axes: Axes, mine: Sequence[Row | None], which: int) -> None:
    """Draw the emotion of one scenario, with its band."""
    seen = [(place, row) for place, row in enumerate(mine) if row and row["emotion"] is not None]
    if not seen:
        return
    places = [float(place) for place, _ in seen]
    low = [row["emotion_p10"] for _, row in seen]
    high = [row["emotion_p90"] for _, row in seen]
    mean = [row["emotion"] for _, row in seen]
    if len(seen) == 1:
        # A single point has no width of its own.
        places, low, high = (
            [place - 0.3 for place in places] + [places[0] + 0.3],
            low * 2,
            high * 2,
        )
    colour = (BASELINE, VARIANT)[which]
    if which == 0:
        axes.fill_between(places, low, high, color=colour, alpha=0.16, linewidth=0)
    else:
        for bound in (low, high):
            axes.plot(places, bound, color=colour, linewidth=1.0, linestyle=(0, (2, 2)))
    axes.plot(
        [place for place, _ in seen],
        mean,
        color=colour,
        linewidth=2,
        linestyle=("-", (0, (3, 1.5)))[which],
        marker="os"[which],
        markersize=5,
    )


def _emotion_text(row: Row | None) -> str:
    return NONE if row is None else true_minus(f"{row['emotion']:+.2f}")


def _write(axes: Axes, place: int, texts: Sequence[str], room: float) -> None:
    """Write the figures of a column at the top of a lane: beside each other if there is room."""
    together = " → ".join(texts)
    top = axes.get_ylim()[1]
    if len(together) * 0.066 <= room:
        axes.text(place, top, together, ha="center", va="top", size=SMALL, color=BLACK)
        return
    inches = axes.get_window_extent().height / axes.get_figure().dpi  # type: ignore[union-attr]
    line = (top - axes.get_ylim()[0]) * 0.145 / inches
    for number, text in enumerate(texts):
        colour = (BASELINE, VARIANT)[number]
        axes.text(
            place,
            top - number * line,
            short(text, room),
            ha="center",
            va="top",
            size=SMALL,
            color=colour,
        )
