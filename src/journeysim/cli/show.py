"""`journeysim show`: what a run or a scenario holds."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from journeysim.cli.options import (
    FORMULAS,
    by_option,
    in_ticks,
    in_words,
    json_option,
    level_option,
    set_option,
    variant_option,
)
from journeysim.cli.screen import command_line, print_json, print_table, say
from journeysim.cli.text_layout import Table


@click.command()
@click.argument("place", metavar="DIR|SCENARIO", type=click.Path(path_type=Path), required=False)
@by_option
@click.option(
    "--measure",
    "measures",
    callback=in_words,
    multiple=True,
    metavar="NAME",
    help="Show this measure. May be repeated.",
)
@click.option("--measures", "list_measures", is_flag=True, help="List all measures.")
@click.option(
    "--threshold",
    callback=in_ticks,
    metavar="TIME",
    help="Longest wait that is in time, e.g. 30s; nothing is simulated again.",
)
@click.option(
    "--service-level",
    "formula",
    type=click.Choice(FORMULAS),
    metavar="FORMULA",
    help=f"The headline formula: {', '.join(FORMULAS)}.",
)
@level_option
@set_option
@variant_option
@json_option
def show(
    *,
    place: Path | None,
    by: tuple[str, ...] | None,
    measures: tuple[str, ...] | None,
    list_measures: bool,
    threshold: int | None,
    formula: str | None,
    level: float,
    changes: Sequence[str],
    variant: str | None,
    as_json: bool,
) -> None:
    """Show what a run or a scenario holds.

    A run directory is scored with other thresholds or by other groups without simulating again.
    A scenario file is told in words: who comes, where to, who serves, what happens next.
    """
    if list_measures:
        _show_measures(as_json=as_json)
        return
    if place is None:
        raise click.UsageError("name a run directory or a scenario file")
    from journeysim.scenario.shipped import is_shipped

    if not place.exists() and not is_shipped(place):
        raise click.UsageError(f"{place}: no such run directory or scenario file")
    if not place.is_dir():
        _refuse(by=by, measure=measures, threshold=threshold, **{"service-level": formula})
        _show_scenario(place, changes=changes, variant=variant, as_json=as_json)
        return
    _refuse(set=changes, variant=variant)
    from journeysim.measures import HEADLINE_FORMULA

    said = {"threshold": threshold, HEADLINE_FORMULA: formula}
    definitions = {key: value for key, value in said.items() if value is not None}
    _show_run(
        place, by=by, measures=measures, level=level, definitions=definitions, as_json=as_json
    )


def _refuse(**options: object) -> None:
    """Refuse options that belong to the other kind of place."""
    for name, value in options.items():
        if value:
            kind = "scenario" if name in ("set", "variant") else "run directory"
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} needs a {kind}")


def _show_run(
    place: Path,
    *,
    by: tuple[str, ...] | None,
    measures: Sequence[str] | None,
    level: float,
    definitions: dict[str, Any],
    as_json: bool,
) -> None:
    from journeysim.cli.open_run import opened
    from journeysim.cli.run_report import RunReport

    found, scenario = opened(place)
    report = RunReport(
        found, scenario, by=by, measures=measures, level=level, definitions=definitions
    )
    if as_json:
        report.print_json("show")
        return
    report.print_headline()
    say("Next:")
    if by is None and measures is None:
        command_line(f"journeysim show {shlex.quote(str(place))} --by interval")
    else:
        command_line("journeysim show --measures")
    command_line(f"journeysim journeys {shlex.quote(str(place))}")


def _show_scenario(
    place: Path, *, changes: Sequence[str], variant: str | None, as_json: bool
) -> None:
    from journeysim.cli.check import checked, warn
    from journeysim.cli.scenario_report import print_scenario
    from journeysim.scenario.scenario_facts import scenario_facts

    scenario = checked(str(place), variant=variant, changes=changes)
    facts = scenario_facts(scenario)
    if as_json:
        print_json({"command": "show", **facts})
        return
    warn(scenario)
    print_scenario(facts)
    say("Next:")
    command_line(f"journeysim run {shlex.quote(str(place))}")


def _show_measures(*, as_json: bool) -> None:
    from journeysim.measures import Measure, journey_scores, known_measures

    listed = [
        {
            "measure": name,
            "unit": measure.unit if isinstance(measure, Measure) else "s",
            "meaning": measure.meaning,
            "by": list(measure.dimensions),
        }
        for name, measure in {**known_measures(), **journey_scores()}.items()
    ]
    if as_json:
        print_json({"command": "show", "measures": listed})
        return
    rows = [[str(row["measure"]), str(row["unit"]), str(row["meaning"])] for row in listed]
    print_table(Table("", ["measure", "unit", "meaning"], rows, names=3))
