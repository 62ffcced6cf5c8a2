"""From a log to a scenario that runs, back to its parameters, and beside days it has not seen."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

import journeysim as js
from journeysim.calibration.held_out_backtest import FORECAST, MECHANISM
from journeysim.calibration.verdicts import hour_verdicts, verdict_sentences
from journeysim.cli.program import exit_code
from journeysim.scenario.scenario import Scenario
from tests.calibration.logs import steady_log, write_log

KNOWN = """
[time]
horizon = "28d"
run_out = "1d"
[needs.question]
first = { phone = 1.0 }
[segments.everybody]
patience = { distribution = "exponential", mean = "150s" }
arrivals = { from = "09:00", every = "2h", counts = [40, 60, 40] }
[channels.phone]
kind = "queue"
opening = "09:00-15:00"
talk = { distribution = "lognormal", mean = "240s", cv = 0.7 }
wrap_up = { distribution = "gamma", mean = "30s", cv = 0.5 }
[channels.phone.after.abandoned.phone]
share = 0.5
delay = { distribution = "exponential", mean = "10m" }
[pools.agents]
serves = ["phone"]
agents = { from = "09:00", every = "1h", counts = [2, 2, 3, 3, 2, 2, 1] }
"""


def test_a_known_scenario_comes_back(tmp_path: Path):
    (tmp_path / "known.toml").write_text(KNOWN, encoding="utf-8")
    run = js.simulate(tmp_path / "known.toml", replications=1, engine="reference")
    file = js.export(run, "csv", out=tmp_path / "log.csv")
    found = js.calibrate(file)
    figures = {(row["part"], row["name"]): row for row in found.estimates().to_pylist()}

    def holds(key: tuple[str, str], truth: float, spare: float = 0.0) -> None:
        row = figures[key]
        assert row["low"] - spare <= truth <= row["high"] + spare, (key, row)

    holds(("arrivals", found.grouping.groups[0].name), 140)
    holds(("handling", "all, phone"), 240)
    holds(("wrap-up", "phone"), 30)
    holds(("patience", "all, phone"), 150)
    holds(("next", "phone abandoned -> phone"), 0.5)
    assert found.handling["", 0].family == "lognormal"
    assert not found.swing or found.swing.dispersion < 1.4
    levels = found.staffing[0].levels.mean(axis=0)
    assert levels[4 * 11 : 4 * 13].mean() == pytest.approx(3, abs=0.35)
    assert levels[4 * 9 : 4 * 11].mean() == pytest.approx(2, abs=0.35)


def test_the_scenario_is_checked_and_runs(tmp_path: Path):
    found = js.calibrate(steady_log(tmp_path / "log.csv"))
    (tmp_path / "made.toml").write_text(found.to_toml(), encoding="utf-8")
    scenario = js.load_scenario(tmp_path / "made.toml")
    assert scenario.world.evidence["channels.phone.talk"].grade == "measured"
    assert scenario.world.evidence["channels.phone.talk"].n == found.handling["", 0].mean.n
    run = js.simulate(scenario, replications=1, engine="reference")
    offered = run.contacts.num_rows
    assert offered == pytest.approx(7 * len(found.log) / 14, rel=0.1)


def test_little_data_is_marked(tmp_path: Path):
    found = js.calibrate(steady_log(tmp_path / "log.csv", days=4, per_day=20))
    assert "LITTLE DATA" in found.to_toml()
    assert found.figures().equals(found.estimates())  # Its name up to version 0.1.
    assert any(row["little_data"] for row in found.estimates().to_pylist())


@pytest.mark.parametrize(
    "rows",
    [
        ["2024-01-01 09:00:00,C1,A1,5,60,served"],
        ["2024-01-01 09:00:00,C1,A1,5,60,served", "2024-01-01 09:10:00,C2,A1,5,0,abandoned"],
        ["2024-01-01 23:59:59,C1,,5,,abandoned"],
        ["2024-01-01 00:00:00,C1,A1,0,60,served", "2024-01-02 23:59:59,C1,A1,0,60,served"],
    ],
)
def test_the_smallest_logs_make_a_scenario(tmp_path: Path, rows: list[str]):
    found = js.calibrate(write_log(tmp_path / "log.csv", rows))
    (tmp_path / "made.toml").write_text(found.to_toml(), encoding="utf-8")
    assert js.load_scenario(tmp_path / "made.toml").world.segments


def test_a_log_of_volumes_is_calibrated_as_far_as_it_goes(tmp_path: Path):
    rows = [
        f"2024-01-{day:02d} {hour:02d}:00:00,{40 + hour}"
        for day in range(1, 15)
        for hour in range(8, 18)
    ]
    found = js.calibrate(write_log(tmp_path / "log.csv", rows, "DateTime,Calls"))
    document = found.document()
    assert document["evidence"]["channels.phone.talk"]["grade"] == "assumption"
    assert Scenario.from_document(document, name="volumes").world.channels["phone"].patience is None
    assert found.totals[0].mean == pytest.approx(sum(40 + hour for hour in range(8, 18)))


def test_a_back_test_of_the_same_world_fits(tmp_path: Path):
    first = steady_log(tmp_path / "first.csv", days=14, seed=1)
    found = js.calibrate(first)
    test = js.backtest(found, steady_log(tmp_path / "second.csv", days=7, seed=2), replications=10)
    assert test.cell_coverage(MECHANISM) == 1.0  # its volumes were given
    assert 0.75 <= test.cell_coverage(FORECAST) <= 1.0
    days = test.days().to_pylist()
    assert len(days) == 2 * 7 * 5
    offered = [row for row in days if row["measure"] == "offered" and row["given"] == MECHANISM]
    assert all(row["log"] == row["simulated"] for row in offered)
    assert len(hour_verdicts(test)) == 8
    assert all("09:00" in verdict_sentences(test, given)[0] for given in test.simulations)


def test_a_wrong_mechanism_is_told_apart(tmp_path: Path):
    log = steady_log(tmp_path / "log.csv", days=14)
    held_out = steady_log(tmp_path / "second.csv", days=7, seed=2)
    lines = held_out.read_text(encoding="utf-8").splitlines()
    # Nobody is served on the held-out days.
    lost = [line.replace(",served", ",abandoned") for line in lines]
    held_out.write_text("\n".join(lost) + "\n", encoding="utf-8")
    test = js.backtest(js.calibrate(log), held_out, replications=10)
    assert {hour.verdict for hour in hour_verdicts(test)} == {"differs"}
    assert test.day_coverage(MECHANISM, "abandonment") == 0
    (sentence,) = verdict_sentences(test)
    assert "too low" in sentence


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    log = steady_log(tmp_path / "log.csv")
    assert exit_code(["calibrate", str(log)]) == 2
    assert "add --yes" in capsys.readouterr().err
    out = tmp_path / "made.toml"
    assert exit_code(["calibrate", str(log), "--yes", "-o", str(out)]) == 0
    text = capsys.readouterr().out
    assert "which is not patience" in text
    assert max(map(len, text.splitlines())) <= max(80, len(str(out)) + 25)
    assert exit_code(["check", str(out)]) == 0
    capsys.readouterr()
    assert exit_code(["calibrate", str(log), "--yes", "-o", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    assert exit_code(["calibrate", str(log), "--yes", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["contacts"] + sum(document["excluded"].values()) == document["rows"]


DATA = Path(os.environ.get("JOURNEYSIM_DATA", Path(__file__).parents[3] / "shared" / "data"))
needs_data = pytest.mark.skipif(
    not (DATA / "support_2010").is_dir(), reason="needs the logs; set JOURNEYSIM_DATA"
)


@needs_data
def test_support_of_2010_calibrates_as_far_as_it_goes():
    found = js.calibrate(DATA / "support_2010" / "contacts.csv")
    scenario = Scenario.from_document(found.document(), name="support")
    assert scenario.world.channels["inbound_email"].kind == "deferred"
    assert not found.patience
    assert found.returns.by_case
    assert len(found.log) + sum(found.log.excluded.values()) == found.log.rows


@needs_data
def test_bank_of_1999_patience_by_kaplan_meier():
    found = js.calibrate(DATA / "bank_1999" / "jan_1999.csv")
    fit = next(fit for (group, _), fit in found.patience.items() if group == -1)
    assert fit.family == "kaplan_meier"
    assert fit.mean.mean > 5 * fit.naive_mean
    assert np.isclose(found.readiness[0].mean.mean, 28.6, atol=1)


def test_handling_that_depends_on_the_hour_is_noted(tmp_path: Path):
    plain = steady_log(tmp_path / "plain.csv")
    assert not any("depends on the hour" in note for note in js.calibrate(plain).log.notes)
    lines = plain.read_text(encoding="utf-8").splitlines()

    def longer(line: str) -> str:
        *head, talk, outcome = line.split(",")
        return ",".join([*head, str(int(talk) * 2), outcome]) if " 09:" in line else line

    other = tmp_path / "other.csv"
    other.write_text("\n".join([lines[0], *map(longer, lines[1:])]) + "\n", encoding="utf-8")
    (note,) = [n for n in js.calibrate(other).log.notes if "depends on the hour" in n]
    assert "09:00 +" in note


def test_ranges_are_of_what_the_scenario_says(tmp_path: Path):
    """The range of counts is of the weekday that `counts` gives, which may be a short day."""
    lines = steady_log(tmp_path / "log.csv").read_text(encoding="utf-8").splitlines()
    # Mondays close at noon: 1 and 8 January 2024.
    kept = [
        line
        for line in lines
        if not (line[:10] in ("2024-01-01", "2024-01-08") and line[11:13] >= "12")
    ]
    (tmp_path / "log.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    document = js.calibrate(tmp_path / "log.csv").document()
    now = sum(document["segments"]["customers"]["arrivals"]["counts"])
    low, high = document["evidence"]["segments.customers.arrivals.counts"]["range"]
    assert low < now < high < 120
