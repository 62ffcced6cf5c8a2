"""The program `journeysim`: its commands, and what ends it with which exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence

import click

from journeysim import __version__
from journeysim.cli.bench import bench
from journeysim.cli.calibrate import calibrate
from journeysim.cli.check import check
from journeysim.cli.compare import compare
from journeysim.cli.completion import VARIABLE, completion
from journeysim.cli.experiment import experiment
from journeysim.cli.export import export
from journeysim.cli.init import init
from journeysim.cli.journeys import journeys
from journeysim.cli.report import report
from journeysim.cli.run import run
from journeysim.cli.scenarios import scenarios
from journeysim.cli.schema import schema
from journeysim.cli.score import score
from journeysim.cli.screen import complain
from journeysim.cli.show import show
from journeysim.cli.touchpoints import touchpoints
from journeysim.errors import BenchmarkError, JourneysimError, RunError

FINE, UNEXPECTED, BAD_INPUT, BAD_DIRECTORY, BAD_BENCHMARK, INTERRUPTED = 0, 1, 2, 3, 5, 130

_EPILOG = """\b
Start with:
  journeysim init my_service.toml
  journeysim run my_service.toml

\b
Exit codes:
    0  fine (warnings included)
    1  unexpected error, a fault of journeysim
    2  bad input: scenario, measure or option
    3  a run directory or file cannot be read or written
    4  a comparison did not reach the precision asked for
    5  a benchmark found something wrong, or slower
  130  interrupted; finished replications are kept
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    invoke_without_command=True,
    epilog=_EPILOG,
)
@click.version_option(__version__, prog_name="journeysim", message="%(prog)s %(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """Simulate customers moving between service channels.

    And ask what changes if the service does.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (
    run,
    compare,
    experiment,
    report,
    show,
    score,
    check,
    calibrate,
    export,
    journeys,
    touchpoints,
    init,
    scenarios,
    schema,
    completion,
    bench,
):
    program.add_command(_command)


def exit_code(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code; whatever goes wrong is said on stderr."""
    _survive_any_encoding()
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except click.ClickException as error:
        complain(f"error: {error.format_message()}")
        command = getattr(error, "ctx", None)
        if command is not None:
            complain(f"Try '{command.command_path} --help'.")
        return BAD_INPUT
    except KeyboardInterrupt:
        complain("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has seen enough.
        _discard_output()
        return FINE
    except JourneysimError as error:
        complain(f"error: {error}")
        if isinstance(error, BenchmarkError):
            return BAD_BENCHMARK
        return BAD_DIRECTORY if isinstance(error, RunError) else BAD_INPUT
    except OSError as error:
        complain(f"error: {error.filename or 'the output'}: {error.strerror or error}")
        if not error.filename:
            _discard_output()
        return BAD_DIRECTORY
    except Exception as error:
        if _was_interrupted(error):
            complain("stopped")
            return INTERRUPTED
        traceback.print_exc()
        complain("this is a fault of journeysim: please report the lines above")
        return UNEXPECTED
    return code


def _was_interrupted(error: BaseException | None) -> bool:
    """Return whether an error came up while an interruption was on its way out.

    Python's own locks raise one if they are interrupted while they are taken back after a wait.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _invoke(arguments: Sequence[str]) -> int:
    instruction = os.environ.get(VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(program, {}, "journeysim", VARIABLE, instruction)
    try:
        with program.make_context("journeysim", list(arguments)) as context:
            program.invoke(context)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return FINE


def _survive_any_encoding() -> None:
    """Let a terminal that lacks a letter of a title show a question mark instead."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _discard_output() -> None:
    """Keep Python from writing the rest of a broken output when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = io.StringIO()
