"""`journeysim init`: a scenario to start from, or a kernel."""

from __future__ import annotations

import keyword
import shlex
from importlib.resources import files
from pathlib import Path

import click

from journeysim.cli.screen import command_line, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--kernel",
    metavar="NAME",
    help="Write a measure of journeys instead, with its test and its benchmark; "
    "FILE is then the directory for them.",
)
@click.option("--force", is_flag=True, help="Replace what exists.")
def init(*, file: Path | None, kernel: str | None, force: bool) -> None:
    """Write a commented scenario to start from.

    FILE is scenario.toml unless named. A file that exists is left alone.
    """
    if kernel is not None:
        _init_kernel(kernel, file or Path(), force=force)
        return
    file = file or Path("scenario.toml")
    if file.is_dir():
        file /= "scenario.toml"
    template = files("journeysim.cli").joinpath("template.toml").read_text(encoding="utf-8")
    _write({file: template}, force=force)
    say(f"{file} is a small web and phone service with made-up figures, each labelled so.")
    say("Next, put in your own figures, and then:")
    command_line(f"journeysim check {file}")
    command_line(f"journeysim run {file}")


def _init_kernel(name: str, directory: Path, *, force: bool) -> None:
    """Write a kernel with its naive twin, its test and its benchmark."""
    _check_name(name)
    kernel, test, bench = (directory / f"{prefix}{name}.py" for prefix in ("", "test_", "bench_"))
    templates = files("journeysim.cli").joinpath("kernel")
    parts = zip((kernel, test, bench), ("kernel", "test", "bench"), strict=True)
    texts = {
        path: templates.joinpath(f"{part}.py.template").read_text(encoding="utf-8")
        for path, part in parts
    }
    directory.mkdir(parents=True, exist_ok=True)
    _write({path: text.format(name=name) for path, text in texts.items()}, force=force)
    say(f"{kernel} holds a kernel, its naive twin and the measure made of them.")
    say("Next, put in your own loop, and then:")
    command_line(f"python -m pytest {shlex.quote(str(test))}")
    command_line(f"python {shlex.quote(str(bench))}")
    command_line(f"journeysim bench score --kernel {shlex.quote(str(kernel))}")


def _check_name(name: str) -> None:
    """Raise a usage error unless a name can be that of a new measure, function and file."""
    from journeysim.measures.experience import known_journey_measures

    if not (name.isidentifier() and name.isascii() and name.islower()) or keyword.iskeyword(name):
        remedy = "use small letters, digits and underscores, such as longest_wait"
        raise click.UsageError(f"--kernel: {name!r} cannot be the name of a measure; {remedy}")
    if name in known_journey_measures():
        remedy = "choose another name"
        raise click.UsageError(f"--kernel: there is a measure {name!r} already; {remedy}")


def _write(texts: dict[Path, str], *, force: bool) -> None:
    """Write files: all of them, or none if one is there."""
    taken = [path for path in texts if path.exists()]
    if taken and not force:
        remedy = "name another, or replace it with --force"
        raise click.UsageError(f"{taken[0]} exists; {remedy}")
    for path, text in texts.items():
        # Even now somebody may be faster: what exists is never overwritten unasked.
        with path.open("w" if force else "x", encoding="utf-8") as target:
            target.write(text)
