"""Interval tables: what changes over the day, by weekday (arrivals, agents at work)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from journeysim.scenario.schema.distributions import Distribution
from journeysim.scenario.schema.fields import Clock, Count, Duration, NotNegative, Part, Rate
from journeysim.units import DAY, WEEKDAYS, format_clock

Counts = list[NotNegative]


class Grid(Part):
    """The times at which a table of the day changes.

    Either equal steps (`from`, `every`), or the points named by `at`; each value holds from its
    point to the next. After equal steps, and before the first point, there is nothing; the last
    point of `at` holds to the end of the day.
    """

    start: Clock = Field(default=0, alias="from", description="Time of day of the first value.")
    every: Duration | None = Field(default=None, gt=0, le=DAY, description="Length of one step.")
    at: list[Clock] | None = Field(default=None, min_length=1, description="Uneven steps.")
    file: str | None = Field(default=None, description="CSV or Excel file with a column `time`.")
    column: str | None = Field(default=None, description="Column of the values in the file.")
    sheet: str | None = Field(default=None, description="Sheet of an Excel file.")

    @model_validator(mode="after")
    def _one_grid(self) -> Self:
        if self.at is not None and (self.every is not None or self.start):
            raise ValueError("give either at, or from and every")
        if self.at is not None and any(a >= b for a, b in zip(self.at, self.at[1:], strict=False)):
            raise ValueError("the times of `at` must rise")
        if (self.file is None) != (self.column is None):
            raise ValueError("file and column belong together")
        return self

    def starts(self, values: int, *, points: bool = False) -> list[int]:
        """Return the ticks since midnight at which each of `values` begins, and where all end.

        Parameters
        ----------
        values
            How many values there are for the day.
        points
            True where values stand at points (a linear shape), so that n values make n - 1 steps.
        """
        if values == 0:
            return []
        if self.at is not None:
            if values != len(self.at):
                raise ValueError(f"there are {len(self.at)} times in `at` and {values} values")
            return self.at if points else [*self.at, DAY]
        every = self.every
        if every is None:
            raise ValueError("`every` (the length of a step) is missing")
        edges = [self.start + every * step for step in range(values + (0 if points else 1))]
        if edges[-1] > DAY:
            room = (DAY - self.start) // every + (1 if points else 0)
            raise ValueError(
                f"{values} values from {format_clock(self.start)} pass midnight; "
                f"there is room for {room}"
            )
        return edges


class Arrivals(Grid):
    """Fresh demand of a segment: expected `counts` per step, `rates`, one `rate`, or `gaps`."""

    counts: Counts | None = Field(default=None, description="Expected arrivals per step.")
    rates: list[Rate] | None = Field(default=None, description="Arrivals per time, per step.")
    rate: Rate | None = Field(default=None, description="One rate all day.")
    gaps: Distribution | None = Field(default=None, description="Times between arrivals.")
    shape: Literal["step", "linear"] = Field(
        default="step", description="linear: rates are values at points, straight between them."
    )
    monday: Counts | list[Rate] | None = None
    tuesday: Counts | list[Rate] | None = None
    wednesday: Counts | list[Rate] | None = None
    thursday: Counts | list[Rate] | None = None
    friday: Counts | list[Rate] | None = None
    saturday: Counts | list[Rate] | None = None
    sunday: Counts | list[Rate] | None = None

    @model_validator(mode="before")
    @classmethod
    def _weekdays_like_the_rest(cls, value: Any) -> Any:
        # 3.0 would pass as a rate per tick, so the unit has to be asked for here.
        for day in WEEKDAYS if isinstance(value, dict) else ():
            items = value.get(day)
            texts = [isinstance(item, str) for item in items] if isinstance(items, list) else []
            if "counts" in value and any(texts):
                raise ValueError(f"{day} must hold counts, as `counts` does")
            if "rates" in value and not all(
                text or item == 0 for text, item in zip(texts, items or [], strict=False)
            ):
                raise ValueError(f"{day} must hold rates such as '4/h', as `rates` does")
        return value

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.file is not None:
            return self
        forms = [self.counts, self.rates, self.rate, self.gaps]
        weekdays = [day for day in WEEKDAYS if getattr(self, day) is not None]
        if sum(form is not None for form in forms) != 1:
            raise ValueError("give one of counts, rates, rate, gaps, or file with column")
        if weekdays and self.counts is None and self.rates is None:
            raise ValueError(f"{weekdays[0]} needs counts or rates for the other days")
        if self.shape == "linear" and self.rates is None:
            raise ValueError("a linear shape needs rates (the values at the points)")
        for day in WEEKDAYS:
            self.pieces(day)
        return self

    def pieces(self, weekday: str) -> list[tuple[int, int, float, float]]:
        """Return the day as straight pieces: start, end (ticks), rate at start, rate at end.

        Rates are arrivals per tick; there are no pieces for renewal arrivals.
        """
        if self.gaps is not None or self.file is not None:
            return []
        if self.rate is not None:
            return [(0, DAY, self.rate, self.rate)]
        override = getattr(self, weekday)
        if self.counts is not None:
            counts = self.counts if override is None else override
            edges = self.starts(len(counts))
            return [
                (a, b, count / (b - a), count / (b - a))
                for a, b, count in zip(edges, edges[1:], counts, strict=False)
            ]
        rates: list[float] = (self.rates if override is None else override) or []
        if self.shape == "linear":
            edges = self.starts(len(rates), points=True)
            ends = zip(edges, edges[1:], rates, rates[1:], strict=False)
            return [(a, b, left, right) for a, b, left, right in ends]
        edges = self.starts(len(rates))
        return [(a, b, rate, rate) for a, b, rate in zip(edges, edges[1:], rates, strict=False)]


class Schedule(Grid):
    """Agents at work per step; a step that is not covered has nobody."""

    counts: list[Count] | None = None
    monday: list[Count] | None = None
    tuesday: list[Count] | None = None
    wednesday: list[Count] | None = None
    thursday: list[Count] | None = None
    friday: list[Count] | None = None
    saturday: list[Count] | None = None
    sunday: list[Count] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.file is None:
            if self.counts is None:
                raise ValueError("give counts, or file with column")
            for day in WEEKDAYS:
                self.steps(day)
        return self

    def steps(self, weekday: str) -> list[tuple[int, int, int]]:
        """Return the day as steps: start, end (ticks), agents."""
        override = getattr(self, weekday)
        counts = self.counts if override is None else override
        if not counts:
            return []
        if self.at is None and self.every is None and len(counts) == 1:
            return [(self.start, DAY, counts[0])]
        edges = self.starts(len(counts))
        return list(zip(edges, edges[1:], counts, strict=False))


def _always(value: Any) -> Any:
    """Let a bare number stand for a constant schedule."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"counts": [value]}
    return value


AgentTable = Annotated[Schedule, BeforeValidator(_always)]
