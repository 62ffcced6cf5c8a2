"""Telling the same customers of two runs, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from journeysim.cli import screen
from journeysim.cli.better_and_worse_off_report import told_lines
from journeysim.cli.side_by_side import side_by_side
from journeysim.wording.story import tick_rows

if TYPE_CHECKING:
    from journeysim.comparison.better_and_worse_off import Pairs
    from journeysim.tables.run import Replication


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose journeys are to be told; None for whoever stands out."""

    customer: int | None
    journey: int | None
    replication: int | None
    outcome: str | None
    limit: int


def tell_comparison(place: Path, *, as_json: bool) -> None:
    """Tell the customers that a comparison kept."""
    from journeysim.comparison import open_comparison

    comparison = open_comparison(place)
    if as_json:
        screen.print_json(
            {
                "command": "journeys",
                "directory": str(place),
                "journeys": tick_rows(comparison.told_journeys),
                "contacts": tick_rows(comparison.told_contacts),
            }
        )
        return
    told = 0
    for variant in comparison.variants:
        for change in ("worse", "better"):
            lines = told_lines(comparison, variant, screen.width(), change=change)
            for line in lines if told else lines[1:]:
                screen.say_as_it_is(line)
            told += len(lines) > 0
    if not told:
        screen.say("Nobody is better or worse off.")


def tell_compared(place: Path, other: Path, wanted: Wanted, *, as_json: bool) -> None:
    """Tell customers of two runs, those who are worse and better off first."""
    from journeysim.cli.open_run import opened
    from journeysim.comparison.comparability import check_customers

    first, scenario = opened(place)
    second, _ = opened(other)
    check_customers(str(place), str(other), first, second)
    shared = [number for number in first.replications if number in second.replications]
    number = wanted.replication if wanted.replication is not None else min(shared, default=None)
    if number is None or number not in shared:
        raise click.UsageError(f"{place} and {other} have no replication {number} in common")
    both = first.replication(number), second.replication(number)
    told = _told(*both, wanted)
    if as_json:
        screen.print_json(_document(place, other, number, told))
        return
    titles = (first.directory or place).name, (second.directory or other).name
    if titles[0] == titles[1]:
        titles = str(place), str(other)
    screen.say(f"{titles[0]} and {titles[1]}, replication {number}.")
    for one in told:
        journey = one["journeys"][0]
        screen.say()
        heading = f"Customer {journey['customer']}: {journey['segment']}, needs {journey['need']}"
        screen.say(heading, style="bold")
        screen.say(f"Chosen as {one['reason']}." if one["reason"] else "")
        for line in side_by_side(
            titles,
            one["journeys"],
            one["contacts"],
            starts_on=scenario.world.time.starts_on,
            width=screen.width(),
        ):
            screen.say_as_it_is(line)


def _told(first: Replication, second: Replication, wanted: Wanted) -> list[dict[str, Any]]:
    """Return customers with both journeys and the contacts of both."""
    from journeysim.comparison.better_and_worse_off import pairs_of, people_of
    from journeysim.comparison.example_customers import journey_of

    segments = _segments(first, second)
    pairs = pairs_of(people_of(first.journeys, segments), people_of(second.journeys, segments))
    found = []
    for pair, reason in _chosen(pairs, first, wanted):
        rows = pairs.baseline.row[pairs.before[pair]], pairs.variant.row[pairs.after[pair]]
        sides = [
            journey_of(side, int(row)) for side, row in zip((first, second), rows, strict=True)
        ]
        found.append(
            {
                "reason": reason,
                "journeys": tuple(tick_rows(journey)[0] for journey, _ in sides),
                "contacts": tuple(tick_rows(contacts) for _, contacts in sides),
            }
        )
    return found


def _segments(*replications: Replication) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for replication in replications:
        names |= dict.fromkeys(replication.journeys["segment"].unique().to_pylist())
    return tuple(names)


def _chosen(pairs: Pairs, first: Replication, wanted: Wanted) -> list[tuple[int, str]]:
    """Return pairs to tell, each with why it was chosen."""
    import numpy as np

    from journeysim.comparison.better_and_worse_off import CHANGES, OUTCOMES, middle_of
    from journeysim.measures.arrow_columns import whole

    number = whole(first.journeys, "journey")[pairs.baseline.row[pairs.before]]
    eligible = np.ones(len(pairs.change), dtype=bool)
    if wanted.customer is not None:
        eligible &= pairs.baseline.customer[pairs.before] == wanted.customer
    if wanted.journey is not None:
        eligible &= number == wanted.journey
    if wanted.outcome is not None:
        outcome = OUTCOMES.index(wanted.outcome)
        was = pairs.baseline.outcome[pairs.before]
        eligible &= (was == outcome) | (pairs.variant.outcome[pairs.after] == outcome)
    asked = wanted.customer is not None or wanted.journey is not None
    if not eligible.any():
        raise click.UsageError("no such customer comes in both runs")
    found: dict[int, str] = {}
    if asked:
        return [(int(pair), "") for pair in np.flatnonzero(eligible)[: wanted.limit]]
    for change in ("worse", "better"):
        places = np.flatnonzero(eligible & (pairs.change == CHANGES.index(change)))
        if len(places):
            sign = 1 if change == "worse" else -1
            longest = int(places[np.argmax(sign * pairs.longer[places])])
            middle = middle_of(pairs, change) if wanted.outcome is None else None
            if middle is not None:
                found.setdefault(middle, f"one of {len(places)} who are {change} off")
            more = "the most time in queues added" if sign > 0 else "the most time in queues saved"
            found.setdefault(longest, more)
    if not found:
        raise click.UsageError("nobody is better or worse off in this replication")
    return list(found.items())[: wanted.limit]


def _document(place: Path, other: Path, number: int, told: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "command": "journeys",
        "directories": [str(place), str(other)],
        "replication": number,
        "customers": told,
    }
