"""`journeysim export`: a run as a log that other tools read."""

from __future__ import annotations

from pathlib import Path

import click

from journeysim.cli.screen import say

_FORMATS = ("csv", "parquet", "xes", "ocel", "cjml", "paths")


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(_FORMATS), required=True, help="The format.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Default: named after the scenario.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def export(*, directory: Path, to: str, out: Path | None, force: bool) -> None:
    """Write a run as a log that other tools read.

    csv and parquet have a row per contact (case, activity, start, end), xes and ocel are for
    process mining, cjml for journey diagrams, paths for attribution. Replications follow each
    other by whole weeks; day 0 is given a date in January 2024.
    """
    from journeysim.exports import FORMATS
    from journeysim.exports import export as exported
    from journeysim.tables.run import open_run

    run = open_run(directory)
    place = Path(f"{run.record['scenario']}{FORMATS[to]}") if out is None else out
    if place.exists() and not force:
        raise click.UsageError(f"{place} exists; name another, or replace it with --force")
    exported(run, to, out=place)
    say(f"{place}: {place.stat().st_size:,} bytes, {len(run.replications)} replications")
