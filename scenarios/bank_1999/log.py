"""The log of calls: which of it is used, and its counts by day and half hour."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

MONTHS = ("jan_1999.csv", "feb_1999.csv")
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")
HALF_HOUR = 1800
OPENS, CLOSES = 14, 48  # half hours since midnight: 07:00 and 24:00
SLOTS = np.arange(OPENS, CLOSES)
EDGES = np.arange(OPENS, CLOSES + 1) * HALF_HOUR
NEEDS = {"PS": "banking", "PE": "banking", "TT": "banking", "AA": "banking"}
NEEDS |= {"NE": "stock_exchange", "NW": "prospect", "IN": "internet_help"}
SEGMENTS = ("regular", "privileged", "stock_exchange", "prospect", "internet_help")
SHORT = 10  # seconds; services up to here are suspect (see `is_cut`)


def read_requests(folder: Path, *, keep_broken: bool = False) -> tuple[pd.DataFrame, list[str]]:
    """Return the requests for an agent on the days used, and the days left out.

    A request is a row that was served or abandoned the queue: who left inside the voice
    response unit never was a customer of this queue. A day is used if it is Sunday to Thursday
    and every half hour from 07:00 to 24:00 holds a request (else the recording stopped). The
    queue is entered at arrival + vru_s (a negative vru_s counts as 0): read so, 0.2 % of
    services begin 2 to 10 s before the same agent's last one ended; without vru_s, 0.6 % do.
    With `keep_broken` days on which the recording stopped are kept.
    """
    calls = pd.concat([pd.read_csv(folder / month) for month in MONTHS], ignore_index=True)
    calls = calls[calls["outcome"].isin(["served", "abandoned_queue"])].copy()
    arrival = pd.to_datetime(calls["arrival"])
    calls["day"] = arrival.dt.strftime("%Y-%m-%d")
    calls["weekday"] = arrival.dt.day_name()
    midnight = arrival.dt.normalize()
    calls["entered"] = (arrival - midnight).dt.total_seconds() + calls["vru_s"].clip(lower=0)
    calls["slot"] = (calls["entered"] // HALF_HOUR).astype(int)
    calls = calls[calls["weekday"].isin(WEEKDAYS)].copy()
    calls["abandoned"] = calls["outcome"] == "abandoned_queue"
    calls["started"] = calls["entered"] + calls["wait_s"]
    calls["ended"] = calls["started"] + calls["service_s"]
    calls["need"] = calls["type"].map(NEEDS)
    calls["is_open"] = calls["slot"].between(OPENS, CLOSES - 1)
    seen = calls[calls["is_open"]].groupby(["day", "slot"]).size().unstack(fill_value=0)
    broken = [str(day) for day in seen.index[(seen == 0).any(axis=1)]]
    if not keep_broken:
        calls = calls[~calls["day"].isin(broken)]
    calls = calls.reset_index(drop=True)
    return calls.assign(day=calls["day"].astype("category")), broken


def by_day(calls: pd.DataFrame, values: str | None = None) -> np.ndarray:
    """Return counts (or sums of the column `values`), shape (days, half hours of opening).

    The days are the categories of the column `day`, so a day without such calls is a row of 0.
    """
    weights = None if values is None else calls[values]
    table, _, _ = np.histogram2d(
        calls["day"].cat.codes,
        calls["slot"],
        bins=[np.arange(len(calls["day"].cat.categories) + 1) - 0.5, np.arange(OPENS, CLOSES + 1)],
        weights=weights,
    )
    return table


def per_day(calls: pd.DataFrame, column: str | None = None) -> np.ndarray:
    """Return counts (or sums of a column) per day, shape (days,)."""
    return by_day(calls, column).sum(axis=1)


def need_of(segment: str) -> str:
    """Return the one need of a segment."""
    return "banking" if segment in ("regular", "privileged") else segment


def segment_requests(requests: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Return the requests whose segment is known: banking only where the priority is."""
    own = requests[requests["need"] == need_of(segment)]
    if need_of(segment) != "banking":
        return own
    return own[(own["queued"] == 1) & ((own["priority"] == 2) == (segment == "privileged"))]


def is_cut(calls: pd.DataFrame) -> pd.Series:
    """Return which calls were cut off: served for SHORT seconds or less.

    A call that the bank itself returned (TT) may end at once for other reasons, and is left out:
    its customers come back no more often than after a long call.
    """
    return ~calls["abandoned"] & (calls["service_s"] <= SHORT) & (calls["type"] != "TT")
