"""A matplotlib figure as a piece of SVG that can stand in a page, the same bytes every time."""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Fonts of a page: those whose letters are as wide as the ones that were measured come first.
FONTS: Final = "DejaVu Sans,Verdana,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif"

_TAG: Final = re.compile(r"<[^>]+>")
_IDENTITY: Final = re.compile(r' id="([^"]+)"')
_DECIMALS: Final = re.compile(r"(\d+\.\d{2})\d+")
#: What a page says once for all charts, and matplotlib in each of them.
_SAID_ONCE: Final = re.compile(r"<style.*?</style>|<metadata>.*?</metadata>|<!--.*?-->", re.S)


def inline_svg(figure: Figure, name: str, *, title: str, description: str) -> str:
    """Return a figure as SVG with a title and a description for who cannot see it.

    Parameters
    ----------
    name
        Prefix of all identities, so that several charts can stand in one page.
    """
    text = _saved(figure)
    inside = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    inside = _renamed(_SAID_ONCE.sub("", inside), name)
    width, height = (72 * inches for inches in figure.get_size_inches())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:g} {height:.2f}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f"{inside.strip()}</svg>"
    )


def _saved(figure: Figure) -> str:
    from journeysim.reports.charts.chart_style import styled

    buffer = io.StringIO()
    with styled():
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", metadata=nothing)
    return buffer.getvalue()


def _renamed(text: str, name: str) -> str:
    """Return SVG whose identities are its own; those that nothing refers to are left out.

    Only tags are looked at: what stands between them are words of the user.
    """
    referred = set(re.findall(r'(?:url\(|href=")#([^)"]+)[)"]', text))

    def shorter(tag: re.Match[str]) -> str:
        found = _IDENTITY.sub(
            lambda own: f' id="{name}-{own[1]}"' if own[1] in referred else "", tag[0]
        )
        found = found.replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')
        found = found.replace("font-family: 'DejaVu Sans'; ", "").replace("\n", "")
        return _DECIMALS.sub(r"\1", found)

    return re.sub(r"\n\s*", "", _TAG.sub(shorter, text))
