"""`journeysim init`: a scenario to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from journeysim.cli.screen import command_line, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default="scenario.toml")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def init(*, file: Path, force: bool) -> None:
    """Write a commented scenario to start from.

    FILE is scenario.toml unless named. A file that exists is left alone.
    """
    template = files("journeysim.cli").joinpath("template.toml").read_text(encoding="utf-8")
    if file.is_dir():
        file /= "scenario.toml"
    try:
        with file.open("w" if force else "x", encoding="utf-8") as target:
            target.write(template)
    except FileExistsError:
        remedy = "name another, or replace it with --force"
        raise click.UsageError(f"{file} exists; {remedy}") from None
    say(f"{file} is a small web and phone service with made-up figures, each labelled so.")
    say("Next, put in your own figures, and then:")
    command_line(f"journeysim check {file}")
    command_line(f"journeysim run {file}")
