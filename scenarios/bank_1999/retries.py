"""Who calls again because a call failed, and how soon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.bank_1999.bootstrap import BOOTSTRAPS, Estimate, resampled_days
from scenarios.bank_1999.log import SHORT

RETURN_EDGES = np.array([0, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200])
SHARED_ID = 40  # identified requests in two months above which an id is no single person
NEAR = 300  # seconds either side in which the chance of being queued (and identified) is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Who calls again because of a call that failed, and how soon.

    `share` is `after` less `background`. `cumulative` is the share back by each of RETURN_EDGES,
    given that they come back; `calls` is the number of failed calls it rests on.
    """

    share: Estimate
    after: float
    background: float
    cumulative: np.ndarray
    calls: int


def chance_of_queue(calls: pd.DataFrame) -> np.ndarray:
    """Return the share queued among the requests within NEAR seconds on the same day."""
    near = np.empty(len(calls))
    for rows in calls.groupby("day", observed=True).indices.values():
        entered = calls["entered"].to_numpy()[rows]
        order = np.argsort(entered, kind="stable")
        queued = np.concatenate(([0], np.cumsum(calls["queued"].to_numpy()[rows][order])))
        first = np.searchsorted(entered[order], entered - NEAR, side="left")
        last = np.searchsorted(entered[order], entered + NEAR, side="right")
        near[rows] = (queued[last] - queued[first]) / (last - first)
    return near


def identified_with_next(calls: pd.DataFrame) -> pd.DataFrame:
    """Return identified requests with the delay to, and the weight of, the next one that day.

    The id is recorded only for those who are queued, so a return that is served at once goes
    unseen: every return weighs 1 / (chance of being queued near that moment). Ids with more than
    SHARED_ID identified requests are left out: companies and shared accounts, whose next call is
    often another person's.
    """
    seen = calls.assign(chance=chance_of_queue(calls))
    seen = seen[(seen["queued"] == 1) & seen["customer"].notna()]
    seen = seen.sort_values(["day", "customer", "entered"])
    later = seen.groupby(["day", "customer"], observed=True)
    seen = seen.assign(
        delay=later["entered"].shift(-1) - seen["ended"], weight=1 / later["chance"].shift(-1)
    )
    return seen[seen["customer"].map(seen["customer"].value_counts()) <= SHARED_ID]


def returns_by_day(seen: pd.DataFrame) -> np.ndarray:
    """Return weighted returns by delay, and the calls, shape (days, delays + 1)."""
    days = len(seen["day"].cat.categories)
    back, _, _ = np.histogram2d(
        seen["day"].cat.codes,
        seen["delay"].fillna(-1),
        bins=[np.arange(days + 1) - 0.5, RETURN_EDGES],
        weights=seen["weight"].fillna(0),
    )
    calls = np.bincount(seen["day"].cat.codes, minlength=days)
    return np.column_stack((back, calls))


def estimate_return(seen: pd.DataFrame, failed: pd.Series) -> Return:
    """Estimate who comes back within two hours of a failed call, on the same day.

    People call again for other reasons too, so the same share after a full-length service (over
    SHORT seconds) is taken off.
    """
    whole = ~seen["abandoned"] & (seen["service_s"] > SHORT)
    after, background = returns_by_day(seen[failed]), returns_by_day(seen[whole])
    chosen = resampled_days(len(after), BOOTSTRAPS)
    first, second = (
        table[chosen][:, :, :-1].sum(axis=(1, 2)) / table[chosen][:, :, -1].sum(axis=1)
        for table in (after, background)
    )
    low, high = np.quantile(first - second, [0.025, 0.975])
    shares = [table.sum(axis=0)[:-1] / table[:, -1].sum() for table in (after, background)]
    excess = np.clip(shares[0] - shares[1], 0, None)
    mean = float(shares[0].sum() - shares[1].sum())
    return Return(
        share=Estimate(mean=mean, low=float(low), high=float(high)),
        after=float(shares[0].sum()),
        background=float(shares[1].sum()),
        cumulative=np.concatenate(([0.0], np.cumsum(excess) / excess.sum())),
        calls=int(failed.sum()),
    )
