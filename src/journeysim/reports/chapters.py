"""All chapters of a report; those of the answer and of the evidence are here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import pyarrow as pa

from journeysim.comparison.question import USUAL
from journeysim.measures.portrait import evidence_table, personas_table, weights_table
from journeysim.measures.portrait.portrait import made_of
from journeysim.measures.service.channel_measures import NEEDED_BY_MEASURE
from journeysim.measures.service.score_table import score_run
from journeysim.reports import answer_words as answers
from journeysim.reports import captions, plot
from journeysim.reports import page_tables as tables
from journeysim.reports.day_chapters import day, hours, staffing
from journeysim.reports.journey_chapters import flow, funnel, journey_map
from journeysim.reports.page import Picture, Section, picture
from journeysim.reports.report_source import Source
from journeysim.reports.report_subject import Subject
from journeysim.types import Row

_SCORES: Final = (*USUAL, "given_up", "lost")
_GRADES: Final = (
    "Grades: measured in own data; published by others; convention, a habit of the trade; "
    "assumption. A range is where nobody should be surprised."
)


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
        self.subject = Subject(source, variants)

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
            *(chapter(self.subject) for chapter in _CHAPTERS),
            self._evidence(),
        ]

    @cached_property
    def _scores(self) -> list[Row]:
        run = self.source.run
        assert run is not None
        table = score_run(run, self.source.world, by=("channel",), measures=_SCORES)
        channels = self.source.world.channels
        return [
            row
            for row in table.to_pylist()
            if row["channel"] is None
            or channels[row["channel"]].capabilities.has(NEEDED_BY_MEASURE.get(row["measure"]))
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
        rests = ("What it rests on", answers.ground(evidence, personas) + self._changes)
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
        for name in self.subject.variants:
            pictures += self._compared(name)
        drawn = set(self.subject.variants)
        others = [name for name in self.comparison.variants if name not in drawn]
        lead = (
            (f"Not drawn here: {', '.join(others)}; name them when the report is made.",)
            if others
            else ()
        )
        sure = answers.certainty_of_comparison(self.comparison, self.subject.variants[0])
        return Section(
            "answer",
            "The answer",
            lead=lead,
            pictures=tuple(pictures),
            warnings=warnings,
            lists=(("How sure", sure), rests),
            tables=self._inputs(),
        )

    def _inputs(self) -> tuple[tuple[str, tables.PageTable], ...]:
        """Return what chance and inputs make of each difference, where inputs were drawn."""
        assert self.comparison is not None
        if self.comparison.input_uncertainty is None:
            return ()
        rows = self.comparison.input_uncertainty.to_pylist()
        return tuple(
            (f"Chance and inputs: {name}", tables.inputs_table(answers.input_rows(rows, name)))
            for name in self.subject.variants
        )

    @property
    def _changes(self) -> tuple[str, ...]:
        """What variants change of the baseline, where that is known."""
        if self.comparison is None:
            return ()
        return tuple(
            f"{variant['name']} changes {'; '.join(variant['changes'])}."
            for variant in self.comparison.record["variants"]
            if variant["changes"] and "; ".join(variant["changes"]) != variant["name"]
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
                self.subject.name("forest", variant),
                f"What changes: {self.subject.said(variant)}",
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
                self.subject.name("people", variant),
                f"Who is better and who is worse off: {self.subject.said(variant)}",
                plot.people,
                tables.people_table(people),
                words=captions.people_words(people),
                note="Customers per replication, each compared with themselves: how the journey "
                f"ends counts first, then the time in queues. n = {pairs} pairs of replications.",
                **how,
            ),
        ]

    def _evidence(self) -> Section:
        evidence, personas = self._grounds
        columns = ("path", "value", "grade", "said", "n", "range")
        who = tables.plain_table({"": personas}, personas.column_names, named=False)
        found = [("Personas", who)]
        if evidence.num_rows:
            table = tables.plain_table({"": evidence}, columns, named=False)
            found.append(("Parameters, the weakest ground first", table))
        weights = weights_table(self.source.world)
        folded = tables.plain_table({"": weights}, columns, named=False)
        return Section(
            "evidence",
            "The evidence",
            lead=(
                _GRADES,
                *answers.ground(evidence.to_pylist(), personas.to_pylist()),
            ),
            warnings=answers.persona_warnings(personas.to_pylist()),
            tables=tuple(found),
            folded=(("Weights of effort and emotion", folded),),
        )


_CHAPTERS: Final = (journey_map, flow, day, hours, funnel, staffing)
