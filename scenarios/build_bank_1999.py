"""Build the scenario of a Sunday-to-Thursday day at an Israeli bank's call centre in 1999.

Reads `jan_1999.csv` and `feb_1999.csv` (one row per call; not part of this project) and writes
the commented scenario and the data's own half-hour figures. Every rule is a constant or a
sentence in a docstring below; nothing is tuned towards a simulated result.

    python scenarios/build_bank_1999.py --data DIR --out scenarios/bank_1999.toml \
        --figures scenarios/bank_1999_figures.json
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import curve_fit
from scipy.stats import kstest, lognorm

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen

MONTHS = ("jan_1999.csv", "feb_1999.csv")
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")
HALF_HOUR = 1800
OPENS, CLOSES = 14, 48  # half hours since midnight: 07:00 and 24:00
SLOTS = np.arange(OPENS, CLOSES)
EDGES = np.arange(OPENS, CLOSES + 1) * HALF_HOUR

NEEDS = {"PS": "banking", "PE": "banking", "TT": "banking", "AA": "banking"}
NEEDS |= {"NE": "stock_exchange", "NW": "prospect", "IN": "internet_help"}
SEGMENTS = ("regular", "privileged", "stock_exchange", "prospect", "internet_help")

PRESENCE_GAP = 900  # seconds; fixed before any simulation was run
OTHER_GAP = 300
RELIABLE_AT_RISK = 50  # Kaplan-Meier is read as far as this many still wait
PATIENCE_SECONDS = (2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 55, 60, 65, 70, 80, 90, 105, 120)
PATIENCE_SECONDS += (150, 180, 210, 240, 300, 360, 420, 480, 600, 720, 900, 1200)
TAIL_SURVIVAL = (0.75, 0.5, 0.35, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001)
RETURN_EDGES = np.array([0, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200])
SHORT = 10  # seconds; services up to here are suspect (see `is_cut`)
SHARED_ID = 40  # identified requests in two months above which an id is no single person
NEAR = 300  # seconds either side in which the chance of being queued (and identified) is read
BOOTSTRAPS = 1000
REFITS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval by bootstrap over days."""

    mean: float
    low: float
    high: float


def read_requests(folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return the requests for an agent on the days used, and the days left out.

    A request is a row that was served or abandoned the queue: who left inside the voice
    response unit never was a customer of this queue. A day is used if it is Sunday to Thursday
    and every half hour from 07:00 to 24:00 holds a request (else the recording stopped). The
    queue is entered at arrival + vru_s (a negative vru_s counts as 0): read so, 0.2 % of
    services begin 2 to 10 s before the same agent's last one ended; without vru_s, 0.6 % do.
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
    calls = calls[~calls["day"].isin(broken)].reset_index(drop=True)
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


def resampled_days(days: int, times: int) -> np.ndarray:
    """Return day numbers drawn with replacement, shape (times, days)."""
    return np.random.default_rng(1999).integers(0, days, size=(times, days))


def ratio(upper: np.ndarray, lower: np.ndarray) -> Estimate:
    """Return the ratio of sums over days, with its interval; both have shape (days,)."""
    chosen = resampled_days(len(upper), BOOTSTRAPS)
    low, high = np.quantile(upper[chosen].sum(axis=1) / lower[chosen].sum(axis=1), [0.025, 0.975])
    return Estimate(mean=float(upper.sum() / lower.sum()), low=float(low), high=float(high))


# --- Agents at work ---------------------------------------------------------------------------


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


def erlang_a(rate: float, handling: float, agents: int, patience: float) -> float:
    """Return the steady share that abandons in M/M/n+M; times in seconds.

    P(abandon) = theta E[waiting] / lambda, from the birth and death chain cut far in its tail.
    """
    states = np.arange(agents + 400)
    death = np.minimum(states, agents) / handling + np.maximum(states - agents, 0) / patience
    logs = np.concatenate(([0.0], np.cumsum(np.log(rate) - np.log(death[1:]))))
    chance = np.exp(logs - logs.max())
    waiting = float((chance * np.maximum(states - agents, 0)).sum() / chance.sum())
    return waiting / (patience * rate)


def day_abandonment(
    offered: np.ndarray, handling: np.ndarray, agents: np.ndarray, *, patience: float, cv: float = 0
) -> float:
    """Return the day's abandoned share by Erlang-A, half hour by half hour.

    A fraction of an agent is read as a straight line between its whole neighbours. With `cv` the
    load of a half hour varies by a lognormal factor of mean 1, over 25 equally likely values.
    """
    factors = lognormal(1, cv).ppf((np.arange(25) + 0.5) / 25) if cv else np.ones(1)
    factors = factors / factors.mean()
    lost = 0.0
    for count, length, present in zip(offered, handling, agents, strict=True):
        whole, part = int(present), present % 1
        for factor in factors:
            rate = count * factor / HALF_HOUR
            below, above = (erlang_a(rate, length, whole + up, patience) for up in (0, 1))
            lost += count * factor / len(factors) * (below * (1 - part) + above * part)
    return lost / float(offered.sum())


def half_up(values: np.ndarray) -> np.ndarray:
    """Return whole numbers, halves rounded up."""
    return np.floor(values + 0.5).astype(int)


# --- Who comes back ---------------------------------------------------------------------------


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


# --- Demand -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A segment's mean calls per half hour: measured, and returns among them."""

    measured: np.ndarray
    retries: np.ndarray
    recontacts: np.ndarray
    total: Estimate

    @property
    def fresh(self) -> np.ndarray:
        """Measured calls less the returns among them."""
        return np.clip(self.measured - self.retries - self.recontacts, 0, None)


def need_of(segment: str) -> str:
    """Return the one need of a segment."""
    return "banking" if segment in ("regular", "privileged") else segment


def privileged_share(requests: pd.DataFrame, need: str) -> np.ndarray:
    """Return the share of privileged customers among the queued, per half hour.

    The priority is recorded only for those who are queued (95 % of the banking customers served
    at once carry 0), and whether one is queued does not depend on it.
    """
    queued = requests[(requests["need"] == need) & (requests["queued"] == 1)]
    privileged = by_day(queued[queued["priority"] == 2]).sum(axis=0)
    return privileged / by_day(queued).sum(axis=0)


def landing(failed: pd.DataFrame, back: Return) -> np.ndarray:
    """Return the expected returns that failed calls make, shape (days, half hours)."""
    delay = EDGES[None, :] - failed["ended"].to_numpy()[:, None]
    back_by = np.interp(delay, RETURN_EDGES, back.cumulative)
    returns = np.zeros((len(failed["day"].cat.categories), len(SLOTS)))
    np.add.at(returns, failed["day"].cat.codes, back.share.mean * np.diff(back_by, axis=1))
    return returns


def estimate_demand(
    requests: pd.DataFrame, *, retry: Return, recontact: Return
) -> dict[str, Demand]:
    """Return the demand per segment; banking calls are split by the privileged share."""
    share = privileged_share(requests, "banking")
    demands = {}
    for segment in SEGMENTS:
        own = requests[requests["need"] == need_of(segment)]
        lost, cut = own[own["abandoned"]], own[is_cut(own)]
        part = np.ones(len(SLOTS))
        if need_of(segment) == "banking":
            privileged = segment == "privileged"
            part = share if privileged else 1 - share
            lost = lost[(lost["priority"] == 2) == privileged]
        retries, recontacts = landing(lost, retry), landing(cut, recontact) * part
        measured = by_day(own) * part
        demands[segment] = Demand(
            measured=measured.mean(axis=0),
            retries=retries.mean(axis=0),
            recontacts=recontacts.mean(axis=0),
            total=ratio((measured - retries - recontacts).sum(axis=1), np.ones(len(measured))),
        )
    return demands


def is_cut(calls: pd.DataFrame) -> pd.Series:
    """Return which calls were cut off: served for SHORT seconds or less.

    A call that the bank itself returned (TT) may end at once for other reasons, and is left out:
    its customers come back no more often than after a long call.
    """
    return ~calls["abandoned"] & (calls["service_s"] <= SHORT) & (calls["type"] != "TT")


def fresh_by_day(requests: pd.DataFrame, *, retry: Return, recontact: Return) -> np.ndarray:
    """Return measured calls less expected returns, shape (days, half hours)."""
    lost, cut = requests[requests["abandoned"]], requests[is_cut(requests)]
    return by_day(requests) - landing(lost, retry) - landing(cut, recontact)


# --- Busy and quiet days ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """How half-hour counts vary beyond Poisson; `covariance` is by lag in half hours."""

    day_cv: float
    interval_cv: float
    correlation: float
    dispersion: float
    covariance: np.ndarray


def dispersion(counts: np.ndarray) -> float:
    """Return variance over mean of the half-hour counts, shape (days, half hours)."""
    return float(counts.var(axis=0, ddof=1).sum() / counts.mean(axis=0).sum())


def fit_variation(counts: np.ndarray, weekdays: np.ndarray) -> Variation:
    """Fit day and interval factors to half-hour counts, shape (days, half hours).

    Relative to its mean m (half hour x weekday's volume) a count has covariances
    cov / (m m') = a + b rho**lag, less 1/m for the Poisson part at lag 0. Then a = cv_day**2 and
    b = (1 + a) cv_interval**2. The mean of five weekdays costs five degrees of freedom.
    """
    totals = counts.sum(axis=1)
    volume = np.empty(len(totals))
    for weekday in np.unique(weekdays):
        volume[weekdays == weekday] = totals[weekdays == weekday].mean() / totals.mean()
    expected = np.outer(volume, counts.mean(axis=0))
    rest, freedom = counts - expected, len(counts) / (len(counts) - len(np.unique(weekdays)))
    slots, covariance, weight = counts.shape[1], [], []
    for lag in range(slots):
        poisson = expected.sum() if lag == 0 else 0.0
        pairs = (expected[:, : slots - lag] * expected[:, lag:]).sum()
        product = (rest[:, : slots - lag] * rest[:, lag:]).sum() * freedom
        covariance.append((product - poisson) / pairs)
        weight.append(pairs)
    (day, interval, correlation), _ = curve_fit(
        lambda lag, a, b, rho: a + b * rho**lag,
        np.arange(slots),
        covariance,
        p0=[0.02, 0.05, 0.5],
        sigma=1 / np.sqrt(weight),
        bounds=([0, 0, 0], [1, 2, 0.99]),
    )
    return Variation(
        day_cv=float(np.sqrt(day)),
        interval_cv=float(np.sqrt(interval / (1 + day))),
        correlation=float(correlation),
        dispersion=dispersion(counts),
        covariance=np.array(covariance),
    )


def variation_ranges(counts: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Return 95 % intervals of day cv, interval cv and correlation, shape (3, 2)."""
    fits = [
        fit_variation(counts[chosen], weekdays[chosen])
        for chosen in resampled_days(len(counts), REFITS)
    ]
    values = [[fit.day_cv, fit.interval_cv, fit.correlation] for fit in fits]
    return np.quantile(values, [0.025, 0.975], axis=0).T


# --- Patience and handling --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Patience by Kaplan-Meier up to `reliable` seconds, exponential beyond."""

    quantiles: list[tuple[float, float]]
    mean: float
    low: float
    high: float
    queued: int
    abandoned: int
    reliable: int
    surviving: float
    tail_mean: float
    hazards: dict[str, float]


def seconds_by_day(calls: pd.DataFrame) -> np.ndarray:
    """Return how many calls ended their wait at each second, shape (days, seconds)."""
    days, longest = len(calls["day"].cat.categories), 3600
    seconds = calls["wait_s"].clip(upper=longest - 1)
    day = calls["day"].cat.codes.astype(int)
    flat = np.bincount(day * longest + seconds, minlength=days * longest)
    return flat.reshape(days, longest)


def kaplan_meier(left: np.ndarray, gone: np.ndarray) -> tuple[np.ndarray, int, float]:
    """Return survival by second, the last reliable second and the mean of the tail beyond it.

    `left` and `gone` count abandonments and all ends of waits at each second. The tail is
    exponential with the rate seen from half of the reliable time onwards.
    """
    waiting = gone[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - left / np.maximum(waiting, 1))
    reliable = int(np.flatnonzero(waiting >= RELIABLE_AT_RISK)[-1])
    half = reliable // 2
    return survival, reliable, float(waiting[half + 1 :].sum() / max(left[half:].sum(), 1))


def mean_patience(survival: np.ndarray, reliable: int, tail_mean: float) -> float:
    """Return the mean of a survival curve with its exponential tail, seconds."""
    return float(survival[:reliable].sum() + survival[reliable] * tail_mean)


def estimate_patience(requests: pd.DataFrame) -> Patience:
    """Estimate patience from queued requests: served means censored at the wait.

    Who was served at once waited 0 s and so says nothing about any later second.
    """
    queued = requests[requests["queued"] == 1]
    gone, left = seconds_by_day(queued), seconds_by_day(queued[queued["abandoned"]])
    survival, reliable, tail_mean = kaplan_meier(left.sum(axis=0), gone.sum(axis=0))
    means = [
        mean_patience(*kaplan_meier(left[chosen].sum(axis=0), gone[chosen].sum(axis=0)))
        for chosen in resampled_days(len(gone), REFITS)
    ]
    low, high = np.quantile(means, [0.025, 0.975])
    hazards = {}
    for first, last in ((0, 5), (5, 15), (15, 30), (30, 50), (50, 70), (70, 120), (120, 300)):
        risk = gone.sum(axis=0)[::-1].cumsum()[::-1][first:last].sum()
        hazards[f"{first}-{last}"] = float(60 * left.sum(axis=0)[first:last].sum() / risk)
    return Patience(
        quantiles=patience_quantiles(survival, reliable, tail_mean),
        mean=mean_patience(survival, reliable, tail_mean),
        low=float(low),
        high=float(high),
        queued=len(queued),
        abandoned=int(queued["abandoned"].sum()),
        reliable=reliable,
        surviving=float(survival[reliable]),
        tail_mean=tail_mean,
        hazards=hazards,
    )


def patience_quantiles(
    survival: np.ndarray, reliable: int, tail_mean: float
) -> list[tuple[float, float]]:
    """Return pairs of probability and seconds: the curve, then points of the tail."""
    points = [(0.0, 0.0)]
    for second in [*(s for s in PATIENCE_SECONDS if s < 0.9 * reliable), reliable]:
        share = round(1 - float(survival[second]), 4)
        if share > points[-1][0]:
            points.append((share, float(second)))
    for left in TAIL_SURVIVAL:
        share = 1.0 if left == TAIL_SURVIVAL[-1] else 1 - survival[reliable] * left
        points.append((round(float(share), 4), round(reliable - tail_mean * np.log(left))))
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Service times of a need: a share of short ones, and a lognormal for the whole ones.

    `cut` is the share of services that were cut off.
    `distance` is Kolmogorov-Smirnov to this mixture,
    `distance_lognormal` to one lognormal of the same mean and cv.
    """

    talk: Estimate
    short: float
    cut: float
    whole_mean: float
    whole_cv: float
    served: int
    distance: float
    distance_lognormal: float


def lognormal(mean: float, cv: float) -> rv_frozen:
    """Return the lognormal with this mean and coefficient of variation."""
    return lognorm(np.sqrt(np.log1p(cv**2)), scale=mean / np.sqrt(1 + cv**2))


def estimate_handling(requests: pd.DataFrame) -> Handling:
    """Estimate handling from all services; those of SHORT seconds or less did use an agent."""
    served = requests[~requests["abandoned"]]
    seconds = served["service_s"].to_numpy(dtype=float)
    codes, days = served["day"].cat.codes, len(served["day"].cat.categories)
    whole = seconds[seconds > SHORT]
    short, cv = float((seconds <= SHORT).mean()), float(whole.std(ddof=1) / whole.mean())
    body = lognormal(whole.mean(), cv)
    one = lognormal(seconds.mean(), seconds.std(ddof=1) / seconds.mean())

    def mixture(times: np.ndarray) -> np.ndarray:
        return short * np.clip(times / SHORT, 0, 1) + (1 - short) * body.cdf(times)

    return Handling(
        talk=ratio(np.bincount(codes, seconds, days), np.bincount(codes, minlength=days)),
        short=short,
        cut=float(is_cut(served).mean()),
        whole_mean=float(whole.mean()),
        whole_cv=cv,
        served=len(served),
        distance=float(kstest(seconds, mixture).statistic),
        distance_lognormal=float(kstest(seconds, one.cdf).statistic),
    )


# --- Everything together ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """All figures of the Sunday-to-Thursday day."""

    days: list[str]
    broken: list[str]
    requests: pd.DataFrame
    offered: np.ndarray
    agents: dict[str, np.ndarray]
    agent_hours: Estimate
    late_agents: float
    erlang_a: dict[str, float]
    measured_abandonment: Estimate
    retry: Return
    recontact: Return
    demand: dict[str, Demand]
    variation: Variation
    variation_ranges: np.ndarray
    patience: dict[str, Patience]
    handling: dict[str, Handling]


def per_day(calls: pd.DataFrame, column: str | None = None) -> np.ndarray:
    """Return counts (or sums of a column) per day, shape (days,)."""
    return by_day(calls, column).sum(axis=1)


def segment_requests(requests: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Return the requests whose segment is known: banking only where the priority is."""
    own = requests[requests["need"] == need_of(segment)]
    if need_of(segment) != "banking":
        return own
    return own[(own["queued"] == 1) & ((own["priority"] == 2) == (segment == "privileged"))]


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


def estimate_centre(folder: Path) -> Centre:
    """Read both months and estimate everything."""
    calls, broken = read_requests(folder)
    requests, days = calls[calls["is_open"]], list(calls["day"].cat.categories)
    served, counts = requests[~requests["abandoned"]], by_day(requests)
    all_served = calls[~calls["abandoned"]]
    agents, agent_hours = presence(all_served)
    handling = by_day(served, "service_s").sum(axis=0) / by_day(served).sum(axis=0)
    patience = float(requests["wait_s"].sum() / requests["abandoned"].sum())
    offered, weekdays = counts.mean(axis=0), pd.to_datetime(days).day_name().to_numpy()
    seen = identified_with_next(calls)
    retry, recontact = (estimate_return(seen, f) for f in (seen["abandoned"], is_cut(seen)))
    fresh = fresh_by_day(requests, retry=retry, recontact=recontact)
    variation = fit_variation(fresh, weekdays)
    losses = {
        rule: day_abandonment(offered, handling, present, patience=patience)
        for rule, present in agents.items()
    }
    rule, cv = "gaps over 15 minutes", float(np.sqrt(variation.covariance[0]))
    varying = day_abandonment(offered, handling, agents[rule], patience=patience, cv=cv)
    losses[f"{rule}, load varying with cv {cv:.2f}"] = varying
    return Centre(
        days=days,
        broken=broken,
        requests=requests,
        offered=offered,
        agents=agents,
        agent_hours=agent_hours,
        late_agents=late_agents(all_served),
        erlang_a=losses,
        measured_abandonment=ratio(per_day(requests, "abandoned"), counts.sum(axis=1)),
        retry=retry,
        recontact=recontact,
        demand=estimate_demand(requests, retry=retry, recontact=recontact),
        variation=variation,
        variation_ranges=variation_ranges(fresh, weekdays),
        patience={s: estimate_patience(segment_requests(requests, s)) for s in SEGMENTS},
        handling={
            need: estimate_handling(requests[requests["need"] == need])
            for need in dict.fromkeys(need_of(segment) for segment in SEGMENTS)
        },
    )


# --- The data's own figures, as JSON ----------------------------------------------------------


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


# --- The scenario, as TOML --------------------------------------------------------------------

TITLE = """\
# What this teaches: how far a plain queueing model carries on a real day. A bank's call centre,
# Sunday to Thursday, with everything in it that the log of calls supports: customers of five
# kinds, half-hour volumes that swing far more than chance, impatience with its own shape, people
# who try again, and agents counted by a rule that was fixed before anything was simulated.
# Ask it what two agents fewer do to the people in the queue.
#
# Where the figures come from: every one was computed from the log of an Israeli bank's call
# centre, January and February 1999 ("AnonymousBank", Guedj and Mandelbaum, Technion), by
# scenarios/build_bank_1999.py, which also wrote this file. Unless a comment says otherwise:
# both months, {days} days, {requests:,} requests for an agent. The day's own figures, to lay beside
# a simulation, are in scenarios/bank_1999_figures.json.
#
#~ Days: Sunday to Thursday with a request in every half hour from 07:00 to 24:00. 11 and 12
#~ January are missing from the log; by this rule {broken}
#~ fall out as well (recording gaps).
# A request: served, or abandoned in the queue. Who left in the voice response unit is not one.
# Time of a request: arrival + vru_s, when the queue is entered.
# Ranges: 95 %, by bootstrap over days.
#
# What the model leaves out, so that nobody looks for it in vain:
# - Agents are one pool. In the log not everyone takes everything (of 26 agents with over 100
#   calls 11 took no stock exchange and 19 no internet help to speak of), so internet help and
#   prospects wait longer in the log than here.
# - Weekdays are averaged. Prospects come in a wave at 16:00-18:00 on Sunday, Tuesday and Thursday
#   ({wave:.0f} per half hour) and not on Monday and Wednesday ({no_wave:.0f}).
# - Wrap-up and breaks are not recorded.

title = "A bank's call centre, Israel, 1999: a Sunday-to-Thursday day"
description = "Five kinds of callers, one pool of agents, 07:00 to 24:00, from two months of calls."
seed = 1999
replications = 20
max_contacts = 20           # a cap that is hardly ever reached: each retry has its share below

[time]
horizon = "1d"
run_out = "6h"              # until 06:00, so that the last calls end
starts_on = "sunday"        # counts are the mean of Sunday to Thursday, so any of them would do
interval = "30m"

[measures]
threshold = "20s"           # convention; the bank's own target is not known
target = 0.8
short_abandon = "5s"
service_level = "offered"
"""

VARIATION = """
# --- Busy and quiet days -----------------------------------------------------------------------
# Half-hour counts of fresh calls have variance/mean {dispersion:.1f}; Poisson would have 1.
# (Measured counts have {measured:.1f}: busy days breed retries, which are taken off here.)
# Let r be a count's distance from its mean, over that mean (half hour x the weekday's volume).
# The product of two r's on the same day, {lags} half hours apart:
#   {products}
# (at 0 the Poisson part, 1/mean, is taken off). They fall to a floor: the day factor. What lies
# above it is the interval factor. Least squares of a + b x rho^lag over all 34 lags:
#   a = {a:.4f} -> day factor cv = sqrt(a) = {day:.3f}
#   b = {b:.4f} -> interval factor cv = sqrt(b / (1 + a)) = {interval:.3f}, rho = {rho:.2f}
# All requests together: the prospects' waves are a part of it, and all segments share it.
[demand]
day_factor = {{ cv = {day:.3f} }}
interval_factor = {{ cv = {interval:.3f}, correlation = {rho:.2f}, every = "30m" }}
"""

NEEDS_HEAD = """
# --- Why they call -----------------------------------------------------------------------------
# The log's types: banking = PS, PE (in English) and TT (a call the bank returned); stock_exchange
# = NE; prospect = NW; internet_help = IN.
# Talk: service_s of everyone served. Services of 10 s or less are suspect, but each used an
# agent, so they stay, as a part of their own; dropping them would raise the mean by 6 % and
# remove as many calls. One lognormal over all fits worse, except for prospects (distance: the
# largest gap between the two distribution functions, Kolmogorov-Smirnov).
# Whether a privileged customer talks longer is not known for those served at once (their
# priority is not recorded), so banking has one talk.
# Wrap-up is not recorded: 0s is an assumption, and makes agents look less busy than they were.
#~ Resolution is not recorded either. But {cut_after:.0%} of those cut off within 10 s call again
#~ within two hours, against {background:.0%} after longer calls. So: a service of 10 s or less
#~ (unless the bank returned the call) left the need unmet, any other met it. An assumption; the
#~ true share met is lower.
"""

NEED = """
[needs.{need}]
first = {{ phone = 1.0 }}
[needs.{need}.channels.phone]
resolution = {resolution:.3f}         # 1 - {cut:.1%} cut off
#~ mean {mean:.0f} s ({low:.0f} to {high:.0f}), n = {served:,}; distance {distance:.3f},
#~ of one lognormal {distance_lognormal:.3f}
[needs.{need}.channels.phone.talk]
distribution = "mixture"
shares = [{short:.3f}, {whole:.3f}]
parts = [
  {{ distribution = "uniform", low = "0s", high = "10s" }},
  {{ distribution = "lognormal", mean = "{whole_mean:.0f}s", cv = {whole_cv:.2f} }},
]
"""

SEGMENTS_HEAD = """
# --- Who calls ---------------------------------------------------------------------------------
# Counts are FRESH demand: measured calls less those that are somebody's second attempt, because
# the retries and recontacts below make those again. Each failed call of the log is sent on with
# the share and delay under [channels.phone.after], and what lands in a half hour is taken off.
#
# Privileged or not is recorded only for those who queued (95 % of the banking customers served
# at once carry 0). Queueing does not depend on it, so the share among the queued, per half hour,
# splits all banking calls: {privileged:.0%} are privileged.
#
# Patience: Kaplan-Meier over the queued; who was served would have waited longer than the wait
# (censored). Read as far as 50 people still wait; beyond, an exponential tail with the rate seen
# from half of that time on. It keeps the peaks of giving up soon after joining and near 60 s.
"""

SEGMENT = """
#~ {about}
# Calls a day: {measured:.1f} measured - {retries:.1f} retries - {recontacts:.1f} after a cut
# = {fresh:.1f} fresh ({low:.0f} to {high:.0f})
[segments.{segment}]
needs = {{ {need} = 1.0 }}
{head_start}
[segments.{segment}.arrivals]
from = "07:00"
every = "30m"
counts = [
{counts}
]

# {abandoned:,} of {queued:,} queued gave up. Curve to {reliable} s, where {surviving:.0%} would
# still wait; beyond, {tail_mean:.0f} s more on average. Mean {mean:.0f} s in all.
# Giving up per minute of waiting, by seconds waited:
#   {hazards}
[segments.{segment}.patience]
distribution = "empirical"
quantiles = [
{quantiles}
]
"""

ABOUT = {
    "regular": "Ordinary customers of the bank, ordinary business.",
    "privileged": "Privileged customers, ordinary business: they join the queue as if they had "
    "waited 90 s; nobody was told.",
    "stock_exchange": "Stock exchange business. 84 % of the queued are privileged, so the whole "
    "segment has the head start.",
    "prospect": "People who are not yet customers, by the log's word; never identified.",
    "internet_help": "Help with the bank's web site; few, and never identified.",
}
HEAD_STARTS = {"privileged", "stock_exchange"}

CHANNEL = """
# --- The line ----------------------------------------------------------------------------------
[channels.phone]
kind = "queue"
opening = "07:00-24:00"
at_closing = "serve"
wrap_up = "0s"              # assumption: not recorded

#~ Who hangs up in the queue and tries again. Of {retry_calls:,} identified customers who
#~ abandoned, {retry_after:.1%} call again within two hours; {background:.1%} do after a
#~ full-length service, for reasons of their own. {retry_after:.1%} - {background:.1%} =
#~ {retry:.1%} ({retry_low:.1%} to {retry_high:.1%}). Per attempt, not per customer.
# Bias to know: the id is recorded for those who queue (74 % of them; hardly ever for others), so
# each return weighs 1 / (share queued within 5 minutes of it); ids with over 40 requests in two
# months (companies) are left out; prospects and internet help, never identified, are given the
# same share and delay (assumption).
[channels.phone.after.abandoned.phone]
share = {retry:.3f}
[channels.phone.after.abandoned.phone.delay]
distribution = "empirical"
quantiles = [
{retry_quantiles}
]

#~ Who was cut off calls again, sooner: {cut_after:.1%} - {background:.1%} = {recontact:.1%}
#~ ({recontact_low:.1%} to {recontact_high:.1%}), n = {recontact_calls:,}.
[channels.phone.after.unresolved.phone]
share = {recontact:.3f}
[channels.phone.after.unresolved.phone.delay]
distribution = "empirical"
quantiles = [
{recontact_quantiles}
]
"""

POOLS = """
# --- The agents --------------------------------------------------------------------------------
# Presence is not recorded. The rule, fixed beforehand: an agent is there from the first to the
# last call, split at pauses over 15 minutes; averaged over the half hour and the days. The choice
# matters more than any other here. Abandoned share by Erlang-A, half hour by half hour, with
# steady load and exponential patience ({measured:.1%} were measured):
{erlang}
# Whole agents, halves rounded up: {exact:.1f} agent half-hours a day become {whole}.
# By the rule {hours:.1f} agent hours a day ({hours_low:.1f} to {hours_high:.1f}).
[pools.regular]
serves = ["phone"]
[pools.regular.agents]
from = "07:00"
every = "30m"
counts = [
{agents}
]

# Who still waits at midnight is served: one agent stays. The rule finds {late} there on
# a mean day, so this is an assumption.
[pools.closing]
serves = ["phone"]
agents = {{ from = "00:00", every = "30m", counts = [1] }}
"""

VARIANTS = """
# --- What if -----------------------------------------------------------------------------------
[variants.one_fewer]
description = "One agent fewer, all day"
set = ["pools.regular.agents-=1"]

[variants.two_fewer]
description = "Two agents fewer, all day"
set = ["pools.regular.agents-=2"]

[variants.tenth_more_calls]
description = "10 % more calls"
set = ["segments.*.arrivals.counts*=1.1"]
"""


def half_hour_rows(values: list[str]) -> str:
    """Return values in rows of four hours, each with the time at which it begins."""
    width = max(len(value) for value in values)
    rows = []
    for first in range(0, len(values), 8):
        cells = ", ".join(value.rjust(width) for value in values[first : first + 8])
        rows.append(f"  {cells},".ljust(8 * (width + 2) + 4) + f"# {clock(OPENS + first)}")
    return "\n".join(rows)


def quantile_rows(points: list[tuple[float, float]]) -> str:
    """Return pairs of probability and time, five to a row."""
    cells = [f'[{share:g}, "{seconds:g}s"]' for share, seconds in points]
    return "\n".join(f"  {', '.join(cells[at : at + 5])}," for at in range(0, len(cells), 5))


def return_rows(back: Return) -> str:
    """Return the delay of a return as rows of quantiles."""
    shares = [round(float(share), 4) for share in back.cumulative]
    return quantile_rows(list(zip(shares, RETURN_EDGES.tolist(), strict=True)))


def variation_text(variation: Variation, requests: pd.DataFrame) -> str:
    """Return the demand block with its arithmetic."""
    lags = (0, 1, 2, 3, 5, 10, 15)
    a = variation.day_cv**2
    return VARIATION.format(
        dispersion=variation.dispersion,
        measured=dispersion(by_day(requests)),
        lags=", ".join(str(lag) for lag in lags),
        products=", ".join(f"{variation.covariance[lag]:.4f}" for lag in lags),
        a=a,
        b=variation.interval_cv**2 * (1 + a),
        day=variation.day_cv,
        interval=variation.interval_cv,
        rho=variation.correlation,
    )


def need_text(need: str, handling: Handling) -> str:
    """Return one need with its handling."""
    return NEED.format(
        need=need,
        resolution=1 - handling.cut,
        cut=handling.cut,
        mean=handling.talk.mean,
        low=handling.talk.low,
        high=handling.talk.high,
        served=handling.served,
        distance=handling.distance,
        distance_lognormal=handling.distance_lognormal,
        short=round(handling.short, 3),
        whole=1 - round(handling.short, 3),
        whole_mean=handling.whole_mean,
        whole_cv=handling.whole_cv,
    )


def segment_text(segment: str, demand: Demand, patience: Patience) -> str:
    """Return one segment with its arrivals and its patience."""
    digits = 2 if demand.fresh.max() < 1 else 1
    head_start = 'head_start = "90s"          # as the bank set it (published)\n'
    return SEGMENT.format(
        about=ABOUT[segment],
        segment=segment,
        need=need_of(segment),
        head_start=head_start if segment in HEAD_STARTS else "",
        measured=demand.measured.sum(),
        retries=demand.retries.sum(),
        recontacts=demand.recontacts.sum(),
        fresh=demand.fresh.sum(),
        low=demand.total.low,
        high=demand.total.high,
        counts=half_hour_rows([f"{count:.{digits}f}" for count in demand.fresh]),
        abandoned=patience.abandoned,
        queued=patience.queued,
        reliable=patience.reliable,
        surviving=patience.surviving,
        tail_mean=patience.tail_mean,
        mean=patience.mean,
        hazards=", ".join(f"{span}: {rate:.2f}" for span, rate in patience.hazards.items()),
        quantiles=quantile_rows(patience.quantiles),
    )


def channel_text(retry: Return, recontact: Return) -> str:
    """Return the phone channel with what follows a failed call."""
    return CHANNEL.format(
        retry_calls=retry.calls,
        retry_after=retry.after,
        background=retry.background,
        retry=retry.share.mean,
        retry_low=retry.share.low,
        retry_high=retry.share.high,
        retry_quantiles=return_rows(retry),
        cut_after=recontact.after,
        recontact=recontact.share.mean,
        recontact_low=recontact.share.low,
        recontact_high=recontact.share.high,
        recontact_calls=recontact.calls,
        recontact_quantiles=return_rows(recontact),
    )


def pools_text(centre: Centre) -> str:
    """Return the pools with the three rules of presence side by side."""
    rule = "gaps over 15 minutes"
    losses = [f"#   {name:<52}{share:6.1%}" for name, share in centre.erlang_a.items()]
    whole = centre.agents[f"{rule}, rounded half up"]
    return POOLS.format(
        measured=centre.measured_abandonment.mean,
        erlang="\n".join(losses),
        exact=centre.agents[rule].sum(),
        whole=whole.sum(),
        hours=centre.agent_hours.mean,
        hours_low=centre.agent_hours.low,
        hours_high=centre.agent_hours.high,
        late=f"{centre.late_agents:.2f} agents",
        agents=half_hour_rows([str(count) for count in whole]),
    )


LOG = "log of both months; "
EVIDENCE_HEAD = """
# --- What each figure rests on -----------------------------------------------------------------
# n counts calls, or days where a figure is one per day. A range of counts is of the day's total.
"""


def entry(path: str, source: str, grade: str, **more: object) -> str:
    """Return one line of the evidence table."""
    extra = "".join(f", {key} = {json.dumps(value)}" for key, value in more.items())
    return f'"{path}" = {{ source = {json.dumps(source)}, grade = "{grade}"{extra} }}'


def seconds_range(low: float, high: float) -> list[str]:
    """Return a range of durations."""
    return [f"{low:.0f}s", f"{high:.0f}s"]


def measured_evidence(centre: Centre) -> list[str]:
    """Return the evidence of everything that was counted in the log."""
    days, lines = len(centre.days), []
    for segment in SEGMENTS:
        total, patience = centre.demand[segment].total, centre.patience[segment]
        source = LOG + "measured calls less retries and recontacts"
        limits = [round(total.low, 1), round(total.high, 1)]
        path = f"segments.{segment}.arrivals.counts"
        lines.append(entry(path, source, "measured", n=days, range=limits))
        source = LOG + "Kaplan-Meier over the queued, exponential tail; the range is of the mean"
        limits = seconds_range(patience.low, patience.high)
        path = f"segments.{segment}.patience"
        lines.append(entry(path, source, "measured", n=patience.queued, range=limits))
    for need, handling in centre.handling.items():
        source = LOG + "service_s of the served; the range is of the mean"
        limits = seconds_range(handling.talk.low, handling.talk.high)
        path = f"needs.{need}.channels.phone.talk"
        lines.append(entry(path, source, "measured", n=handling.served, range=limits))
    factors = ("day_factor.cv", "interval_factor.cv", "interval_factor.correlation")
    for name, limits in zip(factors, centre.variation_ranges, strict=True):
        limits = [round(float(limit), 3) for limit in limits]
        source = LOG + "covariances of half-hour fresh counts, Poisson part removed"
        lines.append(entry(f"demand.{name}", source, "measured", n=days, range=limits))
    for outcome, back in (("abandoned", centre.retry), ("unresolved", centre.recontact)):
        path, source = f"channels.phone.after.{outcome}.phone", LOG + "identified customers only"
        limits = [round(back.share.low, 3), round(back.share.high, 3)]
        lines.append(entry(f"{path}.share", source, "measured", n=back.calls, range=limits))
        lines.append(entry(f"{path}.delay", source, "measured", n=back.calls))
    source = LOG + "first to last call, split at pauses over 15 minutes, rounded half up"
    return [*lines, entry("pools.regular.agents", source, "measured", n=days)]


def other_evidence(centre: Centre) -> list[str]:
    """Return the evidence of what was published, agreed or assumed."""
    short = "not recorded; a service of 10 s or less is taken as unmet, any other as met"
    lines = [
        entry(f"needs.{need}.channels.phone.resolution", short, "assumption", n=handling.served)
        for need, handling in centre.handling.items()
    ]
    source = "head start of privileged customers as described with the log"
    lines.append(entry("segments.privileged.head_start", source, "published"))
    source = "as for privileged customers, who are 84 % of those who queue for it"
    lines.append(entry("segments.stock_exchange.head_start", source, "assumption"))
    lines.append(entry("channels.phone.wrap_up", "not recorded", "assumption"))
    source = "hours of Sunday to Thursday as described with the log"
    lines.append(entry("channels.phone.opening", source, "published"))
    source = "someone stays to serve who waits at closing"
    lines.append(entry("pools.closing.agents", source, "assumption"))
    lines.append(entry("measures.threshold", "80 % in 20 s, as is usual", "convention"))
    return lines


def scenario_text(centre: Centre) -> str:
    """Return the whole scenario."""
    banking = [centre.demand[segment].measured.sum() for segment in ("regular", "privileged")]
    wave, no_wave = prospects_in_the_afternoon(centre.requests)
    title = TITLE.format(
        days=len(centre.days),
        requests=len(centre.requests),
        broken=" and ".join(centre.broken),
        wave=wave,
        no_wave=no_wave,
    )
    parts = [
        title,
        variation_text(centre.variation, centre.requests),
        NEEDS_HEAD.format(cut_after=centre.recontact.after, background=centre.recontact.background),
        *(need_text(need, handling) for need, handling in centre.handling.items()),
        SEGMENTS_HEAD.format(privileged=banking[1] / sum(banking)),
        *(segment_text(s, centre.demand[s], centre.patience[s]) for s in SEGMENTS),
        channel_text(centre.retry, centre.recontact),
        pools_text(centre),
        EVIDENCE_HEAD,
        "\n".join(["[evidence]", *measured_evidence(centre), *other_evidence(centre), ""]),
        VARIANTS,
    ]
    return reflowed("".join(parts))


def prospects_in_the_afternoon(requests: pd.DataFrame) -> list[float]:
    """Return prospects per half hour from 16:00 to 18:00 on days with, and without, their wave."""
    calls = requests[(requests["need"] == "prospect") & requests["slot"].between(32, 35)]
    means = []
    for weekdays in (("Sunday", "Tuesday", "Thursday"), ("Monday", "Wednesday")):
        days = requests.loc[requests["weekday"].isin(weekdays), "day"].nunique()
        means.append(float(calls["weekday"].isin(weekdays).sum()) / (4 * days))
    return means


def reflowed(text: str) -> str:
    """Return the text with each run of lines that begin with `#~` set as one paragraph."""
    done: list[str] = []
    paragraph: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("#~ "):
            paragraph.append(line[3:])
            continue
        if paragraph:
            marks = {"initial_indent": "# ", "subsequent_indent": "# "}
            done += textwrap.wrap(" ".join(paragraph), width=98, break_on_hyphens=False, **marks)
            paragraph = []
        done.append(line)
    return "\n".join(done)


def report(centre: Centre) -> None:
    """Print presence and Erlang-A under each rule, half hour by half hour and for the day."""
    print("half hour  offered  " + "  ".join(rule for rule in centre.agents))
    for at, slot in enumerate(SLOTS):
        cells = [f"{present[at]:{len(rule)}.2f}" for rule, present in centre.agents.items()]
        print(f"{clock(slot):<10} {centre.offered[at]:7.1f}  " + "  ".join(cells))
    print(f"abandoned share, measured: {centre.measured_abandonment.mean:.1%}; by Erlang-A:")
    for rule, share in centre.erlang_a.items():
        print(f"  {rule:<52}{share:6.1%}")


def main() -> int:
    """Write the scenario, and the figures if asked; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("JOURNEYSIM_DATA"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args()
    folder = Path(options.data) if options.data else None
    if folder is None or not all((folder / month).is_file() for month in MONTHS):
        print(
            f"The log is not here: give --data (or JOURNEYSIM_DATA) a folder with {MONTHS}.",
            file=sys.stderr,
        )
        return 2
    centre = estimate_centre(folder)
    options.out.write_text(scenario_text(centre), encoding="utf-8")
    if options.figures is not None:
        options.figures.write_text(json_text(measured_figures(centre)), encoding="utf-8")
    report(centre)
    return 0


if __name__ == "__main__":
    sys.exit(main())
