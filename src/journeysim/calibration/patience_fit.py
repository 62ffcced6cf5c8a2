"""How long people would have waited: who was served had more patience than the wait (censored)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_ndtr

from journeysim.calibration.bootstrap import REFITS, Estimate, day_weights, interval
from journeysim.calibration.scenario_values import in_seconds

Curve = NDArray[np.float64]
#: The curve is read as far as this many still wait; with fewer, a share of them.
_AT_RISK: Final = 50
_POINTS: Final = (2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 55, 60, 65, 70, 80, 90, 105, 120)
_LATER: Final = (150, 180, 210, 240, 300, 360, 420, 480, 600, 720, 900, 1200, 1800, 2700)
_TAIL: Final = (0.75, 0.5, 0.35, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001)
#: A formula is taken where it leaves the band of the curve by no more than this.
CLOSE: Final = 0.015
FAMILIES: Final = ("exponential", "weibull", "lognormal", "early_and_late")


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPatience:
    """Patience of a group.

    Attributes
    ----------
    law
        The distribution, as a scenario writes it.
    family
        Its kind: a formula, or ``kaplan_meier`` where no formula is close.
    distance
        By family: how far it leaves the 95 % band of the Kaplan-Meier curve, where that is
        reliable.
    mean
        Mean patience, with an exponential tail beyond the last reliable second; seconds.
    naive_mean
        Mean wait of those who abandoned: what patience is not.
    """

    law: dict[str, object]
    family: str
    distance: dict[str, float]
    mean: Estimate
    naive_mean: float
    queued: int
    abandoned: int
    reliable: int
    surviving: float


def kaplan_meier(left: Curve, gone: Curve) -> Curve:
    """Return the share that would still wait after each bin.

    Parameters
    ----------
    left
        Abandonments in each bin of waiting time, last axis (bins,).
    gone
        All ends of waits in each bin; who is served in a bin was at risk in it.
    """
    waiting = gone[..., ::-1].cumsum(axis=-1)[..., ::-1]
    survival: Curve = np.cumprod(1 - left / np.maximum(waiting, 1), axis=-1)
    return survival


def fit_patience(left: Curve, gone: Curve) -> FittedPatience | None:
    """Fit patience to the waits of those who queued; None where nobody abandoned.

    Parameters
    ----------
    left, gone
        Abandonments, and all ends of waits, by day and second of waiting; shape (days, seconds).
    """
    total, losses = gone.sum(axis=0), left.sum(axis=0)
    if losses.sum() == 0:
        return None
    survival, reliable, tail = _read_curve(losses, total)
    means = []
    for weights in day_weights(len(left), REFITS):
        own_left, own_gone = weights @ left, weights @ gone
        if own_left.sum():
            means.append(_mean(*_read_curve(own_left, own_gone)))
    mean = _mean(survival, reliable, tail)
    low, high = interval(np.array(means), mean, len(left))
    laws = {family: _fit_family(family, losses, total) for family in FAMILIES}
    times = np.arange(1.0, reliable + 1)
    noise = 1.96 * _standard_error(losses, total)[:reliable]
    distance = {
        family: float(np.maximum(np.abs(found(times) - survival[:reliable]) - noise, 0).max())
        for family, (found, _) in laws.items()
    }
    # The first that is close: families stand from plain to rich.
    family = next((name for name in FAMILIES if distance[name] <= CLOSE), "kaplan_meier")
    empirical: dict[str, object] = {
        "distribution": "empirical",
        "quantiles": _quantiles(survival, reliable, tail),
    }
    return FittedPatience(
        law=empirical if family == "kaplan_meier" else laws[family][1],
        family=family,
        distance=distance,
        mean=Estimate(
            mean=mean,
            low=max(low, 0.0),
            high=high,
            n=int(total.sum()),
        ),
        naive_mean=float((losses * (np.arange(len(losses)) + 0.5)).sum() / losses.sum()),
        queued=int(total.sum()),
        abandoned=int(losses.sum()),
        reliable=reliable,
        surviving=float(survival[reliable - 1]),
    )


def _read_curve(losses: Curve, total: Curve) -> tuple[Curve, int, float]:
    """Return the curve, how many seconds of it are reliable, and the mean of its tail."""
    waiting = total[::-1].cumsum()[::-1]
    enough = min(_AT_RISK, max(waiting[0] / 10, 1))
    reliable = int(np.flatnonzero(waiting >= enough)[-1]) + 1
    half = reliable // 2
    # Beyond, an exponential with the rate seen from half of the reliable time on.
    # Who leaves in a second has waited half of it, on average.
    exposure = waiting[half:].sum() - total[half:].sum() / 2
    tail = float(exposure / max(losses[half:].sum(), 1.0))
    return kaplan_meier(losses, total), reliable, tail


def _standard_error(losses: Curve, total: Curve) -> Curve:
    """Return the standard error of the curve at each bin, by Greenwood's formula."""
    waiting = total[::-1].cumsum()[::-1]
    steps = losses / np.maximum(waiting * (waiting - losses), 1.0)
    return np.asarray(kaplan_meier(losses, total) * np.sqrt(np.cumsum(steps)))


def _mean(survival: Curve, reliable: int, tail: float) -> float:
    end = survival[reliable - 1]
    return float(0.5 + survival[: reliable - 1].sum() + end / 2 + end * tail)


def _quantiles(survival: Curve, reliable: int, tail: float) -> list[list[object]]:
    """Return pairs of probability and time: the curve, then points of the tail."""
    points: list[tuple[float, float]] = [(0.0, 0.0)]
    for second in [*(s for s in (*_POINTS, *_LATER) if s < 0.9 * reliable), reliable]:
        share = round(1 - float(survival[second - 1]), 4)
        if share > points[-1][0]:
            points.append((share, float(second)))
    end = float(survival[reliable - 1])
    for left in _TAIL if end > 0 else ():
        share = 1.0 if left == _TAIL[-1] else round(1 - end * left, 4)
        if share > points[-1][0]:
            points.append((share, round(reliable - tail * np.log(left))))
    if points[-1][0] < 1.0:
        points.append((1.0, points[-1][1]))
    return [[share, in_seconds(time)] for share, time in points]


def _log_survival(family: str, times: Curve, at: Curve) -> Curve:
    """Return the logarithm of the share that still waits; `at` are free real numbers."""
    safe = np.maximum(times, 1e-9)
    if family == "exponential":
        return np.asarray(-safe / np.exp(at[0]))
    if family == "weibull":
        return np.asarray(-((safe / np.exp(at[0])) ** np.exp(at[1])))
    if family == "lognormal":
        return np.asarray(log_ndtr(-(np.log(safe) - at[0]) / np.exp(at[1])))
    # Some give up early, about one moment; the rest are a Weibull.
    share = 1 / (1 + np.exp(-at[4]))
    early = np.exp(log_ndtr(-(np.log(safe) - at[2]) / np.exp(at[3])))
    late = np.exp(-((safe / np.exp(at[0])) ** np.exp(at[1])))
    return np.asarray(np.log(np.maximum(share * early + (1 - share) * late, 1e-300)))


def _fit_family(
    family: str, losses: Curve, total: Curve
) -> tuple[Callable[[Curve], Curve], dict[str, object]]:
    """Return survival as a function of seconds, and the law, by maximum likelihood.

    Waits are known to the second: an abandonment in bin k has probability S(k) - S(k + 1), a
    service in it says that patience was at least k + 1/2 seconds.
    """
    edges = np.arange(len(losses) + 1.0)
    bins = np.flatnonzero(total)
    served = (total - losses)[bins]
    exposure = float((total * (np.arange(len(total)) + 0.5)).sum())
    scale = np.log(exposure / losses.sum())
    begin = {
        "exponential": [scale],
        "weibull": [scale, 0.0],
        "lognormal": [scale, 0.3],
        "early_and_late": [scale, 0.0, np.log(12.0), -0.7, -3.0],
    }[family]

    def badness(at: Curve) -> float:
        with np.errstate(over="ignore"):
            first = np.exp(_log_survival(family, edges[bins], at))
            last = np.exp(_log_survival(family, edges[bins] + 1, at))
            stays = _log_survival(family, edges[bins] + 0.5, at)
        chance = np.maximum(np.where(bins == 0, 1.0, first) - last, 1e-300)
        return -float(losses[bins] @ np.log(chance) + served @ np.maximum(stays, -700.0))

    found = minimize(badness, begin, method="Nelder-Mead", options={"maxiter": 2000}).x

    def survival(times: Curve) -> Curve:
        # A step of survival is a large power; nobody is left beyond it.
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(_log_survival(family, np.asarray(times, float), found)))

    return survival, _law(family, found)


def _law(family: str, at: Curve) -> dict[str, object]:
    """Return fitted numbers as a scenario writes them."""
    if family == "exponential":
        return {"distribution": "exponential", "mean": in_seconds(float(np.exp(at[0])))}
    if family == "lognormal":
        return {
            "distribution": "lognormal",
            "median": in_seconds(float(np.exp(at[0]))),
            "sigma": round(float(np.exp(at[1])), 4),
        }
    late = {
        "distribution": "weibull",
        "shape": round(float(np.exp(at[1])), 4),
        "scale": in_seconds(float(np.exp(at[0]))),
    }
    if family == "weibull":
        return late
    share = round(float(1 / (1 + np.exp(-at[4]))), 4)
    early = {
        "distribution": "lognormal",
        "median": in_seconds(float(np.exp(at[2]))),
        "sigma": round(float(np.exp(at[3])), 4),
    }
    shares = [share, round(1 - share, 4)]
    return {"distribution": "mixture", "shares": shares, "parts": [early, late]}
