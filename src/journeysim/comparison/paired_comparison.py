"""From contenders to a comparison: make or read, score, pair, and put into tables."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from journeysim.comparison.better_and_worse_off_tables import counts_table, customers_table
from journeysim.comparison.comparability import check_definitions, check_runs
from journeysim.comparison.comparison import (
    LAYOUT,
    Comparison,
    check_place,
    partial_folder,
    put_in_place,
)
from journeysim.comparison.comparison_record import described, reached
from journeysim.comparison.comparison_tables import (
    Scored,
    best_table,
    differences_table,
    scores_table,
)
from journeysim.comparison.example_customers import told_tables
from journeysim.comparison.input_uncertainty import InputDraws
from journeysim.comparison.paired_runs import SideBySide
from journeysim.comparison.precision import FEWEST, Target
from journeysim.comparison.question import Question
from journeysim.comparison.scenarios import ComparedScenario
from journeysim.comparison.stopping_rule import Reaching
from journeysim.engine.engine_choice import chosen_engine
from journeysim.engine.replication import prepare
from journeysim.errors import CompareError
from journeysim.measures import catalogue
from journeysim.measures.definitions import HEADLINE_FORMULA
from journeysim.measures.estimates import student_quantile
from journeysim.measures.portrait.portrait_sums import PortraitGathering
from journeysim.measures.portrait.portrait_tables import portrait_from
from journeysim.measures.scoring_context import Rules, scoring_rules
from journeysim.measures.service.registry import checked_breakdown
from journeysim.measures.service.replication_sums import Gathering
from journeysim.runs.executors import usual_jobs
from journeysim.runs.grid import FinishedRun, ReplicationSource, Simulation
from journeysim.tables.provenance import DEFINITIONS, now, versions

#: The breakdown that sentences are made of.
_HEADLINE: Final = ("channel",)


def compare_scenarios(contenders: Sequence[ComparedScenario], question: Question) -> Comparison:
    """Simulate scenarios side by side and compare them with the first.

    Raises
    ------
    CompareError
        If they are not measured alike, or fewer than two pairs are asked for.
    MeasureError
        If a breakdown, measure, definition or precision does not exist.
    RunError
        If the comparison cannot be written.
    """
    world = contenders[0].scenario.world
    targets = question.targets()
    wanted = question.replications
    if targets:
        numbers = range(max(question.max_replications, wanted or 0, FEWEST))
    else:
        numbers = range(world.replications if wanted is None else wanted)
    _check_pairs(len(numbers))
    seed = world.seed if question.seed is None else question.seed
    prepared = [prepare(contender.scenario) for contender in contenders]
    drawn = (question.input_draws or 0) * question.draw_replications
    models = len(prepared) * (len(numbers) + drawn)
    engine = chosen_engine(question.engine, prepared[0].model, models, None)
    jobs = question.jobs or usual_jobs(engine)
    comparing = Comparing(contenders, question, targets)
    record = {**comparing.record(seed), "engine": engine}
    if question.out is not None:
        check_place(question.out, record)
    sources = [Simulation(each, seed, engine) for each in prepared]
    inputs = None
    if question.input_draws is not None:
        inputs = InputDraws(contenders, question, seed, engine, jobs, comparing.scored)
        inputs.check()
    return comparing.run(sources, numbers, jobs=jobs, record=record, inputs=inputs)


def compare_runs(contenders: Sequence[ComparedScenario], question: Question) -> Comparison:
    """Compare finished runs with the first of them; nothing is simulated.

    Raises
    ------
    CompareError
        If their customers are not the same, or they are not measured alike.
    """
    names = [contender.name for contender in contenders]
    runs = [contender.run for contender in contenders if contender.run is not None]
    numbers = check_runs(names, runs, replications=question.replications)
    _check_pairs(len(numbers))
    comparing = Comparing(contenders, question, [])
    record = {**comparing.record(int(runs[0].record["seed"])), "engine": None}
    if question.out is not None:
        check_place(question.out, record)
    sources = [FinishedRun(run) for run in runs]
    return comparing.run(sources, numbers, jobs=question.jobs or 1, record=record)


def _check_pairs(replications: int) -> None:
    if replications < 2:
        raise CompareError(
            "one replication says nothing of its uncertainty; compare at least 2, better 20"
        )


class Comparing:
    """A comparison on its way.

    Parameters
    ----------
    contenders
        The scenarios, the baseline first.
    question
        How to compare them.
    targets
        What precision is asked for.
    """

    def __init__(
        self, contenders: Sequence[ComparedScenario], question: Question, targets: Sequence[Target]
    ) -> None:
        self.contenders = contenders
        self.question = question
        self.targets = targets
        self.names = [contender.name for contender in contenders]
        by = checked_breakdown(question.by)
        student_quantile(question.level, 1)
        self.rules: list[Rules] = [
            scoring_rules(contender.scenario.world, question.definitions)
            for contender in contenders
        ]
        check_definitions(self.names, self.rules, by)
        self.measures = question.checked_measures(targets)
        self.scored = self._scored(by)
        self.headline = self.scored if by == _HEADLINE else self._scored(_HEADLINE)

    def _scored(self, by: tuple[str, ...]) -> Scored:
        gatherings = [Gathering(self.measures, by, rules) for rules in self.rules]
        aside = self._aside() if self.question.measures is None else frozenset()
        return Scored(self.names, gatherings, self.rules, by, self.question.level, aside)

    def _aside(self) -> frozenset[tuple[str, str]]:
        """Return the usual measures and the channels in which they say nothing."""
        kinds = {
            name: channel.capabilities
            for contender in self.contenders
            for name, channel in contender.scenario.world.channels.items()
        }
        return frozenset(
            (measure, channel)
            for measure in catalogue.in_table("comparison")
            for channel, kind in kinds.items()
            if not kind.has(catalogue.entry_of(measure).needs)
        )

    @property
    def segments(self) -> tuple[str, ...]:
        """Names of the segments of all scenarios, the baseline's first."""
        return tuple(dict.fromkeys(name for rules in self.rules for name in rules.segments))

    def run(
        self,
        sources: Sequence[ReplicationSource],
        numbers: Sequence[int],
        *,
        jobs: int,
        record: Mapping[str, Any],
        inputs: InputDraws | None = None,
    ) -> Comparison:
        """Make or read all pairs and return what they say; write it where that is asked for."""
        fewest = self.question.replications or FEWEST
        reaching = Reaching(self.targets, self.scored, fewest=fewest)
        every = [self.scored] if self.headline is self.scored else [self.scored, self.headline]
        gatherings = list(zip(*(scored.gatherings for scored in every), strict=True))
        portraits = self._portraits() if self.question.portraits else []
        with self._folder() as folder:
            pairing = SideBySide(
                self.names,
                sources,
                gatherings,
                segments=self.segments,
                portraits=portraits,
                customers=None if folder is None else folder / "customers",
                enough=reaching.enough if self.targets else None,
                progress=self.question.progress,
            )
            pairing.pair(numbers, jobs=jobs)
            drawn = None if inputs is None else inputs.table()
            found = self._found(pairing, reaching, portraits, record)
            found = replace(found, input_uncertainty=drawn)
            if folder is not None and self.question.out is not None:
                found.write_into(folder)
                put_in_place(folder, self.question.out)
        return found

    @contextlib.contextmanager
    def _folder(self) -> Iterator[Path | None]:
        if self.question.out is None:
            yield None
            return
        with partial_folder(self.question.out) as folder:
            yield folder

    def _portraits(self) -> list[PortraitGathering]:
        return [
            PortraitGathering(contender.scenario.world, rules, level=self.question.level)
            for contender, rules in zip(self.contenders, self.rules, strict=True)
        ]

    def _found(
        self,
        pairing: SideBySide,
        reaching: Reaching,
        portraits: Sequence[PortraitGathering],
        record: Mapping[str, Any],
    ) -> Comparison:
        differences = differences_table(self.scored)
        same = self.headline is self.scored
        replications = len(pairing.numbers)
        precision = [reached(found) for found in reaching.half_widths(replications)]
        variants, level = self.names[1:], self.question.level
        journeys, contacts = told_tables(pairing.told)
        return Comparison(
            record={
                **record,
                "replications": replications,
                "precision": precision,
                "max_replications": self.question.max_replications if self.targets else None,
                "written": now(),
            },
            differences=differences,
            headline=differences if same else differences_table(self.headline),
            best=best_table(self.scored),
            scores=scores_table(self.scored, pairing.numbers),
            customers=customers_table(pairing.people, variants, self.segments, level),
            customer_counts=counts_table(pairing.people, variants, self.segments, pairing.numbers),
            told_journeys=journeys,
            told_contacts=contacts,
            scenarios={contender.name: contender.toml for contender in self.contenders},
            portraits={
                name: portrait_from(gathering)
                for name, gathering in zip(self.names, portraits, strict=False)
            },
        )

    def record(self, seed: int) -> dict[str, Any]:
        """Return what is compared and how, before anything is made."""
        rules, world = self.rules[0], self.contenders[0].scenario.world
        baseline, *variants = (described(contender) for contender in self.contenders)
        return {
            "layout": LAYOUT,
            "baseline": baseline,
            "variants": variants,
            "seed": seed,
            "level": self.question.level,
            "input_draws": self.question.input_draws,
            "by": list(self.scored.by),
            "measures": [measure.name for measure in self.measures],
            HEADLINE_FORMULA: rules.headline_formula,
            "span": rules.horizon - rules.warm_up,
            "horizon": rules.horizon,
            "starts_on": world.time.starts_on,
            "versions": versions(),
            "definitions": DEFINITIONS,
        }
