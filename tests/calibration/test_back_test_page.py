"""A back-test as a page to show."""

from __future__ import annotations

from pathlib import Path

import html5lib
import pytest

import journeysim as js
from journeysim.calibration.backtest_page import write_backtest_report
from journeysim.calibration.held_out_backtest import MECHANISM
from journeysim.errors import RunError
from tests.calibration.logs import steady_log


@pytest.fixture(scope="module")
def test(tmp_path_factory: pytest.TempPathFactory) -> js.Backtest:
    place = tmp_path_factory.mktemp("logs")
    found = js.calibrate(steady_log(place / "first.csv"))
    held_out = steady_log(place / "second <b>.csv", days=7, seed=2)
    return js.backtest(found, held_out, replications=10)


def test_page_shows_both_ways_with_figures_and_tables(test: js.Backtest, tmp_path: Path) -> None:
    page = write_backtest_report(test, tmp_path / "page.html").read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(page)
    assert "is the mechanism right?" in page
    assert "would the forecast have been right?" in page
    # Two figures, each for a screen and for a telephone.
    assert page.count("<svg") == 4
    assert page.count('role="img"') == 4
    assert "second &lt;b&gt;.csv" in page
    assert "second <b>.csv" not in page


def test_figures_of_the_page_are_those_of_the_table(test: js.Backtest, tmp_path: Path) -> None:
    page = write_backtest_report(test, tmp_path / "page.html").read_text(encoding="utf-8")
    texts = html5lib.parse(page, namespaceHTMLElements=False).itertext()
    words = " ".join("".join(texts).split())
    found = {row["measure"]: row for row in test.whole().to_pylist() if row["given"] == MECHANISM}
    for measure in ("abandonment", "mean_wait"):
        assert found[measure]["simulated"] != found[measure]["log"]
    assert f"{100 * found['abandonment']['simulated']:.1f} % abandon where the log has" in words
    assert f"where the log has {100 * found['abandonment']['log']:.1f} %" in words
    assert f"the mean wait is {found['mean_wait']['simulated']:.0f} s" in words


def test_a_page_is_not_written_over_a_directory(test: js.Backtest, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is a directory"):
        write_backtest_report(test, tmp_path)
