"""The data's own figures, as JSON: what a simulated day is laid beside."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from scenarios.bank_1999.bootstrap import BOOTSTRAPS, Estimate, ratio
from scenarios.bank_1999.centre import Centre
from scenarios.bank_1999.log import SLOTS, by_day


def clock(slot: int) -> str:
    """Return the time of day at which a half hour begins."""
    return f"{slot // 2:02d}:{30 * (slot % 2):02d}"


def rounded(estimate: Estimate, digits: int) -> dict[str, float]:
    """Return an estimate for JSON."""
    return {
        "mean": round(estimate.mean, digits),
        "low": round(estimate.low, digits),
        "high": round(estimate.high, digits),
    }


def row(tables: dict[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """Return the measures of some half hours together, each table of shape (days,)."""
    offered, served = tables["offered"], tables["served"]
    return {
        "offered_per_day": rounded(ratio(offered, np.ones(len(offered))), 2),
        "mean_wait_s": rounded(ratio(tables["wait"], offered), 2),
        "abandoned_share": rounded(ratio(tables["abandoned"], offered), 4),
        "queued_share": rounded(ratio(tables["queued"], offered), 4),
        "mean_handling_s": rounded(ratio(tables["service"], served), 1),
    }


def measured_tables(requests: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return what `row` needs, each of shape (days, half hours)."""
    served = requests[~requests["abandoned"]]
    return {
        "offered": by_day(requests),
        "served": by_day(served),
        "abandoned": by_day(requests[requests["abandoned"]]),
        "queued": by_day(requests[requests["wait_s"] > 0]),
        "wait": by_day(requests, "wait_s"),
        "service": by_day(served, "service_s"),
    }


def measured_figures(centre: Centre) -> dict[str, object]:
    """Return the figures that a simulated day is laid beside."""
    requests = centre.requests
    tables = measured_tables(requests)
    return {
        "source": "AnonymousBank call centre, Israel, January and February 1999",
        "definitions": {
            "offered_per_day": "requests for an agent (served or abandoned in the queue), by the "
            "time of entering the queue (arrival + vru_s), retries and recontacts included",
            "mean_wait_s": "mean wait of all offered, seconds, those served at once included as 0",
            "abandoned_share": "abandoned / offered",
            "queued_share": "with a wait over 0 s / offered",
            "mean_handling_s": "mean service of the served, seconds; wrap-up is not recorded",
            "low, high": f"95 % interval, {BOOTSTRAPS} bootstraps over days",
        },
        "days": centre.days,
        "days_left_out": centre.broken,
        "totals": row({name: table.sum(axis=1) for name, table in tables.items()}),
        "half_hours": [
            {"from": clock(slot)} | row({name: table[:, at] for name, table in tables.items()})
            for at, slot in enumerate(SLOTS)
        ],
        "by_need": {
            str(need): row({n: table.sum(axis=1) for n, table in measured_tables(own).items()})
            for need, own in requests.groupby("need")
        },
        "agents_by_rule": {
            rule: [round(float(present), 2) for present in values]
            for rule, values in centre.agents.items()
        },
        "erlang_a_abandoned_share": {rule: round(v, 4) for rule, v in centre.erlang_a.items()},
    }


def json_text(figures: dict[str, object]) -> str:
    """Return JSON with one line per half hour, rule or definition."""
    blocks = []
    for key, value in figures.items():
        if isinstance(value, dict):
            lines = [f"{json.dumps(name)}: {json.dumps(item)}" for name, item in value.items()]
            body = "{\n    " + ",\n    ".join(lines) + "\n  }"
        elif isinstance(value, list) and isinstance(value[0], dict):
            body = "[\n    " + ",\n    ".join(json.dumps(item) for item in value) + "\n  ]"
        else:
            body = json.dumps(value)
        blocks.append(f"  {json.dumps(key)}: {body}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"
