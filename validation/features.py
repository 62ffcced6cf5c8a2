"""What happened in a world: the settings that left a trace in its rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from journeysim.scenario.flat.flat_model import BUDGET_PATIENCE, SAME_PATIENCE, FlatModel
from journeysim.tables.run import Replication

FEATURES = (
    "somebody",
    "self-service",
    "deferred",
    "chase",
    "superseded",
    "overflow",
    "second pool",
    "levels of preference",
    "priority",
    "head start",
    "concurrency",
    "wrap-up",
    "announcement",
    "balking",
    "lines",
    "closed",
    "sent away",
    "patience",
    "patience 0",
    "same patience",
    "budget",
    "retry",
    "switch",
    "recontact",
    "transfer",
    "exhausted",
    "lost",
    "overrun",
    "needs",
    "segments",
    "trace",
    "gaps",
    "day factor",
    "entries at one tick",
    "waiting at the end",
    "in service at the end",
)
_OUTCOMES = {
    "superseded": "superseded",
    "balked": "balking",
    "blocked": "lines",
    "closed": "closed",
    "abandoned": "patience",
    "contained": "self-service",
    "stuck": "self-service",
    "waiting": "waiting at the end",
    "in_service": "in service at the end",
}


def features(model: FlatModel, made: Replication) -> set[str]:
    """Return which of `FEATURES` can be seen in what a world left behind."""
    rows = _columns(made.contacts)
    outcomes, journeys = _words(made.contacts, "outcome"), _words(made.journeys, "outcome")
    causes = _words(made.contacts, "cause")
    found = {_OUTCOMES[word] for word in outcomes if word in _OUTCOMES}
    found |= set(causes) & {"chase", "retry", "switch", "recontact", "transfer"}
    found |= set(journeys) & {"exhausted", "lost"}
    seen = _of_rows(rows, outcomes) | _of_pools(model, rows)
    seen["deferred"] = (model.by_agents > model.hangs_on)[rows["channel"]]
    rule, given_up = model.patience_rule[rows["segment"]], outcomes == "abandoned"
    seen["same patience"] = given_up & (rule == SAME_PATIENCE) & (rows["contact"] > 1)
    seen["budget"] = given_up & (rule == BUDGET_PATIENCE)
    found |= {name for name, where in seen.items() if where.any()}
    whole = {
        "overrun": any(made.intervals["overrun"].cast(pa.int64()).drop_null().to_pylist()),
        "somebody": True,
        "trace": model.trace.arrival.size > 0,
        "gaps": bool((model.demand.gaps >= 0).any()),
        "day factor": bool((model.demand.day_cv > 0).any()),
    }
    return found | {name for name, is_so in whole.items() if is_so and len(outcomes)}


def _of_rows(rows: dict[str, np.ndarray], outcomes: np.ndarray) -> dict[str, np.ndarray]:
    waited = rows["wait"] > 0
    places = np.stack([rows["channel"], rows["entered"]])
    return {
        "head start": waited & (rows["head_start"] > 0),
        "priority": waited & (rows["priority"] != 0),
        "wrap-up": rows["wrap_up"] > 0,
        "announcement": rows["announced_wait"] >= 0,
        "sent away": waited & (outcomes == "closed"),
        "patience 0": ~waited & (outcomes == "abandoned"),
        "needs": rows["need"] > 0,
        "segments": rows["segment"] > 0,
        "entries at one tick": np.unique(places, axis=1, return_counts=True)[1] > 1,
    }


def _of_pools(model: FlatModel, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    if not model.units.size:
        return {}
    channel, pool, served = rows["channel"], rows["pool"], rows["pool"] >= 0
    level = model.level[pool, channel, rows["need"]]
    several = (model.level > 0).any(axis=(1, 2))
    after, first = np.zeros((2, model.lines.size, model.units.size), np.int64)
    for one in range(model.lines.size):
        entries = slice(model.route_first[one], model.route_last[one])
        after[one, model.route_pool[entries]] = model.route_after[entries]
        first[one, model.route_pool[entries][:1]] = 1
    return {
        "concurrency": served & (model.share[pool, channel] < model.units[pool]),
        "levels of preference": served & several[pool] & (level >= 0) & (rows["wait"] > 0),
        "overflow": served & (after[channel, pool] > 0),
        "second pool": served & (first[channel, pool] == 0),
    }


def _words(table: pa.Table, column: str) -> np.ndarray:
    return np.array(table[column].to_pylist(), dtype=object)


def _columns(table: pa.Table) -> dict[str, np.ndarray]:
    """Return columns as whole numbers: codes of words, ticks, -1 where something is missing."""
    found = {}
    for name in table.column_names:
        chunks = table[name].chunks
        column = pa.concat_arrays(chunks) if chunks else pa.array([], pa.int64())
        column = column.indices if pa.types.is_dictionary(column.type) else column
        found[name] = column.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return found
