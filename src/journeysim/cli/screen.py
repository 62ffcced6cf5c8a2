"""Writing to the terminal: text, tables, JSON on stdout; everything else on stderr."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

import click

from journeysim.cli.text_layout import Table, cell_width, table_lines, wrapped

if TYPE_CHECKING:
    from rich.console import Console

#: Longer lines are hard to read.
_WIDEST = 100


def say(text: str = "", *, style: str = "", indent: int = 0) -> None:
    """Print words on stdout, wrapped."""
    for line in wrapped(text, width(), indent=indent):
        _print(line, style)


def say_hanging(label: str, text: str, *, indent: int) -> None:
    """Print a label, and words in a column of their own, `indent` from the left."""
    first = f"{label:<{indent - 1}} "
    lines = wrapped(text, width(), indent=indent)
    if cell_width(first) == indent:
        lines[0] = first + lines[0].strip()
    elif label:
        lines.insert(0, label)
    for line in lines:
        _print(line.rstrip())


def say_as_it_is(line: str) -> None:
    """Print a line that is laid out already."""
    _print(line)


def command_line(text: str) -> None:
    """Print a command on a line of its own, never broken, so that it can be copied."""
    click.echo(f"  {_without_control(text)}")


def complain(text: str, *, style: str = "") -> None:
    """Print words on stderr, wrapped."""
    for line in wrapped(text, width(sys.stderr)):
        _print(line, style, on_stderr=True)


def print_table(table: Table) -> None:
    """Print a table; what does not fit into a line stands in a second block below."""
    if table.title:
        _print(table.title, "bold")
    for place, (head, body) in enumerate(table_lines(table, width())):
        if place:
            _print()
        for line in head:
            _print(line, "bold")
        for line in body:
            _print(line)


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


def width(stream: TextIO | None = None) -> int:
    """Return how many letters fit into a line of a stream, by default of stdout."""
    if not (stream or sys.stdout).isatty():
        return 80
    return min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)


def _print(line: str = "", style: str = "", *, on_stderr: bool = False) -> None:
    from rich.text import Text

    # Lines are broken already: what is longer, a path, has to stay whole to be copied.
    _console(on_stderr).print(Text(_without_control(line), style), soft_wrap=True)


def _without_control(text: str) -> str:
    """Return a text that moves no cursor and changes no colour: names come from files of others."""
    return "".join(
        "\ufffd" if unicodedata.category(sign) == "Cc" and sign not in "\t\n" else sign
        for sign in text
    )


@cache
def _console_class() -> type[Console]:
    from rich.console import Console as RichConsole

    class Screen(RichConsole):
        def on_broken_pipe(self) -> None:
            # The program decides what a closed pipe means, not the line that met it.
            raise BrokenPipeError

    return Screen


def _console(on_stderr: bool) -> Console:  # noqa: FBT001
    return _console_class()(stderr=on_stderr, highlight=False, markup=False, emoji=False)
