"""Reports as people make them: whole, valid, the same bytes, with all that a figure needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import html5lib
import pytest

import journeysim as js
from tests.cli.program import TINY, journeysim, process
from tests.comparison.line import line
from tests.reports.browser import browser, looked_at

#: A name that would be markup, mathematics and a missing legend entry if it were not escaped.
EVIL = '_<script>alert("$x^2$")</script>&amp; id="a" 12.3456'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, a comparison, and the report of each, made by the program."""
    place = tmp_path_factory.mktemp("reports")
    (place / "tiny.toml").write_text(TINY, encoding="utf-8")
    for command in (
        ("run", "tiny.toml", "-n", "10", "-o", "run", "-q"),
        ("compare", "tiny.toml", "--variant", "three_more", "-n", "10", "-o", "answer", "-q"),
        ("report", "run", "-o", "run.html"),
        ("report", "answer", "-o", "answer.html"),
    ):
        done = process(place, *command)
        assert done.returncode == 0, done.stderr
        assert not done.stderr
    return place


def html(made: Path, name: str) -> str:
    return (made / f"{name}.html").read_text(encoding="utf-8")


def figures_of(text: str) -> list[str]:
    return re.findall(r"<figure .*?</figure>", text, re.S)


@pytest.mark.parametrize("name", ["run", "answer"])
def test_the_page_is_valid_and_needs_nothing_else(made: Path, name: str):
    text = html(made, name)
    html5lib.HTMLParser(strict=True).parse(text)
    assert "<script" not in text
    assert not re.findall(r'(?:src|href)="(?!#|data:,)', text)
    assert "@import" not in text
    identities = re.findall(r' id="([^"]+)"', text)
    assert len(identities) == len(set(identities))
    for named in re.findall(r'(?:href="#|url\(#)([^")]+)', text):
        assert named in identities


@pytest.mark.parametrize(("name", "fewest"), [("run", 6), ("answer", 10)])
def test_every_figure_says_in_words_what_it_shows_with_its_table_and_n(made, name, fewest):
    figures = figures_of(html(made, name))
    assert len(figures) >= fewest
    for figure in figures:
        assert figure.count('role="img"') == 2
        for title, description in re.findall(
            r"<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", figure
        ):
            assert title
            assert re.search(r"\d", description), title
        assert re.search(
            r"<figcaption>.*?n = (10 pairs|10 replications).*?</figcaption>", figure, re.S
        )
        assert figure.count("<tr>") >= 2, figure[:200]


def test_the_answer_is_that_of_the_comparison(made: Path):
    answer = js.open_comparison(made / "answer")
    text = html(made, "answer")
    for sentence in answer.sentences:
        assert f'<p class="answer">{sentence}</p>' in text
    assert "Persona regular rests on 3 interviews, fewer than 10" in text
    assert "10 pairs of replications, seed 3" in text
    row = next(row for row in answer.headline.to_pylist() if row["measure"] == "service_level")
    assert f"+{100 * row['difference']:.1f}"[:4] in text


def test_the_sentence_of_a_run_is_made_of_its_scores(made: Path):
    scores = js.score(made / "run", by=(), measures=["resolved", "given_up", "lost"]).to_pylist()
    sentence = re.search(r'<p class="answer">(.*?)</p>', html(made, "run"))
    assert sentence is not None
    for row in scores:
        assert (
            f"{100 * row['value']:.1f} %" in sentence[1]
            or f"{100 * row['value']:.2f} %" in sentence[1]
        )


@pytest.mark.parametrize("name", ["run", "answer"])
def test_equal_directories_give_equal_bytes(made: Path, name: str, tmp_path: Path):
    done = process(made, "report", name, "-o", tmp_path / "again.html", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.html").read_bytes() == (made / f"{name}.html").read_bytes()


@pytest.mark.skipif(browser() is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", ["run", "answer"])
def test_a_browser_shows_it_whole_at_any_width(made: Path, name: str, width: int, tmp_path: Path):
    found = looked_at(made / f"{name}.html", tmp_path / "page", width=width)
    assert found["inner"] == width
    assert found["scroll"] <= width, "the page scrolls sideways"
    assert found["console"] == []
    assert found["asked_for"] == []
    assert {path.partition("?")[0] for path in found["asked"]} <= {
        "/frame.html",
        "/report.html",
    } | {"/favicon.ico"}
    assert found["shown"] == len(figures_of(html(made, name)))
    assert found["smallest"] > 8.0, "letters that nobody can read"
    assert found["cut"] == []


def evil_comparison(**how: object) -> js.Comparison:
    document = line().document
    channels = document["channels"] | {EVIL: document["channels"]["phone"]}
    scenario = js.Scenario.from_document(
        document
        | {
            "title": EVIL,
            "channels": channels,
            "segments": document["segments"]
            | {EVIL: document["segments"]["gold"] | {"first": {EVIL: 1.0}}},
            "pools": document["pools"] | {EVIL: {"agents": 1, "serves": [EVIL]}},
            "variants": {},
            "evidence": {"channels.phone.resolution": {"source": EVIL, "grade": "assumption"}},
        },
        name=EVIL,
    )
    return js.compare(scenario, set=["pools.agents.agents+=1"], replications=3, **how)


def test_names_are_names_and_never_markup_or_mathematics(tmp_path: Path):
    report = js.write_report(evil_comparison(portraits=True), tmp_path / "evil.html")
    text = report.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "12.3456" in text
    document = html5lib.HTMLParser(strict=True).parse(text)
    words = "".join(document.itertext())
    assert EVIL in words
    drawn = "".join(
        "".join(each.itertext()) for each in document.iter("{http://www.w3.org/2000/svg}text")
    )
    assert "_<script>" in drawn


def test_what_cannot_be_reported_says_why(made: Path, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for command, code, said in (
        (("report", "nowhere"), 3, "no such run directory"),
        (("report", made / "answer", "--variant", "three_mor"), 2, "did you mean 'three_more'?"),
        (("report", made / "run", "--variant", "x"), 2, "a run has no variants"),
        (("report", made / "run", "-o", "notes.txt"), 2, "exists and is no report"),
        (("report", made / "run", "-o", tmp_path), 3, "directory; name a file"),
    ):
        done = journeysim(tmp_path, *command)
        assert done.returncode == code
        assert said in " ".join(done.stderr.split()), done.stderr
        assert "Traceback" not in done.stderr
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(js.CompareError, match="portraits=True"):
        js.write_report(js.compare(line(), ["more"]), tmp_path / "x.html")
    with pytest.raises(js.RunError, match="neither a run nor a comparison"):
        js.write_report(tmp_path, tmp_path / "x.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]


def test_a_report_takes_the_place_of_the_one_before(made: Path, tmp_path: Path):
    for _ in range(2):
        done = journeysim(tmp_path, "report", made / "run", "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_worlds_without_queues_agents_or_evidence_are_reported_too(tmp_path: Path):
    document = tomllib.loads(TINY)
    web = document["channels"]["web"]
    del web["after"]
    bare = js.Scenario.from_document(
        {
            "time": {"horizon": "1h"},
            "segments": {"all": {"arrivals": {"rate": "5/h"}, "first": {"web": 1.0}}},
            "channels": {"web": web},
        },
        name="bare",
    )
    report = js.write_report(js.simulate(bare, replications=1), tmp_path / "bare.html")
    text = report.read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(text)
    assert "Nobody queues in this service" in text
    assert "states no source for any of its figures" in text
    assert "One replication, so nothing can be said" in text
    empty = js.Scenario.from_document(
        bare.document | {"segments": {"all": {"arrivals": {"rate": "0/h"}, "first": {"web": 1.0}}}},
        name="empty",
    )
    nobody = js.write_report(js.simulate(empty, replications=2), tmp_path / "nobody.html")
    html5lib.HTMLParser(strict=True).parse(nobody.read_text(encoding="utf-8"))


def test_importing_the_package_draws_nothing(tmp_path: Path):
    import subprocess
    import sys

    code = (
        "import sys, journeysim as js, journeysim.cli.program; js.plot; js.write_report; "
        "print([name for name in ('matplotlib', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
