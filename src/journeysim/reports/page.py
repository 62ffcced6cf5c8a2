"""The parts of a page: figures in two widths with their tables and words, and texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from journeysim.reports.charts.chart_style import NARROW, WIDE
from journeysim.reports.page_tables import PageTable
from journeysim.reports.svg import FONTS, inline_svg
from journeysim.wording.numbers import NONE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TEMPLATE: Final = Path(__file__).parent / "page.html"


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure of a page.

    Attributes
    ----------
    name
        What its identities begin with.
    title, words
        Its heading, and what it shows in words.
    note
        What it is made of: replications, customers.
    wide, narrow
        The drawing, as SVG, for screens and for telephones.
    table
        The figures behind it.
    """

    name: str
    title: str
    words: str
    note: str
    wide: str
    narrow: str
    table: PageTable


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with a heading.

    Attributes
    ----------
    name, title
        Its identity, and its heading.
    lead
        Paragraphs at the begin.
    pictures
        Figures.
    warnings
        What readers must not overlook.
    lists
        Headings with lines below.
    tables, folded
        Headings with tables that are open to see, and that open on request.
    """

    name: str
    title: str
    lead: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tables: tuple[tuple[str, PageTable], ...] = ()
    folded: tuple[tuple[str, PageTable], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page.

    Attributes
    ----------
    title, subtitle
        What it is about.
    sentences
        The answer.
    sections
        Its parts.
    foot
        How it was made.
    """

    title: str
    subtitle: str
    sentences: Sequence[str]
    sections: Sequence[Section] = field(default_factory=tuple)
    foot: str = ""

    def html(self) -> str:
        """Return the page; whatever a user named is escaped."""
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup

        surroundings = Environment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        template = surroundings.from_string(_TEMPLATE.read_text(encoding="utf-8"))
        return template.render(page=self, fonts=Markup(FONTS), drawn=Markup, none_said=NONE)


def picture(
    name: str,
    title: str,
    draw: Callable[..., Figure],
    table: PageTable,
    *,
    words: str,
    note: str,
    **how: Any,
) -> Picture:
    """Draw a figure in both widths.

    Parameters
    ----------
    draw
        Called with `how`, and with the width.
    """
    drawn = {
        kind: inline_svg(draw(width=width, **how), f"{name}-{kind}", title=title, description=words)
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
    }
    return Picture(name, title, words, note, drawn["wide"], drawn["narrow"], table)
