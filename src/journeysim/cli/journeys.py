"""`journeysim journeys`: what single customers lived through."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli.example_journeys import Choice, telling_journeys
from journeysim.cli.options import json_option
from journeysim.cli.screen import command_line, print_json, say, say_hanging
from journeysim.wording.numbers import count
from journeysim.wording.story import heading, story, tick_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from journeysim.tables.run import Replication, Run

_OUTCOMES = ("resolved", "given_up", "lost", "exhausted", "open")


@click.command()
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--customer", type=click.IntRange(0, 2**63 - 1), metavar="ID", help="This customer.")
@click.option(
    "--journey", type=click.IntRange(0, 2**63 - 1), metavar="NUMBER", help="This journey."
)
@click.option(
    "--replication",
    type=click.IntRange(0),
    metavar="NUMBER",
    help="Which replication; default: the first.",
)
@click.option("--outcome", type=click.Choice(_OUTCOMES), help="Only journeys that ended so.")
@click.option(
    "--limit", type=click.IntRange(1), default=5, show_default=True, help="How many at most."
)
@click.option(
    "--compare",
    "other",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Tell the same customers of this run as well, side by side.",
)
@json_option
def journeys(
    *,
    place: Path,
    customer: int | None,
    journey: int | None,
    replication: int | None,
    outcome: str | None,
    limit: int,
    other: Path | None,
    as_json: bool,
) -> None:
    """Tell what single customers lived through, contact by contact.

    Without --customer or --journey, a few journeys that stand out. Of a comparison, or with
    --compare, a few who are worse and better off, side by side.
    """
    from journeysim.cli.journeys_compared import Wanted, tell_compared, tell_comparison
    from journeysim.cli.open_run import opened
    from journeysim.comparison import is_comparison

    if is_comparison(place):
        _refuse(customer, journey, replication, outcome, other)
        tell_comparison(place, as_json=as_json)
        return
    if other is not None:
        wanted = Wanted(customer, journey, replication, outcome, limit)
        tell_compared(place, other, wanted, as_json=as_json)
        return
    run, scenario = opened(place)
    numbers = run.replications
    number = numbers[0] if replication is None else replication
    if number not in numbers:
        raise click.UsageError(f"{place} has no replication {number}, but {_ranges(numbers)}")
    tables = run.replication(number)
    chosen = _chosen(tables.journeys, customer, journey, outcome, limit=limit)
    told = [
        (choice, rows[0], tick_rows(_contacts(tables, rows[0])))
        for choice in chosen
        for rows in [tick_rows(tables.journeys.slice(choice.row, 1))]
    ]
    if as_json:
        print_json(_document(run, number, told))
        return
    say(f"{run.record['scenario']}, replication {number} of {_ranges(numbers)}.")
    for choice, row, contacts in told:
        say()
        say(heading(row), style="bold")
        if choice.reason:
            say(f"Chosen as {choice.reason}.")
        for line in story(row, contacts, starts_on=scenario.world.time.starts_on):
            say_hanging(f"  {line.when}", line.text, indent=16 if len(line.when) < 14 else 24)
    if customer is None and journey is None:
        _say_next(place, number, told, tables.journeys)


def _refuse(*options: object) -> None:
    """Refuse options of which a comparison knows nothing: it keeps a few journeys, not all."""
    if any(option is not None for option in options):
        raise click.UsageError("of a comparison, the customers that it kept are told, no others")


def _chosen(
    table: pa.Table, customer: int | None, journey: int | None, outcome: str | None, *, limit: int
) -> list[Choice]:
    """Return the journeys asked for, or telling ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = {"customer": customer, "journey": journey, "outcome": outcome}
    rows = pa.array(range(table.num_rows), pa.int64())
    left = table.append_column("row", rows)
    words = {"customer": "customer", "journey": "number", "outcome": "outcome"}
    asked = [f"{words[name]} {value}" for name, value in wanted.items() if value is not None]
    for name, value in wanted.items():
        if value is not None:
            column = left[name].cast("string") if name == "outcome" else left[name]
            left = left.filter(pc.equal(column, value))
    if not left.num_rows:
        having = f" with {' and '.join(asked)}" if asked else ""
        raise click.UsageError(f"no journey{having} among the {table.num_rows} of this replication")
    places = left["row"].to_pylist()
    if customer is not None or journey is not None:
        return [Choice(row, "") for row in places[:limit]]
    return [
        Choice(places[found.row], found.reason) for found in telling_journeys(left, limit=limit)
    ]


def _contacts(tables: Replication, journey: dict[str, Any]) -> pa.Table:
    return tables.contacts.slice(journey["first_contact"], journey["contacts"])


def _ranges(numbers: Sequence[int]) -> str:
    whole = list(range(numbers[0], numbers[-1] + 1)) == list(numbers)
    if len(numbers) == 1:
        return f"only {numbers[0]}"
    return f"{numbers[0]} to {numbers[-1]}" if whole else count(len(numbers), "replication")


def _say_next(place: Path, number: int, told: Sequence[Any], table: pa.Table) -> None:
    say()
    say("Next:")
    directory = shlex.quote(str(place))
    one = told[0][1]["journey"]
    command_line(f"journeysim journeys {directory} --replication {number} --journey {one}")
    found = set(table["outcome"].unique().to_pylist())
    for outcome in ("lost", "given_up", "open"):
        if outcome in found:
            command_line(f"journeysim journeys {directory} --outcome {outcome}")
            return


def _document(run: Run, number: int, told: Sequence[Any]) -> dict[str, Any]:
    return {
        "command": "journeys",
        "scenario": run.record["scenario"],
        "directory": str(run.directory),
        "replication": number,
        "journeys": [
            {"reason": choice.reason or None, "journey": row, "contacts": contacts}
            for choice, row, contacts in told
        ],
    }
