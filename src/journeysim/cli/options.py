"""Options that several commands share, and the kinds of value that they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from journeysim.units import parse_duration

#: The formulas of the service level.
FORMULAS = ("offered", "answered", "excluding_early", "crediting_early", "short_abandons")
AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


def in_ticks(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Return the ticks of a duration with its unit, such as 30s."""
    if value is None:
        return None
    try:
        return parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


def in_words(
    context: click.Context, parameter: click.Parameter, value: str | Sequence[str] | None
) -> tuple[str, ...] | None:
    """Return words that stand between commas, or None where the option was not given."""
    if value is None or value == ():
        return None
    texts = [value] if isinstance(value, str) else value
    words = tuple(word for text in texts for word in re.split(r"[\s,]+", text.strip()) if word)
    if not words:
        raise click.BadParameter("names nothing", context, parameter)
    return words


def set_option(command: AnyCommand) -> AnyCommand:
    """Add --set."""
    return click.option(
        "--set",
        "changes",
        metavar="PATH=VALUE",
        multiple=True,
        help="Change the scenario, e.g. pools.phone.agents-=1. May be repeated.",
    )(command)


def variant_option(command: AnyCommand) -> AnyCommand:
    """Add --variant."""
    return click.option("--variant", metavar="NAME", help="Take a what-if of the file.")(command)


def json_option(command: AnyCommand) -> AnyCommand:
    """Add --json."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document instead of tables."
    )(command)


def by_option(command: AnyCommand) -> AnyCommand:
    """Add --by."""
    return click.option(
        "--by",
        callback=in_words,
        metavar="WORDS",
        help="Break down by channel, segment, need, interval, pool; several with commas.",
    )(command)


def level_option(command: AnyCommand) -> AnyCommand:
    """Add --level."""
    return click.option(
        "--level",
        type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
        default=0.95,
        show_default=True,
        metavar="SHARE",
        help="Level of the intervals.",
    )(command)
