"""Writing to the terminal: text, tables, JSON on stdout; everything else on stderr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

#: Longer lines are hard to read.
_WIDEST = 100
_NAMES_WIDEST = 24


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


def say(text: str = "", *, style: str = "", indent: int = 0) -> None:
    """Print words on stdout, wrapped; a line that starts anew inside `text` is kept."""
    from rich.padding import Padding
    from rich.text import Text

    words = Text(text, style=style, overflow="fold")
    _console().print(Padding(words, (0, 0, 0, indent), expand=False) if indent else words)


def say_hanging(label: str, text: str, *, indent: int) -> None:
    """Print a label and words that stand in a column beside it, `indent` from the left."""
    import textwrap

    lines = textwrap.wrap(
        text,
        _width() - 1,
        initial_indent=label.ljust(indent - 1) + " ",
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    )
    for line in lines or [label]:
        say(line)


def command_line(text: str) -> None:
    """Print a command on a line of its own, never broken, so that it can be copied."""
    click.echo(f"  {text}")


def complain(text: str, *, style: str = "") -> None:
    """Print words on stderr, wrapped."""
    from rich.text import Text

    _console(on_stderr=True).print(Text(text, style=style, overflow="fold"))


def print_table(table: Table) -> None:
    """Print a table; what does not fit into a line stands in a second block below."""
    if not table.rows:
        return
    if table.title:
        say(table.title, style="bold")
    for place, columns in enumerate(_blocks(table, _width())):
        if place:
            say()
        _print_block(table, columns)


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def plus_minus() -> str:
    """Return the sign between a value and its half-width, as far as stdout has it."""
    try:
        "±".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return "+-"
    return "±"


def _print_block(table: Table, columns: list[int]) -> None:
    from rich.table import Table as RichTable

    shown = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        named = column < table.names
        shown.add_column(
            table.headers[column],
            justify="left" if named else "right",
            vertical="top",
            no_wrap=not named,
            overflow="fold",
        )
    for row in table.rows:
        shown.add_row(*(_text(row[column]) for column in columns))
    _console().print(shown)


def _text(cell: str) -> Any:
    from rich.text import Text

    return Text(cell)


def _blocks(table: Table, width: int) -> list[list[int]]:
    """Return which columns stand together; the names are in every block."""
    from rich.cells import cell_len

    def widest(column: int) -> int:
        cells = [*table.headers[column].splitlines(), *(row[column] for row in table.rows)]
        return max(cell_len(cell) for cell in cells) + 2

    names = list(range(table.names))
    room = width - sum(min(widest(column), _NAMES_WIDEST) for column in names)
    blocks: list[list[int]] = []
    free = 0
    for column in range(table.names, len(table.headers)):
        if not blocks or widest(column) - 2 > free:
            blocks.append([*names])
            free = room
        blocks[-1].append(column)
        free -= widest(column)
    return blocks or [names]


def _width() -> int:
    if not sys.stdout.isatty():
        return 80
    return min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)


def _console(*, on_stderr: bool = False) -> Console:
    return _console_class()(
        stderr=on_stderr, width=_width(), highlight=False, markup=False, emoji=False
    )


@cache
def _console_class() -> type[Console]:
    from rich.console import Console as RichConsole

    class Screen(RichConsole):
        def on_broken_pipe(self) -> None:
            # The program decides what a closed pipe means, not the table that met it.
            raise BrokenPipeError

    return Screen
