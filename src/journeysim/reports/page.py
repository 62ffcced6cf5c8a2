"""The parts of a page: charts in two widths with their tables and words, and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from journeysim.reports.charts.chart import Chart
from journeysim.reports.charts.chart_style import NARROW, WIDE
from journeysim.reports.page_tables import PageTable
from journeysim.reports.svg import FONTS, inline_svg
from journeysim.wording.numbers import NONE

_TEMPLATE: Final = Path(__file__).parent / "page.html"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as it stands in a page.

    Attributes
    ----------
    name
        What its identities begin with.
    title, caption
        Its heading, and what it is made of.
    wide, narrow
        The drawing, as SVG, for screens and for telephones.
    table
        What is drawn, as text.
    """

    name: str
    title: str
    caption: str
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
        Paragraphs at the beginning.
    pictures
        Charts.
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


def picture(chart: Chart, name: str, *, title: str | None = None) -> Picture:
    """Draw a chart in both widths.

    Parameters
    ----------
    name
        What its identities begin with.
    title
        Its heading, if that is not the chart's own.
    """
    heading = chart.title if title is None else title
    wide, narrow = (
        inline_svg(chart.figure(width), f"{name}-{kind}", title=heading, description=chart.alt_text)
        for kind, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return Picture(name, heading, chart.caption, wide, narrow, chart.cells)
