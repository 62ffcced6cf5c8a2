"""`journeysim compare`: what changes for customers if the service does, and how sure that is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli.check import warn
from journeysim.cli.options import (
    FORMULAS,
    by_option,
    in_ticks,
    in_words,
    json_option,
    level_option,
)
from journeysim.cli.progress import ProgressBar
from journeysim.cli.screen import command_line, complain, say

if TYPE_CHECKING:
    from journeysim.comparison import Comparison
    from journeysim.scenario.scenario import Scenario

NOT_REACHED = 4


@click.command()
@click.argument("places", metavar="SCENARIO|DIR...", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--variant",
    "variants",
    metavar="NAME|FILE",
    multiple=True,
    help="Compare this what-if of the file, or another file. May be repeated.",
)
@click.option(
    "--set",
    "changes",
    metavar="CHANGES",
    multiple=True,
    help="Compare the scenario changed so, e.g. pools.*.agents-=1; several changes with "
    "semicolons between them. May be repeated, for a variant each.",
)
@click.option(
    "--baseline", metavar="NAME", help="Compare with this what-if, not with the file's scenario."
)
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(2, 1_000_000),
    metavar="COUNT",
    help="Pairs of replications; default: as the scenario says.",
)
@click.option(
    "--precision",
    multiple=True,
    metavar="TARGET",
    help="Add pairs until a half-width is reached, e.g. phone.service_level:0.5pp, "
    "speed_of_answer:2s, journeys_lost:5%. May be repeated.",
)
@click.option(
    "--max-replications",
    type=click.IntRange(10, 1_000_000),
    default=1000,
    show_default=True,
    metavar="COUNT",
    help="Most pairs for a precision.",
)
@click.option(
    "--input-uncertainty",
    "input_draws",
    type=click.IntRange(2, 100_000),
    metavar="DRAWS",
    help="Draw the inputs this many times within the ranges of [evidence]: how much does the "
    "answer depend on them?",
)
@click.option(
    "--draw-replications",
    type=click.IntRange(2, 100_000),
    default=5,
    show_default=True,
    metavar="COUNT",
    help="Pairs with each draw of the inputs.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="NUMBER", help="For all alike.")
@by_option
@click.option(
    "--measures",
    callback=in_words,
    multiple=True,
    metavar="NAMES",
    help="Compare these measures, with commas; journeysim show --measures lists them.",
)
@click.option(
    "--threshold", callback=in_ticks, metavar="TIME", help="Longest wait that is in time, for all."
)
@click.option(
    "--service-level", type=click.Choice(FORMULAS), metavar="FORMULA", help="The formula, for all."
)
@level_option
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help="Keep the comparison there."
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "reference", "compiled"]),
    default="auto",
    show_default=True,
    help="They make the same runs.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 1024), metavar="COUNT", help="Pairs at once.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, warnings or hints.")
@json_option
@click.pass_context
def compare(
    context: click.Context,
    /,
    *,
    places: Sequence[Path],
    variants: Sequence[str],
    changes: Sequence[str],
    baseline: str | None,
    quiet: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Say what changes for customers if the service does.

    The same customers, with the same luck, come to the scenario and to each variant of it. Or
    finished runs are compared: journeysim compare DIR DIR. Further files or directories after the
    first are variants.
    """
    from journeysim.cli.compare_report import ComparisonReport
    from journeysim.measures import HEADLINE_FORMULA

    if not places:
        raise click.UsageError("name a scenario file, or the directories of finished runs")
    asked = _asked(places, variants, changes, baseline, quiet=quiet)
    for definition in ("threshold", HEADLINE_FORMULA):
        if how[definition] is None:
            del how[definition]
    how["by"] = ("channel",) if how["by"] is None else how["by"]
    found = _compared(context, asked, how, quiet=quiet)
    report = ComparisonReport(found)
    if as_json:
        report.print_json(how["out"])
    else:
        report.print()
        if not quiet:
            _say_next(places, how["out"], variants=variants, changes=changes)
    if not found.reached:
        complain("the precision asked for was not reached; see --max-replications")
        context.exit(NOT_REACHED)


def _asked(
    places: Sequence[Path],
    variants: Sequence[str],
    changes: Sequence[str],
    baseline: str | None,
    *,
    quiet: bool,
) -> dict[str, Any]:
    """Return what is to be compared; directories are opened, so that each says what is wrong."""
    from journeysim.scenario.shipped import is_shipped

    first, *others = places
    if not first.exists() and not is_shipped(first):
        raise click.UsageError(f"{first}: no such scenario file or run directory")
    if first.is_dir():
        if variants or changes or baseline:
            raise click.UsageError("--variant, --set and --baseline need a scenario, not a run")
        return _runs(places)
    for other in others:
        if other.is_dir():
            raise click.UsageError(f"{other}: is a directory, and {first} a file; compare alike")
    from journeysim.study import load_scenario

    scenario = load_scenario(first)
    if not quiet:
        warn(scenario)
    return {
        "baseline": scenario,
        "variants": [*variants, *map(str, others)],
        "set": changes,
        "baseline_variant": baseline,
    }


def _runs(places: Sequence[Path]) -> dict[str, Any]:
    from journeysim.cli.open_run import opened

    runs = []
    for place in places:
        if not place.is_dir():
            raise click.UsageError(f"{place}: no run directory, and {places[0]} is one")
        runs.append(opened(place)[0])
    return {"baseline": runs[0], "variants": runs[1:]}


def _compared(
    context: click.Context, asked: dict[str, Any], how: dict[str, Any], *, quiet: bool
) -> Comparison:
    """Compare; an interruption says that nothing is kept, and ends the command."""
    from journeysim.study import compare as compared

    made = 0

    def report(done: int, replications: int, share: float) -> None:
        nonlocal made
        made = done
        bar.report(done, replications, share)

    if not quiet and "set" in asked:
        _say_if_it_compiles(asked["baseline"], how)
    try:
        with ProgressBar(wanted=not quiet) as bar:
            return compared(**asked, **how, progress=report)
    except KeyboardInterrupt:
        complain(f"stopped after {made} pairs of replications; nothing is kept of them")
        context.exit(130)


def _say_if_it_compiles(baseline: Scenario, how: dict[str, Any]) -> None:
    from journeysim.engine.engine_choice import chosen_engine, is_compiled
    from journeysim.engine.replication import prepare

    pairs = how["max_replications"] if how["precision"] else how["replications"]
    wanted = 2 * (pairs or baseline.world.replications)
    model = prepare(baseline).model
    made_by = chosen_engine(how["engine"], model, wanted, None)
    if made_by == "compiled" and not is_compiled(model):
        complain("compiling the engine first, once per version: about a minute")


def _say_next(
    places: Sequence[Path], out: Path | None, *, variants: Sequence[str], changes: Sequence[str]
) -> None:
    say()
    say("Next:")
    if out is not None:
        command_line(f"journeysim journeys {shlex.quote(str(out))}")
        command_line(f"journeysim report {shlex.quote(str(out))}")
    elif places[0].is_dir():
        one, other = (shlex.quote(str(place)) for place in places[:2])
        command_line(f"journeysim journeys {one} --compare {other}")
    else:
        words = ["journeysim", "compare", *map(str, places)]
        words += [word for name in variants for word in ("--variant", name)]
        words += [word for text in changes for word in ("--set", text)]
        command_line(shlex.join([*words, "-o", "comparison"]))
