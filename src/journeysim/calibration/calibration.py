"""A calibration: everything that a log tells, each figure with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.arguments import COPY_FIRST, local_path, whole_number
from journeysim.calibration.arrivals_fit import fit_profile
from journeysim.calibration.bootstrap import ratio
from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.column_map import ColumnMap
from journeysim.calibration.contact_log import (
    UNKNOWN,
    ContactLog,
)
from journeysim.calibration.customer_groups import Grouping, group_contacts
from journeysim.calibration.fitted_log import FittedLog
from journeysim.calibration.fitted_table import estimates_table
from journeysim.calibration.handling_by_hour import handling_by_hour
from journeysim.calibration.handling_fit import FittedHandling, fit_handling
from journeysim.calibration.log_reading import Reading, read_log
from journeysim.calibration.patience_fit import FittedPatience, fit_patience
from journeysim.calibration.plain_names import plain_names
from journeysim.calibration.pools import fit_staffing
from journeysim.calibration.returns import Returns, fit_returns, landing
from journeysim.calibration.swing_fit import fit_swing
from journeysim.calibration.to_scenario import scenario_document, scenario_text
from journeysim.calibration.unseen_work import Readiness, fit_readiness
from journeysim.calibration.used_contacts import prepared
from journeysim.units import DAY, MINUTE, SECOND

#: Patience is read up to two hours; who waits longer is followed as far as this.
_LONGEST_WAIT = 7200
_FEW_QUEUED = 200
_FEW_LOST = 30
_FEW_SERVED = 30


class Calibration(FittedLog):
    """What a log tells, as a scenario and as a table."""

    __slots__ = ()

    def document(self) -> dict[str, object]:
        """Return the scenario as a document."""
        return scenario_document(self)

    def to_toml(self) -> str:
        """Return the scenario file."""
        return scenario_text(self)

    def estimates(self) -> pa.Table:
        """Return what was fitted, a row per estimate with its interval."""
        return estimates_table(self)

    def figures(self) -> pa.Table:
        """Return `estimates`, by its name up to version 0.1."""
        return self.estimates()


def calibrate(
    log: str | Path | Sequence[str | Path] | Reading,
    *,
    map: ColumnMap | None = None,  # noqa: A002 (as on the command line)
    every: int = 30 * MINUTE,
    anyway: bool = False,
) -> Calibration:
    """Return what a contact log tells, as a scenario and figures with their uncertainty.

    Parameters
    ----------
    log
        A file in CSV, Excel, Parquet or Arrow, or several with the same columns: one row per
        contact, per activity of a case, or per interval with a count. Or what `read_log` gave.
    map
        Which column is what; what it does not say is guessed from the names of the columns.
    every
        Length of an interval of the day, ticks.
    anyway
        Go on with a log that was plainly misread: all at midnight, a word per row, many rows
        left out.

    Raises
    ------
    LogError
        If the log cannot be read or has nothing to calibrate from.
    """
    every = whole_number("every", every, least=1, most=DAY)
    if not isinstance(log, Reading):
        several = log if isinstance(log, Sequence) and not isinstance(log, str) else [log]
        for each in several:
            local_path("log", each, instead=COPY_FIRST)
    reading = log if isinstance(log, Reading) else read_log(log, map)
    used, calendar = prepared(reading, every=every, anyway=anyway)
    grouping = group_contacts(used, calendar, reading.map)
    channels = tuple(plain_names(used.words["channel"])) or ("phone",)
    returns = fit_returns(used, calendar)
    offered = _fresh(used, calendar, grouping, returns)
    profiles = tuple(fit_profile(own, calendar) for own in offered)
    days = np.ones(len(calendar.days))
    handling = _handling(used, calendar, grouping)
    return Calibration(
        reading=reading,
        log=used.noted(*grouping.merged, *handling_by_hour(used, calendar, grouping, handling)),
        calendar=calendar,
        grouping=grouping,
        channels=channels,
        offered=offered,
        profiles=profiles,
        totals=tuple(ratio(own.sum(axis=1), days, len(days)) for own in offered),
        swing=fit_swing(offered, profiles, calendar) if len(calendar.days) >= 3 else None,
        handling=handling,
        patience=_patience(used, calendar, grouping),
        staffing=fit_staffing(used, calendar, reading.map.presence_gap),
        readiness=_readiness(used, reading.map.presence_gap),
        wrap_up=_wrap_up(used, calendar),
        returns=returns,
        first=_first_channels(used, grouping, len(channels)),
    )


def _fresh(log: ContactLog, calendar: Calendar, grouping: Grouping, returns: Returns) -> Counts:
    """Return fresh contacts: of cases the first ones, else all less the expected returns."""
    if returns.by_case:
        return grouping.volumes(log, calendar, _first_of_case(log))
    found = grouping.volumes(log, calendar)
    for step in returns.steps:
        rows = (log.outcome == step.outcome) & (np.maximum(log.channel, 0) == step.channel)
        need_rows = grouping.need
        for first, (codes, shares) in grouping.split.items():
            back = landing(log, calendar, rows & (need_rows == first), step)
            for code, share in zip(codes, shares, strict=True):
                found[code] -= back * share
    # A quiet interval may lose more than it has; the day's sum is what must be right.
    return found


def _first_of_case(log: ContactLog) -> NDArray[np.bool_]:
    first: NDArray[np.bool_] = log.case == UNKNOWN
    _, rows = np.unique(log.case, return_index=True)
    first[rows] = True
    return first


def _handling(
    log: ContactLog, calendar: Calendar, grouping: Grouping
) -> dict[tuple[str, int], FittedHandling]:
    rows = np.flatnonzero(log.served & (log.talk != UNKNOWN))
    found = {}
    days = np.searchsorted(calendar.days, log.day[rows])
    channel = np.maximum(log.channel[rows], 0)
    for first in np.flatnonzero(np.bincount(grouping.need[rows])):
        for own in np.flatnonzero(np.bincount(channel)):
            chosen = (grouping.need[rows] == first) & (channel == own)
            if np.count_nonzero(chosen) >= _FEW_SERVED:
                times = log.talk[rows[chosen]] / SECOND
                need = grouping.groups[int(first)].need
                found[need, int(own)] = fit_handling(times, days[chosen], len(calendar.days))
    for own in np.flatnonzero(np.bincount(channel)):
        chosen = channel == own
        times = log.talk[rows[chosen]] / SECOND
        found["", int(own)] = fit_handling(times, days[chosen], len(calendar.days))
    return found


def _patience(
    log: ContactLog, calendar: Calendar, grouping: Grouping
) -> dict[tuple[int, int], FittedPatience]:
    """Return patience by group, and of everybody (-1), in each channel, from those who queued."""
    rows = np.flatnonzero(log.queued & (log.wait != UNKNOWN))
    found: dict[tuple[int, int], FittedPatience] = {}
    channel = np.maximum(log.channel[rows], 0)
    for own in np.unique(channel):
        for group in range(-1, len(grouping.groups)):
            mine = channel == own
            if group >= 0:
                mine &= grouping.member[rows] == group
            chosen = rows[mine]
            lost = int(np.count_nonzero(log.abandoned[chosen]))
            if group >= 0 and (len(chosen) < _FEW_QUEUED or lost < _FEW_LOST):
                continue
            fit = fit_patience(*_waits_by_day(log, calendar, chosen))
            if fit is not None:
                found[group, int(own)] = fit
    return found


def _waits_by_day(
    log: ContactLog, calendar: Calendar, rows: NDArray[np.int64]
) -> tuple[Counts, Counts]:
    """Return abandonments, and all ends of waits, by day and second of waiting."""
    second = log.wait[rows] // SECOND
    # Who waits longer is followed to the last second, and then no more.
    lost = log.abandoned[rows] & (second < _LONGEST_WAIT)
    longest = int(min(second.max(initial=0), _LONGEST_WAIT)) + 1
    day = np.searchsorted(calendar.days, log.day[rows])
    flat = day * longest + np.minimum(second, longest - 1)
    size = len(calendar.days) * longest
    shape = len(calendar.days), longest
    gone = np.bincount(flat, minlength=size).reshape(shape).astype(float)
    return np.bincount(flat[lost], minlength=size).reshape(shape).astype(float), gone


def _readiness(log: ContactLog, gap: int) -> dict[int, Readiness]:
    if "agent" not in log.columns or "wait" not in log.columns or "wrap_up" in log.columns:
        return {}
    found = {}
    channel = np.maximum(log.channel, 0)
    for own in np.unique(channel):
        fit = fit_readiness(log.where(channel == own), gap=gap)
        if fit is not None:
            found[int(own)] = fit
    return found


def _wrap_up(log: ContactLog, calendar: Calendar) -> dict[int, FittedHandling]:
    rows = np.flatnonzero(log.served & (log.wrap_up >= 0))
    found = {}
    for own in np.unique(np.maximum(log.channel[rows], 0)):
        chosen = rows[np.maximum(log.channel[rows], 0) == own]
        if len(chosen) >= _FEW_SERVED and log.wrap_up[chosen].any():
            days = np.searchsorted(calendar.days, log.day[chosen])
            times = log.wrap_up[chosen] / SECOND
            found[int(own)] = fit_handling(times, days, len(calendar.days))
    return found


def _first_channels(log: ContactLog, grouping: Grouping, channels: int) -> dict[str, Counts]:
    rows = _first_of_case(log) if "case" in log.columns else np.ones(len(log), bool)
    found = {}
    for first in np.flatnonzero(np.bincount(grouping.need)):
        own = np.maximum(log.channel[rows & (grouping.need == first)], 0)
        counts = np.bincount(own, minlength=channels).astype(float)
        found[grouping.groups[int(first)].need] = counts / max(counts.sum(), 1.0)
    return found
