"""The chapters of a report, each from its tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from journeysim.comparing.question import KINDS, USUAL
from journeysim.comparing.staffing import staffing_table
from journeysim.reporting import answers, captions, plot, tables
from journeysim.reporting.figures.day import main_pool, queue_channels
from journeysim.reporting.figures.day import pools as pools_of
from journeysim.reporting.page import Picture, Section, picture
from journeysim.reporting.source import Source
from journeysim.scoring.portrait import (
    Portrait,
    evidence_table,
    personas_table,
    weights_table,
)
from journeysim.scoring.portrait.portrait import made_of
from journeysim.scoring.tables import score_run

Row = Mapping[str, Any]
#: Variants that are drawn if none is named.
MOST_DRAWN: Final = 3
#: Channels with a day of their own.
_MOST_CHANNELS: Final = 3
_SCORES: Final = (*USUAL, "given_up", "lost")


class Chapters:
    """Writes the parts of a report.

    Parameters
    ----------
    source
        What it is about.
    variants
        Names of variants to draw; none: the first few.
    """

    def __init__(self, source: Source, variants: Sequence[str]) -> None:
        self.source = source
        self.comparison = source.comparison
        if self.comparison is not None:
            self.variants: list[str] = list(variants) or self.comparison.variants[:MOST_DRAWN]
        else:
            self.variants = list(variants)
        for name in self.variants:
            source.variant(name)
        self.starts_on = source.world.time.starts_on

    @property
    def title(self) -> str:
        """The title of the scenario, or its name."""
        return self.source.world.title or self.source.names[0]

    @property
    def subtitle(self) -> str:
        """What is reported."""
        names = self.source.names
        if self.comparison is None:
            return f"Simulation of {names[0]}"
        return f"{names[0]} compared with {', '.join(names[1:])}"

    @cached_property
    def sentences(self) -> list[str]:
        """The answer."""
        if self.comparison is not None:
            return self.comparison.sentences
        made = self.source.baseline.steps
        customers = made_of(made, "journeys") / made_of(made, "replications")
        span = made_of(made, "span")
        return [answers.run_sentence(self._scores, customers=customers, span=span)]

    @property
    def foot(self) -> str:
        """What made it, so that it can be made again."""
        run = self.source.run
        record = run.record if run is not None else self.comparison.record  # type: ignore[union-attr]
        version = record.get("versions", {}).get("journeysim", "unknown")
        return (
            f"Simulated with journeysim {version}, seed {record['seed']}. Every figure stands in a "
            "table of the run or the comparison; this file needs nothing else."
        )

    def sections(self) -> list[Section]:
        """Return all parts in their order."""
        return [
            self._answer(),
            self._map(),
            self._flow(),
            self._day(),
            self._hours(),
            self._funnel(),
            self._staffing(),
            self._evidence(),
        ]

    @cached_property
    def _scores(self) -> list[Row]:
        run = self.source.run
        assert run is not None
        table = score_run(run, self.source.world, by=("channel",), measures=_SCORES)
        kinds = {name: channel.kind for name, channel in self.source.world.channels.items()}
        return [
            row
            for row in table.to_pylist()
            if row["channel"] is None
            or kinds[row["channel"]] in KINDS.get(row["measure"], kinds.values())
        ]

    @cached_property
    def _grounds(self) -> tuple[pa.Table, pa.Table]:
        world = self.source.world
        return evidence_table(world, self.source.documents[0]), personas_table(world)

    @cached_property
    def _note(self) -> str:
        made = self.source.baseline.steps
        count = made_of(made, "replications")
        words = "1 replication" if count == 1 else f"{count} replications"
        return (
            f"n = {words}, {made_of(made, 'journeys'):,} customers, "
            f"{made_of(made, 'contacts'):,} contacts in {self.source.names[0]}."
        )

    def _answer(self) -> Section:
        evidence, personas = (table.to_pylist() for table in self._grounds)
        rests = ("What it rests on", answers.ground(evidence, personas))
        warnings = answers.persona_warnings(personas)
        if self.comparison is None:
            assert self.source.run is not None
            sure = answers.certainty_of_run(
                replications=self.source.baseline.replications,
                seed=int(self.source.run.record["seed"]),
                level=0.95,
            )
            return Section(
                "answer",
                "The answer",
                warnings=warnings,
                lists=(("How sure", sure), rests),
                tables=(("Key figures", tables.scores_table(self._scores)),),
            )
        pictures: list[Picture] = []
        for name in self.variants:
            pictures += self._compared(name)
        drawn = set(self.variants)
        others = [name for name in self.comparison.variants if name not in drawn]
        lead = (
            (f"Not drawn here: {', '.join(others)}; name them when the report is made.",)
            if others
            else ()
        )
        sure = answers.certainty_of_comparison(self.comparison, self.variants[0])
        return Section(
            "answer",
            "The answer",
            lead=lead,
            pictures=tuple(pictures),
            warnings=warnings,
            lists=(("How sure", sure), rests),
        )

    def _compared(self, variant: str) -> list[Picture]:
        comparison = self.comparison
        assert comparison is not None
        pairs = comparison.record["replications"]
        rows = plot.rows_of(comparison.headline, variant=variant)
        people = plot.rows_of(comparison.customers, variant=variant)
        how = {"comparison": self.source, "variant": variant}
        return [
            picture(
                self._name("forest", variant),
                f"What changes: {self._said(variant)}",
                plot.forest,
                tables.differences_table(rows),
                words=captions.forest_words(rows),
                note=f"Variant less {self.source.names[0]}, with "
                f"{100 * comparison.record['level']:g} % intervals; n = {pairs} pairs of "
                f"replications, {made_of(self.source.baseline.steps, 'journeys'):,} customers. "
                "What is the same in every replication is in the table only.",
                **how,
            ),
            picture(
                self._name("people", variant),
                f"Who is better and who is worse off: {self._said(variant)}",
                plot.people,
                tables.people_table(people),
                words=captions.people_words(people),
                note="Customers per replication, each compared with themselves: how the journey "
                f"ends counts first, then the time in queues. n = {pairs} pairs of replications.",
                **how,
            ),
        ]

    def _map(self) -> Section:
        columns = (
            *("step", "touchpoint", "path_place", "handler", "control", "contacts", "share"),
            *("wait", "effort", "emotion", "emotion_p10", "emotion_p90", "left", "total"),
        )
        return Section(
            "map",
            "The journey map",
            lead=(
                "From left to right, the touchpoints where most of those go who go on. Wait is in "
                "queues, in seconds in the table; effort and emotion follow the weights named in "
                "the evidence. The dotted line is a contact that is neither good nor bad; the band "
                "holds 8 of 10 contacts.",
            ),
            pictures=tuple(
                picture(
                    self._name("map", variant),
                    self._heading("Journey map", variant),
                    plot.journey_map,
                    tables.plain_table(self._tables("steps", variant), columns, named=self._two),
                    words=captions.map_words(*self._rows("steps", variant)),
                    note="Contacts at each step, of all who get there; lines at the ends of bars "
                    f"are 95 % intervals. {self._note}",
                    what=self.source,
                    variant=variant,
                )
                for variant in self._drawn
            ),
        )

    def _flow(self) -> Section:
        columns = ("step", "source", "target", "journeys", "total")
        names = [self.source.names[0], *self.variants]
        return Section(
            "flow",
            "Where people go",
            lead=(
                "Each column is a further contact, or the end after the contact before. The height "
                "is the share of all journeys.",
            ),
            pictures=tuple(
                picture(
                    self._name("flow", None if place == 0 else name),
                    f"Flow between channels: {name}",
                    plot.flow,
                    tables.plain_table(
                        {name: self.source.portraits[name].flows}, columns, named=False
                    ),
                    words=captions.flow_words(self.source.portraits[name].flows.to_pylist()),
                    note=f"Flows of less than 1 in 125 journeys have no name. {self._note}",
                    what=self.source,
                    scenario=name,
                )
                for place, name in enumerate(names)
            ),
        )

    def _day(self) -> Section:
        rows = self.source.baseline.day.to_pylist()
        pictures = []
        for channel in queue_channels(rows)[:_MOST_CHANNELS]:
            series = [(channel, "service_level"), (channel, "queue")]
            pool = main_pool(rows, channel)
            series += [(pool, "staffed"), (pool, "busy")] if pool else []
            for variant in self._drawn:
                pictures.append(
                    picture(
                        self._name(f"day-{channel}", variant),
                        self._heading(f"The day of {channel}", variant),
                        plot.day,
                        tables.day_table(
                            self._tables("day", variant), series, starts_on=self.starts_on
                        ),
                        words=captions.day_words(rows, channel),
                        note=f"Mean by interval{self._band}. {self._note}",
                        what=self.source,
                        variant=variant,
                        channel=channel,
                    )
                )
        lead = () if pictures else ("Nobody queues in this service.",)
        return Section("day", "Over the day", lead=lead, pictures=tuple(pictures))

    @property
    def _band(self) -> str:
        if self.source.baseline.replications < 9:
            return "; a band needs 9 replications"
        return "; the band holds 8 of 10 replications, as the next such day would"

    def _hours(self) -> Section:
        columns = ("weekday", "hour", "channel", "offered", "wait", "service_level", "total")
        rows = self.source.baseline.hours.to_pylist()
        if not rows:
            return Section("hours", "By hour", lead=("Nobody queues in this service.",))
        return Section(
            "hours",
            "By hour",
            pictures=tuple(
                picture(
                    self._name("hours", variant),
                    self._heading("How many come, and how long they wait", variant),
                    plot.heat,
                    tables.plain_table(self._tables("hours", variant), columns, named=self._two),
                    words=captions.heat_words(rows),
                    note=f"Wait of those who got in during the hour. {self._note}",
                    what=self.source,
                    variant=variant,
                )
                for variant in self._drawn
            ),
        )

    def _funnel(self) -> Section:
        columns = ("channel", "row", "stage", "name", "contacts", "share", "total")
        return Section(
            "funnel",
            "Who falls out, and why",
            pictures=tuple(
                picture(
                    self._name("funnel", variant),
                    self._heading("Contacts of each channel", variant),
                    plot.funnel,
                    tables.plain_table(self._tables("funnel", variant), columns, named=self._two),
                    words=captions.funnel_words(self.source.baseline.funnel.to_pylist()),
                    note="Contacts per replication, and their share of all that came. Whose need "
                    f"was not met may come again. {self._note}",
                    what=self.source,
                    variant=variant,
                )
                for variant in self._drawn
            ),
        )

    def _staffing(self) -> Section:
        rows = self.source.baseline.day.to_pylist()
        names = pools_of(rows)
        if not names:
            return Section("staffing", "Staffing", lead=("This service has no agents at work.",))
        series = [(name, measure) for name in names for measure in ("staffed", "busy")]
        pictures = []
        curve = None if self.comparison is None else staffing_table(self.comparison)
        if curve is not None and curve.num_rows:
            columns = ("scenario", "channel", "staffed_hours", "service_level", "replications")
            pictures.append(
                picture(
                    "curve",
                    "What hours at work buy",
                    plot.staffing_curve,
                    _without_half(curve, columns),
                    words=captions.curve_words(curve.to_pylist()),
                    note="Each mark is a scenario, with the 95 % interval of its service level. "
                    f"n = {made_of(self.source.baseline.steps, 'replications')} replications each.",
                    comparison=self.source,
                )
            )
        pictures += [
            picture(
                self._name("staffing", variant),
                self._heading("Agents at work and busy", variant),
                plot.staffing,
                tables.day_table(self._tables("day", variant), series, starts_on=self.starts_on),
                words=captions.staffing_words(rows),
                note=f"Mean by interval{self._band}. {self._note}",
                what=self.source,
                variant=variant,
            )
            for variant in self._drawn
        ]
        return Section("staffing", "Staffing", pictures=tuple(pictures))

    def _evidence(self) -> Section:
        evidence, personas = self._grounds
        columns = ("path", "value", "grade", "said", "n", "range")
        who = tables.plain_table({"": personas}, personas.column_names, named=False)
        found = [("Personas", who)]
        if evidence.num_rows:
            table = tables.plain_table({"": evidence}, columns, named=False)
            found.append(("Parameters, the weakest ground first", table))
        weights = weights_table(self.source.world)
        found.append(
            (
                "Weights of effort and emotion",
                tables.plain_table({"": weights}, columns, named=False),
            )
        )
        return Section(
            "evidence",
            "The evidence",
            lead=(
                "Grades: measured in own data; published by others; convention, a habit of the "
                "trade; assumption. A range is where nobody should be surprised.",
                *answers.ground(evidence.to_pylist(), personas.to_pylist()),
            ),
            warnings=answers.persona_warnings(personas.to_pylist()),
            tables=tuple(found),
        )

    @property
    def _two(self) -> bool:
        return self.comparison is not None

    @property
    def _drawn(self) -> Sequence[str | None]:
        return self.variants if self._two else [None]

    def _portraits(self, variant: str | None) -> dict[str, Portrait]:
        found = {self.source.names[0]: self.source.baseline}
        if variant is not None:
            found[variant] = self.source.portraits[variant]
        return found

    def _tables(self, table: str, variant: str | None) -> dict[str, pa.Table]:
        return {
            name: getattr(portrait, table) for name, portrait in self._portraits(variant).items()
        }

    def _rows(self, table: str, variant: str | None) -> tuple[list[Row], list[Row] | None]:
        found = [each.to_pylist() for each in self._tables(table, variant).values()]
        return found[0], found[1] if len(found) > 1 else None

    def _name(self, figure: str, variant: str | None) -> str:
        plain = re.sub(r"[^a-z0-9]+", "-", figure.lower())
        if figure != plain:
            plain = f"{plain}-{sum(map(ord, figure))}"
        place = "" if variant is None else f"-{self.source.names.index(variant)}"
        return f"{plain}{place}"

    def _heading(self, words: str, variant: str | None) -> str:
        if variant is None or len(self.variants) < 2:
            return words
        return f"{words}: {self._said(variant)}"

    def _said(self, variant: str) -> str:
        """Return what a variant is in words."""
        assert self.comparison is not None
        found = {each["name"]: each["words"] for each in self.comparison.record["variants"]}
        return str(found[variant])


def _without_half(table: pa.Table, columns: Sequence[str]) -> tables.PageTable:
    return tables.plain_table({"": table}, columns, named=False)
