"""Agents at work, by rules: presence is not recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.bank_1999.bootstrap import Estimate, ratio
from scenarios.bank_1999.log import CLOSES, EDGES, HALF_HOUR, SLOTS

PRESENCE_GAP = 900  # seconds; fixed before any simulation was run
OTHER_GAP = 300


def stretches(served: pd.DataFrame, gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Return begin and end of each agent's stretches of presence, seconds since midnight.

    An agent is present from the first to the last call of the day; a pause between two calls
    longer than `gap` seconds splits the stretch.
    """
    begins, ends = [], []
    for _, own in served.groupby(["day", "server_id"], observed=True):
        own = own.sort_values("started")
        started = own["started"].to_numpy()
        ended = np.maximum.accumulate(own["ended"].to_numpy())
        breaks = np.flatnonzero(started[1:] - ended[:-1] > gap) + 1
        begins.append(started[np.r_[0, breaks]])
        ends.append(ended[np.r_[breaks - 1, len(ended) - 1]])
    return np.concatenate(begins), np.concatenate(ends)


def mean_present(spans: tuple[np.ndarray, np.ndarray], days: int, edges: np.ndarray) -> np.ndarray:
    """Return agents present, averaged over each half hour and over days."""
    begins, ends = spans
    shared = np.minimum(ends[:, None], edges[1:]) - np.maximum(begins[:, None], edges[:-1])
    return np.clip(shared, 0, None).sum(axis=0) / (HALF_HOUR * days)


def distinct_agents(served: pd.DataFrame, days: int) -> np.ndarray:
    """Return the mean number of different agents who began a call in each half hour."""
    slot = (served["started"] // HALF_HOUR).astype(int)
    seen = served.assign(slot=slot).groupby(["day", "slot"], observed=True)["server_id"].nunique()
    return seen.groupby("slot").sum().reindex(SLOTS, fill_value=0).to_numpy() / days


def half_up(values: np.ndarray) -> np.ndarray:
    """Return whole numbers, halves rounded up."""
    return np.floor(values + 0.5).astype(int)


def presence(served: pd.DataFrame) -> tuple[dict[str, np.ndarray], Estimate]:
    """Return agents per half hour by three rules, and agent hours a day by the rule used."""
    days = list(served["day"].cat.categories)
    agents = {
        "distinct agents seen": distinct_agents(served, len(days)),
        "gaps over 15 minutes": mean_present(stretches(served, PRESENCE_GAP), len(days), EDGES),
        "gaps over 5 minutes": mean_present(stretches(served, OTHER_GAP), len(days), EDGES),
    }
    hours = [
        mean_present(stretches(served[served["day"] == day], PRESENCE_GAP), 1, EDGES).sum() / 2
        for day in days
    ]
    agents["gaps over 15 minutes, rounded half up"] = half_up(agents["gaps over 15 minutes"])
    return agents, ratio(np.array(hours), np.ones(len(days)))


def late_agents(served: pd.DataFrame) -> float:
    """Return agents present from 24:00 to 24:30, by the rule used."""
    spans = stretches(served[served["is_open"]], PRESENCE_GAP)
    edges = np.array([CLOSES, CLOSES + 1]) * HALF_HOUR
    return float(mean_present(spans, len(served["day"].cat.categories), edges)[0])
