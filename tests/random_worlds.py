"""The same random worlds by plain dice.

Hypothesis makes its examples alike, which is good for shrinking; worlds that have nothing to do
with each other show more in fewer. Nothing shrinks here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.strategies import Case, Worlds


class ThrownWorlds(Worlds):
    """Draws one scenario, by dice of its own."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        super().__init__(None)  # type: ignore[arg-type]

    def pick(self, items: Any) -> Any:
        return self.dice.choice(list(items))

    def whole(self, low: int, high: int) -> int:
        return self.dice.randint(low, high)

    def some(self, items: Any, least: int = 0) -> list[Any]:
        different = list(dict.fromkeys(items))
        return self.dice.sample(different, self.dice.randint(least, len(different)))

    def shuffled(self, items: Any) -> list[Any]:
        return self.dice.sample(items, len(items))


def thrown_cases(worlds: int, *, first_seed: int = 0) -> Iterator[Case]:
    """Return random worlds, one per seed."""
    for seed in range(first_seed, first_seed + worlds):
        thrown = ThrownWorlds(seed)
        document = thrown.document()
        yield Case(document, thrown.trace() if thrown.chance(50) else None)
