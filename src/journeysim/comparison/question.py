"""How scenarios are to be compared: by which measures, how precisely, with how many pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from journeysim.comparison.comparison_tables import unit_of
from journeysim.comparison.precision import Target, parse_target
from journeysim.engine.engine_choice import EngineChoice
from journeysim.errors import CompareError
from journeysim.measures import catalogue
from journeysim.measures.definitions import Definitions
from journeysim.measures.service.registry import chosen_measures, known_measures
from journeysim.measures.service.replication_sums import AnyMeasure
from journeysim.types import Progress

#: The measures that matter to most people; any other can be asked for.
USUAL: Final = catalogue.in_table("comparison")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How scenarios are to be compared.

    Attributes
    ----------
    by, measures, definitions, level
        As for `journeysim.score`; no measures: the usual ones.
    precision
        Half-widths to reach, as texts; see `journeysim.comparison.precision`.
    replications
        Pairs to make, or with a precision at least; None: as the baseline says.
    max_replications
        Pairs to make at most for a precision.
    input_draws
        How many times to draw the uncertain inputs; None for not at all.
    draw_replications
        Pairs to make with each draw, at least 2.
    seed, engine, jobs
        As for `journeysim.simulate`.
    out
        Directory for the comparison, or None.
    portraits
        Whether to keep portraits of the scenarios, which reports draw.
    progress
        Called with finished pairs, all pairs, and the summed share of those under way.
    """

    by: tuple[str, ...] = ("channel",)
    measures: Sequence[str | AnyMeasure] | None = None
    definitions: Definitions = field(default_factory=Definitions)
    level: float = 0.95
    precision: Sequence[str] = ()
    replications: int | None = None
    max_replications: int = 1000
    input_draws: int | None = None
    draw_replications: int = 5
    seed: int | None = None
    engine: EngineChoice = "auto"
    jobs: int | None = None
    out: Path | None = None
    portraits: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if min(self.input_draws or 2, self.draw_replications) < 2:
            raise CompareError(
                "chance and inputs are told apart by at least 2 draws of the inputs with at least "
                "2 replications each"
            )

    def checked_measures(self, targets: Sequence[Target]) -> list[AnyMeasure]:
        """Return what to score: what is asked for, and what a precision is asked of."""
        chosen = chosen_measures(
            catalogue.in_table("comparison") if self.measures is None else self.measures
        )
        names = {measure.name for measure in chosen}
        wanted = dict.fromkeys(target.measure for target in targets if target.measure not in names)
        return [*chosen, *chosen_measures(list(wanted))]

    def targets(self) -> list[Target]:
        """Return what precision is asked for."""
        units = {name: unit_of(measure) for name, measure in known_measures().items()}
        return [parse_target(text, units) for text in self.precision]
