"""How long the queued would have waited, by Kaplan-Meier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenarios.bank_1999.bootstrap import REFITS, resampled_days

RELIABLE_AT_RISK = 50  # Kaplan-Meier is read as far as this many still wait
PATIENCE_SECONDS = (2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 55, 60, 65, 70, 80, 90, 105, 120)
PATIENCE_SECONDS += (150, 180, 210, 240, 300, 360, 420, 480, 600, 720, 900, 1200)
TAIL_SURVIVAL = (0.75, 0.5, 0.35, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001)


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
