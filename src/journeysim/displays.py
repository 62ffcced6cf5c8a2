"""What Python shows of an object: a few lines of text, or a table and a sentence in a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

#: Lines of a text at most, and characters of each.
LINES: Final = 10
WIDTH: Final = 88
_STYLE: Final = "text-align: left; padding: 0 1em 0 0"


@dataclass(frozen=True, slots=True)
class Display:
    """What is shown of an object.

    Attributes
    ----------
    title
        What it is.
    sentence
        What there is to say of it; empty for nothing.
    head
        Names of the columns; empty for a table of two columns, what and how much.
    rows
        The table.
    note
        What stands below: where it is, what to ask it for.
    """

    title: str
    sentence: str = ""
    head: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()
    note: str = ""

    def text(self) -> str:
        """Return at most ten lines; rows that have no room are left out."""
        above = [shortened(self.title), *textwrap.wrap(self.sentence, WIDTH)[:4]]
        below = textwrap.wrap(self.note, WIDTH)[:2]
        table = [self.head, *self.rows] if self.head else list(self.rows)
        room = LINES - len(above) - len(below)
        if len(table) > room:
            return "\n".join([*above, *_aligned(table[: room - 1]), "  ...", *below])
        return "\n".join([*above, *_aligned(table), *below])

    def html(self) -> str:
        """Return a sentence and a table, without any script or style of the page."""
        parts = [f"<p><strong>{escape(self.title)}</strong></p>"]
        if self.sentence:
            parts.append(f"<p>{escape(self.sentence)}</p>")
        if self.rows:
            parts.append(_table(self.head, self.rows))
        if self.note:
            parts.append(f"<p>{escape(self.note)}</p>")
        return "\n".join(["<div>", *parts, "</div>"])


def names_in_short(names: Sequence[str], *, most: int = 60) -> str:
    """Return how many names there are, and as many of them as have room: ``"3: a, b, ..."``."""
    text = ", ".join(names)
    if len(text) > most:
        text = text[:most].rpartition(",")[0] + ", ..." if "," in text[:most] else text[:most]
    return f"{len(names)}: {text}" if names else "none"


def shortened(text: str, *, most: int = WIDTH) -> str:
    """Return a text in one line that is not too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 4].rstrip() + " ..."


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return [line.rstrip()[: WIDTH + 12] for line in lines]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = ["<table>"]
    if head:
        cells = "".join(f'<th style="{_STYLE}">{escape(name)}</th>' for name in head)
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    lines.append("<tbody>")
    for first, *others in rows:
        cells = "".join(f'<td style="{_STYLE}">{escape(cell)}</td>' for cell in others)
        lines.append(f'<tr><th style="{_STYLE}">{escape(first)}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody>", "</table>"])
