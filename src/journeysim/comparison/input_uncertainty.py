"""How far an answer depends on inputs that are not well known.

The uncertain inputs are drawn many times, for the baseline and its variants alike, and a few pairs
of replications made with each draw. What varies between draws more than chance explains is due to
the inputs; see `journeysim.uncertainty`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from journeysim.comparison.aligned_groups import Aligned
from journeysim.comparison.comparison_columns import INPUTS, table_of_rows
from journeysim.comparison.comparison_tables import Scored, unit_of
from journeysim.comparison.paired_differences import paired_differences
from journeysim.comparison.question import Question
from journeysim.comparison.scenarios import ComparedScenario
from journeysim.engine.engine_choice import Engine
from journeysim.engine.replication import prepare
from journeysim.errors import CompareError
from journeysim.measures.arrow_columns import Numbers
from journeysim.measures.estimates import jackknife_variance
from journeysim.measures.scoring_context import scoring_rules
from journeysim.measures.service.replication_sums import Gathering
from journeysim.runs.grid import Grid, Model, Simulation, part_of
from journeysim.runs.runner import Runner
from journeysim.runs.threads import Threads
from journeysim.scenario.scenario import Scenario
from journeysim.types import ReportShare
from journeysim.uncertainty import declared_uncertainty, drawn_scenario, two_kinds

#: What an estimate is of: the place of a scenario, and whether it is its difference or its value.
Of = tuple[int, str]
#: Estimates and variances of each measure, in the order of the measures, by what they are of.
Drawn = dict[Of, list[tuple[Numbers, Numbers]]]


@dataclass(frozen=True, slots=True)
class InputDraws:
    """Draws of the uncertain inputs of a comparison.

    Attributes
    ----------
    contenders
        The scenarios, the baseline first.
    question, seed, engine, jobs
        How they are compared and made.
    scored
        What is scored, and by which breakdown.
    """

    contenders: Sequence[ComparedScenario]
    question: Question
    seed: int
    engine: Engine
    jobs: int
    scored: Scored

    def check(self) -> None:
        """Refuse scenarios that say of nothing how well it is known.

        Raises
        ------
        CompareError
            If there is no range and no bootstrap under the baseline's evidence.
        ScenarioError
            If a range cannot be read.
        """
        if not declared_uncertainty(self.contenders[0].scenario):
            raise CompareError(
                f"{self.contenders[0].scenario.source}: says of no parameter how well it is "
                "known; add a range to its evidence, or leave out --input-uncertainty"
            )

    def table(self) -> pa.Table:
        """Make all draws, and return a row per scenario, measure and group."""
        draws = range(self.question.input_draws or 0)
        pairs = self.question.draw_replications
        found: dict[int, Drawn] = {}
        grid = Grid(draws, len(draws), len(draws) * pairs, size=lambda _: pairs)
        runner = Runner(grid, self, keep=found.__setitem__, progress=self.question.progress)
        runner.run(Threads(max(1, min(self.jobs, len(draws)))))
        rows = list(self._rows([found[draw] for draw in draws]))
        metadata = {"level": str(self.question.level)}
        return table_of_rows(INPUTS, rows, by=self.scored.by, metadata=metadata)

    @property
    def models(self) -> list[Model]:
        """What has to be compiled: nothing, for the pairs came first."""
        return []

    def make(self, draw: int, report: ReportShare) -> Drawn:
        """Return what all scenarios come to with one draw of the inputs."""
        baseline = self.contenders[0].scenario
        gatherings, rules = [], []
        for place, contender in enumerate(self.contenders):
            scenario = drawn_scenario(contender.scenario, baseline, seed=self.seed, draw=draw)[0]
            own = scoring_rules(scenario.world, self.question.definitions)
            gathering = Gathering(self.scored.measures, self.scored.by, own)
            part = part_of(report, place, len(self.contenders))
            self._fill(gathering, scenario, draw, part)
            gatherings.append(gathering)
            rules.append(own)
        scored = self.scored
        drawn = Scored(scored.names, gatherings, rules, scored.by, scored.level, scored.aside)
        return _estimates(drawn)

    def _fill(
        self,
        gathering: Gathering,
        scenario: Scenario,
        draw: int,
        report: ReportShare,
    ) -> None:
        simulation = Simulation(prepare(scenario), self.seed, self.engine)
        pairs = self.question.draw_replications
        for place in range(pairs):
            # Every draw has luck of its own, so chance and inputs can be told apart.
            number = draw * pairs + place
            gathering.add(simulation.replication(number, part_of(report, place, pairs)))

    def _rows(self, drawn: Sequence[Drawn]) -> Iterator[Mapping[str, Any]]:
        level = self.question.level
        for position, measure in enumerate(self.scored.measures):
            groups = self.scored.aligned(measure)
            for (place, of), each in drawn[0].items():
                kinds = two_kinds(
                    np.array([draw[place, of][position][0] for draw in drawn]),
                    np.array([draw[place, of][position][1] for draw in drawn]),
                    replications=self.question.draw_replications,
                    level=level,
                )
                assert len(each[position][0]) == len(groups.keys)
                for group, key in enumerate(groups.keys):
                    value, total = kinds.value[group], kinds.total_half_width[group]
                    yield {
                        "measure": measure.name,
                        **dict(zip(self.scored.by, key, strict=True)),
                        "scenario": self.scored.names[place],
                        "of": of,
                        "value": value,
                        "chance_half_width": kinds.chance_half_width[group],
                        "input_half_width": kinds.input_half_width[group],
                        "lower": value - total,
                        "upper": value + total,
                        "dominates": kinds.dominates(group),
                        "sure": kinds.sure(group),
                        "draws": len(drawn),
                        "replications": self.question.draw_replications,
                        "unit": unit_of(measure),
                    }


def _estimates(scored: Scored) -> Drawn:
    """Return the values of all scenarios and the differences of all variants, with variances."""
    found: Drawn = {}
    for position, measure in enumerate(scored.measures):
        groups: Aligned = scored.aligned(measure)
        estimates = [
            groups.jackknifed(place, gathering.jackknifed(position))
            for place, gathering in enumerate(scored.gatherings)
        ]
        for place, estimate in enumerate(estimates):
            variance = jackknife_variance(estimate.left_out)
            found.setdefault((place, "value"), []).append((estimate.value, variance))
            if place:
                pair = paired_differences(estimates[0], estimate)
                both = (pair.difference, np.square(pair.error))
                found.setdefault((place, "difference"), []).append(both)
    return found
