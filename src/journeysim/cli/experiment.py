"""`journeysim experiment`: many points of a design, resumed wherever it was stopped."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli.options import json_option
from journeysim.cli.progress import ProgressBar
from journeysim.cli.screen import command_line, complain, say

if TYPE_CHECKING:
    from journeysim.engine.engine_choice import Engine, EngineChoice
    from journeysim.experiments import Plan


@click.command()
@click.argument("plan", metavar="FILE", type=click.Path())
@click.option(
    "-o",
    "--out",
    metavar="DIR|URI",
    help="Keep it there; what is there of it already is not made again.",
)
@click.option(
    "-n",
    "--replications",
    type=click.IntRange(1, 1_000_000),
    metavar="COUNT",
    help="Of each point; default: as the file says.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="NUMBER", help="Of all points.")
@click.option(
    "--executor",
    type=click.Choice(["threads", "processes", "dask"]),
    default="threads",
    show_default=True,
    help="Who makes the parts; the tables are the same.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 1024), metavar="COUNT", help="Parts at once.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Dask scheduler, e.g. tcp://10.0.0.1:8786, or local for one of this machine.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "reference", "compiled"]),
    default="auto",
    show_default=True,
    help="They make the same runs.",
)
@click.option(
    "--point", type=click.IntRange(0), metavar="NUMBER", help="Make one replication of it alone."
)
@click.option(
    "--replication", type=click.IntRange(0), metavar="NUMBER", help="Which one; with --point."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress or hints.")
@json_option
@click.pass_context
def experiment(
    context: click.Context,
    /,
    *,
    plan: str,
    out: str | None,
    replications: int | None,
    seed: int | None,
    point: int | None,
    replication: int | None,
    quiet: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Make every point of a design, and say what came of it.

    FILE is the file of an experiment, or the directory of one. Stopped at any moment and started
    again with the same --out, it goes on; the tables are those of an uninterrupted one.
    """
    from journeysim.cli.experiment_report import ExperimentReport
    from journeysim.experiments import ExperimentOptions, load_plan, run_experiment

    if (point is None) != (replication is None):
        raise click.UsageError("--point and --replication go together")
    checked = load_plan(plan, replications=replications, seed=seed)
    if point is not None and replication is not None:
        _one_again(checked, point, replication, out, engine=how["engine"], as_json=as_json)
        return
    done = 0

    def report(made: int, total: int, share: float) -> None:
        nonlocal done
        done = made
        bar.report(made, total, share)

    if not quiet:
        _say_if_it_compiles(checked, how["engine"])
    try:
        with ProgressBar(wanted=not quiet, of=checked.unit) as bar:
            found = run_experiment(checked, out, ExperimentOptions(progress=report, **how))
    except KeyboardInterrupt:
        kept = "nothing is kept" if out is None else "start it again, and it goes on from there"
        complain(f"stopped after {done} of {checked.total} {checked.unit}; {kept}")
        context.exit(130)
    shown = ExperimentReport(found, None if out is None else out.partition("?")[0])
    if as_json:
        shown.print_json()
        return
    shown.print()
    if not quiet:
        say()
        say("Next:")
        again = f"journeysim experiment {shlex.quote(plan)}"
        if out is None:
            command_line(f"{again} -o experiment")
        else:
            command_line(f"{again} --point 0 --replication 0 -o run")


def _say_if_it_compiles(plan: Plan, engine: EngineChoice) -> None:
    from journeysim.engine.engine_choice import is_compiled
    from journeysim.engine.replication import prepare
    from journeysim.experiments.experiment_run import chosen_for

    compiled = chosen_for(plan, engine) == "compiled"
    if compiled and not is_compiled(prepare(plan.scenario).model):
        complain("compiling the engine first, once per version: about a minute")


def _one_again(
    plan: Plan,
    point: int,
    replication: int,
    out: str | None,
    *,
    engine: EngineChoice,
    as_json: bool,
) -> None:
    """Make one replication of one point: its rows, and with --out its run."""
    from journeysim.cli.experiment_report import print_rows
    from journeysim.experiments.experiment import cell_of, rows_of
    from journeysim.experiments.parts import PartMaker
    from journeysim.study import simulate

    chosen: Engine = "compiled" if engine == "compiled" else "reference"
    rows = rows_of(plan, point, replication, engine=chosen)
    if out is not None:
        cell = cell_of(plan, point, replication)
        scenario = PartMaker(plan, chosen).scenario(point, cell.draw)
        numbers = [replication]
        simulate(scenario, replications=numbers, seed=plan.seed_of(point), out=out, engine=engine)
    print_rows(plan, rows, point, replication, out, as_json=as_json)
