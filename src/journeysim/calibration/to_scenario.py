"""A calibration as a scenario file: every figure with its evidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from journeysim.calibration.contact_log import ABANDONED, SERVED, span_of, weekday_name
from journeysim.calibration.fitted_evidence import evidence_of
from journeysim.calibration.inferred_presence import whole_agents
from journeysim.calibration.pools import STEP, Staffing
from journeysim.scenario.channel_kinds import USUAL_KIND, ChannelKind, kind_by_part_of_name
from journeysim.scenario.toml_writing import to_toml
from journeysim.units import DAY, format_clock, format_duration

if TYPE_CHECKING:
    from journeysim.calibration.calendar import Counts
    from journeysim.calibration.fitted_log import FittedLog

Document = dict[str, Any]
#: Where a log does not tell: a place to start from, graded as an assumption.
ASSUMED_TALK: Final = "4m"
_STAYS: Final = 2  # steps for which an agent stays after closing


def scenario_document(found: FittedLog) -> Document:
    """Return the scenario as a document."""
    start = int(found.calendar.weekdays[0])
    document: Document = {
        "title": f"Calibrated from {found.log.source}",
        "description": _description(found),
        "seed": 1,
        "replications": 20,
        "time": {
            "horizon": "7d",
            "run_out": "1d",
            "starts_on": weekday_name(start),
            "interval": format_duration(found.calendar.every),
        },
    }
    if found.swing is not None and found.swing.is_more_than_chance:
        document["demand"] = _demand(found)
    document["needs"] = {need: _need(found, need) for need in found.needs}
    document["segments"] = {
        group.name: _segment(found, code) for code, group in enumerate(found.grouping.groups)
    }
    document["channels"] = {name: _channel(found, code) for code, name in enumerate(found.channels)}
    pools = {pool_name(found, staffing): _pool(found, staffing) for staffing in found.staffing}
    document["pools"] = pools or _assumed_pools(found)
    document["evidence"] = evidence_of(found, document)
    return document


def scenario_text(found: FittedLog) -> str:
    """Return the scenario file, headed by what the log was and what was left out of it."""
    lines = [f"Calibrated from {found.log.source}: {_description(found)}", ""]
    lines += ["Left out, by reason:"] if found.log.excluded else []
    lines += [f"- {reason}: {count}" for reason, count in found.log.excluded.items()]
    lines += ["", "To know about the log:"] if found.log.notes else []
    lines += [f"- {note}" for note in found.log.notes]
    lines += ["", "What each figure rests on, and how sure it is, is under [evidence]."]
    head = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    return head + "\n" + to_toml(scenario_document(found))


def _description(found: FittedLog) -> str:
    days = len(found.calendar.days)
    return f"{len(found.log)} contacts of {days} days, {span_of(found.log)}"


def _demand(found: FittedLog) -> Document:
    swing = found.swing
    assert swing is not None
    made: Document = {}
    if swing.day_cv >= 0.01:
        made["day_factor"] = {"cv": round(swing.day_cv, 4)}
    if swing.interval_cv >= 0.01:
        made["interval_factor"] = {
            "cv": round(swing.interval_cv, 4),
            "correlation": round(swing.correlation, 4),
            "every": format_duration(found.calendar.every),
        }
    return made


def _need(found: FittedLog, need: str) -> Document:
    shares = found.first[need]
    first = {
        name: round(float(share), 6)
        for name, share in zip(found.channels, shares, strict=True)
        if share > 0
    }
    # Rounded shares must still make one.
    largest = max(first, key=lambda name: first[name])
    first[largest] = round(first[largest] + 1 - sum(first.values()), 6)
    made: Document = {"first": first}
    own = {
        name: {_talk_key(found, code): found.handling[need, code].law}
        for code, name in enumerate(found.channels)
        if (need, code) in found.handling and len(found.needs) > 1
    }
    return made | ({"channels": own} if own else {})


def _segment(found: FittedLog, code: int) -> Document:
    group = found.grouping.groups[code]
    made: Document = {"needs": {group.need: 1.0}}
    if group.segment in found.map.priority:
        made["priority"] = found.map.priority[group.segment]
    if group.segment in found.map.head_start:
        made["head_start"] = found.map.head_start[group.segment]
    fits = {
        name: found.patience[code, channel].law
        for channel, name in enumerate(found.channels)
        if (code, channel) in found.patience
    }
    if len(fits) == 1 and len(found.channels) == 1:
        made["patience"] = next(iter(fits.values()))
    elif fits:
        made["channels"] = {name: {"patience": law} for name, law in fits.items()}
    made["arrivals"] = _arrivals(found, found.profiles[code].expected)
    return made


def _arrivals(found: FittedLog, expected: Counts) -> Document:
    """Return expected counts by weekday: the most usual hours stand first, the rest by name."""
    calendar = found.calendar
    first = min(span[0] for span in calendar.spans.values())
    every = calendar.every

    def counts(weekday: int) -> list[float]:
        start, last = calendar.spans.get(weekday, (first, first))
        values = np.where(np.arange(calendar.slots) >= start, expected[weekday], 0.0)[first:last]
        return [float(f"{value:.4g}") for value in values]

    usual = int(calendar.weekdays[0])
    made: Document = {
        "from": format_clock(first * every),
        "every": format_duration(every),
        "counts": counts(usual),
    }
    for weekday in range(7):
        if weekday != usual:
            made[weekday_name(weekday)] = counts(weekday) if weekday in calendar.spans else []
    return made


def channel_kind(found: FittedLog, code: int) -> ChannelKind:
    """Return the kind of a channel: somebody waited in it, or by its name."""
    own = np.maximum(found.log.channel, 0) == code
    if (own & (found.log.wait > 0)).any() or found.map.columns.get("wait"):
        return USUAL_KIND
    return kind_by_part_of_name(found.channels[code])


def _talk_key(found: FittedLog, code: int) -> str:
    return "talk" if channel_kind(found, code).by_agents else "time_spent"


def _channel(found: FittedLog, code: int) -> Document:
    kind = channel_kind(found, code)
    made: Document = {"kind": kind.name, "opening": _opening(found)}
    if kind.by_machine:
        del made["opening"]
    whole = found.handling.get(("", code))
    covered = all((need, code) in found.handling for need in found.needs)
    if whole is None or len(found.needs) == 1 or not covered:
        made[_talk_key(found, code)] = ASSUMED_TALK if whole is None else whole.law
    if kind.by_agents:
        fit = found.wrap_up.get(code) or found.readiness.get(code)
        made["wrap_up"] = "0s" if fit is None else fit.law
    alone = (-1, code) in found.patience and any(
        (group, code) not in found.patience for group in range(len(found.grouping.groups))
    )
    if kind.hangs_on and alone:
        made["patience"] = found.patience[-1, code].law
    return made | _after(found, code, kind)


def _opening(found: FittedLog) -> Any:
    hours: Document = dict(found.calendar.opening())
    if len(set(hours.values())) == 1 and len(hours) == 7:
        return next(iter(hours.values()))
    usual = Counter(hours.values()).most_common(1)[0][0]
    made: Document = {"default": usual}
    for weekday in range(7):
        name = weekday_name(weekday)
        if hours.get(name) != usual:
            made[name] = hours.get(name, [])
    return made


def _after(found: FittedLog, code: int, kind: ChannelKind) -> Document:
    """Return what comes next, and how often a service meets the need."""
    made: Document = {}
    lost = [s for s in found.returns.steps if s.channel == code and s.outcome == ABANDONED]
    unmet = [s for s in found.returns.steps if s.channel == code and s.outcome == SERVED]
    tables: Document = {}
    if lost and kind.hangs_on:
        tables["abandoned"] = {
            found.channels[s.to]: {"share": round(s.share.mean, 4), "delay": s.delay()}
            for s in lost
            if s.share.mean > 0
        }
    if unmet and found.returns.by_case:
        total = min(sum(step.share.mean for step in unmet), 1.0)
        made["resolution"] = round(1 - total, 4)
        shares = [float(np.floor(step.share.mean / total * 1e4) / 1e4) for step in unmet]
        outcome = "unresolved" if kind.by_agents else "contained"
        tables["unresolved" if outcome == "unresolved" else "contained"] = {
            found.channels[step.to]: {"share": share, "delay": step.delay()}
            for step, share in zip(unmet, shares, strict=True)
            if share > 0
        }
    made.setdefault("resolution", 1.0)
    if any(tables.values()):
        made["after"] = {name: table for name, table in tables.items() if table}
    return made


def pool_name(found: FittedLog, staffing: Staffing) -> str:
    """Return the name of a pool: of its channel, or `agents` where it serves several."""
    if len(found.staffing) == 1:
        return "agents"
    return f"{found.channels[int(staffing.channels[0])]}_agents"


def _pool(found: FittedLog, staffing: Staffing) -> Document:
    served = [
        found.channels[int(code)]
        for code in staffing.channels
        if channel_kind(found, int(code)).by_agents
    ]
    serves: list[Any] = [served] if len(served) > 1 else served
    return {"serves": serves, "agents": agents_table(found, staffing.levels)}


def agents_table(found: FittedLog, levels: Counts) -> Document:
    """Return whole agents by weekday; somebody stays for who still waits at closing."""
    whole = np.array([whole_agents(own) for own in levels])
    per = found.calendar.every // STEP
    for weekday, (_, last) in found.calendar.spans.items():
        for step in range(last * per, last * per + _STAYS):
            day, at = (weekday + step // levels.shape[1]) % 7, step % levels.shape[1]
            whole[day, at] = max(whole[day, at], 1)
    first = int(np.flatnonzero(whole.any(axis=0))[0])
    last = int(np.flatnonzero(whole.any(axis=0))[-1]) + 1
    usual = int(found.calendar.weekdays[0])
    made: Document = {"from": format_clock(first * STEP), "every": format_duration(STEP)}
    made["counts"] = whole[usual, first:last].tolist()
    for weekday in range(7):
        if weekday != usual:
            own = whole[weekday, first:last]
            made[weekday_name(weekday)] = own.tolist() if own.any() else []
    return made


def _assumed_pools(found: FittedLog) -> Document:
    """Return enough agents for the load, where the log shows none: an assumption."""
    served = [
        name for code, name in enumerate(found.channels) if channel_kind(found, code).by_agents
    ]
    if not served:
        return {}
    rate = sum(profile.expected for profile in found.profiles) / found.calendar.every
    talk = max((fit.mean.mean * 1e6 for fit in found.handling.values()), default=240e6)
    load = np.repeat(rate * talk, found.calendar.every // STEP, axis=1)
    levels = np.where(load > 0, np.ceil(load + 2 * np.sqrt(load) + 1), 0.0)
    assert levels.shape[1] == DAY // STEP
    serves: list[Any] = [served] if len(served) > 1 else served
    return {"agents": {"serves": serves, "agents": agents_table(found, levels)}}
