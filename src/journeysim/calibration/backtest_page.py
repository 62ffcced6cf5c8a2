"""A back-test as a page to show: verdicts, held-out days beside what was simulated, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from journeysim.calibration.held_out_backtest import FORECAST, MECHANISM, Backtest
from journeysim.calibration.verdicts import verdict_sentences
from journeysim.reports.charts.back_test import BackTest, measure_cells, measures_table
from journeysim.reports.charts.source_charts import filtered
from journeysim.reports.page import Page, Section, picture
from journeysim.reports.page_tables import PageTable
from journeysim.reports.report import write_page
from journeysim.types import Row

_TITLES: Final = {
    MECHANISM: "Given its volumes and agents: is the mechanism right?",
    FORECAST: "Given nothing: would the forecast have been right?",
}
_QUESTION: Final = "Does abandonment fit within 2 points, hour by hour?"


def write_backtest_report(test: Backtest, out: str | Path = "backtest.html") -> Path:
    """Write a back-test as one HTML file that needs nothing else; return where.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    return write_page(Path(out), backtest_html(test))


def backtest_html(test: Backtest) -> str:
    """Return the page of a back-test."""
    days = len(test.calendar.days)
    page = Page(
        title=f"Back-test on {test.source}",
        subtitle=f"{days} held-out days beside what the calibrated scenario makes of them",
        sentences=[_answer(test)],
        sections=[
            *(_section(test, given, place) for place, given in enumerate(test.simulations)),
            _ground(test),
        ],
    )
    return page.html()


def _answer(test: Backtest) -> str:
    """Return how far the scenario is off, in a sentence, where volumes and agents are given."""
    found = {row["measure"]: row for row in test.whole().to_pylist() if row["given"] == MECHANISM}
    abandoned, wait = found["abandonment"], found["mean_wait"]
    return (
        f"Given the volumes and agents of the days, {100 * abandoned['simulated']:.1f} % abandon "
        f"where the log has {100 * abandoned['log']:.1f} %, and the mean wait is "
        f"{wait['simulated']:.0f} s where it has {wait['log']:.0f} s."
    )


def _section(test: Backtest, given: str, place: int) -> Section:
    days = len(test.calendar.days)
    chart = BackTest(filtered(test.intervals(), given=given), test.level, days, test.source)
    whole = [row for row in test.whole().to_pylist() if row["given"] == given]
    by_day = [row for row in test.days().to_pylist() if row["given"] == given]
    return Section(
        f"given-{place}",
        _TITLES[given],
        lead=(_QUESTION, *verdict_sentences(test, given)),
        pictures=(picture(chart, f"back-test-{place}"),),
        tables=(("All days together", _whole_table(test, given, whole)),),
        folded=(("Day by day", measures_table(by_day, "day")),),
    )


def _ground(test: Backtest) -> Section:
    notes = test.notes or ("Nothing was left out of the held-out log.",)
    bands = (
        f"Bands hold {test.level:.0%} of what was simulated. Of the single intervals of single "
        f"days, {test.cell_coverage(FORECAST):.0%} have as many contacts as the forecast's band "
        "allows."
    )
    return Section(
        "ground",
        "What it rests on",
        lead=(bands,),
        lists=(("Left out of the held-out log", tuple(notes)),),
    )


def _whole_table(test: Backtest, given: str, rows: Sequence[Row]) -> PageTable:
    found = []
    for row in rows:
        name, *cells = measure_cells(row)
        inside = test.day_coverage(given, row["measure"])
        found.append((name, *cells, f"{100 * inside:.0f} %"))
    return PageTable(("", "log", "simulated", "band", "days inside their band"), tuple(found))
