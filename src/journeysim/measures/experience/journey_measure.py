"""What a measure of a journey is: a name, a meaning, a formula, and a kernel over columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from journeysim.errors import MeasureError, did_you_mean
from journeysim.measures.catalogue_entry import PLAIN, CatalogueEntry
from journeysim.measures.experience.journey_columns import Array, JourneyColumns
from journeysim.measures.experience.weights import Weights
from journeysim.tables.attached import attached

JourneyUnit = Literal["share", "s", "count", "currency", "score", "flag"]
#: ``kernel(offsets, *columns, *weights)`` gives an array of shape (journeys,).
Kernel = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyMeasure:
    """One figure per journey.

    Attributes
    ----------
    name, meaning, formula
        What it is called, what it says, and how it is made, in short.
    unit
        Of its values. ``s``: whole ticks, written as Arrow durations, or floating seconds.
    needs
        Columns handed to the kernel after the offsets, in this order; ``journey.value`` is one of
        the journeys. A source without them has no such measure.
    weights
        Paths of weights handed over last, each as a number. Their grades make its footnote.
    kernel
        Plain or compiled: ``kernel(offsets, *columns, *weights)`` gives whole numbers, numbers or
        flags, shape (journeys,); NaN where there is none. None: it comes out of the fused pass.
    entry
        What tables, charts and sentences know of it: which way is better, its words.
    """

    name: str
    unit: JourneyUnit
    meaning: str
    formula: str
    needs: tuple[str, ...]
    weights: tuple[str, ...] = ()
    kernel: Kernel | None = None
    entry: CatalogueEntry = PLAIN

    def __post_init__(self) -> None:
        units = get_args(JourneyUnit)
        if self.unit not in units:
            remedy = did_you_mean(str(self.unit), units)
            raise MeasureError(f"measure {self.name!r}: no unit {self.unit!r}{remedy}")
        for what in ("needs", "weights"):
            if isinstance(getattr(self, what), str):
                # Each letter would be taken for a name.
                raise MeasureError(
                    f"measure {self.name!r}: {what} must be a tuple of names, "
                    f"got {getattr(self, what)!r}"
                )

    def missing(self, columns: JourneyColumns) -> list[str]:
        """Return the columns that it needs and these journeys lack."""
        return [name for name in self.needs if not columns.has(name)]

    def run(self, columns: JourneyColumns, weights: Weights | None = None) -> Array:
        """Return the measure of every journey, shape (journeys,).

        Raises
        ------
        MeasureError
            If a column is missing, or the kernel gives another shape.
        """
        found: Array = attached("score", self)(columns, weights)
        return found

    def arguments(self, columns: JourneyColumns, weights: Weights | None = None) -> list[Any]:
        """Return what the kernel is called with: offsets, the columns and weights it needs."""
        said = Weights.default() if weights is None else weights
        given = [columns[name] for name in self.needs]
        return [columns.offsets, *given, *(said[path] for path in self.weights)]

    def call(self, columns: JourneyColumns, weights: Weights) -> Array:
        """Return what the kernel makes of the columns."""
        assert self.kernel is not None
        found = np.asarray(self.kernel(*self.arguments(columns, weights)))
        if found.shape != (len(columns),):
            raise MeasureError(
                f"measure {self.name!r}: the kernel gave an array of shape {found.shape}, "
                f"and there are {len(columns)} journeys; return one value per journey"
            )
        return found
