"""`journeysim run`: simulate a scenario and say what happened."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeysim.cli.check import warn
from journeysim.cli.options import (
    by_option,
    json_option,
    level_option,
    set_option,
    variant_option,
)
from journeysim.cli.progress import ProgressBar
from journeysim.cli.run_directories import Identity, place_for, run_name
from journeysim.cli.run_report import RunReport
from journeysim.cli.screen import command_line, complain, say
from journeysim.wording.numbers import count

if TYPE_CHECKING:
    from journeysim.engine.engine_choice import EngineChoice
    from journeysim.scenario.scenario import Scenario
    from journeysim.tables.run import Keep, Run


@click.command()
@click.argument("scenario", metavar="SCENARIO", type=click.Path())
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(1, 1_000_000),
    metavar="COUNT",
    help="How many; default: as the scenario says.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="NUMBER",
    help="Default: as the scenario says.",
)
@set_option
@variant_option
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write the run; default: runs/NAME.",
)
@click.option("--no-out", is_flag=True, help="Write nothing.")
@click.option(
    "--keep",
    type=click.Choice(["all", "journeys", "none"]),
    default="all",
    show_default=True,
    help="Tables to keep; `journeys`: no contacts; `none`: the printed figures alone.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "reference", "compiled", "both"]),
    default="auto",
    show_default=True,
    help="They make the same run; `both` compares every byte.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="COUNT",
    help="Replications at once; default: one per processor.",
)
@by_option
@level_option
@click.option("-q", "--quiet", is_flag=True, help="No progress, warnings or hints.")
@json_option
@click.pass_context
def run(
    context: click.Context,
    *,
    scenario: str,
    replications: int | None,
    seed: int | None,
    changes: Sequence[str],
    variant: str | None,
    out: Path | None,
    no_out: bool,
    keep: Keep,
    engine: EngineChoice,
    jobs: int | None,
    by: tuple[str, ...] | None,
    level: float,
    quiet: bool,
    as_json: bool,
) -> None:
    """Simulate a scenario and print what happened.

    The run is written to a directory, replication by replication; the same command goes on where
    it was interrupted. SCENARIO is a TOML file; `journeysim init` writes one to start from.
    """
    from journeysim.measures.service.registry import checked_breakdown
    from journeysim.study import load_scenario

    if out is not None and no_out:
        raise click.UsageError("--out and --no-out contradict each other")
    if keep == "none" and out is not None:
        raise click.UsageError("--keep none writes nothing; leave out --out, or keep journeys")
    if keep != "all" and engine == "both":
        raise click.UsageError("--engine both compares all tables; leave out --keep")
    checked_breakdown(by or ())
    loaded = load_scenario(scenario, variant=variant, set=changes)
    if not quiet:
        warn(loaded)
    seed = loaded.world.seed if seed is None else seed
    wanted = loaded.world.replications if replications is None else replications
    place = out
    if place is None and not no_out and keep != "none":
        place = place_for(run_name(Path(scenario), variant), _identity(loaded, seed))
    kept = _finished(place, wanted)
    how = RunOptions(
        seed=seed,
        place=place,
        engine=engine,
        jobs=jobs,
        quiet=quiet,
        keep=keep,
        tally=tally_for(by),
    )
    if not quiet:
        say_if_it_compiles(loaded, wanted, engine)
    made = _simulated(context, loaded, wanted, how)
    if keep == "journeys" and made.tallies is None:
        complain("these figures need contacts, which were not kept; they were printed at first")
        context.exit(3)
    report = RunReport(made, loaded, by=by, level=level)
    if as_json:
        report.print_json("run")
        return
    report.print_headline()
    if not quiet:
        _say_where(made, kept, wanted=wanted)
        _say_next(place, loaded, scenario=scenario, variant=variant)


def _identity(scenario: Scenario, seed: int) -> Identity:
    from journeysim.engine.replication import prepare
    from journeysim.tables.provenance import versions

    return Identity(prepare(scenario).hash, seed, versions()["journeysim"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to make a run, as the options say."""

    seed: int
    place: Path | None
    engine: EngineChoice
    jobs: int | None
    quiet: bool
    keep: Keep
    tally: Sequence[tuple[str, ...]]


def tally_for(by: Sequence[str] | None) -> list[tuple[str, ...]]:
    """Return the breakdowns that are printed."""
    if by is None:
        return [("channel",), ("pool",)]
    if list(by) == ["interval"]:
        # As JSON they are by interval alone.
        return [("channel", "interval"), ("pool", "interval"), ("interval",)]
    return [tuple(by)]


def _simulated(context: click.Context, scenario: Scenario, wanted: int, how: RunOptions) -> Run:
    """Simulate; an interruption says what is kept, and ends the command."""
    from journeysim.cli.replication_subset import first_replications
    from journeysim.study import simulate

    try:
        with ProgressBar(wanted=not how.quiet) as bar:
            made = simulate(
                scenario,
                replications=wanted,
                seed=how.seed,
                out=how.place,
                engine=how.engine,
                jobs=how.jobs,
                progress=bar.report,
                keep=how.keep,
                tally=how.tally,
            )
            return first_replications(made, wanted)
    except KeyboardInterrupt:
        finished = len(_finished(how.place, wanted))
        if how.place is None or not finished:
            complain("stopped: no replication was finished, nothing is kept")
        else:
            are = "is" if finished == 1 else "are"
            complain(
                f"stopped: {finished} of {count(wanted, 'replication')} {are} kept in {how.place}; "
                "the same command goes on from there"
            )
        context.exit(130)


def say_if_it_compiles(scenario: Scenario, wanted: int, engine: EngineChoice) -> None:
    """Say on stderr that simulating begins with compiling, where it does."""
    from journeysim.engine.engine_choice import chosen_engine, is_compiled
    from journeysim.engine.replication import prepare

    model = prepare(scenario).model
    made_by = chosen_engine(engine, model, wanted, None)
    if made_by == "compiled" and not is_compiled(model):
        complain("compiling the engine first, once per version: about a minute")


def _finished(place: Path | None, wanted: int) -> list[int]:
    from journeysim.tables.run import finished_replications

    if place is None or not place.is_dir():
        return []
    return [number for number in finished_replications(place) if number < wanted]


def _say_where(run: Run, kept: Sequence[int], *, wanted: int) -> None:
    from journeysim.tables.run import finished_replications

    if run.directory is None:
        why = "--no-out" if run.keep != "none" else "--keep none"
        say(f"Nothing was written ({why}).")
        return
    held = len(finished_replications(run.directory))
    if len(kept) == wanted:
        text = f"{run.directory} already held this run; nothing had to be simulated."
    elif kept:
        text = f"{run.directory} already held {len(kept)} of {wanted} replications; others are new."
    else:
        text = f"The run is in {run.directory}."
    if held > wanted:
        first = "one" if wanted == 1 else str(wanted)
        text += f" It holds {held} replications; these figures are of the first {first}."
    say(text)
    if run.record.get("twin") == "agreed":
        say("Both engines made it, with the same bytes.")


def _say_next(place: Path | None, loaded: Scenario, *, scenario: str, variant: str | None) -> None:
    say("Next:")
    if place is not None:
        command_line(f"journeysim journeys {shlex.quote(str(place))}")
    if variant is None and loaded.variants:
        name = next(iter(loaded.variants))
        command_line(f"journeysim run {shlex.quote(scenario)} --variant {shlex.quote(name)}")
    elif place is not None:
        command_line(f"journeysim show {shlex.quote(str(place))} --by interval")
    else:
        command_line(f"journeysim run {shlex.quote(scenario)}")
