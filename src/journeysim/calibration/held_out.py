"""Held-out days simulated twice: with their own volumes and agents, and without."""

from __future__ import annotations

import copy
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journeysim.calibration.arrivals_fit import expected_counts
from journeysim.calibration.bootstrap import day_weights
from journeysim.calibration.calendar import Calendar, Counts
from journeysim.calibration.calibration import Calibration
from journeysim.calibration.contact_log import UNKNOWN, ContactLog, weekday_name
from journeysim.calibration.customer_groups import Grouping
from journeysim.calibration.inferred_presence import present_agents, whole_agents
from journeysim.calibration.to_scenario import pool_name
from journeysim.scenario.scenario import Scenario
from journeysim.tables.run import Run
from journeysim.units import DAY, MINUTE, SECOND, format_duration

#: What is counted in every interval; the rest are ratios of these.
COUNTED = ("offered", "abandoned", "wait", "served", "in_time", "talk")
Tallies = dict[str, NDArray[np.float64]]
#: Agents of a held-out day are followed this closely.
_STEP = 5 * MINUTE
_STAYS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """The days of a log that the scenario has not seen."""

    log: ContactLog
    calendar: Calendar
    grouping: Grouping

    def tallies(self, threshold: int) -> Tallies:
        """Return what happened, by day and interval; shape (days, slots)."""
        log, cells = self.log, self.calendar.cells
        wait = np.maximum(log.wait, 0) / SECOND
        talk = np.where(log.served, np.maximum(log.talk, 0), 0) / SECOND
        in_time = log.served & (log.wait <= threshold)
        return {
            "offered": cells(log),
            "abandoned": cells(log, log.abandoned.astype(float)),
            "wait": cells(log, wait),
            "served": cells(log, log.served.astype(float)),
            "in_time": cells(log, in_time.astype(float)),
            "talk": cells(log, talk),
        }


def with_own_volumes(
    found: Calibration, whole: dict[str, Any], held_out: HeldOut, row: int, folder: Path
) -> dict[str, Any]:
    """Return the scenario of one held-out day with its own contacts and agents.

    Returns are among the contacts of the log, so none is simulated.

    Parameters
    ----------
    whole
        The scenario as calibrated.
    row
        Which of the held-out days.
    folder
        Where its contacts are written.
    """
    day = int(held_out.calendar.days[row])
    document = _one_day(found, whole, day)
    log = held_out.log
    rows = np.flatnonzero(log.day == day)
    groups = held_out.grouping.drawn(log, held_out.calendar, seed=day)[rows]
    channel = np.maximum(log.channel[rows], 0)
    file = folder / f"{day}.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["arrival", "segment", "channel"])
        for at, group, code in zip(log.clock[rows], groups, channel, strict=True):
            name = held_out.grouping.groups[int(group)].name
            writer.writerow([f"{at / SECOND:.6f}", name, found.channels[int(code)]])
    for segment in document["segments"].values():
        del segment["arrivals"]
    document.pop("demand", None)
    for own in document["channels"].values():
        own.pop("after", None)
    document["trace"] = {"file": str(file)}
    for staffing in found.staffing:
        mine = log.where((log.day == day) & np.isin(np.maximum(log.channel, 0), staffing.channels))
        if "agent" not in log.columns or not (mine.served & (mine.agent != UNKNOWN)).any():
            continue
        levels = present_agents(mine, np.array([day]), gap=found.map.presence_gap, step=_STEP)[0]
        document["pools"][pool_name(found, staffing)]["agents"] = _agents(found, levels, day)
    return document


def _agents(found: Calibration, levels: Counts, day: int) -> dict[str, Any]:
    whole = whole_agents(levels)
    _, last = found.calendar.spans.get((day + 3) % 7, (0, found.calendar.slots))
    closes = last * found.calendar.every // _STEP
    # Somebody stays for who still waits; past midnight the day's table starts again.
    for step in range(closes, closes + _STAYS):
        whole[step % len(whole)] = max(whole[step % len(whole)], 1)
    return {"from": "00:00", "every": format_duration(_STEP), "counts": whole.tolist()}


def without(found: Calibration, whole: dict[str, Any], day: int, draw: int) -> dict[str, Any]:
    """Return the scenario of one day as it would have been forecast, refitted on drawn days.

    The days on which the volumes were fitted are drawn again for every `draw`, so that the band
    holds what is not known about them.
    """
    document = _one_day(found, whole, day)
    weekday = (day + 3) % 7
    weights = day_weights(len(found.calendar.days), 50)[draw % 50]
    spans = found.calendar.spans
    first = min(span[0] for span in spans.values())
    start, last = spans.get(weekday, (first, first))
    for code, group in enumerate(found.grouping.groups):
        expected = expected_counts(
            found.offered[code], found.calendar, found.profiles[code].strength, weights
        )[weekday]
        counts = np.where(np.arange(len(expected)) >= start, expected, 0.0)[first:last]
        arrivals = document["segments"][group.name]["arrivals"]
        document["segments"][group.name]["arrivals"] = {
            "from": arrivals["from"],
            "every": arrivals["every"],
            "counts": [float(f"{count:.4g}") for count in counts],
        }
    return document


def _one_day(found: Calibration, whole: dict[str, Any], day: int) -> dict[str, Any]:
    document = copy.deepcopy({key: part for key, part in whole.items() if key != "evidence"})
    time = {"horizon": "1d", "run_out": "6h", "starts_on": weekday_name((day + 3) % 7)}
    document["time"] = time | {"interval": format_duration(found.calendar.every)}
    return document


def simulated(
    document: dict[str, Any], numbers: list[int], calendar: Calendar, threshold: int
) -> Tallies:
    """Return what happens on a simulated day, by replication and interval."""
    from journeysim.study import simulate

    scenario = Scenario.from_document(document, name="held-out day")
    run = simulate(scenario, replications=numbers)
    days = list(_each(run, calendar, threshold))
    return {name: np.array([day[name] for day in days]) for name in COUNTED}


def _each(run: Run, calendar: Calendar, threshold: int) -> Iterator[Tallies]:
    for replication in run:
        contacts = replication.contacts
        outcome = contacts["outcome"].cast(pa.string()).to_numpy(zero_copy_only=False)
        ticks = {
            name: contacts[name].cast(pa.int64()).fill_null(0).to_numpy()
            for name in ("entered", "wait", "talk")
        }
        used = (outcome != "closed") & (ticks["entered"] < DAY)
        slot = ticks["entered"][used] // calendar.every
        lost = (outcome == "abandoned")[used]
        wait, talk = ticks["wait"][used], ticks["talk"][used]
        columns = {
            "offered": np.ones(len(slot)),
            "abandoned": lost.astype(float),
            "wait": wait / SECOND,
            "served": (~lost).astype(float),
            "in_time": (~lost & (wait <= threshold)).astype(float),
            "talk": np.where(lost, 0, talk) / SECOND,
        }
        yield {
            name: np.bincount(slot, values, minlength=calendar.slots).astype(float)
            for name, values in columns.items()
        }
