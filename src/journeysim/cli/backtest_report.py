"""A back-test on the terminal: held-out days, twice, and a verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from journeysim.calibration.held_out_backtest import FORECAST, MEASURES, MECHANISM
from journeysim.calibration.verdicts import verdict_sentences
from journeysim.cli.calibrate_report import coverage
from journeysim.cli.screen import print_table, say, say_hanging
from journeysim.cli.text_layout import Table
from journeysim.reports.charts.back_test import measure_cells

if TYPE_CHECKING:
    from journeysim.calibration import Backtest

_HEADINGS = {
    MECHANISM: "Given its volumes and agents: is the mechanism right?",
    FORECAST: "Given nothing: would the forecast have been right?",
}


def print_backtest(test: Backtest) -> None:
    """Print how the scenario did on days that it had not seen."""
    say()
    say(f"Back-test: {len(test.calendar.days)} days of {test.source}", style="bold")
    for note in test.notes:
        say_hanging("  left out:", note, indent=12)
    for given in test.simulations:
        say()
        print_table(_whole(test, given))
        for sentence in verdict_sentences(test, given):
            say_hanging("-", sentence, indent=2)
    say()
    say(
        f"Bands hold {test.level:.0%} of simulated days. Inside: the share of held-out days within "
        "their band; good where it is near that. Verdicts: the 90 % interval of the difference "
        "over days, against 2 points."
    )
    cells = test.cell_coverage(FORECAST)
    say(f"Contacts per interval within the forecast's band: {cells:.0%} of intervals.")


def _whole(test: Backtest, given: str) -> Table:
    inside = coverage(test, given)
    found = {row["measure"]: row for row in test.whole().to_pylist() if row["given"] == given}
    rows = [
        _row(found[measure], inside[measure], fixed=given == MECHANISM and measure == "offered")
        for measure in MEASURES
        if measure in found
    ]
    headers = ("all days", "log", "simulated", "band", "days\ninside %")
    return Table(_HEADINGS[given], headers, rows)


def _row(row: dict[str, Any], inside: float, *, fixed: bool) -> tuple[str, ...]:
    name, log, simulated, band = measure_cells(row)
    return name, log, simulated, "given" if fixed else band, f"{100 * inside:.0f}"
