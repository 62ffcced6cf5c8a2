"""Charts draw what their tables say."""

from __future__ import annotations

import inspect
import math
import re

import matplotlib as mpl
import pytest
from matplotlib.colors import to_hex

import journeysim as js
from journeysim.reports.charts.chart_style import CHANNELS, NARROW, WIDE, short, styled
from journeysim.reports.charts.flow import bands_of
from journeysim.reports.charts.forest import draw_forest, drawn_rows, marks_of, verdict_of
from journeysim.reports.charts.registry import CHARTS
from journeysim.reports.report_source import source_of
from journeysim.reports.svg import inline_svg
from journeysim.wording import numbers as words
from journeysim.wording import scores
from tests.comparison.line import line

M = words.MINUS


@pytest.fixture(scope="module")
def answer() -> js.Comparison:
    return js.compare(line(), ["more"], set=["pools.agents.agents-=1"], portraits=True)


def texts_of(figure) -> list[str]:
    return re.findall(
        r"<text[^>]*>([^<]*)</text>", inline_svg(figure, "a", title="t", description="d")
    )


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", [kind.name for kind in CHARTS])
def test_every_chart_can_be_had_in_both_widths_without_traces(answer, name, width):
    before = dict(mpl.rcParams)
    figure = getattr(answer.plot, name)(width=width)
    assert dict(mpl.rcParams) == before
    assert math.isclose(figure.get_size_inches()[0], width)
    assert len(texts_of(figure)) > 5
    drawing = inline_svg(figure, "a", title="t", description="d")
    assert drawing == inline_svg(figure, "a", title="t", description="d")
    assert "<!DOCTYPE" not in drawing
    assert "dc:date" not in drawing


@pytest.mark.parametrize("kind", CHARTS)
def test_every_chart_says_what_it_shows_apart_from_how_it_is_drawn(answer, kind):
    """A second way to draw needs the table, the marks and the words, and no matplotlib."""
    chart = kind.of(source_of(answer))
    assert chart.table.num_rows > 0
    assert len(chart.marks) > 0
    assert re.search(r"\d", chart.alt_text)
    assert "n = " in chart.caption or "intervals" in chart.caption
    assert chart.title
    assert chart.cells.rows
    assert all(len(row) == len(chart.cells.header) for row in chart.cells.rows)


def test_the_table_of_two_scenarios_names_them(answer):
    chart = js.plot.funnel
    assert chart.__name__ == "funnel"
    (kind,) = (each for each in CHARTS if each.name == "funnel")
    table = kind.of(source_of(answer)).table
    assert table.column_names[0] == "scenario"
    expected = [
        {"scenario": name} | row
        for name in ("line", "more")
        for row in answer.portraits[name].funnel.to_pylist()
    ]
    assert table.to_pylist() == expected


def test_a_run_and_a_comparison_have_their_charts(answer):
    run = js.simulate(line(), replications=2)
    assert texts_of(run.plot.day()) == texts_of(js.plot.day(run))
    assert texts_of(answer.plot.day(channel="phone")) == texts_of(js.plot.day(answer))
    assert dir(run.plot) == sorted(kind.name for kind in CHARTS) == dir(js.plot)
    assert all(kind.name in repr(run.plot) for kind in CHARTS)
    signature = inspect.signature(run.plot.day)
    assert list(signature.parameters) == ["channel", "variant", "width"]
    assert list(inspect.signature(js.plot.day).parameters) == ["what", *signature.parameters]
    assert "over the day" in (inspect.getdoc(run.plot.day) or "")
    with pytest.raises(AttributeError, match="did you mean 'forest'"):
        answer.plot.forst()
    with pytest.raises(AttributeError, match="no chart 'bars'"):
        js.plot.bars(answer)


def test_the_named_variant_is_drawn(answer):
    first = texts_of(js.plot.forest(answer))
    second = texts_of(js.plot.forest(answer, variant=answer.variants[1]))
    assert first != second
    rows = [r for r in answer.headline.to_pylist() if r["variant"] == answer.variants[1]]
    for row in drawn_rows(rows):
        assert scores.difference_text(row) in second
    with pytest.raises(js.CompareError, match="did you mean"):
        js.plot.forest(answer, variant="mor")
    assert texts_of(js.plot.flow(answer)) != texts_of(js.plot.flow(answer, scenario="more"))
    with pytest.raises(js.CompareError, match="no queue 'fax'"):
        js.plot.day(answer, channel="fax")
    with pytest.raises(js.CompareError, match="a run is none"):
        js.plot.forest(js.simulate(line(), replications=1))


def test_the_staffing_curve_has_a_mark_for_every_scenario(answer):
    found = texts_of(js.plot.staffing_curve(answer))
    assert {"line", "more", "pools.agents.agents-=1"} <= set(found)
    other = js.compare(line(), ["more"], measures=["abandonment"], portraits=True)
    with pytest.raises(js.CompareError, match="service_level and staffed_hours"):
        js.plot.staffing_curve(other)


def row(difference, lower, upper, *, unit="share", better="more", measure="service_level"):
    return {
        "measure": measure, "channel": "phone", "variant": "v", "baseline": 0.5, "value": 0.6,
        "difference": difference, "lower": lower, "upper": upper, "unit": unit, "better": better,
    }  # fmt: skip


def test_marks_say_better_worse_or_unseen_as_the_interval_does():
    assert verdict_of(row(0.1, 0.05, 0.15)) == "better"
    assert verdict_of(row(-0.1, -0.15, -0.05)) == "worse"
    assert verdict_of(row(-0.1, -0.15, -0.05, better="less")) == "better"
    assert verdict_of(row(0.1, -0.05, 0.15)) == "unseen"
    assert verdict_of(row(0.1, 0.05, 0.15, better=None)) == "moved"


def test_what_never_differs_is_left_to_the_table():
    assert drawn_rows([row(0.0, 0.0, 0.0), row(0.1, 0.05, 0.15)]) == [row(0.1, 0.05, 0.15)]


def test_marks_of_a_forest_stand_at_the_differences():
    with styled():
        figure = draw_forest(marks_of([row(0.031, 0.028, 0.034)]), width=WIDE)
    axes = figure.axes[0]
    interval = next(
        each for each in axes.lines if len(each.get_xdata()) == 2 and each.get_xdata()[0] != 0
    )
    assert list(interval.get_xdata()) == pytest.approx([2.8, 3.4])


def test_bands_of_a_flow_fill_what_they_leave():
    answer = js.simulate(line(), replications=3)
    from journeysim.measures.portrait import portrait_of

    bands = bands_of(portrait_of(answer).flows.to_pylist(), columns=3)
    assert math.isclose(sum(band.share for band in bands if band.source[0] == 0), 1.0)
    into, out = {}, {}
    for band in bands:
        into[band.target] = into.get(band.target, 0.0) + band.share
        out[band.source] = out.get(band.source, 0.0) + band.share
    for node, share in out.items():
        if node[0] > 0:
            assert math.isclose(into[node], share)
    ends = sum(share for node, share in into.items() if node[1] == "end")
    assert math.isclose(ends, 1.0)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            scores.difference_text(row(-0.205, -0.218, -0.193)),
            f"{M}20.5 points ({M}21.8 to {M}19.3)",
        ),
        (scores.difference_text(row(6.0, 3.0, 9.0, unit="s")), "+6 s (+3 to +9)"),
        (scores.difference_text(row(400.0, 360.0, 480.0, unit="s")), "+7 min (+6 to +8)"),
        (scores.difference_text(row(-17.0, -17.0, -17.0, unit="h")), f"{M}17 h"),
        (words.number_text(1356.75, 91.0), "1357"),
        (words.number_text(1356.75), "1357"),
        (words.number_text(0.0457), "0.05"),
        (words.number_text(-0.5), f"{M}0.50"),
        (words.number_text(None), words.NONE),
        (words.percent(0.0697), "7.0 %"),
        (words.percent(0.5), "50 %"),
        (words.seconds_text(37.8), "37.8 s"),
        (words.seconds_text(240.0), "4.0 min"),
        (words.seconds_text(14_400.0), "4.0 h"),
        (short("phone", 3.0), "phone"),
        (short("a" * 200, 1.0), "a" * 15 + "…"),
    ],
)
def test_figures_have_no_digit_too_many(said, found):
    assert said == found


def test_channels_keep_their_colours_where_one_is_missing():
    base = line().document
    channels = {"web": {"kind": "self_service", "time_spent": "1m"}} | base["channels"]

    def beginning(name: str, **first: float) -> js.Scenario:
        segments = {"regular": base["segments"]["regular"] | {"first": first}}
        changed = {"channels": channels, "segments": segments, "variants": {}}
        return js.Scenario.from_document(base | changed, name=name)

    both, alone = beginning("both", web=0.5, phone=0.5), beginning("alone", phone=1.0)
    answer = js.compare(both, [alone], replications=2, portraits=True)

    blocks = [js.plot.flow(answer, scenario=name) for name in (both.name, answer.variants[0])]
    for figure in blocks:
        shades = {to_hex(each.get_facecolor()[0]) for each in figure.axes[0].collections}
        assert CHANNELS[1].lower() in shades
    first = {to_hex(each.get_facecolor()[0]) for each in blocks[1].axes[0].collections}
    assert CHANNELS[0].lower() not in first
