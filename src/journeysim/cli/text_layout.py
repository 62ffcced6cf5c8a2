"""Laying out words and tables in lines of a given width: pure functions of texts."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Names that are wider are broken into several lines.
_NAMES_WIDEST = 30
_NAME_AT_LEAST = 14
_GAP = 2


@dataclass(frozen=True, slots=True)
class Table:
    """What is printed as a table.

    Attributes
    ----------
    title
        A line above it, or empty.
    headers
        One per column; may hold a line break, the unit stands last.
    rows
        Cells as text.
    names
        How many columns, from the left, hold words; the rest hold numbers.
    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 1


def cell_width(text: str) -> int:
    """Return how many places of a terminal a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def _broken(text: str, width: int, **options: Any) -> list[str]:
    """Return text in lines of a width; a number stays with its unit: 4 m 05 s, 12 %."""
    glued = re.sub(r"(?<=\d) (?=(%|[smhd]|min|x)(\W|$))|(?<=\d [smhd]) (?=\d)", "\u00a0", text)
    lines = textwrap.wrap(glued, width, break_on_hyphens=False, **options)
    return [line.replace("\u00a0", " ") for line in lines]


def wrapped(text: str, width: int, *, indent: int = 0) -> list[str]:
    """Return words in lines of a width; never a line of more, unless by one long path."""
    space = " " * indent
    lines = []
    for paragraph in text.splitlines() or [""]:
        own = " " * (len(paragraph) - len(paragraph.lstrip()))
        lines += _broken(
            paragraph.lstrip(),
            max(width, indent + 20),
            initial_indent=space + own,
            subsequent_indent=space + own + ("  " if own else ""),
            break_long_words="/" not in paragraph,
        ) or [""]
    return lines


def table_lines(table: Table, width: int) -> list[tuple[list[str], list[str]]]:
    """Return the blocks of a table, each as lines of its head and of its body."""
    blocks = []
    for columns, widths in _blocks(table, width):
        heads = [table.headers[column].splitlines() for column in columns]
        tallest = max(map(len, heads))
        # Units stand in the lowest line of the head, just above the figures.
        padded = [[""] * (tallest - len(head)) + head for head in heads]
        head = [_line(cells, columns, widths, table.names) for cells in zip(*padded, strict=True)]
        body = []
        for row in table.rows:
            body += _row([row[column] for column in columns], columns, widths, table.names)
        blocks.append((head, body))
    return blocks


def _row(
    cells: Sequence[str], columns: Sequence[int], widths: Sequence[int], names: int
) -> list[str]:
    """Return the lines of a row: more than one where a name is too long."""
    parts = [
        _folded(cell, room) if column < names else [cell]
        for cell, column, room in zip(cells, columns, widths, strict=True)
    ]
    tallest = max(map(len, parts))
    padded = [part + [""] * (tallest - len(part)) for part in parts]
    return [_line(line, columns, widths, names) for line in zip(*padded, strict=True)]


def _line(cells: Sequence[str], columns: Sequence[int], widths: Sequence[int], names: int) -> str:
    placed = []
    for cell, column, room in zip(cells, columns, widths, strict=True):
        space = " " * (room - cell_width(cell))
        placed.append(cell + space if column < names else space + cell)
    return (" " * _GAP).join(placed).rstrip()


def _folded(cell: str, room: int) -> list[str]:
    lines = _broken(cell, room) or [""]
    if all(cell_width(line) <= room for line in lines):
        return lines
    # Letters of double width: half as many fit.
    return _broken(cell, max(room // 2, 1))


def _blocks(table: Table, width: int) -> list[tuple[list[int], list[int]]]:
    """Return which columns stand together, and how wide each is; names are in every block."""
    widest = [
        max(
            cell_width(cell)
            for cell in [*header.splitlines(), *(row[column] for row in table.rows), ""]
        )
        for column, header in enumerate(table.headers)
    ]
    names = list(range(table.names))
    numbers = widest[table.names :]
    left = width - sum(numbers) - _GAP * len(numbers)
    if left < _NAME_AT_LEAST * len(names):
        left = _NAMES_WIDEST * max(len(names), 1) if len(names) < 2 else width // 2
    widest[: table.names] = _shared_out(widest[: table.names], left)
    if not numbers:
        return [(names, widest)]
    room = width - sum(widest[column] + _GAP for column in names)
    blocks: list[list[int]] = []
    free = 0
    for column in range(table.names, len(table.headers)):
        if not blocks or widest[column] > free:
            blocks.append([*names])
            free = room
        blocks[-1].append(column)
        free -= widest[column] + _GAP
    return [(columns, [widest[column] for column in columns]) for columns in blocks]


def _shared_out(widest: Sequence[int], width: int) -> list[int]:
    """Return widths of columns of words: the widest give way until all fit together."""
    widths = list(widest)
    while sum(widths) + _GAP * (len(widths) - 1) > width and max(widths, default=0) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths
