"""What each figure of a calibrated scenario rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from journeysim.calibration.bootstrap import FEW_CONTACTS, FEW_DAYS, Estimate
from journeysim.calibration.contact_log import ABANDONED, SERVED
from journeysim.calibration.scenario_values import in_seconds
from journeysim.scenario.channel_kinds import KINDS

if TYPE_CHECKING:
    from journeysim.calibration.fitted_log import FittedLog

Rows = dict[str, dict[str, Any]]
LITTLE: Final = "LITTLE DATA: "
_RULE: Final = {"source": "the rule as given in the map", "grade": "published"}
_SHORT_NAME: Final = {"kaplan_meier": "Kaplan-Meier", "early_and_late": "early peak and Weibull"}


def evidence_of(found: FittedLog, document: dict[str, Any]) -> Rows:
    """Return the evidence table of a scenario: every fitted figure, every assumption."""
    made: Rows = {}
    for code, group in enumerate(found.grouping.groups):
        now = document["segments"][group.name]["arrivals"]["counts"]
        made |= _of_segment(found, code, f"segments.{group.name}", sum(now))
    if "demand" in document:
        made |= _of_demand(found, document["demand"])
    made |= _of_handling(found, document)
    for code, name in enumerate(found.channels):
        made |= _of_channel(found, code, f"channels.{name}", document["channels"][name])
    made |= _of_pools(found, document)
    return made


def measured(
    source: str, estimate: Estimate, *, few: int, unit: str = "", spread: str = "uniform"
) -> dict[str, Any]:
    """Return a row for a measured figure; little data is marked.

    Means of times, like counts, lie about normally in their 95 % interval; shares may not.
    """
    low, high = (float(f"{value:.5g}") for value in (estimate.low, estimate.high))
    ends: list[Any] = [in_seconds(low), in_seconds(high)] if unit == "s" else [low, high]
    row = {
        "source": f"{LITTLE if estimate.n < few else ''}{source}",
        "grade": "measured",
        "n": estimate.n,
        "range": ends,
    }
    is_normal = (unit == "s" or spread == "normal") and estimate.low < estimate.high
    return row | ({"spread": "normal"} if is_normal else {})


def assumed(source: str) -> dict[str, Any]:
    """Return a row for what the log does not tell."""
    return {"source": source, "grade": "assumption"}


def _of_segment(found: FittedLog, code: int, path: str, now: float) -> Rows:
    log = found.log.source
    group = found.grouping.groups[code]
    back = ", less expected returns" if found.returns.steps and not found.returns.by_case else ""
    back = ", first contacts of cases" if found.returns.by_case else back
    total = found.totals[code]
    # The range is of what stands under `counts`, one weekday's total; the others move with it.
    scale = now / total.mean if total.mean else 0.0
    counts = Estimate(mean=now, low=total.low * scale, high=total.high * scale, n=total.n)
    text = f"{log}: contacts{back}; the range is of the total of `counts`"
    made: Rows = {f"{path}.arrivals.counts": measured(text, counts, few=FEW_DAYS, spread="normal")}
    for channel, name in enumerate(found.channels):
        fit = found.patience.get((code, channel))
        if fit is None:
            continue
        at = f"{path}.patience"
        if len(found.channels) > 1:
            at = f"{path}.channels.{name}.patience"
        made[at] = _patience_row(log, fit)
    if group.segment in found.map.head_start:
        made[f"{path}.head_start"] = {
            "source": "the rule as given in the map",
            "grade": "published",
        }
    if group.segment in found.map.priority:
        made[f"{path}.priority"] = dict(_RULE)
    return made


def _patience_row(log: str, fit: Any) -> dict[str, Any]:
    name = _SHORT_NAME.get(fit.family, fit.family)
    text = f"{log}: {name}, served means censored; {fit.abandoned} of {fit.queued} queued gave up"
    row = measured(text, fit.mean, few=2 * FEW_CONTACTS, unit="s")
    if fit.abandoned < FEW_CONTACTS and not row["source"].startswith(LITTLE):
        row["source"] = LITTLE + row["source"]
    return row


def _of_demand(found: FittedLog, demand: dict[str, Any]) -> Rows:
    swing = found.swing
    assert swing is not None
    text = f"{found.log.source}: covariances of interval counts, Poisson part removed"
    paths = ("day_factor.cv", "interval_factor.cv", "interval_factor.correlation")
    values = swing.day_cv, swing.interval_cv, swing.correlation
    made: Rows = {}
    for path, value, (low, high) in zip(paths, values, swing.ranges, strict=True):
        if path.split(".")[0] in demand:
            figure = Estimate(mean=value, low=float(low), high=float(high), n=swing.days)
            made[f"demand.{path}"] = measured(text, figure, few=FEW_DAYS)
    return made


def _of_handling(found: FittedLog, document: dict[str, Any]) -> Rows:
    made: Rows = {}
    for need, table in document["needs"].items():
        for name, own in table.get("channels", {}).items():
            key = next(iter(own))
            fit = found.handling[need, found.channels.index(name)]
            made[f"needs.{need}.channels.{name}.{key}"] = _handling_row(found.log.source, fit)
    return made


def _handling_row(log: str, fit: Any) -> dict[str, Any]:
    how = f"{fit.family}, distance {fit.distance.get(fit.family, 0.0):.3f}"
    if fit.family == "quantiles":
        best = min(fit.distance, key=lambda name: fit.distance[name])
        how = f"quantiles, as the nearest formula ({best}) is {fit.distance[best]:.3f} off"
    text = f"{log}: handling of the served; {how}; the range is of the mean"
    return measured(text, fit.mean, few=FEW_CONTACTS, unit="s")


def _of_channel(found: FittedLog, code: int, path: str, table: dict[str, Any]) -> Rows:
    log = found.log.source
    made: Rows = {}
    for key in ("talk", "time_spent"):
        if key in table:
            fit = found.handling.get(("", code))
            unknown = assumed("not in the log; a place to start from")
            made[f"{path}.{key}"] = unknown if fit is None else _handling_row(log, fit)
    if KINDS[table["kind"]].by_agents:
        made[f"{path}.wrap_up"] = assumed("not in the log")
        if code in found.wrap_up:
            made[f"{path}.wrap_up"] = _handling_row(log, found.wrap_up[code])
        elif code in found.readiness:
            text = f"{log}: pause before the agent's next contact while somebody waits, censored"
            mean = found.readiness[code].mean
            made[f"{path}.wrap_up"] = measured(text, mean, few=FEW_CONTACTS, unit="s")
    if "patience" in table:
        made[f"{path}.patience"] = _patience_row(log, found.patience[-1, code])
    if table["resolution"] == 1.0:
        made[f"{path}.resolution"] = assumed("not in the log: a service meets the need")
    return made | _of_steps(found, code, path, table)


def _of_steps(found: FittedLog, code: int, path: str, table: dict[str, Any]) -> Rows:
    made: Rows = {}
    names = {ABANDONED: ("abandoned",), SERVED: ("unresolved", "contained")}
    served = [s for s in found.returns.steps if s.channel == code and s.outcome == SERVED]
    if served and found.returns.by_case:
        mean = table["resolution"]
        low = max(1 - sum(step.share.high for step in served), 0.0)
        high = min(1 - sum(step.share.low for step in served), 1.0)
        text = f"{found.log.source}: cases without a further contact within 7 days"
        figure = Estimate(mean=mean, low=low, high=high, n=served[0].share.n)
        made[f"{path}.resolution"] = measured(text, figure, few=FEW_CONTACTS)
    for step in found.returns.steps:
        for outcome in names[step.outcome]:
            to = found.channels[step.to]
            if step.channel != code or to not in table.get("after", {}).get(outcome, {}):
                continue
            figure, whole = step.share, 1.0
            if step.outcome == SERVED:
                whole = max(sum(each.share.mean for each in served), 1e-9)
            figure = Estimate(
                mean=figure.mean / whole,
                low=figure.low / whole,
                high=min(figure.high / whole, 1.0),
                n=figure.n,
            )
            text = f"{found.log.source}: next contact within {step.window // 3_600_000_000} h"
            made[f"{path}.after.{outcome}.{to}.share"] = measured(text, figure, few=FEW_CONTACTS)
    return made


def _of_pools(found: FittedLog, document: dict[str, Any]) -> Rows:
    made: Rows = {}
    if not found.staffing:
        for name in document["pools"]:
            text = "not in the log: enough for the load, load + 2 sqrt(load) + 1"
            made[f"pools.{name}.agents"] = assumed(text)
        return made
    for name, staffing in zip(document["pools"], found.staffing, strict=True):
        days = len(found.calendar.days)
        mark = LITTLE if days < FEW_DAYS else ""
        made[f"pools.{name}.agents"] = {
            "source": f"{mark}{found.log.source}: {staffing.rule}; one stays after closing",
            "grade": "measured",
            "n": days,
        }
    return made
