"""What follows from a model is found once, however many replications share it."""

from __future__ import annotations

from typing import Any, cast

from journeysim.scenario.flat.flat_model import FlatModel
from journeysim.scenario.flat.per_model_cache import once_per_model


class Model:
    """Stands in for a flat model: equal to every other, as arrays are neither equal nor not."""

    def __eq__(self, other: object) -> bool:
        raise AssertionError("models are told apart by what they are, not by what they hold")

    __hash__ = cast("Any", None)


def test_once_for_each_of_the_last_models() -> None:
    seen: list[object] = []

    @once_per_model
    def count(model: FlatModel) -> int:
        """Count the calls."""
        seen.append(model)
        return len(seen)

    models = [cast("FlatModel", Model()) for _ in range(5)]
    assert [count(model) for model in (*models[:4], *models[:4])] == [1, 2, 3, 4] * 2
    # A fifth takes the place of the one that was asked for longest ago.
    assert [count(models[4]), count(models[1]), count(models[0])] == [5, 2, 6]
    assert count.__doc__ == "Count the calls."
