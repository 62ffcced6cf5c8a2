"""The estimates of a calibration as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from journeysim.calibration.bootstrap import FEW_CONTACTS, FEW_DAYS, Estimate

if TYPE_CHECKING:
    from journeysim.calibration.fitted_log import FittedLog

SCHEMA = pa.schema(
    [
        pa.field("part", pa.string(), metadata={"meaning": "What was fitted."}),
        pa.field("name", pa.string(), metadata={"meaning": "Of whom or of what."}),
        pa.field("unit", pa.string(), metadata={"meaning": "Of the value."}),
        pa.field("value", pa.float64(), metadata={"meaning": "The estimate."}),
        pa.field("low", pa.float64(), metadata={"meaning": "Lower end of its 95 % interval."}),
        pa.field("high", pa.float64(), metadata={"meaning": "Upper end of its 95 % interval."}),
        pa.field("n", pa.int64(), metadata={"meaning": "Contacts or days that it rests on."}),
        pa.field("law", pa.string(), metadata={"meaning": "Family of the distribution."}),
        pa.field("distance", pa.float64(), metadata={"meaning": "Of the law from the log."}),
        pa.field("little_data", pa.bool_(), metadata={"meaning": "True where n is small."}),
    ]
)


def estimates_table(found: FittedLog) -> pa.Table:
    """Return one row per estimate."""
    rows: list[dict[str, Any]] = []
    for group, total in zip(found.grouping.groups, found.totals, strict=True):
        rows.append(_row("arrivals", group.name, "a day", total, few=FEW_DAYS))
    if found.swing is not None:
        rows += _swing_rows(found)
    for (need, channel), handling in found.handling.items():
        name = f"{need or 'all'}, {found.channels[channel]}"
        law, distance = handling.family, handling.distance.get(handling.family)
        rows.append(
            _row("handling", name, "s", handling.mean, few=FEW_CONTACTS)
            | {"law": law, "distance": distance}
        )
    for (group_code, channel), patience in found.patience.items():
        who = "all" if group_code < 0 else found.grouping.groups[group_code].name
        row = _row(
            "patience", f"{who}, {found.channels[channel]}", "s", patience.mean, few=FEW_CONTACTS
        )
        distance = patience.distance.get(patience.family)
        row["little_data"] = patience.abandoned < FEW_CONTACTS
        rows.append(row | {"law": patience.family, "distance": distance})
    for channel, wrap_up in found.wrap_up.items():
        row = _row("wrap-up", found.channels[channel], "s", wrap_up.mean, few=FEW_CONTACTS)
        law, distance = wrap_up.family, wrap_up.distance.get(wrap_up.family)
        rows.append(row | {"law": law, "distance": distance})
    for channel, pause in found.readiness.items():
        row = _row("pause", found.channels[channel], "s", pause.mean, few=FEW_CONTACTS)
        rows.append(row | {"law": "kaplan_meier"})
    for staffing in found.staffing:
        if staffing.hours is not None:
            names = "+".join(found.channels[int(code)] for code in staffing.channels)
            rows.append(_row("agents", names, "h a day", staffing.hours, few=FEW_DAYS))
    for step in found.returns.steps:
        outcome = "served" if step.outcome == 0 else "abandoned"
        name = f"{found.channels[step.channel]} {outcome} -> {found.channels[step.to]}"
        rows.append(_row("next", name, "share", step.share, few=FEW_CONTACTS))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(part: str, name: str, unit: str, estimate: Estimate, *, few: int) -> dict[str, Any]:
    return {
        "part": part,
        "name": name,
        "unit": unit,
        "value": estimate.mean,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "law": None,
        "distance": None,
        "little_data": estimate.n < few,
    }


def _swing_rows(found: FittedLog) -> list[dict[str, Any]]:
    swing = found.swing
    assert swing is not None
    figures = swing.day_cv, swing.interval_cv, swing.correlation
    names = "day factor", "interval factor", "interval to interval"
    units = "cv", "cv", "correlation"
    return [
        _row(
            "swing",
            name,
            unit,
            Estimate(mean=value, low=float(low), high=float(high), n=swing.days),
            few=FEW_DAYS,
        )
        for name, unit, value, (low, high) in zip(names, units, figures, swing.ranges, strict=True)
    ]
