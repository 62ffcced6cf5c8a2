"""What hours at work buy: agent hours and service level of every scenario, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from journeysim.measures import catalogue
from journeysim.measures.estimates import ratio_of_sums

if TYPE_CHECKING:
    from journeysim.comparison.comparison import Comparison

HOURS: Final = catalogue.with_role("agent_hours")
LEVEL: Final = catalogue.with_role("in_time")
MEANINGS: Final = {
    "scenario": "The baseline or a variant.",
    "channel": "Channel whose service level it is: the busiest with one.",
    HOURS: "Agent hours at work per replication, all pools together.",
    LEVEL: "Service level over all replications.",
    "half_width": "Half the width of its interval, by jackknife over replications.",
    "replications": "Replications of each scenario.",
}


def staffing_table(comparison: Comparison) -> pa.Table:
    """Return a row per scenario, the baseline first.

    Without rows where service levels by channel, or hours at work, are not among the measures.
    """
    rows = comparison.scores.to_pylist() if comparison.record["by"] == ["channel"] else []
    hours = [row for row in rows if row["measure"] == HOURS]
    levels = [row for row in rows if row["measure"] == LEVEL and row["denominator"]]
    base = comparison.record["baseline"]["name"]
    weight: dict[str, float] = {}
    for row in levels:
        if row["scenario"] == base:
            weight[row["channel"]] = weight.get(row["channel"], 0.0) + row["denominator"]
    found: list[dict[str, Any]] = []
    for scenario in (base, *comparison.variants) if weight and hours else ():
        channel = max(weight, key=lambda name: weight[name])
        mine = [row for row in levels if row["scenario"] == scenario and row["channel"] == channel]
        at_work = [row["value"] for row in hours if row["scenario"] == scenario]
        if not mine or not at_work:
            continue
        pair = (np.array([[row[name]] for row in mine]) for name in ("numerator", "denominator"))
        estimate = ratio_of_sums(*pair, level=comparison.record["level"])
        found.append(
            {
                "scenario": scenario,
                "channel": channel,
                HOURS: float(np.mean(at_work)),
                LEVEL: float(estimate.value[0]),
                "half_width": float(estimate.half_width[0]),
                "replications": comparison.record["replications"],
            }
        )
    fields = [
        pa.field(
            name,
            pa.string()
            if name in ("scenario", "channel")
            else pa.int64()
            if name == "replications"
            else pa.float64(),
            metadata={"meaning": meaning},
        )
        for name, meaning in MEANINGS.items()
    ]
    return pa.Table.from_pylist(found, schema=pa.schema(fields))
