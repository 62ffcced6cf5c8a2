"""`journeysim scenarios`: the scenarios that come with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from journeysim.cli.options import json_option
from journeysim.cli.screen import command_line, print_json, say, say_hanging

if TYPE_CHECKING:
    from journeysim.scenario.shipped import ShippedScenario


@click.command()
@json_option
def scenarios(*, as_json: bool) -> None:
    """List the scenarios that come with the program.

    Every command that takes a scenario takes their names.
    """
    from journeysim.scenario.shipped import shipped_experiments, shipped_scenarios

    if as_json:
        print_json(
            {
                "command": "scenarios",
                "scenarios": [_facts(each) for each in shipped_scenarios()],
                "experiments": [_facts(each) for each in shipped_experiments()],
            }
        )
        return
    for heading, listed in (
        ("Scenarios", shipped_scenarios()),
        ("Experiments, for `journeysim experiment`", shipped_experiments()),
    ):
        say(heading, style="bold")
        for each in listed:
            say_hanging(f"  {each.name}", f"{each.title}. {each.teaches}", indent=20)
        say()
    say("Next:")
    command_line("journeysim show bank_1999")
    command_line("journeysim run bank_1999")


def _facts(scenario: ShippedScenario) -> dict[str, str]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "teaches": scenario.teaches,
        "file": str(scenario.path),
    }
