"""`journeysim schema`: the scenario format for editors."""

from __future__ import annotations

import click

from journeysim.cli.screen import print_json


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files.

    Editors use it to complete keys, explain them and mark mistakes.
    """
    from journeysim.scenario.schema.json_schema import scenario_schema

    print_json(scenario_schema())
