"""How all charts look: colours for everybody, text that can be read, room that is used."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Widths in inches; a hundred pixels of a page are an inch.
WIDE: Final = 8.6
NARROW: Final = 3.43

# Okabe and Ito, Color Universal Design, 2008: told apart by people of every colour vision.
BLACK, ORANGE, SKY, GREEN = "#222222", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE, LINES = "#5c6670", "#e9edf0", "#cfd6dc"
#: Of the baseline and of a variant; lines and hatches differ as well, for print without colour.
BASELINE, VARIANT = BLUE, VERMILLION
#: Colours of channels, in their order.
CHANNELS: Final = (BLUE, ORANGE, PURPLE, SKY, "#8a7a00", "#7a5195", "#4d4d4d", "#a6761d")

TEXT, SMALL = 8.6, 7.6  # points; 12 and 10.6 pixels of a page

_STYLE: Final[Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "axes.titlesize": TEXT,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": SMALL,
    "axes.edgecolor": LINES,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": LINES,
    "ytick.color": LINES,
    "xtick.labelcolor": GREY,
    "ytick.labelcolor": GREY,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    # Names are what users call things: a dollar sign in one is a dollar sign.
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "journeysim",
    "figure.facecolor": "white",
}


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Draw in the style of the report; settings of the caller come back."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure, inches, that belongs to no window."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height))


def axes_at(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Return axes at a place in inches from the lower left corner of the figure."""
    whole = figure.get_size_inches()
    return figure.add_axes(
        (left / whole[0], bottom / whole[1], width / whole[0], height / whole[1])
    )


def is_wide(width: float) -> bool:
    """Return whether there is room for two things beside each other."""
    return width >= 5.5


def bare(axes: Axes) -> None:
    """Take spines and ticks away."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def short(text: str, inches: float, *, size: float = SMALL) -> str:
    """Return a text that fits into so many inches, its end left out with an ellipsis."""
    # A letter of DejaVu Sans is about 0.57 of its size wide.
    fitting = max(int(inches * 72 / (0.57 * size)), 3)
    return text if len(text) <= fitting else text[: fitting - 1] + "…"


def legend_of_two(figure: Figure, names: tuple[str, str], *, top: float) -> None:
    """Write which colour, line and mark is which scenario, `top` inches below the upper edge."""
    width, height = figure.get_size_inches()
    axes = axes_at(figure, 0.0, height - top - 0.2, width, 0.2)
    bare(axes)
    axes.set_xlim(0, width)
    axes.set_ylim(0, 1)
    # Names may be long; on a narrow page each has half of it.
    room = width / 2 if not is_wide(width) else 3.6
    for place, (name, colour, line, mark) in enumerate(
        zip(names, (BASELINE, VARIANT), ("-", (0, (3, 1.5))), ("o", "s"), strict=True)
    ):
        left = 0.08 + place * room
        axes.bar(
            left + 0.1,
            0.7,
            bottom=0.15,
            width=0.2,
            color=colour,
            hatch=("", "////")[place],
            edgecolor="white",
            linewidth=0.5,
        )
        axes.plot([left + 0.25, left + 0.55], [0.5, 0.5], color=colour, ls=line, linewidth=1.8)
        axes.plot([left + 0.4], [0.5], color=colour, marker=mark, markersize=5)
        axes.text(left + 0.63, 0.5, short(name, room - 0.75), va="center", size=SMALL, color=BLACK)
