"""One customer's journey in two scenarios, in two columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from journeysim.cli.text_layout import wrapped
from journeysim.types import Row
from journeysim.wording.story import Line, story

_GAP = 3


def side_by_side(
    titles: tuple[str, str],
    journeys: tuple[Row, Row],
    contacts: tuple[Sequence[Row], Sequence[Row]],
    *,
    starts_on: str,
    width: int,
) -> list[str]:
    """Return the lines of two journeys beside each other.

    Parameters
    ----------
    titles
        What stands above each.
    journeys, contacts
        Rows of the tables of a run, times in ticks.
    starts_on
        Weekday of the first day.
    width
        Letters of a line.
    """
    room = (width - _GAP - 2) // 2
    columns = []
    for title, journey, made in zip(titles, journeys, contacts, strict=True):
        lines = wrapped(title, room)
        for line in story(journey, made, starts_on=starts_on):
            lines += _told(line, room)
        columns.append(lines)
    return [
        f"  {left:<{room}}{' ' * _GAP}{right}".rstrip()
        for left, right in zip_longest(*columns, fillvalue="")
    ]


def _told(line: Line, room: int) -> list[str]:
    text = f"{line.when}  {line.text}" if line.when else line.text
    first, *others = wrapped(text, room - 2)
    return [first, *(f"  {other}" for other in others)]
