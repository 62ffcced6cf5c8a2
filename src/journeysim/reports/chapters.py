"""All chapters of a report; those of the answer and of the evidence are here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyarrow as pa

from journeysim.measures import catalogue
from journeysim.measures.portrait import evidence_table, personas_table, weights_table
from journeysim.measures.portrait.portrait import made_of
from journeysim.measures.service.score_table import score_run
from journeysim.reports import answer_words as answers
from journeysim.reports import page_tables as tables
from journeysim.reports.charts.registry import CHARTS
from journeysim.reports.page import Section, picture
from journeysim.reports.report_source import ReportSource
from journeysim.reports.report_subject import Subject
from journeysim.types import Row

_SCORES: Final = (
    *catalogue.in_table("comparison"),
    catalogue.with_role("given_up"),
    catalogue.with_role("lost"),
)
_GRADES: Final = (
    "Grades: measured in own data; published by others; convention, a habit of the trade; "
    "assumption. A range is where nobody should be surprised."
)

_MAP: Final = (
    "From left to right, the touchpoints where most of those go who go on. Wait is the time in "
    "queues; effort and emotion follow the weights named in the evidence. The dotted line is a "
    "contact that is neither good nor bad; the band holds 8 of 10 contacts."
)
_FLOW: Final = (
    "Each column is a further contact, or the end after the contact before. The height is the "
    "share of all journeys."
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of charts.

    Attributes
    ----------
    name, title
        Its identity, by which charts say that they stand in it, and its heading.
    lead, without
        Paragraphs before the charts, and instead of them where there are none.
    """

    name: str
    title: str
    lead: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


_NO_QUEUES: Final = ("Nobody queues in this service.",)
_CHAPTERS: Final = (
    Chapter("map", "The journey map", (_MAP,)),
    Chapter("flow", "Where people go", (_FLOW,)),
    Chapter("day", "Over the day", without=_NO_QUEUES),
    Chapter("hours", "By hour", without=_NO_QUEUES),
    Chapter("funnel", "Who falls out, and why"),
    Chapter("staffing", "Staffing", without=("This service has no agents at work.",)),
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

    def __init__(self, source: ReportSource, variants: Sequence[str]) -> None:
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
            *(self._drawn(chapter) for chapter in _CHAPTERS),
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
            or channels[row["channel"]].capabilities.has(catalogue.entry_of(row["measure"]).needs)
        ]

    @cached_property
    def _grounds(self) -> tuple[pa.Table, pa.Table]:
        world = self.source.world
        return evidence_table(world, self.source.documents[0]), personas_table(world)

    def _drawn(self, chapter: Chapter) -> Section:
        """Return a chapter with its charts, or with the words for where there are none."""
        charts = [
            chart
            for kind in CHARTS
            if kind.chapter == chapter.name
            for chart in kind.all_of(self.subject)
        ]
        pictures = tuple(
            picture(chart, self.subject.identity(chart), title=self.subject.heading(chart))
            for chart in charts
        )
        lead = chapter.lead if pictures else chapter.without
        return Section(chapter.name, chapter.title, lead=lead, pictures=pictures)

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
        charts = [
            kind.of(self.source, variant=name)
            for name in self.subject.variants
            for kind in CHARTS
            if kind.chapter == "answer"
        ]
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
            pictures=tuple(picture(each, self.subject.identity(each)) for each in charts),
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
