"""What is printed about a run: headline figures, breakdowns, single measures, the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from journeysim.cli import screen
from journeysim.cli.breakdowns import breakdown_tables
from journeysim.cli.day_tables import day_tables
from journeysim.cli.headline import (
    channel_measures,
    definitions_used,
    headline_tables,
    interval_note,
    shown_of,
)
from journeysim.cli.score_tables import score_rows
from journeysim.cli.text_layout import Table
from journeysim.measures import HEADLINE_FORMULA, catalogue
from journeysim.types import Row
from journeysim.wording.clock import span, weekday_of
from journeysim.wording.numbers import count

if TYPE_CHECKING:
    from journeysim.scenario.scenario import Scenario
    from journeysim.tables.run import Run


class RunReport:
    """Scores a run and prints it.

    Parameters
    ----------
    run, scenario
        The run, and the scenario that it was made from.
    by
        Breakdown; None for the headline figures.
    measures
        Names; None for those that fit the breakdown.
    level
        Of the intervals.
    definitions
        What differs from the scenario's definitions, e.g. ``{"threshold": 30_000_000}``.
    """

    def __init__(
        self,
        run: Run,
        scenario: Scenario,
        *,
        by: Sequence[str] | None = None,
        measures: Sequence[str] | None = None,
        level: float = 0.95,
        definitions: Mapping[str, Any] | None = None,
    ) -> None:
        self.run = run
        self.scenario = scenario
        self.by = by
        self.measures = measures
        self.level = level
        self.definitions = dict(definitions or {})

    def print_headline(self) -> None:
        """Print the tables and the definitions that they rest on."""
        world = self.scenario.world
        # Scored before anything is printed: a damaged file leaves an error alone.
        rows, tables = self._tables()
        screen.say(world.title or self.scenario.name, style="bold")
        screen.say(run_sentence(self.run, self.scenario))
        for table in tables:
            screen.say()
            screen.print_table(table)
        screen.say()
        screen.say(interval_note(len(self.run.replications), self.level))
        name = str(self.definitions.get(HEADLINE_FORMULA) or world.measures.service_level)
        asked = {} if self.measures is None else {"measures": list(dict.fromkeys(self.measures))}
        for sentence in definitions_used(rows, formula_name=name, **asked):
            screen.say(sentence)
        screen.say()

    def print_json(self, command: str) -> None:
        """Print everything as one JSON document."""
        record = self.run.record
        screen.print_json(
            {
                "command": command,
                "scenario": record["scenario"],
                "title": self.scenario.world.title,
                "directory": None if self.run.directory is None else str(self.run.directory),
                "status": record["status"],
                "seed": record["seed"],
                "replications": self.run.replications,
                "engine": record["engine"],
                "twin": record.get("twin"),
                "versions": record["versions"],
                "level": self.level,
                "warnings": [
                    {"path": warning.path, "text": warning.text}
                    for warning in self.scenario.warnings()
                ],
                "scores": [_plain(row) for row in self._all_rows()],
            }
        )

    def _tables(self) -> tuple[Sequence[Row], list[Table]]:
        sign = screen.plus_minus()
        world = self.scenario.world
        if self.by is None and self.measures is None:
            rows = self._rows(["channel"], channel_measures())
            rows += self._rows(["pool"], catalogue.in_table("pools"))
            return shown_of(rows, world), headline_tables(rows, world, sign=sign)
        by = ["channel"] if self.by is None else list(self.by)
        if by == ["interval"] and self.measures is None:
            contacts = self._rows(["channel", "interval"], channel_measures())
            pools = self._rows(["pool", "interval"], catalogue.in_table("pools"))
            tables = day_tables(contacts, pools, world, sign=sign)
            return [*shown_of(contacts, world), *pools], tables
        rows = self._rows(by, self.measures)
        weekday = world.time.starts_on
        return rows, breakdown_tables(rows, by, self.measures, weekday=weekday, sign=sign)

    def _all_rows(self) -> list[dict[str, Any]]:
        if self.by is not None or self.measures is not None:
            by = ["channel"] if self.by is None else self.by
            return self._rows(by, self.measures)
        by_pool = [
            row
            for row in self._rows(["pool"], catalogue.in_table("pools"))
            if row["pool"] is not None
        ]
        pools = {row["measure"] for row in by_pool}
        by_channel = self._rows(["channel"], None)
        return [row for row in by_channel if row["measure"] not in pools] + by_pool

    def _rows(self, by: Sequence[str], measures: Sequence[str] | None) -> list[dict[str, Any]]:
        from journeysim.study import score

        table = score(self.run, by=by, measures=measures, level=self.level, **self.definitions)
        return score_rows(table)


def run_sentence(run: Run, scenario: Scenario) -> str:
    """Return in a sentence what was run."""
    record, time = run.record, scenario.world.time
    numbers = run.replications
    made = count(len(numbers), "replication")
    first = weekday_of(0, time.starts_on)
    wanted = record["replications"]
    missing = f", {record['status']}: {wanted} were wanted" if len(numbers) < wanted else ""
    return (
        f"{record['scenario']}: {made} of {span(time.horizon)} from {first}, "
        f"seed {record['seed']}{missing}"
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a score with its interval in seconds since the world began."""
    plain = {key: value for key, value in row.items() if key != "interval"}
    begin = row["interval"]
    plain["interval_start_s"] = None if begin is None else begin / 1_000_000
    return plain
