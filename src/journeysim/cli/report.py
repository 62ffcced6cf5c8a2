"""`journeysim report`: one file that tells what a run or a comparison says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from journeysim.cli.screen import say

_BEGIN = "<!DOCTYPE html>"


@click.command()
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("report.html"),
    show_default=True,
    metavar="FILE",
    help="Where to write the report.",
)
@click.option(
    "--variant",
    "variants",
    metavar="NAME",
    multiple=True,
    help="Draw this variant of a comparison; default: the first three. May be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing.")
def report(*, place: Path, out: Path, variants: Sequence[str], quiet: bool) -> None:
    """Write a report of a run or a comparison.

    It is one HTML file that works offline, on paper and on a telephone: the answer and how sure it
    is, the journey map, where people go, the day, who falls out and why, and the evidence. DIR is
    what `journeysim run` wrote, or `journeysim compare ... -o DIR`.
    """
    if out.is_file() and not _is_page(out):
        raise click.UsageError(f"{out}: exists and is no report; choose another file with --out")
    from journeysim.reports import write_report

    written = write_report(_opened(place), out, variants=variants)
    if not quiet:
        size = written.stat().st_size
        say(f"The report is in {written} ({size / 1e6:.1f} MB). Open it in any browser.")


def _opened(place: Path) -> Any:
    """Return a comparison's directory, or a run that is known to be whole."""
    from journeysim.comparison import is_comparison

    if is_comparison(place):
        return place
    from journeysim.cli.open_run import opened

    return opened(place)[0]


def _is_page(file: Path) -> bool:
    with file.open("rb") as opened:
        begin = opened.read(len(_BEGIN))
    return not begin or begin == _BEGIN.encode()
