"""`journeysim touchpoints`: what the log says of each touchpoint, and what happens without it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeysim.cli.options import (
    in_words,
    json_option,
    level_option,
    set_option,
    variant_option,
)
from journeysim.cli.progress import ProgressBar
from journeysim.cli.screen import command_line, print_json, say

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.scenario.scenario import Scenario
    from journeysim.tables.run import Run
    from journeysim.touchpoint_effects.counterfactual_runs import Worlds
    from journeysim.touchpoint_effects.touchpoint_effects import By, TouchpointQuestion


@click.command()
@click.argument("place", metavar="SCENARIO|DIR", type=click.Path(path_type=Path))
@click.option(
    "--by",
    type=click.Choice(["channel", "touchpoint"]),
    default="channel",
    show_default=True,
    help="A touchpoint may be several channels.",
)
@click.option(
    "--goal",
    callback=in_words,
    default="resolved",
    show_default=True,
    metavar="WORDS",
    help="Journey outcomes that count; several with commas.",
)
@click.option(
    "--order",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="COUNT",
    help="Touchpoints that the Markov chain remembers.",
)
@click.option("--no-true-effect", is_flag=True, help="Read the log only; simulate nothing again.")
@click.option("--all-sets", is_flag=True, help="Simulate every set of at most 6 touchpoints.")
@click.option(
    "--decisiveness", is_flag=True, help="Simulate each going well always, and badly always."
)
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(1, 1_000_000),
    metavar="COUNT",
    help="Of a scenario; default: as it says.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="NUMBER",
    help="Of a scenario; default: as it says.",
)
@set_option
@variant_option
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 1024),
    metavar="COUNT",
    help="Replications at once; default: one per processor.",
)
@level_option
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the table to an Arrow file as well.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress or hints.")
@json_option
def touchpoints(
    *,
    place: Path,
    by: By,
    goal: tuple[str, ...],
    order: int,
    no_true_effect: bool,
    all_sets: bool,
    decisiveness: bool,
    replications: int | None,
    seed: int | None,
    changes: Sequence[str],
    variant: str | None,
    jobs: int | None,
    level: float,
    out: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say which touchpoint matters: by the log, and in truth.

    A log shows who came by; it cannot show what would have happened otherwise. So the world is
    simulated again without each touchpoint, with the same customers and their luck. SCENARIO is
    simulated first; of a run directory (DIR) the journeys are there already.
    """
    from journeysim.touchpoint_effects.touchpoint_effects import (
        SIMULATIONS,
        TouchpointQuestion,
        weigh,
        worlds_of,
    )

    asked = (not no_true_effect, all_sets, decisiveness)
    simulated = [name for name, wanted in zip(SIMULATIONS, asked, strict=True) if wanted]
    question = TouchpointQuestion(by=by, goal=goal, order=order, simulated=simulated, level=level)
    chosen = {"-n": replications, "--seed": seed, "--set": changes, "--variant": variant}
    of = _opened(place, chosen, changes=changes, variant=variant)
    if not quiet:
        _say_if_it_compiles(of, replications)
    worlds = worlds_of(of, by=by, replications=replications, seed=seed, jobs=jobs)
    with ProgressBar(wanted=not quiet, of="worlds") as bar:
        table = weigh(worlds, question, progress=bar.report)
    if out is not None:
        _write(table, out)
    if as_json:
        print_json(_document(table, worlds, question))
        return
    _print(table, worlds, question)
    if out is not None:
        say(f"The table is in {out}.")
    if not quiet:
        say("Next:")
        other = "channel" if by == "touchpoint" else "touchpoint"
        command_line(f"journeysim touchpoints {shlex.quote(str(place))} --by {other}")
        if worlds.run.directory is None:
            command_line(f"journeysim run {shlex.quote(str(place))}")
        else:
            command_line(f"journeysim journeys {shlex.quote(str(place))}")


def _opened(
    place: Path,
    chosen: Mapping[str, object],
    *,
    changes: Sequence[str],
    variant: str | None,
) -> Run | Scenario:
    """Return the run of a directory, or the scenario of a file."""
    from journeysim.cli.open_run import opened
    from journeysim.study import load_scenario

    if not place.is_dir():
        return load_scenario(place, variant=variant, set=changes)
    for option, value in chosen.items():
        if value is not None and value != ():
            raise click.UsageError(f"{option} needs a scenario; {place} is a run directory")
    return opened(place)[0]


def _say_if_it_compiles(of: Run | Scenario, replications: int | None) -> None:
    from journeysim.cli.run import say_if_it_compiles
    from journeysim.scenario.scenario import Scenario
    from journeysim.study import scenario_of

    if isinstance(of, Scenario):
        say_if_it_compiles(of, replications or of.world.replications, "auto")
    else:
        say_if_it_compiles(scenario_of(of), len(of.replications), "auto")


def _write(table: pa.Table, path: Path) -> None:
    import pyarrow as pa

    with path.open("wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _print(table: pa.Table, worlds: Worlds, question: TouchpointQuestion) -> None:
    from journeysim.cli.headline import interval_note
    from journeysim.cli.run_report import run_sentence
    from journeysim.cli.screen import plus_minus, print_table
    from journeysim.cli.touchpoint_report import credit_tables, notes, the_point

    world = worlds.scenario.world
    traced = world.trace is not None
    rows = table.to_pylist()
    say(world.title or worlds.scenario.name, style="bold")
    say(run_sentence(worlds.run, worlds.scenario))
    for shown in credit_tables(rows, by=question.by, sign=plus_minus()):
        say()
        print_table(shown)
    say()
    point = the_point(rows)
    if point:
        say(point, style="bold")
        say()
    say(interval_note(len(worlds.run.replications), question.level))
    for note in notes(rows, worlds.taken_from, order=question.order, traced=traced):
        say(note)
    say()


def _document(table: pa.Table, worlds: Worlds, question: TouchpointQuestion) -> dict[str, object]:
    record = worlds.run.record
    return {
        "command": "touchpoints",
        "scenario": record["scenario"],
        "seed": record["seed"],
        "replications": worlds.run.replications,
        "by": question.by,
        "order": question.order,
        "level": question.level,
        "closed_doors": worlds.taken_from,
        "credits": table.to_pylist(),
    }
