"""Options that several commands share, and the kinds of value that they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from journeysim.units import parse_duration

AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


class DurationType(click.ParamType):
    """A duration with its unit, such as 30s; its value is in ticks."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return ticks."""
        if isinstance(value, int):
            return value
        try:
            return parse_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class WordsType(click.ParamType):
    """Words, several of them with commas between."""

    name = "words"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the words."""
        del param, ctx
        if isinstance(value, tuple):
            return value
        return tuple(word for word in (part.strip() for part in value.split(",")) if word)


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
        type=WordsType(),
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
