"""Patience: who was served had more of it than the wait."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from journeysim.calibration.patience_fit import fit_patience, kaplan_meier


def binned(times: np.ndarray, chosen: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(times[chosen], minlength=size).astype(float)


def test_kaplan_meier_by_hand():
    # Five wait. Abandoned at 1, 3, 3; served at 2 and 4.
    left = np.array([0.0, 1, 0, 2, 0])
    gone = np.array([0.0, 1, 1, 2, 1])
    # 5 at risk, one leaves: 4/5; then served; 3 at risk, two leave: 4/5 * 1/3.
    assert kaplan_meier(left, gone) == pytest.approx([1, 4 / 5, 4 / 5, 4 / 15, 4 / 15])


def test_kaplan_meier_is_that_of_scipy():
    luck = np.random.default_rng(3)
    patience, offered = luck.geometric(0.02, 500), luck.geometric(0.05, 500)
    lost = patience <= offered
    wait = np.minimum(patience, offered)
    theirs = ecdf(CensoredData(uncensored=wait[lost], right=wait[~lost])).sf
    size = int(wait.max()) + 1
    ours = kaplan_meier(binned(wait, lost, size), binned(wait, lost | ~lost, size))
    assert ours == pytest.approx(theirs.evaluate(np.arange(size)))


def censored_waits(mean: float, seed: int, days: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Exponential patience against exponential offered waits of 60 s, by day and second."""
    luck = np.random.default_rng(seed)
    left, gone = np.zeros((days, 2000)), np.zeros((days, 2000))
    for day in range(days):
        patience, offered = luck.exponential(mean, 300), luck.exponential(60.0, 300)
        second = np.minimum(patience, offered).astype(int)
        lost = patience < offered
        left[day] = binned(second, lost, 2000)
        gone[day] = binned(second, lost | True, 2000)
    return left, gone


def test_mean_of_abandoned_waits_is_far_too_short():
    fit = fit_patience(*censored_waits(300.0, seed=5))
    assert fit is not None
    assert fit.naive_mean < 80
    assert fit.mean.low < 300 < fit.mean.high
    assert fit.family == "exponential"


def test_intervals_cover_the_truth():
    inside = 0
    for seed in range(20):
        fit = fit_patience(*censored_waits(240.0, seed=seed))
        assert fit is not None
        inside += fit.mean.low <= 240 <= fit.mean.high
    # 95 % intervals: under 16 of 20 comes 3 times in a thousand.
    assert inside >= 16


def test_an_early_peak_is_no_exponential():
    luck = np.random.default_rng(8)
    early = luck.random(8000) < 0.3
    patience = np.where(early, luck.normal(10, 1.5, 8000), luck.exponential(400, 8000)).clip(0.5)
    offered = luck.exponential(80, 8000)
    second, lost = np.minimum(patience, offered).astype(int), patience < offered
    left = binned(second, lost, 1000).reshape(1, -1)
    gone = binned(second, lost | True, 1000).reshape(1, -1)
    fit = fit_patience(left, gone)
    assert fit is not None
    assert fit.distance["exponential"] > 0.05
    assert fit.family in ("early_and_late", "kaplan_meier")


def test_nobody_abandoned_tells_nothing():
    assert fit_patience(np.zeros((3, 10)), np.ones((3, 10))) is None
