"""`journeysim check`: whether a scenario is right, and plausible."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli.options import json_option, set_option, variant_option
from journeysim.cli.screen import command_line, complain, print_json, say, say_hanging
from journeysim.errors import Problem, ScenarioError
from journeysim.wording.numbers import count

if TYPE_CHECKING:
    from journeysim.scenario.scenario import Scenario


@click.command()
@click.argument("scenario", metavar="SCENARIO", type=click.Path())
@set_option
@variant_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    *,
    scenario: str,
    changes: Sequence[str],
    variant: str | None,
    as_json: bool,
) -> None:
    """Check a scenario without simulating it.

    Problems (exit code 2) must be solved; warnings (exit code 0) name what is legal but
    suspicious. Each comes with its remedy.
    """
    try:
        loaded = checked(scenario, variant=variant, changes=changes)
    except ScenarioError as error:
        if not as_json:
            raise
        print_json(_document(error.source, error.problems, ()))
        context.exit(2)
    warnings = loaded.warnings()
    if as_json:
        print_json(_document(scenario, (), warnings))
        return
    found = count(len(warnings), "warning") if warnings else "no warnings"
    say(f"{scenario}: no problems, {found}")
    for warning in warnings:
        say_hanging("  warning:", str(warning), indent=11)
    say("Next:")
    command_line(f"journeysim run {scenario}" + (f" --variant {variant}" if variant else ""))


def checked(scenario: str, *, variant: str | None, changes: Sequence[str]) -> Scenario:
    """Return a scenario that is known to be ready to run."""
    from journeysim.engine.replication import prepare
    from journeysim.study import load_scenario

    loaded = load_scenario(scenario, variant=variant, set=changes)
    prepare(loaded)
    return loaded


def warn(loaded: Scenario) -> None:
    """Say on stderr what is suspicious about a scenario."""
    warnings = loaded.warnings()
    for warning in warnings:
        complain(f"warning: {warning}", style="yellow")
    if warnings:
        complain("")


def problems_in_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Return problems or warnings for a JSON document."""
    return [{"path": problem.path, "text": problem.text} for problem in problems]


def _document(
    source: str, problems: Sequence[Problem], warnings: Sequence[Problem]
) -> dict[str, Any]:
    return {
        "command": "check",
        "scenario": source,
        "problems": problems_in_json(problems),
        "warnings": problems_in_json(warnings),
    }
