"""The back-test: a calibrated scenario beside days that it has not seen."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.arguments import checked_level, shown, whole_number
from journeysim.calibration.calendar import Calendar, broken_days, dates, in_hours
from journeysim.calibration.calibration import Calibration
from journeysim.calibration.contact_log import date_of
from journeysim.calibration.customer_groups import group_contacts
from journeysim.calibration.held_out import (
    HeldOut,
    Tallies,
    simulated,
    with_own_volumes,
    without,
)
from journeysim.calibration.log_checks import checked
from journeysim.calibration.log_reading import read_log
from journeysim.errors import ArgumentError, LogError
from journeysim.measures import catalogue
from journeysim.types import Progress
from journeysim.units import SECOND, format_clock

#: The two ways of looking, by what the simulation was given.
MECHANISM = "volumes and agents"
FORECAST = "nothing"
THRESHOLD = 20 * SECOND
#: Measure: numerator, denominator.
RATIOS = {
    "abandonment": ("abandoned", "offered"),
    "mean_wait": ("wait", "offered"),
    catalogue.with_role("in_time"): ("in_time", "offered"),
    "handling": ("talk", "served"),
}
MEASURES = ("offered", *RATIOS)
#: Volumes of the forecast are refitted this often, so that their own uncertainty is in the band.
_REFITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A calibrated scenario beside held-out days.

    Attributes
    ----------
    source
        The held-out log.
    calendar
        Its days.
    log
        What happened, by day and interval.
    simulations
        By what was given: what was simulated, by day, replication and interval.
    level
        Of the prediction bands.
    notes
        What was left out of the held-out log, and why.
    """

    source: str
    calendar: Calendar
    log: Tallies
    simulations: dict[str, Tallies]
    level: float
    notes: tuple[str, ...]

    def days(self) -> pa.Table:
        """Return measures by day, with prediction bands: one row per day and measure."""
        return _rows(self, [(None, slice(0, self.calendar.slots))], by_day=True)

    def intervals(self) -> pa.Table:
        """Return measures by interval of the day over all days."""
        cells = [
            (at, slice(at, at + 1))
            for at in np.flatnonzero(self.calendar.is_open().any(axis=0)).tolist()
        ]
        return _rows(self, cells, by_day=False)

    def whole(self) -> pa.Table:
        """Return measures over all days."""
        return _rows(self, [(None, slice(0, self.calendar.slots))], by_day=False)

    def cell_coverage(self, given: str, measure: str = "offered") -> float:
        """Return the share of open intervals of held-out days inside their prediction band."""
        real = _values(self.log, measure)
        drawn = _values(self.simulations[given], measure)
        low, high = _band(drawn, self.level, axis=1)
        inside = (real >= low) & (real <= high)
        used = self.calendar.is_open() & np.isfinite(real)
        return float(inside[used].mean())

    def day_coverage(self, given: str, measure: str) -> float:
        """Return the share of held-out days inside their prediction band."""
        real = _day_values(self.log, measure)
        low, high = _band(_day_values(self.simulations[given], measure), self.level, axis=1)
        return float(((real >= low) & (real <= high)).mean())


def backtest(
    found: Calibration,
    log: str | Path,
    *,
    replications: int = 100,
    level: float = 0.9,
    progress: Progress | None = None,
) -> Backtest:
    """Lay a calibrated scenario beside days of a log that it has not seen.

    Twice: given the volumes and agents of those days (is the mechanism right?), and given nothing
    (would the forecast have been?).

    Parameters
    ----------
    found
        The calibration.
    log
        The held-out log, with the same columns.
    replications
        Of every day.
    level
        Of the prediction bands.
    progress
        As for `simulate`, of days.

    Raises
    ------
    LogError
        If the log cannot be read or has no whole day on a weekday of the calibration.
    """
    if not isinstance(found, Calibration):
        raise ArgumentError(f"found must be what journeysim.calibrate gave, got {shown(found)}")
    replications = whole_number("replications", replications, least=1)
    level = checked_level(level)
    held_out, notes = held_out_days(found, Path(log))
    days, whole = len(held_out.calendar.days), found.document()
    simulations: dict[str, list[Tallies]] = {MECHANISM: [], FORECAST: []}
    with tempfile.TemporaryDirectory() as folder:
        for row, day in enumerate(held_out.calendar.days):
            document = with_own_volumes(found, whole, held_out, row, Path(folder))
            numbers = list(range(row * replications, (row + 1) * replications))
            calendar = held_out.calendar
            simulations[MECHANISM].append(simulated(document, numbers, calendar, THRESHOLD))
            parts = [
                simulated(
                    without(found, whole, int(day), draw),
                    numbers[draw::_REFITS],
                    calendar,
                    THRESHOLD,
                )
                for draw in range(min(_REFITS, replications))
            ]
            simulations[FORECAST].append(
                {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            )
            if progress is not None:
                progress(row + 1, days, 0.0)
    return Backtest(
        source=Path(log).name,
        calendar=held_out.calendar,
        log=held_out.tallies(THRESHOLD),
        simulations={
            given: {name: np.array([day[name] for day in own]) for name in own[0]}
            for given, own in simulations.items()
        },
        level=level,
        notes=notes,
    )


def held_out_days(found: Calibration, path: Path) -> tuple[HeldOut, tuple[str, ...]]:
    """Return the whole days of a held-out log, and what was left out of it."""
    reading = read_log(path, found.map)
    log = checked(reading.log)
    every, spans = found.calendar.every, found.calendar.spans
    days = np.unique(log.day)
    days = days[np.isin((days + 3) % 7, list(spans))]
    if not len(days):
        raise LogError(f"{path}: no day on a weekday of the calibration")
    counts = Calendar(days=np.unique(log.day), every=every, spans=spans)
    cells = counts.cells(log)[np.isin(counts.days, days)]
    whole = Calendar(days=days, every=every, spans=spans)
    broken = broken_days(cells, whole)
    calendar = Calendar(
        days=days[~np.isin(days, broken)],
        every=every,
        spans=spans,
        broken=tuple(int(day) for day in broken),
    )
    log = in_hours(log, calendar)
    notes = [f"{reason}: {count}" for reason, count in log.excluded.items()]
    if len(broken):
        notes.append(f"days on which the recording stopped: {dates(calendar.broken)}")
    calendar = Calendar(days=np.unique(log.day), every=every, spans=spans, broken=calendar.broken)
    grouping = group_contacts(log, calendar, found.map, like=found.grouping.groups)
    return HeldOut(log=log, calendar=calendar, grouping=grouping), tuple(notes)


def _values(tallies: Tallies, measure: str) -> NDArray[np.float64]:
    if measure == "offered":
        return tallies["offered"]
    upper, lower = RATIOS[measure]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(tallies[upper] / tallies[lower])


def _day_values(tallies: Tallies, measure: str) -> NDArray[np.float64]:
    return _values({name: table.sum(axis=-1) for name, table in tallies.items()}, measure)


def _band(
    drawn: NDArray[np.float64], level: float, *, axis: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=axis)
    return low, high


def _rows(test: Backtest, cells: Sequence[tuple[int | None, slice]], *, by_day: bool) -> pa.Table:
    rows = []
    for given, drawn in test.simulations.items():
        for slot, part in cells:
            real = {name: table[:, part].sum(axis=-1) for name, table in test.log.items()}
            made = {name: table[:, :, part].sum(axis=-1) for name, table in drawn.items()}
            if not by_day:
                # Days vary alike here and there, so a replication of all days is one draw.
                real = {name: table.sum(keepdims=True) for name, table in real.items()}
                made = {name: table.sum(axis=0)[None, :] for name, table in made.items()}
            for measure in MEASURES:
                value, simulated_values = _values(real, measure), _values(made, measure)
                if not np.isfinite(simulated_values).any():
                    continue
                low, high = _band(simulated_values, test.level, axis=1)
                mean = _pooled(made, measure)
                rows += [
                    {
                        "given": given,
                        "day": date_of(int(test.calendar.days[row])) if by_day else None,
                        "from": None if slot is None else format_clock(slot * test.calendar.every),
                        "measure": measure,
                        "log": float(value[row]),
                        "simulated": float(mean[row]),
                        "low": float(low[row]),
                        "high": float(high[row]),
                        "inside": bool(low[row] <= value[row] <= high[row]),
                    }
                    for row in range(len(value))
                ]
    kinds = {"given": pa.string(), "day": pa.string(), "from": pa.string(), "measure": pa.string()}
    numbers = dict.fromkeys(("log", "simulated", "low", "high"), pa.float64())
    schema = pa.schema([*(kinds | numbers | {"inside": pa.bool_()}).items()])
    return pa.Table.from_pylist(rows, schema=schema)


def _pooled(made: Tallies, measure: str) -> NDArray[np.float64]:
    """Return the ratio of sums over replications, or the mean count."""
    if measure == "offered":
        return np.asarray(made["offered"].mean(axis=1))
    return _values({name: table.sum(axis=1) for name, table in made.items()}, measure)
