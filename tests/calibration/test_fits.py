"""Arrivals, handling, presence, pauses and returns against what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from journeysim.calibration.arrivals_fit import fit_profile
from journeysim.calibration.calendar import Calendar, calendar_of
from journeysim.calibration.contact_log import ABANDONED
from journeysim.calibration.handling_fit import fit_handling, quantiles_of
from journeysim.calibration.inferred_presence import covered, stretches, waiting_spans, whole_agents
from journeysim.calibration.log_reading import read_log
from journeysim.calibration.returns import fit_returns
from journeysim.calibration.swing_fit import fit_swing
from journeysim.calibration.unseen_work import fit_readiness
from journeysim.units import DAY, HOUR, MINUTE, SECOND
from tests.calibration.logs import write_log


def weeks(count: int) -> Calendar:
    days = np.arange(19723, 19723 + 7 * count)  # from Monday 1 January 2024 on
    return Calendar(days=days, every=HOUR, spans=dict.fromkeys(range(7), (9, 17)))


def counts_of(calendar: Calendar, cv: float, seed: int) -> np.ndarray:
    luck = np.random.default_rng(seed)
    factor = luck.gamma(1 / cv**2, cv**2, len(calendar.days)) if cv else np.ones(len(calendar.days))
    return luck.poisson(60.0 * factor[:, None] * calendar.is_open()).astype(float)


def test_a_day_factor_is_found_where_there_is_one():
    calendar = weeks(12)
    counts = counts_of(calendar, 0.2, 0)
    swing = fit_swing(counts[None], [fit_profile(counts, calendar)], calendar)
    assert swing.is_more_than_chance
    assert swing.ranges[0][0] < 0.2 < swing.ranges[0][1]


def test_and_not_where_there_is_none():
    calendar = weeks(12)
    counts = counts_of(calendar, 0.0, 2)
    swing = fit_swing(counts[None], [fit_profile(counts, calendar)], calendar)
    assert not swing.is_more_than_chance
    assert swing.dispersion == pytest.approx(1, abs=0.15)


def test_few_days_of_chance_raise_no_alarm():
    calendar = weeks(2)
    alarms = 0
    for seed in range(12):
        counts = counts_of(calendar, 0.0, seed)
        swing = fit_swing(counts[None], [fit_profile(counts, calendar)], calendar)
        alarms += swing.is_more_than_chance
    # At 5 % each, four of twelve come once in 500 such tests. Counting a degree of freedom per
    # weekday raises seven here.
    assert alarms <= 3


def test_weekdays_that_differ_keep_their_own_volume():
    calendar = weeks(8)
    counts = counts_of(calendar, 0.0, 3)
    counts[calendar.weekdays == 0] *= 2
    expected = fit_profile(counts, calendar).expected.sum(axis=1)
    assert expected[0] / expected[1] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("family", ["lognormal", "gamma", "weibull", "exponential"])
def test_handling_finds_its_family(family: str):
    luck = np.random.default_rng(4)
    times = {
        "lognormal": lambda: luck.lognormal(5, 0.6, 20_000),
        "gamma": lambda: luck.gamma(3, 60, 20_000),
        "weibull": lambda: 200 * luck.weibull(1.7, 20_000),
        "exponential": lambda: luck.exponential(180, 20_000),
    }[family]()
    fit = fit_handling(times, np.arange(20_000) % 20, 20)
    # An exponential is a gamma and a Weibull of shape 1 as well.
    allowed = ("exponential", "gamma", "weibull") if family == "exponential" else (family,)
    assert fit.family in allowed
    assert fit.mean.low < times.mean() < fit.mean.high


def test_quantiles_stand_in_where_no_formula_fits():
    luck = np.random.default_rng(5)
    times = np.where(luck.random(20_000) < 0.3, luck.normal(20, 2, 20_000), 400.0)
    fit = fit_handling(times, np.arange(20_000) % 20, 20)
    assert fit.family == "quantiles"


def test_quantiles_keep_the_mean():
    times = np.sort(np.random.default_rng(6).lognormal(5, 1.1, 30_000))
    points = quantiles_of(times)
    shares = np.array([float(str(share)) for share, _ in points])
    seconds = np.array([float(str(time)[:-1]) for _, time in points])
    drawn = np.diff(shares) @ (seconds[1:] + seconds[:-1]) / 2
    assert drawn == pytest.approx(times.mean(), rel=0.01)


def agent_log(tmp_path: Path, rows: list[str]) -> Path:
    return write_log(tmp_path / "log.csv", rows)


def test_long_pauses_part_presence(tmp_path: Path):
    rows = [
        f"2024-01-01 {clock},C1,A1,0,60,served" for clock in ("09:00:00", "09:05:00", "10:00:00")
    ]
    begins, ends = stretches(read_log(agent_log(tmp_path, rows)).log, 15 * MINUTE)
    assert ((ends - begins) // MINUTE).tolist() == [6, 1]


def test_an_overlap_does_not_shorten_presence(tmp_path: Path):
    rows = ["2024-01-01 09:00:00,C1,A1,0,600,served", "2024-01-01 09:01:00,C2,A1,0,60,served"]
    begins, ends = stretches(read_log(agent_log(tmp_path, rows)).log, 15 * MINUTE)
    assert ((ends - begins) // MINUTE).tolist() == [10]


def test_cover_is_averaged_over_a_step():
    found = covered(np.array([0, 5]), np.array([10, 15]), np.array([0, 10, 20]))
    assert found.tolist() == [1.5, 0.5]


def test_whole_agents_keep_the_sum():
    levels = np.full(100, 7.5)
    assert whole_agents(levels).sum() == 750
    assert set(whole_agents(levels)) == {7, 8}


def test_waiting_spans_are_joined(tmp_path: Path):
    rows = [
        "2024-01-01 09:00:00,C1,A1,30,60,served",
        "2024-01-01 09:00:20,C2,A1,30,60,served",
        "2024-01-01 09:05:00,C3,A1,10,60,served",
    ]
    begin, end = waiting_spans(read_log(agent_log(tmp_path, rows)).log)
    assert ((end - begin) // SECOND).tolist() == [50, 10]


def test_pauses_of_agents_are_censored_when_the_queue_empties(tmp_path: Path):
    """One agent alone, always 20 s from one call to the next while somebody waits."""
    rows = []
    for day in range(1, 6):
        clock = 9 * 3600
        for number in range(60):
            # The next customer comes 10 s after this service began, and waits.
            wait = 0 if number == 0 else 100
            came = clock - wait
            text = f"{came // 3600:02d}:{came // 60 % 60:02d}:{came % 60:02d}"
            rows.append(f"2024-01-{day:02d} {text},C{day}{number},A1,{wait},60,served")
            clock += 60 + 20
    fit = fit_readiness(read_log(agent_log(tmp_path, rows)).log, gap=15 * MINUTE)
    assert fit is not None
    assert fit.mean.mean == pytest.approx(20, abs=1)


def test_retries_less_what_comes_anyway(tmp_path: Path):
    """Half of those who abandon come back after 10 minutes; so does a tenth of the served."""
    rows, number = [], 0
    for day in range(1, 11):
        for at in range(200):
            number += 1
            clock = 9 * 3600 + at * 60
            lost = at % 2 == 0
            back = at % 4 == 0 if lost else at % 20 == 1
            for moment in (clock, clock + 600) if back else (clock,):
                text = f"{moment // 3600:02d}:{moment // 60 % 60:02d}:{moment % 60:02d}"
                outcome = "abandoned" if lost and moment == clock else "served"
                rows.append(f"2024-01-{day:02d} {text},C{number},A1,0,0,{outcome}")
    log = read_log(agent_log(tmp_path, rows)).log
    calendar = calendar_of(log, every=30 * MINUTE, opening=None)
    step = next(s for s in fit_returns(log, calendar).steps if s.outcome == ABANDONED)
    # Of the served, those who had come back are half; none of them comes a third time.
    served = 10 * (100 + 50 + 10)
    assert step.share.mean == pytest.approx(0.5 - 100 / served, abs=0.01)


def test_a_case_followed_for_less_than_a_week_is_not_counted(tmp_path: Path):
    rows = []
    for day in range(1, 21):
        for case in range(5):
            rows.append(f"2024-01-{day:02d} 09:0{case}:00,K{day}-{case},call")
            if day <= 13:
                rows.append(f"2024-01-{day:02d} 10:0{case}:00,K{day}-{case},mail")
    file = write_log(tmp_path / "log.csv", rows, "start,case,activity")
    log = read_log(file).log
    found = fit_returns(log, calendar_of(log, every=30 * MINUTE, opening=None))
    call = log.words["channel"].index("call")
    step = next(s for s in found.steps if s.channel == call)
    assert log.words["channel"][step.to] == "mail"
    # Counted with the last week, it would be 13 of 20.
    assert step.share.mean == pytest.approx(1.0)
    assert step.window == DAY * 7
